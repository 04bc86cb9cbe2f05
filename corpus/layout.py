"""Lines of plain text grouped into headings, paragraphs and list items, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.assembly import Draft, Kind
from corpus.normalise import FUNCTION_WORDS, white_space
from corpus.traced import Edit, Traced, joined

_GLYPHS = "•●▪■◦‣⁃∙○◆►▶➢➤✓✔❖\uf000-\uf0ff"
_BULLET = re.compile(rf"(?:(?:[{_GLYPHS}]|[-*–—·](?=\s))\s*)+")
_BARE_GLYPH = re.compile(rf"[{_GLYPHS}]\s*$")
_DASH = re.compile(r"[-–—](?=\s)")
_NUMBERED = re.compile(r"\(?(?:(\d{1,2})|([a-z]))[.)]\s+(?=\S)")
_BULLET_WITHIN = re.compile(rf"(?<=\S)[ ]+(?=[{_GLYPHS}][ ])")
_URL = re.compile(r"(?:https?://|www\.|mailto:)\S+$")
_KEY_VALUE = re.compile(r"[A-Z][\w/&’' -]{1,40}: \S.{0,120}$")
_CAPTION = re.compile(r"(?:Figures?|Fig\.?|Tables?|Chart|Photos?|Image|Source|Sources|Notes?|Credit|Copyright|©)\b")
_FIGURE_FIRST = re.compile(r"[+~>]?\d[\d .,]*[+%]?\s+\S")
_SECTION_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[A-Z][.)]|[IVX]+\.)\s+(?=[A-Z])")
_DATED = re.compile(r"\([^()]*\d[^()]*\)$")  # "Ana Prior (lecturer, 2001-2009)" names, it does not head
_CLOSED = re.compile(r"[.!?:;…][\"'’”»)\]]*$")
_TITLE_CHARS_MAX, _HEADING_CHARS_MAX, _HEADING_WORDS_MAX = 250, 120, 14
_BOX_CHUNKS_MAX = 16


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    end: int
    text: str  # without the white space around it
    indent: int
    page: int | None
    below_gap: bool  # an empty line or a page break stands above


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines that stand together: a block, or a piece of one."""

    content: Traced
    lines: int
    page: int | None
    below_gap: bool
    item: bool = False
    box: int | None = None

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def goes_on(self) -> bool:
        """No stop at its end: its sentence may go on elsewhere."""
        return not _CLOSED.search(self.text)

    @property
    def must_go_on(self) -> bool:
        return self.text.endswith((",", "-", "–")) or self.text.rsplit(None, 1)[-1].lower() in FUNCTION_WORDS

    @property
    def continues(self) -> bool:
        """Begins as no block does: in lower case, with a closing mark, or with a lone bracket."""
        if self.item:
            return False
        first = self.text.split(None, 1)[0]
        return (first[0].islower() and not any(map(str.isupper, first)) and not _URL.match(first)) or first[0] in ",.;:)%"


def drafts(content: Traced) -> list[Draft]:
    """The blocks of a cleaned plain text; a box that split a sentence follows its paragraph."""
    chunks = _numbered(_continued(_unboxed(_chunks(content.ruled(_bullets_within)))))
    return [Draft(kind, chunk.content, chunk.page, chunk.box) for chunk, kind in zip(chunks, _kinds(chunks), strict=True)]


def _bullets_within(text: str) -> Iterator[Edit]:
    """A bullet in the middle of a line begins a line, unless it only parts words ("Porto • Turin")."""
    for match in _BULLET_WITHIN.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
        if line[-1] in ".:;,)]" or _BULLET.match(line):
            yield Edit(match.start(), match.end(), "\n")


# Lines to chunks ---------------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[Line]:
    paged, page, gap = "\f" in text, 1, True
    for match in re.finditer(r"[^\n\f]*[\n\f]?", text):
        whole = match.group()
        own = whole.strip()
        if own:
            indent = len(whole) - len(whole.lstrip(" "))
            start = match.start() + indent
            yield Line(start, start + len(own), own, indent, page if paged else None, gap)
            gap = False
        else:
            gap = True
        if whole.endswith("\f"):
            page, gap = page + 1, True


def _chunks(content: Traced) -> list[Chunk]:
    chunks: list[Chunk] = []
    lines: list[Line] = []
    everything = list(_lines(content.text))
    for number, line in enumerate(everything):
        below = everything[number + 1] if number + 1 < len(everything) else None
        if lines and _opens_block(line, lines, below):
            chunks += _chunk(content, lines)
            lines = []
        lines.append(line)
    return chunks + (_chunk(content, lines) if lines else [])


def _opens_block(line: Line, above: Sequence[Line], below: Line | None) -> bool:
    """Whether a line begins a new block below the lines collected so far."""
    last = above[-1]
    if _BARE_GLYPH.match(last.text):
        return False
    if line.below_gap or _is_bulleted(line, above):
        return True
    if line.indent > last.indent and not (len(above) == 1 and _is_item(above[0])):
        return True
    if _URL.match(line.text) or _URL.match(last.text):
        return True
    if _KEY_VALUE.match(line.text) and _KEY_VALUE.match(last.text) and len(above) == 1:
        return True
    return _breaks_early(line, above, below)


def _breaks_early(line: Line, above: Sequence[Line], below: Line | None) -> bool:
    """Whether the line above ended though the next word would have fitted: its paragraph was over."""
    last, capital = above[-1].text, line.text[0].isupper() or not line.text[0].isalnum()
    if not capital or last[-1] == ",":
        return False
    width = max(len(other.text) for other in above)
    first_word = len(line.text.split(None, 1)[0])
    if _CLOSED.search(last):
        return len(last) > 200 or (len(above) > 1 and len(last) + 1 + first_word < 0.75 * width)
    titled = len(above) == 1 and last[0].isupper() and len(last) < 60 and len(last.split()) <= 8
    ends_open = last.rsplit(None, 1)[-1].lower() in FUNCTION_WORDS
    return titled and not ends_open and line.text[0].isupper() and len(last) + 1 + first_word < 0.6 * len(line.text)


def _is_item(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or _NUMBERED.match(line.text))


def _is_bulleted(line: Line, above: Sequence[Line]) -> bool:
    """Whether a bullet or a number opens an item, not a wrapped line that happens to begin like one."""
    text, first, last = line.text, above[0], above[-1]
    if _BULLET.match(text) and not _DASH.match(text):
        return True
    if not (_DASH.match(text) or _NUMBERED.match(text)):
        return False
    return bool(_CLOSED.search(last.text)) or (_is_item(first) and line.indent == first.indent)


def _chunk(content: Traced, lines: Sequence[Line]) -> list[Chunk]:
    own = content[lines[0].start : lines[-1].end].ruled(white_space)
    mark = _BULLET.match(own.text)
    item = bool(mark)
    own = (own[mark.end() :] if mark else own).strip()
    return [Chunk(own, len(lines), lines[0].page, lines[0].below_gap, item)] if own else []


# Chunks to blocks --------------------------------------------------------------------------------------------


def _unboxed(chunks: list[Chunk]) -> list[Chunk]:
    """The chunks with each sentence that a box split in two made whole, and the box behind it."""
    chunks, boxes, number = list(chunks), 0, 0
    while number < len(chunks):
        chunk = chunks[number]
        rest = _rest_of(chunk, chunks[number + 1 : number + 2 + _BOX_CHUNKS_MAX])
        if rest is None:
            number += 1
            continue
        boxed = chunks[number + 1 : number + 1 + rest]
        boxes += bool(boxed)
        whole = _together(chunk, chunks[number + 1 + rest])
        chunks[number : number + 2 + rest] = [whole, *(replace(inside, box=boxes) for inside in boxed)]
    return chunks


def _rest_of(chunk: Chunk, following: Sequence[Chunk]) -> int | None:
    """Which of the following chunks goes on with the sentence of this one; None when none does."""
    if chunk.box is not None or not chunk.must_go_on:
        return None
    return next((number for number, other in enumerate(following) if other.continues), None)


def _continued(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with unfinished ones and what visibly goes on from them joined."""
    whole: list[Chunk] = []
    for number, chunk in enumerate(chunks):
        below = chunks[number + 1] if number + 1 < len(chunks) else None
        if whole and (_belongs(chunk, whole[-1]) or _ends_item(chunk, whole[-1], below)):
            whole[-1] = _together(whole[-1], chunk)
        else:
            whole.append(chunk)
    return whole


def _belongs(chunk: Chunk, above: Chunk) -> bool:
    if chunk.item or chunk.box != above.box:
        return False
    if chunk.text[0] == "(" and above.item and above.goes_on:
        return True
    if above.goes_on and chunk.continues:
        return True
    return above.must_go_on and len(above.text.split()) > 5 and bool(_CLOSED.search(chunk.text))


def _ends_item(chunk: Chunk, above: Chunk, below: Chunk | None) -> bool:
    """Words between two bullets, with a gap only above them, are the rest of the first item."""
    between = above.item and not chunk.item and below is not None and below.item and not below.below_gap
    return between and above.goes_on and chunk.below_gap and len(chunk.text.split()) <= _HEADING_WORDS_MAX


def _numbered(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with each run "1. ... 2. ... 3. ..." of neighbours made list items."""
    values = [_number(chunk) for chunk in chunks]
    counted = [
        value is not None and (value + 1 in values[number + 1 : number + 2] or (number > 0 and values[number - 1] == value - 1))
        for number, value in enumerate(values)
    ]
    return [_unnumbered(chunk) if listed else chunk for chunk, listed in zip(chunks, counted, strict=True)]


def _number(chunk: Chunk) -> int | None:
    mark = None if chunk.item else _NUMBERED.match(chunk.text)
    return None if mark is None else int(mark[1]) if mark[1] else ord(mark[2]) - ord("a") + 1


def _unnumbered(chunk: Chunk) -> Chunk:
    mark = _NUMBERED.match(chunk.text)
    return replace(chunk, content=chunk.content[mark.end() if mark else 0 :], item=True)


def _together(left: Chunk, right: Chunk) -> Chunk:
    space = "" if right.text[0] in ",.;:)%" else " "
    content = joined([left.content, Traced.inserted(space), right.content])
    return replace(left, content=content, lines=left.lines + right.lines)


# What each block is ------------------------------------------------------------------------------------------


def _kinds(chunks: Sequence[Chunk]) -> list[Kind]:
    titled = [_is_heading(chunks, number) for number in range(len(chunks))]
    listed = [chunk.item for chunk in chunks]
    for number in range(1, len(chunks)):
        listed[number] = listed[number] or _goes_on_listing(chunks[number], chunks[number - 1], listed[number - 1])
    for first, end in _stretches([_is_boxed_figure(chunk) for chunk in chunks]):
        if end - first > 1:
            listed[first:end] = [True] * (end - first)
    for first, end in _stretches([title and not item for title, item in zip(titled, listed, strict=True)]):
        announced = first > 0 and chunks[first - 1].text.endswith(":")
        if announced and end - first > 2:
            listed[first : end - 1] = [True] * (end - 1 - first)
        elif end - first > 3:  # a cover page or the cells of a table
            titled[first + 1 : end - 1] = [False] * (end - first - 2)
    return [
        "item" if item else "heading" if title else "paragraph" for item, title in zip(listed, titled, strict=True)
    ]


def _stretches(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """[start, end) of each unbroken stretch of true flags."""
    start = None
    for number, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = number
        elif not flag and start is not None:
            yield start, number
            start = None


def _goes_on_listing(chunk: Chunk, above: Chunk, above_listed: bool) -> bool:
    """Lower-case lines below "...:" are a list that lost its bullets."""
    return chunk.continues and (above.text.endswith(":") or (above_listed and above.text.endswith((";", ","))))


def _is_boxed_figure(chunk: Chunk) -> bool:
    """A line of a box of figures: "460+ new ..." without a stop."""
    text = chunk.text
    worded = bool(_FIGURE_FIRST.match(text)) and bool(re.search(r"[^\W\d_]{3}", text))
    return worded and chunk.goes_on and not _SECTION_NUMBER.match(text) and len(text) < 250


def _is_heading(chunks: Sequence[Chunk], number: int) -> bool:
    chunk, text = chunks[number], chunks[number].text
    if chunk.item or number == len(chunks) - 1 or sum(map(str.isalpha, text)) < 3:
        return False
    if re.search(r"[.!:;,…][\"'’”)]*$", text) or chunk.must_go_on or _URL.search(text) or "@" in text:
        return False
    if number == 0:
        return len(text) <= _TITLE_CHARS_MAX
    if len(text) > _HEADING_CHARS_MAX or len(text.split()) > _HEADING_WORDS_MAX or chunk.lines > 3:
        return False
    if _DATED.search(text) or _CAPTION.match(text) or _KEY_VALUE.match(text) or re.search(r"[’”\"]$", chunks[number - 1].text):
        return False
    numbered = _SECTION_NUMBER.match(text)
    return bool(numbered) or text[0].isupper() or text[0] in "‘“\"'"
