"""Rows of a table in words, and the rows that columns of plain text are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.traced import Traced, joined

_GAP = re.compile(r"[ ]*\t\s*|[ ]{3,}")
_CELL_CHARS_MAX = 40  # longer ones are columns of a page, not of a table


def row(header: Sequence[Traced], cells: Sequence[Traced]) -> Traced:
    """The row as "Header: cell; Header: cell", without empty cells and missing headers."""
    parts = []
    for number, cell in enumerate(cells):
        name = header[number] if number < len(header) else Traced("", ())
        if cell:
            parts.append(joined([name, cell], ": ") if name else cell)
    return joined(parts, "; ") if parts else Traced("", ())


def cells(line: Traced) -> list[Traced]:
    """The cells of a line of plain text, parted by tabs or three spaces; none if it is no row of a table."""
    gaps = [match.span() for match in _GAP.finditer(line.text)]
    starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(line.text)]
    found = [line[start:end] for start, end in zip(starts, ends, strict=True)]
    tabular = len(found) > 1 and all(len(cell.text) <= _CELL_CHARS_MAX for cell in found)
    return found if tabular and not found[0].text.endswith(":") else []


def rows(table: Sequence[Sequence[Traced]], headed: bool = False) -> list[Traced]:
    """The rows of a table; its first line heads the columns if it is said to, or alone is without figures."""
    numbered = [any(character.isdigit() for cell in line for character in cell.text) for line in table]
    headed = headed or (not numbered[0] and all(numbered[1:]))
    return [row(table[0] if headed else (), line) for line in table[headed:]]
