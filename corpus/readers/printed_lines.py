"""Printed lines: pieces of text put together, spaces between words found, marks of notes taken out."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median
from typing import NamedTuple

from corpus.page_map import Print, Rectangle, Size
from corpus.readers.direction import in_reading_order
from corpus.readers.printed import Area, Glyph, Page, Piece, around, overlap
from corpus.traced import NOWHERE, Traced, joined

_SPACE_SIZES_MIN = 0.17  # of the text's size: less is kerning
CELL_GAP = "   "
_CELL_SIZES_MIN = 2.0  # more parts cells of a table
_ROW_OVERLAP_MIN = 0.4
_BESIDE_MIN, _INITIAL_HEIGHTS_MIN = 0.5, 1.5
_FULL_SIZE_SHARE_MAX = 1.5
_RAISED_SIZE_SHARE_MAX, _RAISED_SIZES_MIN = 0.8, 0.15
_MARK = re.compile(r"(?:\d{1,3}(?:[,–-]\d{1,3})*|[*†‡§¶]{1,3}|[a-z])[.)]?")
_UNIT_BEFORE = re.compile(r"(?:^|[\s\d/])(?:[kcmdµn]?m|ft|s|yd|in)$")
_TEN_BEFORE = re.compile(r"(?<!\d)10$")
_TO_RAISED = str.maketrans("0123456789-–+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺")
_BULLET = "•"
_NO_CHARACTER = re.compile(r"\(cid:\d+\)|[\x7f\ufffd\ue000-\uf8ff]")


class Style(NamedTuple):
    """How a line is set."""

    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in reading order, its characters traced to the characters drawn."""

    content: Traced
    area: Area
    style: Style
    marked: bool  # begins with the raised mark of a note

    @property
    def text(self) -> str:
        return self.content.text


@dataclass
class Drawn:
    """Every character that is drawn in a document, by number; what `Traced` origins of lines lead to."""

    lines: list[tuple[int, Style]] = field(default_factory=list)  # the page and the style of each line
    line: array[int] = field(default_factory=lambda: array("I"))  # of each character
    edges: array[float] = field(default_factory=lambda: array("f"))  # four of each character

    def style(self, content: Traced) -> Style:
        """The style that most characters of a text have."""
        counted = Counter(self.lines[self.line[origin]][1] for origin in content.origins if origin != NOWHERE)
        return counted.most_common(1)[0][0] if counted else Style(0.0, False)

    def place(self, origin: int) -> Rectangle:
        """Where a character is drawn."""
        return Rectangle(self.page(origin), *self.edges[4 * origin : 4 * origin + 4])

    def page(self, origin: int) -> int:
        """The page a character is drawn on."""
        return self.lines[self.line[origin]][0]

    def print(self, pages: Sequence[Page]) -> Print:
        """The way from characters drawn to their pages."""
        return Print([Size(page.width, page.height) for page in pages], self.place)

    def drawn(self, glyph: Glyph, text: str, area: Area) -> Traced:
        """Adds the characters of a glyph to the last line that was begun."""
        first, width = len(self.line), glyph.area.width / max(1, len(text))
        for number in range(len(text)):
            self.line.append(len(self.lines) - 1)
            x0 = glyph.area.x0 + number * width
            self.edges.extend((x0, area.top, x0 + width, area.bottom))
        return Traced(text, range(first, first + len(text)))


def lines(pieces: Sequence[Piece], page: int, drawn: Drawn) -> list[Line]:
    """The lines of one column from top to bottom."""
    return [_line(glyphs, page, drawn) for glyphs in _rows(pieces)]


def _rows(pieces: Sequence[Piece]) -> list[list[Glyph]]:
    """The glyphs that stand side by side, from left to right; the rows from top to bottom."""
    rows: list[tuple[Area, list[Glyph]]] = []
    initials = [piece for piece in pieces if _is_initial(piece, pieces)]
    for piece in sorted((p for p in pieces if p not in initials), key=lambda piece: -piece.area.height):
        beside = [row for row in rows if overlap(row[0], piece.area) >= _ROW_OVERLAP_MIN]
        if beside:
            max(beside, key=lambda row: overlap(row[0], piece.area))[1].extend(piece.glyphs)
        else:
            rows.append((piece.area, list(piece.glyphs)))
    rows.sort(key=lambda row: row[0].middle[1])
    found = [(area, sorted(glyphs, key=lambda glyph: glyph.area.x0)) for area, glyphs in rows]
    for initial in initials:
        next(glyphs for area, glyphs in found if overlap(area, initial.area) > 0)[:0] = initial.glyphs
    return [glyphs for _, glyphs in found]


def _is_initial(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Whether a letter stands beside two lines or more."""
    if len(piece.glyphs) > 1:
        return False
    beside = (
        other for other in pieces if other is not piece and overlap(other.area, piece.area) > _BESIDE_MIN
    )
    return sum(other.area.height < piece.area.height / _INITIAL_HEIGHTS_MIN for other in beside) > 1


def _line(glyphs: Sequence[Glyph], page: int, drawn: Drawn) -> Line:
    size = _main_size(glyphs)
    least, most = _RAISED_SIZE_SHARE_MAX * size, _FULL_SIZE_SHARE_MAX * size
    full = [glyph for glyph in glyphs if least <= glyph.size <= most]
    area = around(glyph.area for glyph in full)
    level = median(glyph.area.bottom for glyph in full)
    bold = 2 * sum(glyph.bold for glyph in full) > len(full)
    drawn.lines.append((page, Style(round(size, 1), bold)))
    parts: list[Traced] = []
    marked = False
    for is_raised, stretch in groupby(glyphs, key=lambda glyph: _is_raised(glyph, size, level)):
        own = list(stretch)
        before = "".join(part.text for part in parts)
        if is_raised and (text := _raised_text(before, own)) is not None:
            marked |= not before.strip() and not text
            parts += [drawn.drawn(own[0], text, area)] if text else []
        else:
            parts += _spaced(own, not before.strip(), area, drawn, parts, glyphs)
    content = joined(parts) if parts else Traced("", ())
    return Line(in_reading_order(content), area, Style(round(size, 1), bold), marked)


def _main_size(glyphs: Sequence[Glyph]) -> float:
    return Counter(glyph.size for glyph in glyphs).most_common(1)[0][0]


def _is_raised(glyph: Glyph, size: float, level: float) -> bool:
    return glyph.size < _RAISED_SIZE_SHARE_MAX * size and level - glyph.area.bottom > _RAISED_SIZES_MIN * size


def _raised_text(before: str, raised: Sequence[Glyph]) -> str | None:
    """What stays of raised characters: nothing of a mark of a note, an exponent; None when they are letters."""
    text = "".join(glyph.text for glyph in raised).strip()
    if (_UNIT_BEFORE.search(before) and text in ("2", "3")) or _TEN_BEFORE.search(before):
        return text.translate(_TO_RAISED)
    if not text or (_MARK.fullmatch(text) and not text.isalpha()):
        return ""
    return None


def _spaced(
    own: Sequence[Glyph],
    at_start: bool,
    area: Area,
    drawn: Drawn,
    parts: Sequence[Traced],
    line: Sequence[Glyph],
) -> Iterator[Traced]:
    """The characters with a space where there is a gap, and three between cells of a table."""
    first = line.index(own[0])
    last = line[first - 1] if first and parts else None
    for glyph in own:
        if glyph.text.isspace():
            continue
        if last is not None:
            gap = (glyph.area.x0 - last.area.x1) / max(glyph.size, last.size)
            if gap > _SPACE_SIZES_MIN:
                yield Traced.inserted(CELL_GAP if gap > _CELL_SIZES_MIN else " ")
        yield drawn.drawn(glyph, _plain(glyph, at_start), area)
        at_start, last = False, glyph


def _plain(glyph: Glyph, at_start: bool) -> str:
    """What a glyph means: one that has no character, or is of a font of symbols, marks an item at a start."""
    if glyph.dingbat or _NO_CHARACTER.fullmatch(glyph.text):
        return _BULLET if at_start else ""
    return glyph.text
