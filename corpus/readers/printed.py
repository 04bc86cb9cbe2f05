"""What stands on a printed page: characters with their places, areas that set text apart, ruled tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple


class Area(NamedTuple):
    """A rectangle in points; y grows downwards."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def holds(self, other: Area) -> bool:
        """True when the middle of `other` is inside."""
        x, y = other.middle
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


class Glyph(NamedTuple):
    """One or more characters that are drawn as one."""

    text: str
    area: Area
    size: float
    bold: bool
    dingbat: bool = False  # of a font of symbols, whose letters are no letters


@dataclass(frozen=True, slots=True)
class Piece:
    """Glyphs on one line with nothing but word spaces between them."""

    glyphs: Sequence[Glyph]
    area: Area

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def size(self) -> float:
        return median(glyph.size for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Inset:
    """Text that stands apart from what flows around it: a box, or the rows of a table."""

    area: Area  # of its text
    pieces: Sequence[Piece] = ()
    right: float = 0.0  # how far its lines may reach
    rows: Sequence[Sequence[Sequence[Piece]]] = ()  # the pieces of every cell


@dataclass(frozen=True, slots=True)
class Page:
    """A page; all places are as it is shown."""

    number: int
    width: float
    height: float
    pieces: Sequence[Piece] = ()
    insets: Sequence[Inset] = field(default=())


def around(areas: Iterable[Area]) -> Area:
    """The smallest area that holds all of them."""
    x0s, tops, x1s, bottoms = zip(*areas, strict=True)
    return Area(min(x0s), min(tops), max(x1s), max(bottoms))


_JOINING_SIZES_MAX = 1.0  # a wider gap may part columns
_OVERLAP_SHARE_MIN = 0.5
_INITIAL_SHARE_MIN = 1.8  # a letter so much larger than the next begins a paragraph, over several lines


def pieces(glyphs: Sequence[Glyph]) -> list[Piece]:
    """The glyphs in the pieces that they were drawn in."""
    found: list[list[Glyph]] = []
    for glyph in glyphs:
        if found and _goes_on(found[-1][-1], glyph):
            found[-1].append(glyph)
        else:
            found.append([glyph])
    return [Piece(own, around(glyph.area for glyph in own)) for own in found]


def _goes_on(one: Glyph, other: Glyph) -> bool:
    small, size = sorted((one.size, other.size))
    if size > _INITIAL_SHARE_MIN * small and one.text.isalpha() and other.text.isalpha():
        return False
    gap = max(other.area.x0 - one.area.x1, one.area.x0 - other.area.x1)  # to the right or to the left
    return gap <= _JOINING_SIZES_MAX * size and overlap(one.area, other.area) >= _OVERLAP_SHARE_MIN


def overlap(one: Area, other: Area) -> float:
    """How much of the lower one stands beside the other, as a share of its height."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared / max(0.1, min(one.height, other.height))
