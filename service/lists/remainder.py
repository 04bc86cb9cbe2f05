"""What a list leaves out: spin-offs of other parents, and the number that the reports count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.facts import Fact, relates
from corpus.taxonomy import outcome_types
from corpus.vocabulary import best, stem, stems, words
from service.evidence import Line, distinct, quote_of_fact, quotes_of
from service.knowledge.knowledge import Knowledge
from service.understanding.understand import Reading

OTHERS_MAX = 5  # further spin-offs that are named; of more only the number is told


def remainder(reading: Reading, knowledge: Knowledge, listed: Sequence[str | None]) -> tuple[Line, ...]:
    """The lines that complete a list: related members of another kind, then a count above the names."""
    if (
        reading.intent != "list"
        or not reading.outcome_types
        or reading.places
        or reading.named
        or reading.period
    ):
        return ()
    others = _other_children(reading, knowledge, set(listed)) if "spin_out" in reading.outcome_types else []
    told = [_others_line(others)] if 0 < len(others) <= OTHERS_MAX else []
    named = len(listed) + len(others)
    return (*told, *_counted_above(reading, knowledge, named))


def _other_children(reading: Reading, knowledge: Knowledge, listed: set[str | None]) -> list[Fact]:
    """One fact for each spin-off that is neither listed itself nor the child of a listed parent."""
    covered = listed | {
        fact.object_key
        for fact in knowledge.facts
        if fact.predicate == "spin out" and fact.subject_key in listed
    }
    found: dict[str, Fact] = {}
    for fact in knowledge.facts:
        is_child = fact.outcome_type == "spin_out" and relates(fact) and fact.predicate == "spin out"
        if is_child and fact.object_key and fact.object_key not in covered and _in_scope(reading, fact):
            kept = found.get(fact.object_key)
            found[fact.object_key] = fact if kept is None or (fact.subject and not kept.subject) else kept
    return list(found.values())


def _in_scope(reading: Reading, fact: Fact) -> bool:
    return not reading.documents or fact.document_id in reading.documents


def _others_line(others: Sequence[Fact]) -> Line:
    named = "; ".join(
        f"{fact.object} (from {fact.subject})" if fact.subject else fact.object for fact in others
    )
    opening = "Another spin-off is" if len(others) == 1 else "Other spin-offs are"
    quotes = distinct([quote_of_fact(fact) for fact in others])
    return Line(
        f"{opening} named, of another origin: {named}.",
        quotes,
        computed=f"count of the {len(others)} facts cited",
    )


def _counted_above(reading: Reading, knowledge: Knowledge, named: int) -> list[Line]:
    """The first figure of a list that counts the same thing and is above the number of those named."""
    outcome_type = reading.outcome_types[0]
    nouns = [stem(word) for word in words(outcome_types()[outcome_type].label.split(" ")[0])]
    for fact in knowledge.facts:
        if fact.extractor != "quantity" or fact.outcome_type != outcome_type or fact.lead is None:
            continue
        is_count = (
            fact.value is not None and fact.unit not in {"%", ""} and not re.fullmatch(r"[A-Z]{3}", fact.unit)
        )
        if not is_count or (fact.value or 0) <= named or not _in_scope(reading, fact):
            continue
        position = knowledge.passage_at(fact.document_id, fact.selector.start)
        if position is not None and any(best(noun, stems(fact.unit)) >= 0.9 for noun in nouns):
            passage = knowledge.passages[position]
            return [
                Line(
                    f"The report counts {passage.text.rstrip('. ')} in all; the others are not named.",
                    quotes_of(passage),
                )
            ]
    return []
