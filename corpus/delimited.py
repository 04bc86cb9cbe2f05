"""CSV: records whose cells lead back, character by character, to the source text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from corpus.traced import Edit, Traced

_DOUBLED = re.compile('""')
_GUARDED = re.compile(r"'(?=[-=+@])")  # an apostrophe that keeps a spreadsheet from running the cell

Record = tuple[int, tuple[Traced, ...]]  # its number from 1, its cells


def records(text: str) -> Iterator[Record]:
    """Every record that is not blank. Comma, semicolon or tab part cells, whichever the header has most of.

    Raises ValueError for quotes that do not close.
    """
    lines = list(io.StringIO(text, newline=""))
    line_ends = list(accumulate(map(len, lines)))
    reader = csv.reader(lines, delimiter=max(",;\t", key=lines[0].count), strict=True)
    source, start, number = Traced.source(text), 0, 0
    try:
        for number, cells in enumerate(reader, start=1):
            end = line_ends[reader.line_num - 1]
            if any(cell.strip() for cell in cells):
                yield number, tuple(_traced(cells, source[start:end]))
            start = end
    except csv.Error as error:
        raise ValueError(f"cannot be read below row {number}: {error}. Correct that row.") from error


def _traced(cells: Sequence[str], text: Traced) -> Iterator[Traced]:
    """The cells as they stand in the record's source text, without their quoting."""
    searched = 0
    for cell in cells:
        shown = cell[1:] if _GUARDED.match(cell) else cell
        written = shown.replace('"', '""')
        start = text.text.find(written, searched)
        if start < 0:  # a cell that is not quoted as a whole has its quotes once
            written = shown
            start = text.text.index(written, searched)
        searched = start + len(written)
        doubled = _DOUBLED.finditer(written if written != shown else "")
        yield text[start:searched].edited(Edit(*quotes.span(), '"') for quotes in doubled)
