"""Lines of plain text and the chunks they form: a chunk is a block, or a piece of one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from corpus.columns import cells, rows
from corpus.normalise import FUNCTION_WORDS, white_space
from corpus.traced import Edit, Traced, joined

GLYPHS = "•●▪■◦‣⁃∙○◆►▶➢➤✓✔❖\uf000-\uf0ff"  # the last are what the Symbol font leaves behind
_BULLET = re.compile(rf"(?:(?:[{GLYPHS}]|[-*–—·](?=\s))\s*)+")
_BARE_GLYPH = re.compile(rf"[{GLYPHS}]\s*$")
_BULLET_WITHIN = re.compile(rf"(?<=[^\s{GLYPHS}])[ ]+(?=[{GLYPHS}][ A-Z])")
_LETTER_O = re.compile(r"^[ \t]*(o)[ \t]+(?=\S)", re.MULTILINE)  # what a hollow bullet of Word becomes
_DASH = re.compile(r"[-–—*·](?=\s)")
NUMBERED = re.compile(r"\(?(?:(\d{1,2})|([a-z]))[.)]\s+(?=\S)")
URL = re.compile(r"(?:https?://|www\.|mailto:)\S+$")
KEY_VALUE = re.compile(r"[A-Z][\w/&’' -]{1,40}: \S.{0,120}$")
Setting = Literal["", "heading", "body"]  # what the type of printed text says it is
CLOSED = re.compile(r"[.!?:;…][\"'’”»)\]]*$")

# Without an empty line in between, a line ends its paragraph if it is this much shorter than the others ...
_SHORT_SHARE_MAX = 0.75
# ... or too long to have been wrapped at all.
_WRAPPED_CHARS_MAX = 200
_RUN_IN_TITLE_CHARS_MAX, _RUN_IN_TITLE_WORDS_MAX, _RUN_IN_TITLE_SHARE_MAX = 60, 8, 0.6


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
    """Lines that stand together, as one line."""

    content: Traced
    lines: int
    page: int | None
    below_gap: bool
    item: bool = False
    row: bool = False
    box: int | None = None
    setting: Setting = ""

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def goes_on(self) -> bool:
        """No stop at its end: its sentence may go on elsewhere."""
        return not self.row and not CLOSED.search(self.text)

    @property
    def must_go_on(self) -> bool:
        """Ends as no sentence does: with a comma, a dash or a function word."""
        return not self.row and (self.text.endswith((",", "-", "–")) or _ends_open(self.text))

    @property
    def continues(self) -> bool:
        """Begins as no block does: in lower case or with a closing mark."""
        first = self.text.split(None, 1)[0]
        in_lower_case = first[0].islower() and not any(map(str.isupper, first)) and not URL.match(first)
        return not self.item and not self.row and (in_lower_case or first[0] in ",.;:)%")

    def followed_by(self, rest: Chunk) -> Chunk:
        """Both as one chunk that began here."""
        space = "" if rest.text[0] in ",.;:)%" else " "
        content = joined([self.content, Traced.inserted(space), rest.content])
        return replace(self, content=content, lines=self.lines + rest.lines)


def _ends_open(text: str) -> bool:
    return text.rsplit(None, 1)[-1].lower() in FUNCTION_WORDS


def chunks(content: Traced) -> list[Chunk]:
    """The lines of a text, grouped where nothing parts them."""
    content = content.ruled(_hollow_bullets, _bullets_within)
    return [chunk for group in _groups(content.text) for chunk in _parts(content, group)]


def _hollow_bullets(text: str) -> Iterator[Edit]:
    """Letters "o" that begin at least two lines are bullets."""
    letters = list(_LETTER_O.finditer(text))
    return (Edit(*match.span(1), "○") for match in letters if len(letters) > 1)


def _bullets_within(text: str) -> Iterator[Edit]:
    """A bullet in the middle of a line begins a line, unless it only parts words ("Porto • Turin")."""
    for line in re.finditer(r"[^\n\f]+", text):
        bulleted = _BULLET.match(line.group().lstrip())
        for match in _BULLET_WITHIN.finditer(text, line.start(), line.end()):
            if bulleted or text[match.start() - 1] in ".:;,)]":
                yield Edit(match.start(), match.end(), "\n")


def _lines(text: str) -> Iterator[Line]:
    """The lines that hold anything; pages are counted where form feeds part them."""
    page, below_gap = 1 if "\f" in text else None, True
    for match in re.finditer(r"([^\n\f]*)([\n\f]?)", text):
        own = match[1].strip()
        if own:
            indent = len(match[1]) - len(match[1].lstrip())
            start = match.start() + indent
            yield Line(start, start + len(own), own, indent, page, below_gap)
        below_gap = not own
        if match[2] == "\f" and page is not None:
            page, below_gap = page + 1, True


def _groups(text: str) -> Iterator[list[Line]]:
    """The lines between two gaps."""
    group: list[Line] = []
    for line in _lines(text):
        if line.below_gap and group:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _parts(content: Traced, group: Sequence[Line]) -> Iterator[Chunk]:
    """The chunks of a group: two lines or more with as many columns are a table, the others text."""
    columned = [(line, [] if _is_marked(line) else cells(content[line.start : line.end])) for line in group]
    text: list[Line] = []
    for columns, stretch in groupby(columned, key=lambda pair: len(pair[1])):
        lines, table = zip(*stretch, strict=True)
        if columns and len(lines) > 1:
            yield from _text_chunks(content, text)
            yield from (Chunk(line, 1, lines[0].page, lines[0].below_gap, row=True) for line in rows(table))
            text = []
        else:
            text += lines
    yield from _text_chunks(content, text)


def _text_chunks(content: Traced, lines: Sequence[Line]) -> Iterator[Chunk]:
    dashes = Counter(_list_mark(line) for line in lines)
    blocks: list[list[Line]] = []
    for line in lines:
        mark = _list_mark(line)
        if not blocks or _opens_block(line, blocks[-1], is_listed=bool(mark) and dashes[mark] > 1):
            blocks.append([])
        blocks[-1].append(line)
    return (chunk for block in blocks for chunk in _chunk(content, block))


def _list_mark(line: Line) -> str:
    """The dash, or "1" for a number, that may mark an item or may only begin a wrapped line."""
    return line.text[0] if _DASH.match(line.text) else "1" if NUMBERED.match(line.text) else ""


def _opens_block(line: Line, above: Sequence[Line], is_listed: bool) -> bool:
    """Whether a line begins a new block below the lines collected so far.

    `is_listed` tells that others around it begin with the same dash, or with a number too.
    """
    last = above[-1]
    if _BARE_GLYPH.match(last.text):
        return False
    if line.below_gap or is_listed or _is_bulleted(line, above):
        return True
    if line.indent > last.indent and not (len(above) == 1 and _is_marked(last)):
        return True
    if URL.match(line.text) or URL.match(last.text):
        return True
    if KEY_VALUE.match(line.text) and KEY_VALUE.match(last.text) and len(above) == 1:
        return True
    return _ends_paragraph(above, line) or _is_run_in_title(above, line)


def _is_marked(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or NUMBERED.match(line.text))


def _is_bulleted(line: Line, above: Sequence[Line]) -> bool:
    """Whether a bullet or a number opens an item, not a wrapped line that happens to begin like one."""
    ambiguous = _DASH.match(line.text) or NUMBERED.match(line.text)
    if not ambiguous:
        return bool(_BULLET.match(line.text))
    if CLOSED.search(above[-1].text) or (len(above) == 1 and _is_title_like(above[0].text)):
        return True
    return _is_marked(above[0]) and line.indent == above[0].indent


def _ends_paragraph(above: Sequence[Line], line: Line) -> bool:
    """Whether the line above stopped though the next word would have fitted."""
    last = above[-1].text
    if not CLOSED.search(last) or line.text[0].islower():
        return False
    wanted = len(last) + 1 + len(line.text.split(None, 1)[0])
    width = max(len(other.text) for other in above)
    return len(last) > _WRAPPED_CHARS_MAX or (len(above) > 1 and wanted < _SHORT_SHARE_MAX * width)


def _is_run_in_title(above: Sequence[Line], line: Line) -> bool:
    """Whether a single short line stands directly on top of its paragraph."""
    last = above[-1].text
    if len(above) > 1 or not _is_title_like(last) or not line.text[0].isupper():
        return False
    wanted = len(last) + 1 + len(line.text.split(None, 1)[0])
    return wanted < _RUN_IN_TITLE_SHARE_MAX * len(line.text)


def _is_title_like(text: str) -> bool:
    if not text[0].isupper() or CLOSED.search(text) or text[-1] == "," or _ends_open(text):
        return False
    return len(text) <= _RUN_IN_TITLE_CHARS_MAX and len(text.split()) <= _RUN_IN_TITLE_WORDS_MAX


def _chunk(content: Traced, lines: Sequence[Line]) -> list[Chunk]:
    """The lines as one chunk without its bullet; none for a bare bullet."""
    own = content[lines[0].start : lines[-1].end].ruled(white_space)
    mark = _BULLET.match(own.text)
    rest = own[mark.end() if mark else 0 :].strip()
    return [Chunk(rest, len(lines), lines[0].page, lines[0].below_gap, bool(mark))] if rest else []
