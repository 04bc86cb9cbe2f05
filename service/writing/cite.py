"""The last gate: a sentence leaves only when its numbers and names stand in the spans it cites."""

from __future__ import annotations

from dataclasses import replace

from service.evidence import Draft, Line, Member, Quote
from service.knowledge.curated import corrections_of
from service.knowledge.knowledge import Knowledge
from service.writing.grounding import strangers
from service.writing.naming import with_names_cited


def checked(draft: Draft, knowledge: Knowledge, question: str) -> Draft | None:
    """The draft without lines and members whose quotes do not bear them; None when no line is left."""
    draft = with_names_cited(draft, knowledge)
    lines = tuple(line for line in draft.lines if bears(line, knowledge, question))
    members = tuple(member for member in draft.members if _bears_member(member, knowledge, question))
    if not lines or (draft.members and not members and draft.members_told):
        return None
    return replace(draft, lines=lines, members=members)


def bears(line: Line, knowledge: Knowledge, question: str) -> bool:
    """True when every number and every name of a line occurs in its quotes.

    A computed line may also echo the question and show what its formula gives. What a person corrected a
    quoted fact to counts too: the answer then says who did and what the report says instead.
    """
    if not line.quotes:
        return False
    sources = [_words(quote, knowledge) for quote in line.quotes]
    sources += [correction.now for correction in corrections_of(line.quotes, knowledge)]
    return not strangers(line.text, [*sources, question, line.computed] if line.computed else sources)


def _bears_member(member: Member, knowledge: Knowledge, question: str) -> bool:
    told = f"{member.label}. {member.detail}"
    return bears(Line(told, member.quotes, member.computed), knowledge, question)


def _words(quote: Quote, knowledge: Knowledge) -> str:
    return knowledge.documents[quote.document_id].text[quote.start : quote.end]
