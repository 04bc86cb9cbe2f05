"""The last gate: a sentence leaves only when its numbers and names stand in the spans it cites."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.taxonomy import plain
from service.curated import corrections_of
from service.evidence import Draft, Line, Member, Quote
from service.knowledge import Knowledge

_NUMBER = re.compile(r"\d+(?:[ ,.\u00a0\u202f]\d+)*")
_NAME = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z][\w&+’'-]*[\w+]")


def checked(draft: Draft, knowledge: Knowledge, question: str) -> Draft | None:
    """The draft without lines and members whose quotes do not bear them; None when no line is left."""
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
    # A bar between them, lest "37" at the end of one quote and "3" at the start of the next become "37 3".
    corrected = [correction.now for correction in corrections_of(line.quotes, knowledge)]
    quoted = _folded(" | ".join([*(_words(quote, knowledge) for quote in line.quotes), *corrected]))
    allowed = f"{quoted} | {_folded(question)} | {_folded(line.computed)}" if line.computed else quoted
    numbers = set(map(_amount, _NUMBER.findall(allowed)))
    return all(_amount(_folded(number)) in numbers for number in _NUMBER.findall(line.text)) and all(
        _folded(name) in allowed for name in _NAME.findall(_unmarked(line.text))
    )


def _bears_member(member: Member, knowledge: Knowledge, question: str) -> bool:
    if member.detail:
        return bears(Line(member.detail, member.quotes, member.computed), knowledge, question)
    return bool(member.quotes)


def _words(quote: Quote, knowledge: Knowledge) -> str:
    return knowledge.documents[quote.document_id].text[quote.start : quote.end]


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text))


def _amount(number: str) -> str:
    """The figure without what parts its thousands and without a fraction of zeros: 7,000 = 7000.00."""
    bare = re.sub(r"(?<=\d)[ ,](?=\d{3}(?!\d))", "", number)
    return re.sub(r"\.0+$", "", bare)


def _unmarked(text: str) -> str:
    return text.replace("… ", "").replace(" …", "")
