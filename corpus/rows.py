"""Records as rows of the store and back: a column for what is filtered on, JSON for the whole."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Table

from corpus.collections import identity
from corpus.document import Document
from corpus.facts import Entity, Fact
from corpus.passages import Passage
from corpus.selectors import Record

Row = dict[str, Any]
ROWS_AT_ONCE = 1_000  # their JSON takes some megabytes, whatever the store holds
_QUOTED = frozenset({"exact", "text"})  # the words of a passage, which the facts read off it quote
R = TypeVar("R", bound=Record)

DOCUMENTS = TypeAdapter(list[Document])
PASSAGES = TypeAdapter(list[Passage])
ENTITIES = TypeAdapter(list[Entity])
FACTS = TypeAdapter(list[Fact])


def document_row(
    document: Document, passages: Sequence[Passage], entities: Sequence[Entity], facts: Sequence[Fact]
) -> Row:
    """The row of a document; its content_sha256 covers everything that was read from it."""
    content = [document.model_dump_json(exclude={"source_name"})]
    content += (record.model_dump_json() for record in [*passages, *entities, *facts])
    return {
        **document.model_dump(include={"id", "source_name", "title", "media_type", "language"}),
        "sha256": identity(document.sha256, document.collection),
        "bytes_sha256": document.sha256,
        "collection": document.collection,
        "chars": len(document.text),
        "passages": len(passages),
        "facts": len(facts),
        "content_sha256": sha256_of(content),
        "record": document.model_dump_json(),
    }


def record_rows(table: Table, records: Sequence[Passage | Entity | Fact]) -> list[Row]:
    """The rows of one document's records in `table`: the fields that have a column, position and JSON."""
    fields = [
        column.name for column in table.columns if column.name not in {"position", "proposed", "record"}
    ]
    return [
        {
            **{field: getattr(record, field) for field in fields},
            "position": position,
            "record": record.model_dump_json(),
        }
        for position, record in enumerate(records)
    ]


def parsed(rows: Iterable[str], records: TypeAdapter[list[R]]) -> list[R]:
    """The records of JSON rows; one call for many of them is several times faster than one for each.

    What records have in common they share: 26 000 facts take 41 MB instead of 126.
    """
    found: list[R] = []
    fields: dict[frozenset[str], set[str]] = {}
    remaining = iter(rows)
    while chunk := list(islice(remaining, ROWS_AT_ONCE)):
        found += records.validate_json(f"[{','.join(chunk)}]")
        for record in found[-len(chunk) :]:
            _share(record, fields)
    return found


def _share(record: BaseModel, fields: dict[frozenset[str], set[str]]) -> None:
    """The record names the fields that it was given by the same set as others, and quotes by the same words."""
    given = record.model_fields_set
    # A set of 31 names takes 2 kB, and a copy of a record makes one of its own.
    object.__setattr__(record, "__pydantic_fields_set__", fields.setdefault(frozenset(given), given))
    for name, value in record.__dict__.items():
        if isinstance(value, BaseModel):
            _share(value, fields)
        elif name in _QUOTED:
            record.__dict__[name] = sys.intern(value)


def distinct(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without those whose id an earlier one has."""
    first: dict[str, Fact] = {}
    for fact in facts:
        first.setdefault(fact.id, fact)
    return list(first.values())


def check(document: Document, records: Iterable[Passage | Entity | Fact]) -> None:
    """Raises ValueError for a record of another document, or one whose words are not where it says."""
    for record in records:
        if record.document_id != document.id:
            raise ValueError(f"{record!r} belongs to document {record.document_id}, not to {document.id}.")
        for start, end, words in _quotes(record):
            if document.text[start:end] != words:
                raise ValueError(f"{document.id}[{start}:{end}] does not read {words!r}, as {record!r} says.")


def sha256_of(parts: Iterable[str]) -> str:
    """64 hex digits over the parts, none of which has a line break (JSON records and ids have none)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{part}\n".encode())
    return digest.hexdigest()


def _quotes(record: Passage | Entity | Fact) -> list[tuple[int, int, str]]:
    """The spans that a record quotes, with their words."""
    match record:
        case Passage():
            return [(record.start, record.end, record.text)]
        case Entity():
            selectors = [record.evidence, record.sme_evidence]
        case Fact():
            selectors = [record.selector, record.lead]
    return [(selector.start, selector.end, selector.exact) for selector in selectors if selector]
