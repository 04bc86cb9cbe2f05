"""Reading order: columns one after another, each between what spans them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from statistics import median

from corpus.readers.printed import Area, Inset, Piece, around, overlap

Item = Piece | Inset
_GUTTER_SIZES_MIN, _GUTTER_MIN = 0.7, 5.0  # of the text's size, and in points
_ALIGNED_MAX = 2.5  # points by which the left edges of a column's lines differ
_STARTS_MIN = 2
_COLUMN_CHARS_MIN = 18  # shorter lines, side by side, are cells of a table
_SIDE_BY_SIDE_SHARE_MIN = 0.8
_SAME_LINE_SIZES_MAX = 0.25


def flows(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items of each stretch of one column, in reading order."""
    sections = _sections(items)
    if len(sections) < 2:
        if items:
            yield list(items)
        return
    for section in sections:
        yield from flows(section)


def _sections(items: Sequence[Item]) -> list[list[Item]]:
    """The items above, left of, right of and below the gutter that parts most lines; one section without."""
    best: list[list[Item]] = [list(items)]
    most = 0
    for right in _column_starts(items):
        lines, parted = _parted(items, right)
        if lines > most:
            most, best = lines, parted
    return [section for section in best if section]


def _column_starts(items: Sequence[Item]) -> list[float]:
    """The left edges that several items share, without the leftmost."""
    edges = sorted(item.area.x0 for item in items)
    starts = []
    for number, edge in enumerate(edges):
        is_first = number == 0 or edge - edges[number - 1] > 0.5
        shared = sum(edge <= other <= edge + _ALIGNED_MAX for other in edges)
        if is_first and edge - edges[0] > _GUTTER_MIN and shared >= _STARTS_MIN:
            starts.append(edge)
    return starts


def _parted(items: Sequence[Item], right: float) -> tuple[int, list[list[Item]]]:
    """How many lines a gutter left of `right` parts, and what it parts the items into."""
    size = median([item.size for item in items if isinstance(item, Piece)] or [10.0])
    left = right - max(_GUTTER_MIN, _GUTTER_SIZES_MIN * size)
    spanning = [item for item in items if item.area.x0 < right - 0.5 and item.area.x1 > left]
    bands = _between([item.area for item in spanning])
    parts: list[list[Item]] = [[]]
    lines = 0
    for number, own in groupby(sorted(items, key=_band_of(bands)), key=_band_of(bands)):
        band = list(own)
        lefts = [item for item in band if item.area.x1 <= left]
        rights = [item for item in band if item.area.x0 >= right - 0.5]
        if number % 2 or not _are_columns(lefts, rights):
            parts[-1] += band
            continue
        lines += min(_line_count(lefts), _line_count(rights))
        parts += [lefts, rights, []]
    return lines, parts


def _between(spanning: Sequence[Area]) -> list[float]:
    """The heights at which something that spans the gutter begins and ends, in turn."""
    edges: list[float] = []
    for area in sorted(spanning, key=lambda area: area.top):
        if edges and area.top <= edges[-1]:
            edges[-1] = max(edges[-1], area.bottom)
        else:
            edges += [area.top, area.bottom]
    return edges


def _band_of(edges: Sequence[float]) -> Callable[[Item], int]:
    """Which band an item stands in: an even one between what spans, an odd one beside it."""

    def band(item: Item) -> int:
        middle = item.area.middle[1]
        return sum(edge <= middle for edge in edges)

    return band


def _are_columns(lefts: Sequence[Item], rights: Sequence[Item]) -> bool:
    """Whether two sides are columns of a page, not of a table: whole lines, or lines at heights of their own."""
    if not lefts or not rights:
        return False
    left, right = (around(item.area for item in side) for side in (lefts, rights))
    if overlap(left, right) <= 0:
        return False
    if any(isinstance(item, Inset) for item in (*lefts, *rights)):
        return True
    if min(_line_count(lefts), _line_count(rights)) < 2:
        return False
    texts = [[item for item in side if isinstance(item, Piece)] for side in (lefts, rights)]
    if _side_by_side(*texts) < _SIDE_BY_SIDE_SHARE_MIN:
        return True
    return all(median(len(piece.text) for piece in side) >= _COLUMN_CHARS_MIN for side in texts)


def _line_count(items: Sequence[Item]) -> int:
    return len({round(item.area.bottom / 3) for item in items})


def _side_by_side(lefts: Sequence[Piece], rights: Sequence[Piece]) -> float:
    """Which share of the lines of the side that has fewer stand on a line with one of the other side."""
    fewer, more = sorted((lefts, rights), key=len)
    heights = [piece.area.bottom for piece in more]
    beside = sum(
        any(abs(piece.area.bottom - height) <= _SAME_LINE_SIZES_MAX * piece.size for height in heights)
        for piece in fewer
    )
    return beside / len(fewer)
