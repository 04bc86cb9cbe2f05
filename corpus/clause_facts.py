"""What clauses and list items say: one fact for each outcome type that they show."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.clauses import Clause, polarity
from corpus.facts import Fact
from corpus.reference import CONFIDENCE
from corpus.statements import Statement, cut_phrase
from corpus.taxonomy import triggers

_TYPES_MAX = 3  # a clause with more trigger types than this is a summary; the nearest ones are kept
_EMPTY_VERBS = {"be", "have", "do", "include", "become", "remain"}


def clause_facts(statement: Statement) -> Iterator[Fact]:
    """One fact per clause and outcome type that its predicate shows."""
    for clause in statement.clauses:
        if clause.subject is None and clause.predicate != "be":
            continue
        referent = statement.subject_of(clause)
        subject_text = statement.phrase(clause.subject)
        for outcome_type in _clause_types(statement, clause):
            yield statement.fact(
                outcome_type=outcome_type,
                extractor="clause",
                subject=statement.name(referent.key) or subject_text,
                subject_key=referent.key,
                predicate=clause.predicate,
                object=statement.phrase(clause.object),
                object_key=_object_key(statement, clause),
                project=statement.project(referent.key),
                place=statement.place_in(clause.start, clause.end),
                date=statement.date_in(clause.start, clause.end),
                polarity=polarity(clause),
                modality=clause.modality,
                confidence=CONFIDENCE[referent.how],
            )


def _clause_types(statement: Statement, clause: Clause) -> list[str]:
    """The outcome types whose trigger stands in the predicate of a clause, nearest to the verb first."""
    after = (
        clause.subject.end if clause.subject and clause.subject.start < clause.verb.start else clause.start
    )
    nearest: dict[str, int] = {}
    for outcome_type, start, _ in triggers(statement.text):
        if clause.start <= start < clause.end and (
            start >= after or clause.passive or clause.predicate == "be"
        ):
            distance = abs(start - clause.verb.start)
            nearest[outcome_type] = min(distance, nearest.get(outcome_type, distance))
    ranked = sorted(nearest, key=lambda outcome_type: (nearest[outcome_type], outcome_type))
    if not ranked and clause.predicate not in _EMPTY_VERBS:
        return ["qualitative_claim"]
    return ranked[:_TYPES_MAX]


def item_facts(statement: Statement) -> Iterator[Fact]:
    """The fact of a list item: its subject and relation are those of the lead."""
    if statement.passage.kind != "item" or not statement.lead_text:
        return
    lead_types = [outcome_type for outcome_type, _, _ in triggers(statement.lead_text)]
    own_types = [outcome_type for outcome_type, _, _ in triggers(statement.text)]
    for outcome_type in list(dict.fromkeys([*lead_types, *own_types]))[:_TYPES_MAX] or ["qualitative_claim"]:
        mention = statement.mention_at(0, len(statement.text))
        first_date = statement.dates[0].value if statement.dates else ""
        yield statement.fact(
            outcome_type=outcome_type,
            extractor="item",
            subject=statement.lead_subject(),
            predicate="list",
            object=cut_phrase(statement.text),
            object_key=mention.key if mention and mention.start == 0 else None,
            date=first_date,
            confidence=0.9,
        )


def _object_key(statement: Statement, clause: Clause) -> str | None:
    if clause.object is None:
        return None
    head = clause.object.head
    inside = [m for m in statement.mentions if clause.object.start <= m.start and m.end <= clause.object.end]
    holder = next((m for m in inside if m.start < head.end and head.start < m.end), None)
    return holder.key if holder else None
