"""Where an organisation is: the places that the reports say it is based in."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.facts import Fact, relates
from corpus.vocabulary import light_stems, stem
from service.evidence import Draft, Figure, Line, distinct, quote_of_fact
from service.knowledge.knowledge import Knowledge
from service.lookups.clipping import clipped
from service.understanding.understand import Reading

_SEAT = frozenset(
    map(stem, ("based", "base", "located", "locate", "headquarters", "headquartered", "seat", "home"))
) | frozenset(map(stem, ("from", "country", "city", "place")))

PLACES_MAX = 3  # of one organisation


def located(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The seat of what the question names, as stated; None when it asks for more or none is stated."""
    if not reading.named or any(word not in _SEAT and word not in light_stems() for word in reading.content):
        return None
    seats = {
        name.text: [fact for key in name.keys for fact in _seats(key, knowledge)] for name in reading.named
    }
    facts = [fact for found in seats.values() for fact in found]
    if not facts:
        return None
    each = PLACES_MAX if len(seats) == 1 else 1
    shown = [fact for found in seats.values() for fact in _distinct(found)[:each]]
    without = [name for name, found in seats.items() if not found]
    lines = tuple(
        Line(
            f"{fact.subject}: {fact.place}. {clipped(fact.selector.exact, fact.object, 35)}",
            distinct([quote_of_fact(fact)]),
            computed=f"{fact.subject}, {fact.object} is {fact.place}",
        )
        for fact in shown
    )
    figures = tuple(Figure(fact.place, None, "place", (quote_of_fact(fact),)) for fact in shown)
    note = (
        f"Where {' and '.join(without)} {'is' if len(without) == 1 else 'are'} is not said."
        if without
        else ""
    )
    return Draft(lines, figures=figures, facts_matched=len(facts), note=note)


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """The first fact of each place."""
    return list({fact.place: fact for fact in reversed(facts)}.values())[::-1]


def _seats(key: str, knowledge: Knowledge) -> list[Fact]:
    return [
        fact
        for fact in knowledge.facts_of(key)
        if fact.outcome_type == "location" and relates(fact) and fact.subject_key == key
    ]
