"""Which one is the most: the member with the largest or smallest figure, the first or last founded."""

from __future__ import annotations

import re

from corpus.facts import Fact, relates
from corpus.taxonomy import plain
from corpus.vocabulary import best, stems
from service.clipping import clipped
from service.comparing import compared_noun, measured_in
from service.evidence import Draft, Figure, Line, Member, quotes_of
from service.knowledge import Knowledge
from service.membership import is_kind
from service.understand import Reading


def superlative(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The member with the largest or smallest figure, or the first or last founded; None if none has one."""
    lowered = plain(reading.question)
    if not reading.kind:
        return None
    if re.search(r"\b(?:oldest|newest|youngest|earliest|latest|most recent)\b", lowered):
        return _by_founding(knowledge, latest=not re.search(r"\b(?:oldest|earliest)\b", lowered))
    least = bool(re.search(r"\b(?:smallest|lowest|fewest|least)\b", lowered))
    measured = measured_in(reading)
    heads = compared_noun(reading)[-1:]
    allowed = knowledge.children if re.search(r"spin|start-?up", plain(reading.noun_text)) else None
    best_of: dict[str, tuple[float, int, str]] = {}
    for fact in knowledge.facts:
        key = fact.subject_key
        if key is None or fact.value is None or fact.modality != "achieved" or key not in knowledge.entities:
            continue
        if not is_kind(knowledge.entities[key], reading) or (allowed is not None and key not in allowed):
            continue
        position = knowledge.passage_at(fact.document_id, fact.selector.start)
        if position is None or not _measures(fact, reading, measured, heads):
            continue
        entry = (fact.value, position, fact.value_text)
        kept = best_of.get(key)
        if kept is None or (entry[0] < kept[0] if least else entry[0] > kept[0]):
            best_of[key] = entry
    ranked = sorted(best_of.items(), key=lambda item: (item[1][0] if least else -item[1][0], item[0]))
    return _extreme(ranked, knowledge, "smallest" if least else "largest") if ranked else None


def _measures(fact: Fact, reading: Reading, measured: str, heads: tuple[str, ...]) -> bool:
    """True when a fact's figure is of the sort that a superlative compares."""
    if measured == "money":
        types = set(reading.outcome_types) or {"funding_contribution"}
        return (
            len(fact.unit) == 3
            and fact.unit.isupper()
            and (fact.outcome_type in types or fact.predicate == "raise")
        )
    return bool(heads) and any(best(head, stems(f"{fact.object} {fact.unit}")) >= 0.85 for head in heads)


def _extreme(ranked: list[tuple[str, tuple[float, int, str]]], knowledge: Knowledge, which: str) -> Draft:
    key, (value, position, printed) = ranked[0]
    quotes = quotes_of(knowledge.passages[position])
    name = knowledge.entities[key].name
    formula = f"{which} of {len(ranked)} figures: {printed}"
    lines = (
        Line(f"{name}: {printed}.", quotes, computed=f"{formula} {name}"),
        Line(clipped(knowledge.passages[position].text, printed, 40), quotes),
    )
    member = Member(name, printed, quotes)
    figure = Figure(printed, value, "", quotes, formula=formula)
    return Draft(lines, members=(member,), figures=(figure,), facts_matched=len(ranked), members_told=False)


def _by_founding(knowledge: Knowledge, latest: bool) -> Draft | None:
    """The company that was founded first or last, among those whose founding date is stated."""
    dated = [
        fact
        for fact in knowledge.facts
        if fact.outcome_type == "spin_out"
        and relates(fact)
        and fact.date
        and fact.object_key in knowledge.entities
    ]
    if not dated:
        return None
    chosen = (max if latest else min)(dated, key=lambda fact: (fact.date[:4], fact.object))
    position = knowledge.passage_at(chosen.document_id, chosen.selector.start)
    if position is None:
        return None
    return _extreme(
        [(str(chosen.object_key), (float(chosen.date[:4]), position, chosen.date[:4]))]
        + [("", (0.0, 0, ""))] * (len(dated) - 1),
        knowledge,
        "latest" if latest else "earliest",
    )
