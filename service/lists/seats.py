"""Where those of a kind are based: "In which countries are the SMEs based?"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.facts import Fact, relates
from corpus.gazetteer import NATIONS, country_of_code
from corpus.places import places
from corpus.taxonomy import ORGANISATIONS, kind_nouns, plain
from service.knowledge.knowledge import Knowledge
from service.lists.membership import Candidate, is_kind
from service.understanding.understand import Reading

_SEATED = re.compile(r"\b(?:based|located|situated|headquartered|come from|from)\b")
_CITY = re.compile(r"\b(?:cit(?:y|ies)|towns?)\b")


def asks_for_seats(reading: Reading) -> bool:
    """True when a question asks for the places in which those of one kind are based."""
    seated = _SEATED.search(plain(reading.question)) is not None
    return "place" in reading.kinds and seated and len(_seated_kinds(reading)) == 1


def asks_for_cities(reading: Reading) -> bool:
    """True when cities are asked for rather than countries."""
    return _CITY.search(plain(reading.noun_text)) is not None


def seat_members(reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    """The countries or cities in which those of the kind are based, each with where that is said."""
    kinds = _seated_kinds(reading)
    seated = replace(reading, kind=min(kinds), kinds=tuple(kinds))
    found: dict[str, Candidate] = {}
    for known in knowledge.entities.values():
        for fact in knowledge.facts_of(known.key) if is_kind(known, seated) else ():
            position = knowledge.passage_at(fact.document_id, fact.selector.start)
            seat = _seat(fact, known.key, asks_for_cities(reading))
            if not seat or position is None:
                continue
            candidate = found.setdefault(seat, Candidate(seat, None))
            if position not in candidate.positions:
                candidate.positions.append(position)
    yield from found.values()


def _seated_kinds(reading: Reading) -> set[str]:
    """The kinds of organisations that the words of a question name."""
    asked = plain(reading.question)
    named = {kind for noun, kind in kind_nouns().items() if re.search(rf"\b{re.escape(noun)}\b", asked)}
    return named & ORGANISATIONS


def _seat(fact: Fact, key: str, by_city: bool) -> str:
    """The country or city that a fact says a thing is based in; "" for other facts."""
    if fact.outcome_type != "location" or not relates(fact) or fact.subject_key != key:
        return ""
    place = next(iter(places(fact.place)), None)
    if place is None or (by_city and place.kind != "city"):
        return ""
    if by_city or place.name in NATIONS:
        return place.name
    return country_of_code(place.country) or ""
