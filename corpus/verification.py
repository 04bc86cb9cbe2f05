"""What may be wrong with a store behind its back, and how it is mended."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, Table, func, select

from corpus import rows, schema
from corpus.database import Database
from corpus.version import version

RESTORE = "Restore the store from a backup, or move it away and ingest the reports again."


class Fault(NamedTuple):
    """Something that is not as it was written."""

    subject: str
    fact: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.subject} {self.fact}. {self.remedy}"


class Verification:
    """The checks of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong with the database, its documents and its vectors. Raises StoreUnusable."""
        with self._database.reading() as connection:
            for fault in self._database.faults(connection):
                yield Fault(f"Store '{self._database.name}'", fault, RESTORE)
            for document_id, name in connection.execute(
                select(schema.document.c.id, schema.document.c.source_name)
            ):
                fault = _fault_of_document(connection, document_id)
                if fault:
                    remedy = f"Ingest '{name}' again after: impactqa remove {document_id}"
                    yield Fault(f"Document '{name}'", fault, remedy)
            yield from _faults_of_originals(connection)
            yield from _faults_of_vectors(connection)


def _fault_of_document(connection: Connection, document_id: str) -> str:
    """What is wrong with a document and its records, "" when nothing is."""
    table = schema.document.c
    found = connection.execute(
        select(table.record, table.content_sha256, table.extractor).where(table.id == document_id)
    ).one()
    try:
        (document,) = rows.parsed([found.record], rows.DOCUMENTS)
        passages = rows.parsed(_records(connection, schema.passage, document_id), rows.PASSAGES)
        entities = rows.parsed(_records(connection, schema.entity, document_id), rows.ENTITIES)
        facts = rows.parsed(_as_read(connection, document_id), rows.FACTS)
        rows.check(document, [*passages, *entities, *facts])
        decided = rows.parsed(_records(connection, schema.fact, document_id), rows.FACTS)
        rows.check(document, decided)
    except ValidationError:
        return "has a record that cannot be read"
    except ValueError as error:
        return f"quotes what it does not say: {error}"
    # Another version of the code may have written the same records with other fields.
    same_code = found.extractor.partition(" ")[0] == version()
    expected = rows.document_row(document, passages, entities, facts)["content_sha256"]
    return (
        "is not what was stored: its content has another sha256" if same_code and expected != found[1] else ""
    )


def _records(connection: Connection, table: Table, document_id: str) -> Iterable[str]:
    query = select(table.c.record).where(table.c.document_id == document_id).order_by(table.c.position)
    return connection.scalars(query)


def _as_read(connection: Connection, document_id: str) -> Iterable[str]:
    """The facts as they were before any decision."""
    fact = schema.fact.c
    query = select(func.coalesce(fact.proposed, fact.record)).where(fact.document_id == document_id)
    return connection.scalars(query.order_by(fact.position))


def _faults_of_originals(connection: Connection) -> Iterator[Fault]:
    document, original = schema.document, schema.original
    query = select(document.c.source_name, document.c.bytes_sha256, original.c.data).join_from(
        document, original
    )
    for name, sha256, data in connection.execute(query.execution_options(yield_per=1)):
        if hashlib.sha256(data).hexdigest() != sha256:
            yield Fault(f"The original of '{name}'", "has changed since it was stored", RESTORE)


def _faults_of_vectors(connection: Connection) -> Iterator[Fault]:
    table = schema.embedding.c
    stored = connection.execute(select(table.model, table.vector, table.crc32))
    damaged = sum(1 for _, vector, crc32 in stored if zlib.crc32(vector) != crc32)
    if damaged:
        yield Fault("Store", f"has {damaged} damaged vectors", "Embed their texts again with: impactqa index")
