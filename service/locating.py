"""Where an organisation is: the places that the reports say it is based in."""

from __future__ import annotations

from corpus.facts import Fact, relates
from corpus.vocabulary import light_stems, stem
from service.clipping import clipped
from service.evidence import Draft, Figure, Line, distinct, quote_of_fact
from service.knowledge import Knowledge
from service.understand import Reading

_SEAT = frozenset(
    map(stem, ("based", "base", "located", "locate", "headquarters", "headquartered", "seat", "home"))
) | frozenset(map(stem, ("from", "country", "city", "place")))


def located(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The seat of what the question names, as stated; None when it asks for more or none is stated."""
    if not reading.named or any(word not in _SEAT and word not in light_stems() for word in reading.content):
        return None
    facts = [fact for name in reading.named for key in name.keys for fact in _seats(key, knowledge)]
    if not facts:
        return None
    shown = list({fact.place: fact for fact in reversed(facts)}.values())[::-1][:3]
    lines = tuple(
        Line(
            f"{fact.subject}: {fact.place}. {clipped(fact.selector.exact, fact.object, 35)}",
            distinct([quote_of_fact(fact)]),
            computed=f"{fact.subject}, {fact.object} is {fact.place}",
        )
        for fact in shown
    )
    figures = tuple(Figure(fact.place, None, "place", (quote_of_fact(fact),)) for fact in shown)
    return Draft(lines, figures=figures, facts_matched=len(facts))


def _seats(key: str, knowledge: Knowledge) -> list[Fact]:
    return [
        fact
        for fact in knowledge.facts_of(key)
        if fact.outcome_type == "location" and relates(fact) and fact.subject_key == key
    ]
