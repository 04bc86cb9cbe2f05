"""From members to an answer: a lead that says how many, then each with the sentence that makes it one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.taxonomy import kind_of, outcome_types, plural, singular
from service.evidence import Draft, Figure, Line, Member, distinct, quotes_of
from service.knowledge.knowledge import Knowledge
from service.lists.membership import Candidate
from service.lists.remainder import remainder
from service.lookups.clipping import clipped
from service.understanding.understand import Reading

# Members of a longer list, and those of one sentence, are told without sentences, which their citations show.
DETAILED_MAX = 8


def list_answer(reading: Reading, knowledge: Knowledge, found: Sequence[Candidate], limit: int) -> Draft:
    """The list as a draft: a lead that says how many, then one cited line per member."""
    shown = list(found[:limit])
    told: list[Member] = [member(candidate, knowledge) for candidate in shown]
    noun = _noun(reading, len(found))
    outside = [place for place in reading.places if reading.based and place.text not in reading.noun_text]
    place = f" in {outside[0].name}" if outside else ""
    quotes = distinct([quote for member in told for quote in member.quotes[:1]])
    lead = Line(
        f"{_opening(knowledge)} {len(found)} {noun}{place}:",
        quotes,
        computed=f"count of the {len(found)} members below{place}",
    )
    extra = remainder(reading, knowledge, [candidate.key for candidate in found])
    if len(told) > DETAILED_MAX or (len(told) > 2 and len(quotes) == 1):
        told = [replace(member, detail="") for member in told]
    return Draft(
        lines=(lead, *extra),
        members=tuple(told),
        figures=(
            Figure(str(len(found)), float(len(found)), noun, quotes, formula="count of the members listed"),
        ),
        facts_matched=sum(max(len(candidate.facts), 1) for candidate in found),
        truncated=len(found) > len(shown),
        note=_by_context(reading, knowledge, shown),
    )


def _opening(knowledge: Knowledge) -> str:
    """How a list begins: one report names, several name."""
    return "The report names" if len(knowledge.documents) == 1 else "The reports name"


def _by_context(reading: Reading, knowledge: Knowledge, shown: Sequence[Candidate]) -> str:
    """Which members are SMEs by their context only; "" when all are called so or size is not asked."""
    names = [
        candidate.label
        for candidate in shown
        if reading.kind == "sme" and candidate.key and knowledge.entities[candidate.key].sme == "implied"
    ]
    return (
        f"Taken for SMEs from the passage they stand in, not called so: {', '.join(names)}." if names else ""
    )


def _noun(reading: Reading, count: int) -> str:
    text = reading.noun_text.strip() or (
        outcome_types()[reading.outcome_types[0]].label if reading.outcome_types else "entries"
    )
    text = re.sub(r"^(?:all|every|the|any|other|some|different|named) ", "", text)
    if count != 1 and not text.endswith("s") and kind_of(text):
        return plural(text)
    return singular(text) if count == 1 else text


def member(candidate: Candidate, knowledge: Knowledge) -> Member:
    """The candidate as a member that cites its first statement."""
    position = candidate.positions[0]
    passage = knowledge.passages[position]
    quotes = distinct([*(quotes_of(passage)), *candidate.also])
    detail = "" if passage.text.rstrip(" .;") == candidate.label else clipped(passage.text, candidate.label)
    return Member(candidate.label, detail, quotes, tuple(fact.id for fact in candidate.facts))
