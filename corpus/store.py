"""The store: every document with its passages, entities and facts, and the conversations about them.

One SQLite file, or a database of a PostgreSQL server. A document is in it whole or not at all, and what was acknowledged survives a crash.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, select, update

from corpus import collections, curation, originals, queries, rows, schema, sources
from corpus.collections import EVERYTHING, Reach
from corpus.conversations import Conversations
from corpus.curation import Curation
from corpus.database import Database, StoreUnusable, asked_again
from corpus.document import Document
from corpus.embeddings import Embeddings
from corpus.facts import Entity, Fact
from corpus.jobs import Jobs
from corpus.keys import Keys
from corpus.originals import Originals
from corpus.passages import Passage
from corpus.queries import OneOrMore
from corpus.rows import R
from corpus.selectors import Record
from corpus.sqlite import SqliteFile
from corpus.verification import Verification

Added = Literal["added", "replaced", "reread", "unchanged"]
STANDING = ("proposed", "accepted")  # the facts that answers, lists and exports may use


class DocumentSummary(Record):
    """A document without its text."""

    id: str
    title: str
    source_name: str
    media_type: str
    sha256: str
    language: str
    chars: int
    passages: int
    facts: int
    collection: str


class Store:
    """All records of one data folder or server. Safe to share between threads, and with other processes."""

    def __init__(self, data_dir: Path, database: Database, reach: Reach = EVERYTHING) -> None:
        """What is not in `reach` is not there; new documents go to its home."""
        self.data_dir = data_dir
        self.reach = reach
        self._database = database
        self.conversations = Conversations(database, reach)
        self.curation = Curation(database, reach)
        self.embeddings = Embeddings(database)
        self.jobs = Jobs(database, reach)
        self.keys = Keys(database)
        self.originals = Originals(database)
        self.verification = Verification(database)

    @classmethod
    def open(cls, data_dir: Path, address: str = "", read_address: str = "") -> Self:
        """The store in `data_dir`, or at the address of a PostgreSQL server, created and migrated as needed.

        Reads go to `read_address` while the server cannot be reached. Raises StoreUnusable.
        """
        return cls(data_dir, opened(data_dir, address, read_address))

    def within(self, reach: Reach) -> Store:
        """The same store for who may read so much; there is no need to close it."""
        return self if reach == self.reach else Store(self.data_dir, self._database, reach)

    @property
    def database(self) -> Database:
        """Where the records are."""
        return self._database

    @property
    def is_shared(self) -> bool:
        """True when services on several machines may use the store, each with an index of its own."""
        return self._database.is_shared

    def exclusive(self, name: str = "ingest", wait_seconds: float = 10) -> AbstractContextManager[None]:
        """Holds a lock of the store for one process. Raises StoreBusy when another keeps it longer."""
        return self._database.exclusive(name, wait_seconds)

    def snapshot(self, may_lag: bool = False) -> AbstractContextManager[None]:
        """All that this thread reads inside the block is of one moment; with `may_lag`, of a replica's."""
        return self._database.snapshot(may_lag)

    def copy_to(self, path: Path) -> None:
        """Writes all records as they are at this moment to a new file at `path`. Raises StoreUnusable."""
        self._database.copy_to(path)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        entities: Sequence[Entity],
        facts: Sequence[Fact],
        location: str = "",
        extractor: str = "",
        original: bytes | None = None,
    ) -> Added:
        """What adding the document did to the store: all of it in one transaction, or nothing.

        "unchanged": these bytes are stored already, under this name or another (which is remembered too).
        "reread": they are, but another `extractor` had read them; what it found has given way.
        "replaced": the name stood for other bytes, whose document is gone with all that was read from it.
        Facts that share an id are one statement and are stored once; decisions about what they say hold.
        `location` is the file's absolute path, `extractor` the version of the code that read it, `original`
        the bytes of the file. Raises ValueError when it was read from others, and for a record whose words do
        not stand in the document where it says.
        """
        if self.reach.home != collections.DEFAULT:
            own = collections.placed(document, passages, entities, facts, self.reach.home)
            document, passages, entities, facts = own
        facts = rows.distinct(facts)
        rows.check(document, [*passages, *entities, *facts])
        row = rows.document_row(document, passages, entities, facts) | {"extractor": extractor}
        with self._database.writing() as connection:
            stored = _stored(connection, document.id)
            replaced = sources.release(connection, document.source_name, document.id)
            outdated = stored is not None and stored.extractor != extractor
            names = sources.names(connection, document.id) if outdated else []
            if stored is not None and outdated:
                connection.execute(delete(schema.document).where(schema.document.c.id == document.id))
                row |= _kept_name(document, stored.source_name)
            if stored is None or outdated:
                connection.execute(insert(schema.document), row)
                originals.keep(connection, document, original)
                _insert(connection, schema.passage, passages)
                _insert(connection, schema.entity, entities)
                _insert(connection, schema.fact, facts)
            for name, place in [*names, (document.source_name, location)]:
                sources.give(connection, name, document.id, place)
            curation.apply(connection, document.id)
        if outdated:
            return "reread"
        return "replaced" if replaced else "added" if stored is None else "unchanged"

    def facts_as_read(self, document_id: str) -> list[Fact]:
        """The facts of a document as they were read from it, before anybody decided about them."""
        fact = schema.fact.c
        query = select(func.coalesce(fact.proposed, fact.record)).where(fact.document_id == document_id)
        with self._database.reading() as connection:
            return rows.parsed(connection.scalars(query.order_by(fact.position)), rows.FACTS)

    def update(self, document_id: str, entities: Sequence[Entity], facts: Sequence[Fact]) -> None:
        """Puts other entities and facts in the place of those of a stored document, all of them or none.

        Decisions about what the facts say hold. Raises NotFound, and ValueError for a record whose words do
        not stand in the document where it says.
        """
        document, passages = self.document(document_id), self.passages(document_id)
        facts = rows.distinct(facts)
        rows.check(document, [*entities, *facts])
        row = rows.document_row(document, passages, entities, facts)
        with self._database.writing() as connection:
            for table in (schema.entity, schema.fact):
                connection.execute(delete(table).where(table.c.document_id == document_id))
            _insert(connection, schema.entity, entities)
            _insert(connection, schema.fact, facts)
            connection.execute(update(schema.document).where(schema.document.c.id == document_id).values(row))
            curation.apply(connection, document_id)

    def add_name(self, document_id: str, source_name: str, location: str = "") -> Added:
        """What naming a stored document did: "replaced" when the name stood for one that is gone now.

        Raises NotFound.
        """
        with self._database.writing() as connection:
            if not queries.exists(connection, schema.document, document_id):
                raise queries.no_document(document_id)
            name = collections.source_name(source_name, self.reach.home)
            replaced = sources.release(connection, name, document_id)
            sources.give(connection, name, document_id, location)
            curation.apply(connection, document_id)
        return "replaced" if replaced else "unchanged"

    def remove(self, document_id: str) -> None:
        """Takes the document out with all that was read from it. Raises NotFound."""
        with self._database.writing() as connection:
            if not queries.exists(connection, schema.document, document_id, self.reach):
                raise queries.no_document(document_id)
            connection.execute(delete(schema.document).where(schema.document.c.id == document_id))

    @asked_again
    def summary(self, sha256: str) -> DocumentSummary | None:
        """The document with these source bytes where new ones go; None when they are not stored there."""
        identity = collections.identity(sha256, self.reach.home)
        with self._database.reading() as connection:
            row = connection.execute(_summaries().where(schema.document.c.sha256 == identity)).one_or_none()
            return DocumentSummary(**row._mapping) if row else None

    def extractor(self, document_id: str) -> str:
        """The version of the code that read the document, "" when it is not known. Raises NotFound."""
        with self._database.reading() as connection:
            stored = _stored(connection, document_id)
        if stored is None:
            raise queries.no_document(document_id)
        return str(stored.extractor)

    @asked_again
    def sources(self) -> dict[str, str]:
        """Every name that is taken where new documents go, with the absolute path it was read from ("" if none)."""
        return {collections.file_name(row.name): row.location for row in self._sources()}

    @asked_again
    def source_documents(self) -> dict[str, str]:
        """The id of the document that each of these names stands for."""
        return {collections.file_name(row.name): row.document_id for row in self._sources()}

    def _sources(self) -> Sequence[Row[Any]]:
        """The rows of the names in the collection that new documents go to."""
        query = select(schema.source).join(schema.document)
        with self._database.reading() as connection:
            return connection.execute(query.where(schema.document.c.collection == self.reach.home)).all()

    @asked_again
    def passage_ids(self) -> frozenset[str]:
        """The ids of all passages."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(schema.passage.c.id)))

    @asked_again
    def fingerprint(self) -> str:
        """64 hex digits that change exactly when a stored text, passage, entity or fact does."""
        document = schema.document.c
        columns = document.id, document.content_sha256, document.curated_sha256
        with self._database.reading() as connection:
            found = connection.execute(select(*columns).order_by(document.id))
            return rows.sha256_of(part for row in found for part in row if part)

    def documents(self) -> list[Document]:
        """Every document with its text, by source name: the order of ingestion never shows."""
        query = select(schema.document.c.record).where(*queries.within(self.reach))
        return self._read(query.order_by(schema.document.c.source_name), rows.DOCUMENTS)

    @asked_again
    def document_list(self) -> list[DocumentSummary]:
        """Every document without its text, in the same order."""
        with self._database.reading() as connection:
            query = _summaries().where(*queries.within(self.reach))
            found = connection.execute(query.order_by(schema.document.c.source_name))
            return [DocumentSummary(**row._mapping) for row in found]

    def document(self, id: str) -> Document:
        """The document with its text. Raises NotFound."""
        query = select(schema.document.c.record).where(schema.document.c.id == id)
        found = self._read(query.where(*queries.within(self.reach)), rows.DOCUMENTS)
        if not found:
            raise queries.no_document(id)
        return found[0]

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """The passages of one document or of all, in document order and then reading order."""
        return self._read(queries.in_order(schema.passage, document_id, self.reach), rows.PASSAGES)

    def entities(self, document_id: str | None = None) -> list[Entity]:
        """The entities of one document or of all, in document order."""
        return self._read(queries.in_order(schema.entity, document_id, self.reach), rows.ENTITIES)

    @asked_again
    def facts(
        self,
        document_id: OneOrMore | None = None,
        outcome_type: OneOrMore | None = None,
        *,
        subject_key: OneOrMore | None = None,
        subject_type: OneOrMore | None = None,
        project: OneOrMore | None = None,
        place: OneOrMore | None = None,
        modality: OneOrMore | None = None,
        review: OneOrMore | None = None,
        date_from: str | None = None,
        date_to: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[Fact]:
        """The facts that meet every condition given, in document order and then reading order.

        A condition is one value, or several of which one must hold; an empty one limits nothing. Projects
        and places are compared without regard to case. A date meets date_from and date_to when the period it
        names overlaps theirs; a fact without a date meets neither. `after` is the id of the last fact of the
        page before; NotFound when that fact is gone.
        """
        fact = schema.fact.c
        query = queries.in_order(schema.fact, document_id, self.reach)
        query = query.where(
            *queries.among(fact.outcome_type, outcome_type),
            *queries.among(fact.subject_key, subject_key),
            *queries.among(fact.subject_type, subject_type),
            *queries.among_folded(fact.project, project),
            *queries.among_folded(fact.place, place),
            *queries.among(fact.modality, modality),
            *queries.among(fact.review, review),
            *queries.overlapping(fact.date, date_from, date_to),
        )
        with self._database.reading() as connection:
            if after is not None:
                place = connection.execute(queries.place_of(after)).one_or_none()
                if place is None:
                    raise queries.no_fact(after)
                query = query.where(queries.after(*place))
            return rows.parsed(connection.scalars(query.limit(limit)), rows.FACTS)

    @asked_again
    def fact(self, id: str) -> Fact:
        """The fact. Raises NotFound."""
        with self._database.reading() as connection:
            return queries.fact(connection, id, self.reach)

    @asked_again
    def _read(self, query: Select[Any], records: TypeAdapter[list[R]]) -> list[R]:
        with self._database.reading() as connection:
            return rows.parsed(connection.scalars(query), records)


def opened(data_dir: Path, address: str, read_address: str = "") -> Database:
    """The database in a folder, or at an address. Raises StoreUnusable."""
    if not address:
        return SqliteFile(data_dir / "impactqa.db")
    try:
        from corpus.postgresql import PostgresServer  # its driver is an extra
    except ImportError:
        remedy = "Install it with: pip install 'impactqa[postgresql]'"
        raise StoreUnusable("IMPACTQA_STORE", "needs the driver psycopg", remedy) from None
    data_dir.mkdir(parents=True, exist_ok=True)  # where the index and the inbox are
    return PostgresServer(address, read_address)


def _summaries() -> Select[Any]:
    document = schema.document.c
    columns = {"sha256": document.bytes_sha256}
    return select(*(columns.get(name, document[name]).label(name) for name in DocumentSummary.model_fields))


def _insert(connection: Connection, table: Table, records: Sequence[Passage | Entity | Fact]) -> None:
    if records:
        connection.execute(insert(table), rows.record_rows(table, records))


def _stored(connection: Connection, document_id: str) -> Row[Any, Any] | None:
    """The source name and the extractor of a document; None when it is not stored."""
    document = schema.document.c
    query = select(document.source_name, document.extractor).where(document.id == document_id)
    return connection.execute(query).one_or_none()


def _kept_name(document: Document, source_name: str) -> rows.Row:
    """What a row holds of the name that sorts the document: the one it had."""
    kept = document.model_copy(update={"source_name": source_name})
    return {"source_name": source_name, "record": kept.model_dump_json()}
