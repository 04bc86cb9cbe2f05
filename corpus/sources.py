"""The names that stand for documents: one for each file that held the same bytes."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select, update

from corpus import schema
from corpus.document import Document


def names(connection: Connection, document_id: str) -> list[tuple[str, str]]:
    """The names of a document with their locations."""
    source = schema.source.c
    found = connection.execute(select(source.name, source.location).where(source.document_id == document_id))
    return [(row.name, row.location) for row in found]


def release(connection: Connection, name: str, document_id: str) -> bool:
    """Takes `name` from any other document; true when that leaves the other nameless, and so deletes it."""
    source, document = schema.source, schema.document
    named = source.c.document_id != document_id, source.c.name == name
    other = connection.scalar(select(source.c.document_id).where(*named))
    if other is None:
        return False
    connection.execute(delete(source).where(*named))
    next_name = connection.scalar(select(func.min(source.c.name)).where(source.c.document_id == other))
    if next_name is None:
        connection.execute(delete(document).where(document.c.id == other))
        return True
    stored = connection.execute(select(document.c.record).where(document.c.id == other)).scalar_one()
    renamed = Document.model_validate_json(stored).model_copy(update={"source_name": next_name})
    row = {"source_name": next_name, "record": renamed.model_dump_json()}
    connection.execute(update(document).where(document.c.id == other).values(row))
    return False


def give(connection: Connection, name: str, document_id: str, location: str) -> None:
    """Lets `name` stand for the document, and for no other."""
    connection.execute(delete(schema.source).where(schema.source.c.name == name))
    row = {"name": name, "document_id": document_id, "location": location}
    connection.execute(insert(schema.source), row)
