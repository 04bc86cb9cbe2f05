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


def rows(lines: Sequence[Sequence[Traced]]) -> list[Traced]:
    """The rows of a table given as cells; its first line heads the columns if only that one is without figures."""
    heads = not any(_has_digit(cell) for cell in lines[0]) and all(any(map(_has_digit, line)) for line in lines[1:])
    header = lines[0] if heads else ()
    return [row(header, line) for line in (lines[1:] if heads else lines)]


def _has_digit(cell: Traced) -> bool:
    return any(map(str.isdigit, cell.text))
