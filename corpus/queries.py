"""What is asked of the tables: records in their order, one by its id, and conditions on facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, or_, select

from corpus import schema
from corpus.collections import EVERYTHING, Reach
from corpus.database import StoreError
from corpus.facts import Fact

OneOrMore = str | Sequence[str]
Conditions = list[ColumnElement[bool]]


class NotFound(StoreError, LookupError):
    """`kind` and `id` say what was looked for."""

    def __init__(self, kind: str, id: str, remedy: str) -> None:
        super().__init__(f"{kind} {id!r} is not in the store. {remedy}")
        self.kind = kind
        self.id = id


def in_order(table: Table, document_id: OneOrMore | None = None, reach: Reach = EVERYTHING) -> Select[Any]:
    """The records of `table` that may be read, in document order (by source name), then reading order."""
    return (
        select(table.c.record)
        .join(schema.document)
        .where(*among(table.c.document_id, document_id), *within(reach))
        .order_by(schema.document.c.source_name, table.c.position)
    )


def place_of(fact_id: str) -> Select[Any]:
    """The source name and the position of a fact."""
    columns = schema.document.c.source_name, schema.fact.c.position
    return select(*columns).join_from(schema.fact, schema.document).where(schema.fact.c.id == fact_id)


def after(source_name: str, position: int) -> ColumnElement[bool]:
    """True for the facts that come later, in the order of `in_order`."""
    name = schema.document.c.source_name
    return or_(name > source_name, and_(name == source_name, schema.fact.c.position > position))


def within(reach: Reach) -> Conditions:
    """That a document is in one of the collections that may be read."""
    return [] if reach.names is None else [schema.document.c.collection.in_(reach.names)]


def among(column: ColumnElement[Any], wanted: OneOrMore | None) -> Conditions:
    """That the column holds the value wanted, or one of those; nothing wanted limits nothing."""
    if not wanted:
        return []
    return [column.in_([wanted] if isinstance(wanted, str) else wanted)]


def among_folded(column: ColumnElement[str], wanted: OneOrMore | None) -> Conditions:
    """The same without regard to the case of ASCII letters, which every database tells alike."""
    if not wanted:
        return []
    names = [wanted] if isinstance(wanted, str) else wanted
    return [func.lower(column).in_([_ascii_lower(name) for name in names])]


def _ascii_lower(name: str) -> str:
    return name.encode().lower().decode()


def overlapping(date: ColumnElement[str], date_from: str | None, date_to: str | None) -> Conditions:
    """That a date is known and overlaps the period; each bound is compared at the coarser precision."""
    conditions: Conditions = []
    if date_from or date_to:
        conditions.append(date != "")
    if date_from:
        conditions.append(date >= func.substr(date_from, 1, func.length(date)))
    if date_to:
        conditions.append(func.substr(date, 1, len(date_to)) <= date_to)
    return conditions


def exists(connection: Connection, table: Table, id: str, reach: Reach = EVERYTHING) -> bool:
    """True when the table has a row with this id; of documents only one that may be read."""
    return connection.scalar(select(table.c.id).where(table.c.id == id, *within(reach))) is not None


def fact(connection: Connection, id: str, reach: Reach = EVERYTHING) -> Fact:
    """The fact. Raises NotFound, for one that may not be read too."""
    query = select(schema.fact.c.record).join(schema.document).where(schema.fact.c.id == id, *within(reach))
    record = connection.scalar(query)
    if record is None:
        raise no_fact(id)
    return Fact.model_validate_json(record)


def no_document(id: str) -> NotFound:
    """What to raise for the id of a document that is not stored."""
    return NotFound("Document", id, "List the documents with: impactqa documents")


def no_fact(id: str) -> NotFound:
    """What to raise for the id of a fact that is not stored."""
    return NotFound("Fact", id, "Its document may have been replaced; list the facts with: impactqa facts")
