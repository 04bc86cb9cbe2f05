"""Where the stored text is printed: pages, their sizes, and a rectangle for every word."""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

_UNITS_PER_POINT = (
    8  # 16 bits then reach further than the largest page there can be (14 400 points is not printed)
)
_UNITS_MAX = 0xFFFF
_GAP_HEIGHTS_MAX = 2.0  # words further apart than this many line heights are marked one by one


class Size(NamedTuple):
    """Of a page as it is shown, in points."""

    width: float
    height: float


class Rectangle(NamedTuple):
    """A place on a page as it is shown, in points from its top left corner; pages count from 1."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


class Printed(NamedTuple):
    """Characters [start, end) of the stored text that stand next to each other on a page."""

    start: int
    end: int
    place: Rectangle


# Of a packed map, enough to unpack the number of its pages: zlib's code tables before it take some 300.
HEAD_BYTES = 512


class PageMap:
    """The way from characters of the stored text to the pages they are printed on."""

    def __init__(self, sizes: Sequence[Size], runs: Iterable[Printed]) -> None:
        self.sizes = tuple(sizes)
        self._runs = sorted(runs)
        self._starts = [run.start for run in self._runs]

    def page(self, offset: int) -> int | None:
        """The page of the first printed character at `offset` or behind it; None behind the last one."""
        return next((run.place.page for run in self._runs_from(offset)), None)

    def rectangles(self, start: int, end: int) -> list[Rectangle]:
        """What has to be marked to mark text[start:end]: a rectangle for each line it stands on."""
        found: list[Rectangle] = []
        for run in self._runs_from(start):
            if run.start >= end:
                break
            place = _part(run, start, end)
            if found and _follows(found[-1], place):
                found[-1] = _around(found[-1], place)
            else:
                found.append(place)
        return found

    def packed(self) -> bytes:
        """The map in about five bytes for each word."""
        units = array("H", (_units(edge) for size in self.sizes for edge in size))
        columns = [array("I"), array("H"), array("H"), *(array("H") for _ in range(4))]
        last = 0
        for run in self._runs:
            page, *edges = run.place
            values = (run.start - last, run.end - run.start, page, *map(_units, edges))
            for column, value in zip(columns, values, strict=True):
                column.append(value)
            last = run.start
        counts = array("I", (len(self.sizes), len(self._runs)))
        return zlib.compress(b"".join(part.tobytes() for part in (counts, units, *columns)))

    @classmethod
    def unpacked(cls, packed: bytes) -> PageMap:
        """The map that `packed` was made of, to an eighth of a point."""
        data = memoryview(zlib.decompress(packed))
        pages, count = data[:8].cast("I")
        sizes = data[8 : 8 + 4 * pages].cast("H")
        columns, begin = [], 8 + 4 * pages
        kinds: tuple[tuple[Literal["I", "H"], int], ...] = (("I", 4), *((("H", 2),) * 6))
        for kind, width in kinds:
            columns.append(data[begin : begin + width * count].cast(kind))
            begin += width * count
        points = [value / _UNITS_PER_POINT for value in sizes]
        return cls(list(map(Size, points[::2], points[1::2])), _printed(columns))

    @staticmethod
    def packed_pages(packed: bytes) -> int:
        """How many pages the map has that `packed`, or its first `HEAD_BYTES`, was made of."""
        return memoryview(zlib.decompressobj().decompress(packed, 4)).cast("I")[0]

    def _runs_from(self, offset: int) -> Iterator[Printed]:
        """The runs that end behind `offset`, in order."""
        first = max(0, bisect_right(self._starts, offset) - 1)
        return (run for run in self._runs[first:] if run.end > offset)


class Print(NamedTuple):
    """What characters are printed on; `place` tells where the one with a number is."""

    sizes: Sequence[Size]
    place: Callable[[int], Rectangle]


def page_map(origins: Sequence[int], print: Print) -> PageMap:
    """The map of a text whose characters have these numbers, -1 for those that are printed nowhere."""
    runs: list[Printed] = []
    for offset, origin in enumerate(origins):
        if origin < 0:
            continue
        place = print.place(origin)
        if runs and runs[-1].end == offset and _touches(runs[-1].place, place):
            runs[-1] = Printed(runs[-1].start, offset + 1, _around(runs[-1].place, place))
        else:
            runs.append(Printed(offset, offset + 1, place))
    return PageMap(print.sizes, runs)


def _touches(one: Rectangle, other: Rectangle) -> bool:
    return (one.page, one.top, one.bottom) == (other.page, other.top, other.bottom)


def _units(points: float) -> int:
    return max(0, min(_UNITS_MAX, round(points * _UNITS_PER_POINT)))


def _printed(columns: Sequence[memoryview]) -> Iterator[Printed]:
    start = 0
    for step, length, page, *edges in zip(*columns, strict=True):
        start += step
        x0, top, x1, bottom = (edge / _UNITS_PER_POINT for edge in edges)
        yield Printed(start, start + length, Rectangle(page, x0, top, x1, bottom))


def _part(run: Printed, start: int, end: int) -> Rectangle:
    """The part of a run's rectangle that characters [start, end) take, as if all were equally wide."""
    first, last = max(start, run.start) - run.start, min(end, run.end) - run.start
    page, x0, top, x1, bottom = run.place
    width = (x1 - x0) / (run.end - run.start)
    return Rectangle(page, x0 + first * width, top, x0 + last * width, bottom)


def _follows(one: Rectangle, other: Rectangle) -> bool:
    """Whether two rectangles stand on one line, next to each other."""
    if one.page != other.page or (one.top, one.bottom) != (other.top, other.bottom):
        return False
    gap = max(other.x0 - one.x1, one.x0 - other.x1)
    return gap <= _GAP_HEIGHTS_MAX * (one.bottom - one.top)


def _around(one: Rectangle, other: Rectangle) -> Rectangle:
    return Rectangle(one.page, min(one.x0, other.x0), one.top, max(one.x1, other.x1), one.bottom)
