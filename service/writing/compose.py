"""The text of an answer: cited lines and members with [n] marks, citations numbered as they appear."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.page_map import Rectangle
from corpus.selectors import select
from service.answer import Citation, Conflict, Item, Value
from service.evidence import Draft, Figure, Quote
from service.knowledge.curated import corrections_of
from service.knowledge.knowledge import Knowledge
from service.writing.citations import citation_id, citation_url

LEAD_MARKS_MAX = 5  # the lead of a longer list is marked from its first citation to its last: "[1]–[12]"
TOLD_MAX = 40  # members of a list that its text tells; all of them are items of the answer
# Numbers that the reports themselves print in brackets: in an answer they would read as its own marks.
_FOREIGN_MARK = re.compile(r"\s?\[\d+(?:\s?[,;–-]\s?\d+)*\]")


class Numbered:
    """Citations in the order in which an answer first uses them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._numbers: dict[Quote, int] = {}

    def number(self, quote: Quote) -> int:
        """The number of a quote, the next one when it is new."""
        return self._numbers.setdefault(quote, len(self._numbers) + 1)

    def numbers(self, quotes: Sequence[Quote]) -> tuple[int, ...]:
        """The numbers of several quotes, in their order."""
        return tuple(self.number(quote) for quote in quotes)

    def marks(self, quotes: Sequence[Quote]) -> str:
        """The numbers as an answer shows them: "[1][2]", many in a row "[1]–[12]"."""
        numbers = self.numbers(quotes)
        if len(numbers) > LEAD_MARKS_MAX and numbers == tuple(range(numbers[0], numbers[-1] + 1)):
            return f"[{numbers[0]}]–[{numbers[-1]}]"
        return "".join(f"[{number}]" for number in numbers)

    def citations(self) -> tuple[Citation, ...]:
        """The citation of every quote that was numbered, in order."""
        return tuple(citation(quote, number, self._knowledge) for quote, number in self._numbers.items())


def citation(quote: Quote, number: int, knowledge: Knowledge) -> Citation:
    """The citation of a span: its words, what stands around them, where they can be opened."""
    document = knowledge.documents[quote.document_id]
    selector = select(document.text, quote.start, quote.end)
    position = knowledge.passage_at(quote.document_id, quote.start)
    passage = knowledge.passages[position] if position is not None else None
    facts = knowledge.facts_at.get(position, []) if position is not None else []
    at_fact = (f.section for f in facts if (f.selector.start, f.selector.end) == (quote.start, quote.end))
    page, rectangles = _printed_at(quote, knowledge)
    return Citation(
        number=number,
        id=citation_id(document.id, quote.start, quote.end, selector.exact),
        document_id=document.id,
        document_title=document.title,
        page=page or (passage.page if passage else None),
        section=next(at_fact, passage.section if passage else ""),
        quote=selector.exact,
        prefix=selector.prefix,
        suffix=selector.suffix,
        start=quote.start,
        end=quote.end,
        url=citation_url(document.id, quote.start, quote.end),
        rectangles=rectangles,
        document_sha256=document.sha256,
        corrections=tuple(corrections_of([quote], knowledge)),
    )


def _printed_at(quote: Quote, knowledge: Knowledge) -> tuple[int | None, tuple[Rectangle, ...]]:
    """The page that a quote begins on and the places it takes; nothing for a document without pages."""
    page_map = knowledge.page_map(quote.document_id)
    if page_map is None:
        return None, ()
    places = (
        Rectangle(place.page, *(round(edge, 1) for edge in place[1:]))
        for place in page_map.rectangles(quote.start, quote.end)
    )
    return page_map.page(quote.start), tuple(places)


def text(draft: Draft, numbered: Numbered) -> str:
    """The answer as plain text: the first line, the members, then the further lines."""
    first, *rest = draft.lines
    parts = [_marked(first.text, numbered.marks(first.quotes))]
    for member in draft.members[:TOLD_MAX] if draft.members_told else ():
        detail = f": {member.detail}" if member.detail else ""
        quotes = member.quotes[:LEAD_MARKS_MAX]
        parts.append("- " + _marked(f"{member.label}{detail}", numbered.marks(quotes)))
    if draft.members_told and len(draft.members) > TOLD_MAX:
        more = draft.members[TOLD_MAX:]
        parts.append("- " + _marked(f"… and {len(more)} more", numbered.marks(more[0].quotes[:1])))
    parts += [_marked(line.text, numbered.marks(line.quotes)) for line in rest]
    return "\n".join(parts) if draft.members and draft.members_told else " ".join(parts)


def _marked(sentence: str, marks: str) -> str:
    """The sentence with its marks before a closing colon, behind anything else."""
    sentence = _FOREIGN_MARK.sub("", sentence).rstrip()
    return f"{sentence[:-1]} {marks}:" if sentence.endswith(":") else f"{sentence} {marks}"


def items(draft: Draft, numbered: Numbered) -> tuple[Item, ...]:
    """The members as the API shows them."""
    return tuple(
        Item(
            label=member.label,
            detail=member.detail,
            fact_ids=member.fact_ids,
            citations=numbered.numbers(member.quotes),
        )
        for member in draft.members
    )


def value(figure: Figure, numbered: Numbered) -> Value:
    """A figure as the API shows it."""
    return Value(
        value=figure.text,
        number=figure.number,
        unit=figure.unit,
        qualifier=figure.qualifier or None,
        formula=figure.formula or None,
        citations=numbered.numbers(figure.quotes),
    )


def conflicts(draft: Draft, numbered: Numbered) -> tuple[Conflict, ...]:
    """The disagreements as the API shows them."""
    return tuple(
        Conflict(about=item.about, values=tuple(value(figure, numbered) for figure in item.figures))
        for item in draft.disagreements
    )
