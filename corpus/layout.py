"""What the chunks of a plain text are: headings, paragraphs and list items, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.assembly import Draft, Kind
from corpus.lines import CLOSED, KEY_VALUE, NUMBERED, URL, Chunk, chunks
from corpus.traced import Traced

_CAPTION = re.compile(
    r"(?:Figures?|Fig\.?|Tables?|Chart|Photos?|Image|Sources?|Notes?|Credit|Copyright|©)(?:\W|$)"
)
_FIGURE_FIRST = re.compile(r"[+~>]?\d[\d .,]*[+%]?\s+\S")
_SECTION_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[A-Z][.)]|[IVX]+\.)\s+(?=[A-Z])")
_DATED = re.compile(r"\([^()]*\d[^()]*\)$")  # "Ana Prior (lecturer, 2001-2009)" lists, it does not head
_QUOTED = re.compile(r"[’”\"]$")  # below a quotation, "Ana Prior, head of tools" names the speaker
_APPOSED = re.compile(r",| [-–—] ")
_STOP = re.compile(r"[.!:;,…][\"'’”)]*$")
_STOP_WITHIN = re.compile(r"[a-z][.!?][\"'’”)]* [A-Z]")
_TITLE_CHARS_MAX, _HEADING_CHARS_MAX, _HEADING_WORDS_MAX, _HEADING_LINES_MAX = 250, 120, 14, 3
_HEADINGS_TOGETHER_MAX = 3  # more of them in a row are a cover page or the cells of a table
_BOX_CHUNKS_MAX = 16
_BOXED_CHARS_MAX = 250


def drafts(content: Traced) -> list[Draft]:
    """The blocks of a cleaned plain text; a box that split a sentence follows its paragraph."""
    return blocks(chunks(content))


def blocks(pieces: Sequence[Chunk]) -> list[Draft]:
    """The blocks of chunks in reading order; those of a box follow the paragraph that they interrupt."""
    return told(_continued(_unboxed(pieces)))


def told(pieces: Sequence[Chunk]) -> list[Draft]:
    """The blocks that chunks are, none of which goes on in another."""
    whole = _numbered(pieces)
    return [
        Draft(kind, chunk.content, chunk.page, chunk.box)
        for kind, chunk in zip(_kinds(whole), whole, strict=True)
    ]


# Pieces that belong together


def _unboxed(pieces: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with each sentence that a box split in two made whole, and the box behind it."""
    pieces, number = list(pieces), 0
    boxes = max((piece.box or 0 for piece in pieces), default=0)
    while number < len(pieces):
        inside = _length_of_box(pieces[number], pieces[number + 1 : number + 2 + _BOX_CHUNKS_MAX])
        if inside is None:
            number += 1
            continue
        boxes += 1
        box = [replace(piece, box=piece.box or boxes) for piece in pieces[number + 1 : number + 1 + inside]]
        rest = number + 1 + inside
        pieces[number : rest + 1] = [pieces[number].followed_by(pieces[rest]), *box]
    return pieces


def _length_of_box(chunk: Chunk, following: Sequence[Chunk]) -> int | None:
    """How many chunks stand between a broken sentence and its rest; None if it is not broken."""
    if chunk.box is not None or not chunk.must_go_on:
        return None
    return next(
        (number for number, other in enumerate(following) if other.continues and other.box is None), None
    )


def _continued(pieces: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with unfinished ones and what visibly goes on from them joined."""
    whole: list[Chunk] = []
    boxed: list[Chunk] = []  # what stands in boxes behind the last chunk of the text, which may go on
    for number, chunk in enumerate(pieces):
        below = pieces[number + 1] if number + 1 < len(pieces) else None
        around = whole if chunk.box is None else boxed
        apart = chunk.item or chunk.row or not around or chunk.box != around[-1].box
        if not apart and _belongs(chunk, around[-1], below):
            around[-1] = around[-1].followed_by(chunk)
        elif chunk.box is None:
            whole += [*boxed, chunk]
            boxed = []
        else:
            boxed.append(chunk)
    return whole + boxed


def _belongs(chunk: Chunk, above: Chunk, below: Chunk | None) -> bool:
    if above.row:
        return False
    if above.goes_on and chunk.continues:
        return True
    if above.item and above.goes_on:
        return chunk.text[0] == "(" or _ends_item(chunk, below)
    return above.must_go_on and len(above.text.split()) > 5 and bool(CLOSED.search(chunk.text))


def _ends_item(chunk: Chunk, below: Chunk | None) -> bool:
    """Words between two bullets, with a gap only above them, are the rest of the first item."""
    closed_up = below is not None and below.item and not below.below_gap
    return closed_up and chunk.below_gap and len(chunk.text.split()) <= _HEADING_WORDS_MAX


def _numbered(pieces: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with each run "1. ... 2. ... 3. ..." of neighbours made list items."""
    values = [_number(chunk) for chunk in pieces]
    return [
        _unnumbered(chunk) if value is not None and _counts(values, number) else chunk
        for number, (chunk, value) in enumerate(zip(pieces, values, strict=True))
    ]


def _number(chunk: Chunk) -> int | None:
    mark = None if chunk.item or chunk.row else NUMBERED.match(chunk.text)
    if mark is None:
        return None
    return int(mark[1]) if mark[1] else ord(mark[2]) - ord("a") + 1


def _counts(values: Sequence[int | None], number: int) -> bool:
    """Whether a neighbour carries the number before or after this one."""
    value = values[number] or 0
    before = values[number - 1] if number else None
    after = values[number + 1] if number + 1 < len(values) else None
    return before == value - 1 or after == value + 1


def _unnumbered(chunk: Chunk) -> Chunk:
    mark = NUMBERED.match(chunk.text)
    return replace(chunk, content=chunk.content[mark.end() if mark else 0 :], item=True)


# What each one is


def _kinds(pieces: Sequence[Chunk]) -> list[Kind]:
    listed = _listed(pieces)
    headings = [_is_heading(pieces, number) and not item for number, item in enumerate(listed)]
    for first, end in _stretches(headings):
        announced = first > 0 and pieces[first - 1].text.endswith(":")
        if announced and end - first > 2:  # a list that lost its bullets; its last line heads what follows
            listed[first : end - 1] = [True] * (end - 1 - first)
        elif end - first > _HEADINGS_TOGETHER_MAX:
            headings[first + 1 : end - 1] = [False] * (end - first - 2)
    return [
        "row" if chunk.row else "item" if item else "heading" if heading else "paragraph"
        for chunk, item, heading in zip(pieces, listed, headings, strict=True)
    ]


def _listed(pieces: Sequence[Chunk]) -> list[bool]:
    """Which chunks are items: those with a bullet, those of a box of figures, and lines below "...:"."""
    listed = [chunk.item for chunk in pieces]
    for first, end in _stretches([_is_boxed_figure(chunk) for chunk in pieces]):
        if end - first > 1:
            listed[first:end] = [True] * (end - first)
    for number in range(1, len(pieces)):
        above = pieces[number - 1].text
        announced = above.endswith(":") or (listed[number - 1] and above.endswith((";", ",")))
        listed[number] |= announced and pieces[number].continues
    return listed


def _stretches(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """[start, end) of each unbroken stretch of true flags."""
    start = None
    for number, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = number
        elif not flag and start is not None:
            yield start, number
            start = None


def _is_boxed_figure(chunk: Chunk) -> bool:
    """A line of a box of figures, such as "460+ new tools" without a stop."""
    text = chunk.text
    worded = _FIGURE_FIRST.match(text) and re.search(r"[^\W\d_]{3}", text)
    return bool(worded) and chunk.goes_on and not _SECTION_NUMBER.match(text) and len(text) < _BOXED_CHARS_MAX


def _is_heading(pieces: Sequence[Chunk], number: int) -> bool:
    """A short line without a stop that stands alone above others."""
    chunk, text = pieces[number], pieces[number].text
    if chunk.item or chunk.row or number == len(pieces) - 1 or sum(map(str.isalpha, text)) < 3:
        return False
    if chunk.setting == "body" or _STOP.search(text) or chunk.must_go_on or URL.search(text) or "@" in text:
        return False
    if number == 0 or chunk.setting == "heading":
        return len(text) <= _TITLE_CHARS_MAX
    if len(text) > _HEADING_CHARS_MAX or len(text.split()) > _HEADING_WORDS_MAX:
        return False
    if chunk.lines > _HEADING_LINES_MAX:
        return False
    if _CAPTION.match(text) or KEY_VALUE.match(text) or _STOP_WITHIN.search(text) or _DATED.search(text):
        return False
    heads = text[0].isupper() or text[0] in "‘“\"'" or bool(_SECTION_NUMBER.match(text))
    return heads and not (_QUOTED.search(pieces[number - 1].text) and _APPOSED.search(text))
