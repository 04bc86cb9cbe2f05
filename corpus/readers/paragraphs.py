"""Where paragraphs of printed text begin: at gaps, indents, other type, and behind lines that end on purpose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.lines import CLOSED, GLYPHS, NUMBERED
from corpus.readers.printed_lines import CELL_GAP, Line

LARGER_SHARE_MIN = 1.12  # of two sizes: type that differs less is the same
_LINE, _PARAGRAPH = "\n", "\n\n"
_GAP_LEADING_SHARE_MIN = 1.25  # of the usual distance: a line further below the last begins anew
_LEADING_USUAL, _DISTANCES_MIN = 1.45, 4  # the distance, in sizes, where a column has too few lines to tell
_ROW_GAP_SIZES_MAX = 2.0
_INDENT_SIZES = (0.8, 4.0)
_ROOM_SIZES_MIN = 1.0  # behind a line that ends on purpose, beside what the next word needs
_ROOM_SIZES_MAX = 5.0  # behind a line without a stop that goes on in the next column
_BULLET = re.compile(rf"[{GLYPHS}]|[-*–—·]\s")


def break_inside(own: Sequence[Line], number: int, right: float) -> str:
    """What parts a line from the one above it in its column, whose lines reach to `right`."""
    line, above = own[number], own[number - 1]
    if _are_rows(line, above):
        return _LINE
    if _is_set_otherwise(line, above) or line.marked or _is_far_below(own, number):
        return _PARAGRAPH
    return _PARAGRAPH if _is_indented(own, number) or _would_have_fitted(line, above, right) else _LINE


def break_between(above: Line, right: float, line: Line) -> str:
    """What parts the first line of a column from the last of the column before, whose lines reach to `right`.

    A full line goes on in the next column, or on the next page.
    """
    room = right - above.area.x1
    needed = _first_word_width(line) if CLOSED.search(above.text) else _ROOM_SIZES_MAX * line.style.size
    begins = _BULLET.match(line.text) or NUMBERED.match(line.text) or line.marked
    return _LINE if room < needed and not begins and not _is_set_otherwise(line, above) else _PARAGRAPH


def _are_rows(line: Line, above: Line) -> bool:
    """Whether two lines are rows of one table: as many cells, not far apart."""
    cells = line.text.count(CELL_GAP)
    near = line.area.top - above.area.bottom < _ROW_GAP_SIZES_MAX * line.style.size
    return 0 < cells == above.text.count(CELL_GAP) and near


def _is_set_otherwise(line: Line, other: Line) -> bool:
    sizes = sorted((line.style.size, other.style.size))
    return sizes[1] > LARGER_SHARE_MIN * sizes[0] or line.style.bold != other.style.bold


def _is_far_below(own: Sequence[Line], number: int) -> bool:
    distances = [
        (below.area.bottom - above.area.bottom) / below.style.size
        for above, below in pairwise(own)
        if not _is_set_otherwise(below, above)
    ]
    usual = sorted(distances)[len(distances) // 4] if distances else _LEADING_USUAL
    if len(distances) < _DISTANCES_MIN:  # they may all be those of paragraphs
        usual = min(usual, _LEADING_USUAL)
    distance = (own[number].area.bottom - own[number - 1].area.bottom) / own[number].style.size
    return distance > _GAP_LEADING_SHARE_MIN * max(1.0, usual)


def _would_have_fitted(line: Line, above: Line, right: float) -> bool:
    """Whether the line above ended though there was room for the word that begins this one."""
    if line.text[0].islower() or above.text.endswith((",", "-")) or abs(line.area.x0 - above.area.x0) > 1:
        return False
    return above.area.x1 + _first_word_width(line) + _ROOM_SIZES_MIN * line.style.size < right


def _first_word_width(line: Line) -> float:
    return line.area.width * len(line.text.split(None, 1)[0]) / len(line.text)


def _is_indented(own: Sequence[Line], number: int) -> bool:
    """Whether only the first line of a paragraph begins further right."""
    line, above = own[number], own[number - 1]
    indent = (line.area.x0 - above.area.x0) / line.style.size
    if (
        not _INDENT_SIZES[0] < indent < _INDENT_SIZES[1]
        or _BULLET.match(above.text)
        or NUMBERED.match(above.text)
    ):
        return False
    below = own[number + 1] if number + 1 < len(own) else None
    return below is None or below.area.x0 < line.area.x0 - _INDENT_SIZES[0] * line.style.size / 2
