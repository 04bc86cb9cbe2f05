"""The plain text of an answer as HTML: paragraphs, lists, and each [1] a link to its source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from markupsafe import Markup, escape

from service.answer import Answer, Citation, Item, Value

_MARKER = re.compile(r"\[(\d{1,4})\]", re.ASCII)
_BULLET = re.compile(r"\s*[-•*]\s+")


def as_html(text: str, citations: Iterable[Citation]) -> Markup:
    """The text as paragraphs and lists. Only markers of `citations` become links; all else is escaped."""
    titles = {citation.number: _label(citation) for citation in citations}
    return Markup("\n").join(_paragraphs(text.splitlines(), titles))


def with_marks(text: str, citations: Iterable[Citation]) -> Markup:
    """One line of text with its markers linked."""
    return _linked(text, {citation.number: _label(citation) for citation in citations})


def mark(number: int, label: str) -> Markup:
    """The link from a claim to its entry in the list of sources."""
    return Markup('<a class="mark" href="#source-{0}" aria-label="{1}">{0}</a>').format(number, label)


def marks(numbers: Collection[int], citations: Iterable[Citation]) -> Markup:
    """The links for some citation numbers, in their order; numbers without a citation are left out."""
    titles = {citation.number: _label(citation) for citation in citations}
    return Markup("").join(mark(number, titles[number]) for number in numbers if number in titles)


def items_unsaid(answer: Answer) -> list[Item]:
    """The items of the answer when its text leaves any of them out, else none: nothing is said twice."""
    said = answer.answer.casefold()
    return list(answer.items) if any(item.label.casefold() not in said for item in answer.items) else []


def values_unsaid(answer: Answer) -> list[Value]:
    """The figures that the text leaves out, and those that were computed from what it does not list."""
    return [
        value
        for value in answer.values
        if value.value not in answer.answer or (value.formula and not answer.items)
    ]


def words_before(citation: Citation) -> str:
    """What stands before the quote, from the first whole word on."""
    return f"… {citation.prefix.partition(' ')[2]}" if citation.prefix else ""


def words_after(citation: Citation) -> str:
    """What stands after the quote, up to the last whole word."""
    return f"{citation.suffix.rpartition(' ')[0]} …" if citation.suffix else ""


def _label(citation: Citation) -> str:
    page = f", page {citation.page}" if citation.page else ""
    return f"Source {citation.number}: {citation.document_title}{page}"


def _paragraphs(lines: Iterable[str], titles: dict[int, str]) -> list[Markup]:
    blocks: list[Markup] = []
    items: list[Markup] = []
    for line in [*lines, ""]:
        bullet = _BULLET.match(line)
        if bullet:
            items.append(Markup("<li>{}</li>").format(_linked(line[bullet.end() :], titles)))
            continue
        if items:
            blocks.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
            items = []
        if line.strip():
            blocks.append(Markup("<p>{}</p>").format(_linked(line.strip(), titles)))
    return blocks


def _linked(text: str, titles: dict[int, str]) -> Markup:
    pieces, position = Markup(""), 0
    for found in _MARKER.finditer(text):
        number = int(found[1])
        if number in titles:
            pieces += escape(text[position : found.start()].rstrip(" ")) + mark(number, titles[number])
            position = found.end()
    return pieces + escape(text[position:])
