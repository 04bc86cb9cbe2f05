"""Facts of a document: its passages parsed, its entities recognised, its statements typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.clause_facts import clause_facts, item_facts
from corpus.clauses import clauses
from corpus.document import Document
from corpus.entities import recognise
from corpus.facts import Entity, Fact
from corpus.parsing import parse_all
from corpus.passages import Passage
from corpus.quantity_facts import quantity_facts
from corpus.reference import resolve_references
from corpus.registry import Evidence, Registry
from corpus.relations import relation_facts
from corpus.row_facts import row_facts
from corpus.selectors import Selector, select
from corpus.sizes import mark_small_companies
from corpus.statements import Statement


class Extraction(NamedTuple):
    """What was found in a document; its passages come back with their focus set."""

    passages: list[Passage]
    entities: list[Entity]
    facts: list[Fact]


def extract(document: Document, passages: Sequence[Passage]) -> Extraction:
    """The entities and facts of a document, each tied to the span that states it."""
    parses = list(parse_all(passage.text for passage in passages))
    parsed_clauses = [clauses(parse) for parse in parses]
    registry = recognise(passages, parses)
    resolved = resolve_references(passages, parses, parsed_clauses, registry)
    mark_small_companies(passages, registry)
    statements = [
        Statement(
            document, passages, number, parses[number], parsed_clauses[number], resolved[number], registry
        )
        for number in range(len(passages))
    ]
    focused = [
        passage.model_copy(update={"focus": _focus(statement)})
        for passage, statement in zip(passages, statements, strict=True)
    ]
    facts = list(_unique(fact for statement in statements for fact in _facts(statement)))
    return Extraction(focused, _entities(document, passages, registry), facts)


def _facts(statement: Statement) -> Iterator[Fact]:
    if statement.passage.kind == "heading":
        return
    if statement.passage.kind == "row":
        yield from row_facts(statement)
        return
    yield from relation_facts(statement)
    yield from item_facts(statement)
    yield from clause_facts(statement)
    yield from quantity_facts(statement)


def _focus(statement: Statement) -> str:
    key = statement.resolved.focus(statement.mentions)
    return statement.registry.entities[key].name if key in statement.registry.entities else ""


def _unique(facts: Iterator[Fact]) -> Iterator[Fact]:
    seen: set[str] = set()
    for fact in facts:
        if fact.id not in seen:
            seen.add(fact.id)
            yield fact


def _entities(document: Document, passages: Sequence[Passage], registry: Registry) -> list[Entity]:
    return [_entity(document, passages, key, evidence) for key, evidence in sorted(registry.entities.items())]


def _entity(document: Document, passages: Sequence[Passage], key: str, evidence: Evidence) -> Entity:
    def said(kind: str) -> Selector | None:
        if kind not in evidence.said_at:
            return None
        passage = passages[evidence.said_at[kind][0]]
        return select(document.text, passage.start, passage.end)

    stated, implied = said("sme"), said("sme_implied")
    return Entity(
        key=key,
        document_id=document.id,
        name=evidence.name,
        kind=evidence.kind,
        aliases=tuple(sorted({*evidence.forms, *evidence.aliases} - {evidence.name})),
        sme="stated" if stated else "implied" if implied else "unknown",
        mentions=tuple(
            (passages[m.passage].start + m.start, passages[m.passage].start + m.end)
            for m in evidence.mentions
        ),
        evidence=said(evidence.kind),
        sme_evidence=stated or implied,
    )
