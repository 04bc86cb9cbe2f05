"""Rows of a table in words, the same for every markup."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.traced import Traced, joined


def row(header: Sequence[Traced], cells: Sequence[Traced]) -> Traced:
    """The row as "Header: cell; Header: cell", without empty cells and missing headers."""
    parts = []
    for number, cell in enumerate(cells):
        name = header[number] if number < len(header) else Traced("", ())
        if cell:
            parts.append(joined([name, cell], ": ") if name else cell)
    return joined(parts, "; ") if parts else Traced("", ())
