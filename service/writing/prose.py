"""The plain text of an answer as HTML: paragraphs, lists, and each [1] a link to its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType

from markupsafe import Markup, escape

from corpus.selectors import Selector
from service.answer import Answer, Citation, Item, Value

MARKER = re.compile(r"\[(\d{1,4})\]", re.ASCII)
_MARKED = re.compile(
    r"\[(\d{1,4})\](?:–\[(\d{1,4})\])?", re.ASCII
)  # one number, or the first and last of many
Inline = Callable[[str], Markup]

_BULLET = re.compile(r"\s*[-•*]\s+")


class Marks:
    """The links from claims to their entries in the list of sources; only numbers of `citations` become links.

    `figures` stand out of the text.
    """

    def __init__(self, answer_id: str, citations: Iterable[Citation], figures: Iterable[str] = ()) -> None:
        self._answer_id = answer_id
        self._figures = _any_of(figures)
        self._labels = {citation.number: _label(citation) for citation in citations}

    def links(self, numbers: Collection[int]) -> Markup:
        """The links for some citation numbers, in their order; numbers without a citation are left out."""
        return Markup("").join(self._link(number) for number in numbers if number in self._labels)

    def line(self, text: str) -> Markup:
        """One line of text with its markers linked; all else is escaped."""
        pieces, position = Markup(""), 0
        for found in _MARKED.finditer(text):
            numbers = [int(number) for number in found.groups() if number]
            if all(number in self._labels for number in numbers):
                links = Markup("–").join(map(self._link, numbers))
                range_ = Markup('<span class="range">{}</span>').format(links) if found[2] else links
                pieces += self._plain(text[position : found.start()].rstrip(" ")) + range_
                position = found.end()
        return pieces + self._plain(text[position:])

    def _plain(self, text: str) -> Markup:
        """Text without markers, with the figures in bold."""
        parts = self._figures.split(text) if self._figures else [text]
        return Markup("").join(
            Markup("<b>{}</b>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
        )

    def _link(self, number: int) -> Markup:
        return Markup('<a class="mark" href="#{2}" aria-label="{1}">{0}</a>').format(
            number, self._labels[number], source_anchor(self._answer_id, number)
        )


def source_anchor(answer_id: str, number: int) -> str:
    """The id of the entry of a citation in the list of sources: several answers may stand on one page."""
    return f"{answer_id}-source-{number}"


def as_html(text: str, inline: Inline, quotes: Mapping[str, str] = MappingProxyType({})) -> Markup:
    """The text as paragraphs and lists. `inline` makes HTML of what stands in one of them.

    `quotes` are by the names of list members: a name is in bold, and one that stands alone has its quote below.
    """
    blocks: list[Markup] = []
    items: list[Markup] = []
    for line in [*text.splitlines(), ""]:
        bullet = _BULLET.match(line)
        if bullet:
            items.append(Markup("<li>{}</li>").format(_entry(line[bullet.end() :], inline, quotes)))
            continue
        if items:
            blocks.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
            items = []
        if line.strip():
            blocks.append(Markup("<p>{}</p>").format(inline(line.strip())))
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


def words_before(quote: Citation | Selector) -> str:
    """What stands before the quote, from the first whole word on."""
    return f"… {quote.prefix.partition(' ')[2]}" if quote.prefix else ""


def words_after(quote: Citation | Selector) -> str:
    """What stands after the quote, up to the last whole word."""
    return f"{quote.suffix.rpartition(' ')[0]} …" if quote.suffix else ""


def _entry(text: str, inline: Inline, quotes: Mapping[str, str]) -> Markup:
    """A list entry, with the name that it is about in bold."""
    for name in sorted(quotes, key=len, reverse=True):
        rest = text[len(name) :]
        if not text.startswith(name) or rest[:1].isalnum():
            continue
        entry = Markup("<strong>{}</strong>").format(name) + inline(rest)
        if MARKER.sub("", rest).strip(" .–") or name == quotes[name]:
            return entry
        return entry + Markup('<q class="said">{}</q>').format(quotes[name])
    return inline(text)


def _any_of(figures: Iterable[str]) -> re.Pattern[str] | None:
    """Matches any of the figures where it is not part of a longer one; None without figures."""
    longest_first = sorted({figure for figure in figures if figure}, key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(rf"(?<![\w.,])({'|'.join(map(re.escape, longest_first))})(?![\w%])(?![.,]\d)")


def _label(citation: Citation) -> str:
    page = f", page {citation.page}" if citation.page else ""
    return f"Source {citation.number}: {citation.document_title}{page}"
