"""The plain text of an answer as HTML: paragraphs, lists, and each [1] a link to its source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from markupsafe import Markup, escape

from service.answer import Answer, Citation, Item, Value

MARKER = re.compile(r"\[(\d{1,4})\]", re.ASCII)
_BULLET = re.compile(r"\s*[-•*]\s+")


class Marks:
    """The links from claims to their entries in the list of sources; only numbers of `citations` become links."""

    def __init__(self, answer_id: str, citations: Iterable[Citation]) -> None:
        self._answer_id = answer_id
        self._labels = {citation.number: _label(citation) for citation in citations}

    def links(self, numbers: Collection[int]) -> Markup:
        """The links for some citation numbers, in their order; numbers without a citation are left out."""
        return Markup("").join(self._link(number) for number in numbers if number in self._labels)

    def line(self, text: str) -> Markup:
        """One line of text with its markers linked; all else is escaped."""
        pieces, position = Markup(""), 0
        for found in MARKER.finditer(text):
            number = int(found[1])
            if number in self._labels:
                pieces += escape(text[position : found.start()].rstrip(" ")) + self._link(number)
                position = found.end()
        return pieces + escape(text[position:])

    def _link(self, number: int) -> Markup:
        return Markup('<a class="mark" href="#{2}" aria-label="{1}">{0}</a>').format(
            number, self._labels[number], source_anchor(self._answer_id, number)
        )


def source_anchor(answer_id: str, number: int) -> str:
    """The id of the entry of a citation in the list of sources: several answers may stand on one page."""
    return f"{answer_id}-source-{number}"


def as_html(text: str, marks: Marks, labels: Sequence[str] = ()) -> Markup:
    """The text as paragraphs and lists; a list entry that begins with one of `labels` has it in bold."""
    blocks: list[Markup] = []
    items: list[Markup] = []
    for line in [*text.splitlines(), ""]:
        bullet = _BULLET.match(line)
        if bullet:
            items.append(Markup("<li>{}</li>").format(_entry(line[bullet.end() :], marks, labels)))
            continue
        if items:
            blocks.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
            items = []
        if line.strip():
            blocks.append(Markup("<p>{}</p>").format(marks.line(line.strip())))
    return Markup("\n").join(blocks)


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


def _entry(text: str, marks: Marks, labels: Sequence[str]) -> Markup:
    """A list entry, with the name that it is about in bold."""
    for label in labels:
        if text.startswith(label) and not text[len(label) : len(label) + 1].isalnum():
            return Markup("<strong>{}</strong>").format(label) + marks.line(text[len(label) :])
    return marks.line(text)


def _label(citation: Citation) -> str:
    page = f", page {citation.page}" if citation.page else ""
    return f"Source {citation.number}: {citation.document_title}{page}"
