"""Short texts taken through extraction, for the tests of its steps."""

from __future__ import annotations

from typing import NamedTuple

from corpus.clauses import Clause, clauses
from corpus.document import Document
from corpus.entities import recognise
from corpus.extract import Extraction, extract
from corpus.facts import Fact
from corpus.parsing import Parse, parse_all
from corpus.passages import Passage, split
from corpus.readers import read_bytes
from corpus.reference import Resolved, resolve_references
from corpus.registry import Registry


def document_of(text: str, name: str = "report.md") -> Document:
    """The text as the document that the reader of `name` makes of it."""
    return read_bytes(text.encode(), name)


def extracted(text: str, name: str = "report.md") -> Extraction:
    document = document_of(text, name)
    return extract(document, split(document))


def facts_of(text: str, extractor: str, outcome_type: str = "") -> list[Fact]:
    """The facts that one step of extraction finds, of one outcome type if it is given."""
    return [
        fact
        for fact in extracted(text).facts
        if fact.extractor == extractor and outcome_type in ("", fact.outcome_type)
    ]


class Steps(NamedTuple):
    """What the first steps of extraction make of a text."""

    passages: list[Passage]
    parses: list[Parse]
    clauses: list[list[Clause]]
    registry: Registry

    def resolved(self) -> list[Resolved]:
        return resolve_references(self.passages, self.parses, self.clauses, self.registry)


def steps(text: str) -> Steps:
    passages = split(document_of(text))
    parses = list(parse_all(passage.text for passage in passages))
    return Steps(passages, parses, [clauses(parse) for parse in parses], recognise(passages, parses))
