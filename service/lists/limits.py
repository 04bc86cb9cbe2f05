"""What filters leave: facts that fit, and the passages that state such a fact or name what is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from corpus.dates import in_range
from corpus.entities import entity_key
from corpus.facts import Fact
from corpus.places import within
from service.answer import Filters

if TYPE_CHECKING:
    from service.knowledge.knowledge import Knowledge


def fitting_documents(filters: Filters, knowledge: Knowledge) -> set[str]:
    """The ids of the documents that may be used; all of them when none is asked for."""
    return set(knowledge.documents).intersection(filters.document_ids or knowledge.documents)


def fitting_facts(filters: Filters, knowledge: Knowledge) -> list[Fact]:
    """The facts that fit every filter; within one filter any of its values will do."""
    documents = fitting_documents(filters, knowledge)
    keys, names = _projects(filters.projects, knowledge)
    return [
        fact
        for fact in knowledge.facts
        if fact.document_id in documents
        and (not filters.outcome_types or fact.outcome_type in filters.outcome_types)
        and (not filters.projects or entity_key(fact.project) in names or _concerns(fact, keys))
        and (not filters.places or _lies_in(fact.place, filters.places))
        and _is_dated(fact, filters)
    ]


def fitting_positions(filters: Filters, knowledge: Knowledge, facts: Iterable[Fact]) -> list[int]:
    """The positions, in order, of the passages that the filters leave; `facts` are those that fit.

    Document ids alone leave whole documents. Else a passage stays that states one of the facts, and, when
    nothing but projects and places is asked for, one that names them.
    """
    if filters.outcome_types or filters.date_from or filters.date_to:
        return sorted(_stating(facts, knowledge))
    documents = fitting_documents(filters, knowledge)
    left = {i for i, passage in enumerate(knowledge.passages) if passage.document_id in documents}
    if not filters.projects and not filters.places:
        return sorted(left)
    if filters.projects:
        left &= _speaking_of(_projects(filters.projects, knowledge)[0], knowledge)
    if filters.places:
        left = {
            i for i in left if any(_lies_in(each, filters.places) for each in knowledge.words.place_names[i])
        }
    return sorted(left | _stating(facts, knowledge))


def _stating(facts: Iterable[Fact], knowledge: Knowledge) -> set[int]:
    found = {knowledge.passage_at(fact.document_id, fact.selector.start) for fact in facts}
    return {position for position in found if position is not None}


def _speaking_of(keys: set[str], knowledge: Knowledge) -> set[int]:
    """The passages that name one of the entities or refer to it."""
    named = {position for key in keys for position in knowledge.entities[key].passages}
    return named | {position for position, key in knowledge.spoken_of.items() if key in keys}


def _projects(projects: Iterable[str], knowledge: Knowledge) -> tuple[set[str], set[str]]:
    """The entities so called, and every key under which facts may print their names."""
    asked = {key for name in projects if (key := entity_key(name))}
    keys = {key for name in asked for key in knowledge.names.forms.get(name, ())}
    return keys, asked | {entity_key(form) for key in keys for form in knowledge.entities[key].forms}


def _concerns(fact: Fact, keys: set[str]) -> bool:
    return fact.subject_key in keys or fact.object_key in keys


def _lies_in(place: str, regions: Iterable[str]) -> bool:
    """True also for a place that no gazetteer has, when it is called the same."""
    return any(place.casefold() == region.casefold() or within(place, region) for region in regions if place)


def _is_dated(fact: Fact, filters: Filters) -> bool:
    """True when no date is asked for; a fact without a date fits none."""
    if filters.date_from is None and filters.date_to is None:
        return True
    return bool(fact.date) and in_range(fact.date, filters.date_from, filters.date_to)
