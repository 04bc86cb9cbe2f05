"""Printed pages put together as a document: paragraphs that columns and pages cut are whole, notes stand last."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from corpus.assembly import Draft, Source, assembled
from corpus.columns import rows
from corpus.document import Document
from corpus.hyphens import broken_words
from corpus.layout import blocks
from corpus.lines import Chunk, Setting, chunks
from corpus.normalise import characters, plain
from corpus.parsing import is_word
from corpus.readers.furniture import without_furniture
from corpus.readers.paragraphs import LARGER_SHARE_MIN, break_between, break_inside
from corpus.readers.printed import Inset, Page, Piece
from corpus.readers.printed_lines import Drawn, Line, Style, lines
from corpus.readers.reading_order import flows
from corpus.traced import NOWHERE, Edit, Traced, joined

_NOTE_SIZE_SHARE_MAX = 0.93  # of the body text's size
_NOTE = re.compile(r"(?:\[?\d{1,3}[\].)]?|[*†‡§])\s+\S")
_MARK_OF_NOTE = re.compile(r"(?:\[?\d{1,3}[\].)]?|[*†‡§]+)\s+")
_FOOT_SHARE = 0.5  # notes stand below this share of the page's height
_TITLE_SIZE_SHARE_MIN, _TITLE_CHARS_MAX = 1.3, 250
_ROW_HEIGHT = 15  # points by which boxes that stand side by side may differ
_HEADING_LETTERS_MIN = 3  # "460+" in large type is a figure
_STYLED_HEADINGS_MIN = 3  # a document with fewer may not tell its headings by their type
_HARD_HYPHEN, _INNER_SOFT_HYPHEN = re.compile(r"\w-\w"), re.compile("\u2010[^\n]")
_SOFT_HYPHEN = re.compile(r"(?<=\w)\u2010\n+(?=\w)")
_SOFT_HYPHENS_MIN = 3  # without another kind of hyphen beside them
_CONTENTS = re.compile(r"(?:\s?\.){4,}\s*\d{1,4}$")  # a line of a table of contents
_NO_TITLE = re.compile(
    r"untitled|\.(?:docx?|indd|pdf|pptx?|xlsx?|qxd|tex|rtf)\b|^microsoft |^[\W\d_]*$", re.IGNORECASE
)


@dataclass
class _Flow:
    """Lines that are read one after another, with what parts each from the one before."""

    lines: list[Line] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    right: float = 0.0  # how far the lines of the last column reach
    insets: list[tuple[int, Sequence[Chunk] | _Flow]] = field(default_factory=list)  # behind which line

    def content(self) -> Traced:
        parts: list[Traced] = []
        for line, separator in zip(self.lines, self.breaks, strict=True):
            parts += [Traced.inserted(separator if parts else ""), line.content]
        return joined(parts) if parts else Traced("", ())


def document(source: Source, pages: Sequence[Page], title: str) -> Document:
    """The document that is printed on the pages; `title` is what the file itself says."""
    drawn = Drawn()
    body_size = _body_size(pages)
    flow, footnotes = _Flow(), _Flow()
    for page in without_furniture(pages):
        _read(page, flow, footnotes, body_size, drawn)
    drafts = _drafts(flow, footnotes, body_size, drawn)
    return assembled(source, drafts, _title(title, flow, body_size), drawn.print(pages))


def _read(page: Page, flow: _Flow, footnotes: _Flow, body_size: float, drawn: Drawn) -> None:
    """Adds what a page says to the flow, and its notes to the others."""
    for column in flows([*page.pieces, *page.insets]):
        own = lines([item for item in column if isinstance(item, Piece)], page.number, drawn)
        text_lines = _text_lines(own, page, body_size)
        text = [line for line in own[:text_lines] if line.content and not _CONTENTS.search(line.text)]
        first = len(flow.lines)
        _add(flow, text)
        _add(footnotes, [_unmarked(line) for line in own[text_lines:] if line.content])
        insets = (item for item in column if isinstance(item, Inset))
        for inset in sorted(insets, key=_row_by_row):
            above = sum(line.area.middle[1] < inset.area.top for line in text)
            flow.insets.append((first + above, _inset(inset, page, drawn)))


def _row_by_row(inset: Inset) -> tuple[int, float]:
    return round(inset.area.top / _ROW_HEIGHT), inset.area.x0


def _add(flow: _Flow, own: Sequence[Line], right: float = 0.0) -> None:
    """Adds the lines of a column, which reach to `right` at most, or to where the longest does."""
    right = max(right, *(line.area.x1 for line in own), 0.0)
    for number, line in enumerate(own):
        above = flow.lines[-1] if flow.lines else line
        parted = break_inside(own, number, right) if number else break_between(above, flow.right, line)
        flow.breaks.append(parted)
        flow.lines.append(line)
    flow.right = right if len(own) > 1 else math.inf  # one line tells nothing of how far others would reach


def _inset(inset: Inset, page: Page, drawn: Drawn) -> Sequence[Chunk] | _Flow:
    if inset.rows:
        table = [[_cell(cell, page.number, drawn) for cell in row] for row in inset.rows]
        return [Chunk(row, 1, None, True, row=True) for row in rows(table, _is_headed(table, drawn)) if row]
    inner = _Flow()
    columns = list(flows(inset.pieces))
    for column in columns:
        pieces = [item for item in column if isinstance(item, Piece)]
        own = [line for line in lines(pieces, page.number, drawn) if line.content]
        _add(inner, own, inset.right if len(columns) == 1 else 0.0)
    return inner


def _is_headed(table: Sequence[Sequence[Traced]], drawn: Drawn) -> bool:
    """Whether the first row alone is set bold."""
    bold = [drawn.style(joined(list(row))).bold for row in table]
    return bold[0] and not any(bold[1:])


def _cell(pieces: Sequence[Piece], page: int, drawn: Drawn) -> Traced:
    text = joined([line.content for line in lines(pieces, page, drawn)] or [Traced("", ())], "\n")
    return plain(text.ruled(characters, _rejoined))


def _soft_hyphens(text: str) -> Iterator[Edit]:
    """A hyphen of a kind that stands at the ends of lines only was put there by who set the page."""
    cuts = list(_SOFT_HYPHEN.finditer(text))
    told = _HARD_HYPHEN.search(text) or len(cuts) >= _SOFT_HYPHENS_MIN
    if told and not _INNER_SOFT_HYPHEN.search(text):
        yield from (Edit(match.start(), match.end()) for match in cuts)


def _slashes(text: str) -> Iterator[Edit]:
    """What a line end parted behind a slash is whole again: "category/year", an address."""
    return (Edit(match.start(), match.end()) for match in re.finditer(r"(?<=\w/)\n(?=\w)", text))


_rejoined = partial(broken_words, is_word=is_word)


# Notes


def _text_lines(own: Sequence[Line], page: Page, body_size: float) -> int:
    """How many lines of a column are text; the others are the notes at its foot."""
    small = len(own)
    while small and own[small - 1].style.size <= _NOTE_SIZE_SHARE_MAX * body_size:
        small -= 1
    for number in range(small, len(own)):
        opens = own[number].marked or _NOTE.match(own[number].text)
        if opens and own[number].area.top > _FOOT_SHARE * page.height:
            return number
    return len(own)


def _unmarked(line: Line) -> Line:
    mark = _MARK_OF_NOTE.match(line.text)
    return replace(line, content=line.content[mark.end() :], marked=True) if mark else line


# Blocks


def _drafts(flow: _Flow, footnotes: _Flow, body_size: float, drawn: Drawn) -> list[Draft]:
    boxes = [(behind, inset) for behind, inset in flow.insets]
    texts = [flow, *(inset for _, inset in boxes if isinstance(inset, _Flow)), footnotes]
    whole = joined([text.content() for text in texts], "\f").ruled(
        _soft_hyphens, characters, _rejoined, _slashes
    )
    parts: list[list[Chunk]] = [[] for _ in texts]
    for chunk in chunks(whole):
        parts[(chunk.page or 1) - 1].append(chunk)
    own, *boxed, noted = (_set(part, drawn) for part in parts)
    pieces = _interleaved(own, flow, [(behind, inset) for behind, inset in boxes], iter(boxed))
    drafts = [_paged(draft, drawn) for draft in blocks(pieces)]
    notes = (Draft("paragraph", chunk.content, section="Notes") for chunk in noted)
    return [*drafts, *(_paged(note, drawn) for note in notes)]


def _interleaved(
    own: Sequence[Chunk],
    flow: _Flow,
    insets: Sequence[tuple[int, Sequence[Chunk] | _Flow]],
    boxed: Iterator[Sequence[Chunk]],
) -> list[Chunk]:
    """The chunks of the flow, each with the boxes and tables that stand behind one of its lines."""
    waiting = [
        (_last_origin(flow, behind), number, inset if not isinstance(inset, _Flow) else next(boxed))
        for number, (behind, inset) in enumerate(insets, 1)
    ]
    found: list[Chunk] = []
    for chunk in own:
        begins = min((origin for origin in chunk.content.origins if origin != NOWHERE), default=0)
        while waiting and waiting[0][0] < begins:
            found += _as_box(*waiting.pop(0)[1:])
        found.append(chunk)
    return [*found, *(chunk for _, number, inset in waiting for chunk in _as_box(number, inset))]


def _last_origin(flow: _Flow, behind: int) -> int:
    """The last character of the lines before the one numbered `behind`."""
    return max((max(line.content.origins) for line in flow.lines[:behind][-1:]), default=-1)


def _as_box(number: int, inset: Sequence[Chunk]) -> list[Chunk]:
    return [replace(chunk, box=number) for chunk in inset]


def _set(pieces: Sequence[Chunk], drawn: Drawn) -> list[Chunk]:
    """The chunks with what their type says: that they are headings, or are none."""
    styles = [drawn.style(chunk.content) for chunk in pieces]
    if not styles:
        return []
    chars: Counter[Style] = Counter()
    for chunk, style in zip(pieces, styles, strict=True):
        chars[style] += len(chunk.text)
    body = chars.most_common(1)[0][0]
    headings = [
        _is_set_as_heading(style, body) and sum(map(str.isalpha, chunk.text)) >= _HEADING_LETTERS_MIN
        for chunk, style in zip(pieces, styles, strict=True)
    ]
    tells = sum(headings) >= _STYLED_HEADINGS_MIN
    return [
        replace(chunk, page=None, setting=_setting(heading, tells and style == body))
        for chunk, heading, style in zip(pieces, headings, styles, strict=True)
    ]


def _setting(heading: bool, body: bool) -> Setting:
    return "heading" if heading else "body" if body else ""


def _is_set_as_heading(style: Style, body: Style) -> bool:
    larger = style.size > LARGER_SHARE_MIN * body.size
    return larger or (style.bold and not body.bold and style.size > _NOTE_SIZE_SHARE_MAX * body.size)


def _paged(draft: Draft, drawn: Drawn) -> Draft:
    first = next((origin for origin in draft.content.origins if origin != NOWHERE), None)
    return draft if first is None else replace(draft, page=drawn.page(first))


# What is known of the whole


def _body_size(pages: Sequence[Page]) -> float:
    """The size that most characters have."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for piece in (*page.pieces, *(piece for inset in page.insets for piece in inset.pieces)):
            sizes.update(glyph.size for glyph in piece.glyphs)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _title(told: str, flow: _Flow, body_size: float) -> str:
    """What stands largest on the first page, else the title that the file carries."""
    first = list(flow.lines[:60])
    largest = max((line.style.size for line in first), default=0.0)
    if largest >= _TITLE_SIZE_SHARE_MIN * body_size:
        begin = next(number for number, line in enumerate(first) if line.style.size == largest)
        title = []
        for line in first[begin:]:
            if line.style.size != largest:
                break
            title.append(line.text)
        whole = plain(Traced.inserted(" ".join(title))).text
        if sum(map(str.isalpha, whole)) > 3 and len(whole) <= _TITLE_CHARS_MAX:
            return whole
    return "" if _NO_TITLE.search(told) else " ".join(told.split())
