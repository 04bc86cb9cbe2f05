"""Markdown (CommonMark and tables): structure becomes blocks, marks leave the text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import partial

from corpus.assembly import Draft, Kind, Source, assembled
from corpus.columns import row
from corpus.document import Document
from corpus.normalise import characters, white_space
from corpus.traced import Edit, Rule, Traced, joined

_FRONT_MATTER = re.compile(r"---[ ]*\n(.*?)\n(?:---|\.\.\.)[ ]*(?:\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ ]*[\"']?(.*?)[\"']?[ ]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}#{1,6}(?:[ ]+|$)")
_ATX_END = re.compile(r"[ ]+#+[ ]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ ]*$")
_RULE = re.compile(r" {0,3}([-*_])(?:[ ]*\1){2,}[ ]*$")
_ITEM = re.compile(r"[ ]*(?:[-*+•]|\d{1,9}[.)])[ ]+(?:\[[ xX]\][ ]+)?")
# Inside a paragraph only 1 opens a list (CommonMark): "... since May in\n2017. Then ..." is wrapped text.
_NUMBERED_ON = re.compile(r"[ ]*(?!1[.)])\d{1,9}[.)] ")
_QUOTE = re.compile(r" {0,3}(?:>[ ]?)+")
_DELIMITER_ROW = re.compile(r"[ ]*(?:\|[ ]*)?:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*(?:\|[ ]*)?$")
_DEFINITION = re.compile(r" {0,3}\[[^\]^][^\]]*\]:[ ]+\S+")
_NOTE = re.compile(r" {0,3}\[\^[^\]]+\]:[ ]*")
_BAR = re.compile(r"(?<!\\)\|")

# Marks inside a line, each with what stays of it.
_INLINE: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"!\[[^\[\]]*\](?:\([^()]*\)|\[[^\[\]]*\])()"), 1),  # images go
    (re.compile(r"\[\^[^\[\]]+\]()"), 1),  # and marks of notes
    (re.compile(r"\[([^\[\]]+)\](?:\((?:[^()]|\([^()]*\))*+\)|\[[^\[\]]*\])"), 1),
    (re.compile(r"<((?:https?://|mailto:)[^>\s]+)>"), 1),
    (re.compile(r"</?[A-Za-z][^<>]*>()"), 1),
    (re.compile(r"(?<!\\)`+([^`]+)`+"), 1),
    (re.compile(r"(?<!\\)\*\*(?=\S)(.+?)(?<=\S)\*\*"), 1),
    (re.compile(r"(?<![\\\w])__(?=\S)(.+?)(?<=\S)__(?!\w)"), 1),
    (re.compile(r"(?<!\\)~~(?=\S)(.+?)(?<=\S)~~"), 1),
    (re.compile(r"(?<!\\)\*(?=\S)([^*]+?)(?<=\S)\*"), 1),
    (re.compile(r"(?<![\\\w])_(?=\S)([^_]+?)(?<=\S)_(?!\w)"), 1),
)


def read(source: Source) -> Document:
    """The document of a Markdown text, its marks and front matter left out."""
    content = Traced.source(source.text).ruled(characters)
    front = _FRONT_MATTER.match(content.text)
    titled = _FRONT_TITLE.search(front[1]) if front else None
    body = content[front.end() if front else 0 :].ruled(_comments)
    return assembled(source, list(_drafts(list(body.lines()))), titled[1] if titled else "")


def _comments(text: str) -> Iterator[Edit]:
    return (Edit(match.start(), match.end()) for match in _COMMENT.finditer(text))


def _drafts(lines: Sequence[Traced]) -> Iterator[Draft]:
    """The blocks, each taken from the lines it begins on."""
    number = 0
    while number < len(lines):
        block, number = _next_block(lines, number)
        yield from block


def _next_block(lines: Sequence[Traced], number: int) -> tuple[list[Draft], int]:
    text = lines[number].text
    if not text.strip() or _RULE.match(text) or _DEFINITION.match(text):
        return [], number + 1
    if fence := _FENCE.match(text):
        return _fenced(lines, number + 1, fence[1])
    if heading := _ATX.match(text):
        closing = _ATX_END.search(text, heading.end() - 1)
        end = closing.start() if closing else len(text)
        return _draft("heading", lines[number][heading.end() : end]), number + 1
    if _begins_table(lines, number):
        return _table(lines, number)
    if item := _ITEM.match(text):
        return _item(lines, number, item.end())
    return _paragraph(lines, number)


def _draft(kind: Kind, content: Traced) -> list[Draft]:
    plain = content.ruled(*_inline_rules(), _escapes, white_space).strip()
    return [Draft(kind, plain)] if plain else []


def _fenced(lines: Sequence[Traced], number: int, fence: str) -> tuple[list[Draft], int]:
    end = number
    while end < len(lines) and not lines[end].text.lstrip().startswith(fence):
        end += 1
    code = joined(lines[number:end], "\n").ruled(white_space).strip() if end > number else None
    return ([Draft("paragraph", code)] if code else []), end + 1


def _begins_table(lines: Sequence[Traced], number: int) -> bool:
    below = lines[number + 1].text if number + 1 < len(lines) else ""
    return "|" in lines[number].text and "-" in below and bool(_DELIMITER_ROW.match(below))


def _table(lines: Sequence[Traced], number: int) -> tuple[list[Draft], int]:
    header, drafts = _cells(lines[number]), []
    number += 2
    while number < len(lines) and "|" in lines[number].text:
        content = row(header, _cells(lines[number]))
        drafts += [Draft("row", content)] if content else []
        number += 1
    return drafts, number


def _cells(line: Traced) -> list[Traced]:
    line = line.strip()
    inner = line[line.text.startswith("|") : len(line.text) - line.text.endswith("|")]
    starts = [0, *(match.end() for match in _BAR.finditer(inner.text))]
    ends = [*(match.start() for match in _BAR.finditer(inner.text)), len(inner.text)]
    cells = (inner[start:end] for start, end in zip(starts, ends, strict=True))
    return [cell.ruled(*_inline_rules(), _escapes, white_space).strip() for cell in cells]


def _item(lines: Sequence[Traced], number: int, marked: int) -> tuple[list[Draft], int]:
    """The item that begins on this line, with its wrapped lines and indented paragraphs."""
    own = [lines[number][marked:]]
    number += 1
    while number < len(lines):
        if lines[number].text.strip():
            if _begins_block(lines, number):
                break
            own.append(lines[number].strip())
        elif number + 1 == len(lines) or not _goes_on_indented(lines, number + 1):
            break
        number += 1
    return _draft("item", joined(own, "\n")), number


def _goes_on_indented(lines: Sequence[Traced], number: int) -> bool:
    return lines[number].text.startswith(("  ", "\t")) and not _begins_block(lines, number)


def _paragraph(lines: Sequence[Traced], number: int) -> tuple[list[Draft], int]:
    own: list[Traced] = []
    while number < len(lines) and lines[number].text.strip():
        if own and _begins_block(lines, number) and not _NUMBERED_ON.match(lines[number].text):
            break
        if own and _UNDERLINE.match(lines[number].text):
            return _draft("heading", joined(own, "\n")), number + 1
        text = lines[number].text
        mark = _QUOTE.match(text) or _NOTE.match(text)
        own.append(lines[number][mark.end() if mark else 0 :].strip())
        number += 1
    return _draft("paragraph", joined(own, "\n")), number


def _begins_block(lines: Sequence[Traced], number: int) -> bool:
    text = lines[number].text
    if _UNDERLINE.match(text):
        return False
    marks = (_RULE, _FENCE, _ATX, _ITEM, _NOTE, _DEFINITION)
    return any(mark.match(text) for mark in marks) or _begins_table(lines, number)


def _inline_rules() -> Iterator[Rule]:
    return (partial(_unmarked, pattern, kept) for pattern, kept in _INLINE)


def _unmarked(pattern: re.Pattern[str], kept: int, text: str) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        if match.start() < match.start(kept):
            yield Edit(match.start(), match.start(kept))
        if match.end(kept) < match.end():
            yield Edit(match.end(kept), match.end())


def _escapes(text: str) -> Iterator[Edit]:
    """Escaped marks and character references become the characters they mean."""
    for match in re.finditer(r"\\([!-/:-@\[-`{-~])|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);", text):
        if match[1]:
            yield Edit(match.start(), match.start() + 1)
        elif (plain := html.unescape(match.group())) != match.group():
            yield Edit(match.start(), match.end(), plain)
