"""The store: every document with its passages, entities and facts, and the conversations about them.

One SQLite file. A document is in it whole or not at all, and what was acknowledged survives a crash.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, select, update

from corpus import curation, originals, queries, rows, schema
from corpus.database import Database, StoreError
from corpus.decisions import Changes, Decision, Verdict
from corpus.document import Document
from corpus.facts import Entity, Fact
from corpus.originals import Originals
from corpus.passages import Passage
from corpus.queries import OneOrMore
from corpus.rows import R

Added = Literal["added", "replaced", "reread", "unchanged"]
STANDING = ("proposed", "accepted")  # the facts that answers, lists and exports may use


class NotFound(StoreError, LookupError):
    """`kind` and `id` say what was looked for."""

    def __init__(self, kind: str, id: str, remedy: str) -> None:
        super().__init__(f"{kind} {id!r} is not in the store. {remedy}")
        self.kind = kind
        self.id = id


class DocumentSummary(NamedTuple):
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


class Store:
    """All records of one data folder. Safe to share between threads; other processes may open it too."""

    def __init__(self, data_dir: Path, database: Database) -> None:
        self.data_dir = data_dir
        self._database = database
        self.originals = Originals(database)

    @classmethod
    def open(cls, data_dir: Path) -> Self:
        """The store in `data_dir`, created when missing and migrated when older. Raises StoreUnusable."""
        return cls(data_dir, Database.open(data_dir / "impactqa.db"))

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
        `location` is the file's absolute path, `extractor` the version of the code that read it,
        `original` the bytes of the file. Raises ValueError when it was read from others, and for a record whose words do not stand in the document where it says.
        """
        facts = rows.distinct(facts)
        rows.check(document, [*passages, *entities, *facts])
        row = rows.document_row(document, passages, entities, facts) | {"extractor": extractor}
        with self._database.writing() as connection:
            stored = _stored(connection, document.id)
            replaced = _release(connection, document.source_name, document.id)
            outdated = stored is not None and stored.extractor != extractor
            names = _names(connection, document.id) if outdated else []
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
                _name(connection, name, document.id, place)
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
            if not _exists(connection, schema.document, document_id):
                raise _no_document(document_id)
            replaced = _release(connection, source_name, document_id)
            _name(connection, source_name, document_id, location)
            curation.apply(connection, document_id)
        return "replaced" if replaced else "unchanged"

    def remove(self, document_id: str) -> None:
        """Takes the document out with all that was read from it. Raises NotFound."""
        with self._database.writing() as connection:
            if not _exists(connection, schema.document, document_id):
                raise _no_document(document_id)
            connection.execute(delete(schema.document).where(schema.document.c.id == document_id))

    def has(self, sha256: str) -> bool:
        """True when a document with these source bytes is stored."""
        return self.summary(sha256) is not None

    def summary(self, sha256: str) -> DocumentSummary | None:
        """The document with these source bytes; None when they are not stored."""
        with self._database.reading() as connection:
            row = connection.execute(_summaries().where(schema.document.c.sha256 == sha256)).one_or_none()
            return DocumentSummary(*row) if row else None

    def extractor(self, document_id: str) -> str:
        """The version of the code that read the document, "" when it is not known. Raises NotFound."""
        with self._database.reading() as connection:
            stored = _stored(connection, document_id)
        if stored is None:
            raise _no_document(document_id)
        return str(stored.extractor)

    def sources(self) -> dict[str, str]:
        """Every name that stands for a document, with the absolute path it was read from ("" if none)."""
        with self._database.reading() as connection:
            found = connection.execute(select(schema.source.c.name, schema.source.c.location))
            return {row.name: row.location for row in found}

    def fingerprint(self) -> str:
        """64 hex digits that change exactly when a stored text, passage, entity or fact does."""
        document = schema.document.c
        columns = document.id, document.content_sha256, document.curated_sha256
        with self._database.reading() as connection:
            found = connection.execute(select(*columns).order_by(document.id))
            return rows.sha256_of(part for row in found for part in row if part)

    def documents(self) -> list[Document]:
        """Every document with its text, by source name: the order of ingestion never shows."""
        return self._read(
            select(schema.document.c.record).order_by(schema.document.c.source_name), rows.DOCUMENTS
        )

    def document_list(self) -> list[DocumentSummary]:
        """Every document without its text, in the same order."""
        with self._database.reading() as connection:
            found = connection.execute(_summaries().order_by(schema.document.c.source_name))
            return [DocumentSummary(*row) for row in found]

    def document(self, id: str) -> Document:
        """The document with its text. Raises NotFound."""
        found = self._read(select(schema.document.c.record).where(schema.document.c.id == id), rows.DOCUMENTS)
        if not found:
            raise _no_document(id)
        return found[0]

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """The passages of one document or of all, in document order and then reading order."""
        return self._read(queries.in_order(schema.passage, document_id), rows.PASSAGES)

    def entities(self, document_id: str | None = None) -> list[Entity]:
        """The entities of one document or of all, in document order."""
        return self._read(queries.in_order(schema.entity, document_id), rows.ENTITIES)

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
        query = queries.in_order(schema.fact, document_id)
        query = query.where(
            *queries.among(fact.outcome_type, outcome_type),
            *queries.among(fact.subject_key, subject_key),
            *queries.among(fact.subject_type, subject_type),
            *queries.among(fact.project, project),
            *queries.among(fact.place, place),
            *queries.among(fact.modality, modality),
            *queries.among(fact.review, review),
            *queries.overlapping(fact.date, date_from, date_to),
        )
        with self._database.reading() as connection:
            if after is not None:
                place = connection.execute(queries.place_of(after)).one_or_none()
                if place is None:
                    raise _no_fact(after)
                query = query.where(queries.after(*place))
            return rows.parsed(connection.scalars(query.limit(limit)), rows.FACTS)

    def fact(self, id: str) -> Fact:
        """The fact. Raises NotFound."""
        with self._database.reading() as connection:
            return _fact(connection, id)

    def decide(
        self,
        fact_id: str,
        verdict: Verdict,
        by: str,
        changes: Changes | None = None,
        note: str = "",
        revision: int = 0,
    ) -> Fact:
        """The fact after a person's decision, which is kept for ever and outlives its document.

        `revision` is the one of the fact that the person saw, the number of its decisions. Raises NotFound,
        InvalidDecision, and Outdated when somebody decided in between.
        """
        with self._database.writing() as connection:
            fact = _fact(connection, fact_id)
            curation.decide(connection, fact, verdict, by, changes or {}, note, revision)
            return _fact(connection, fact_id)

    def decisions(self) -> list[tuple[Decision, list[str]]]:
        """Every decision, oldest first, with the ids of the facts it holds for, none when these are gone."""
        with self._database.reading() as connection:
            held = curation.borne_decisions(connection)
            return [(decision, held.get(decision.id, [])) for decision in curation.made(connection)]

    def decided_facts(self) -> list[Fact]:
        """The facts that bear a decision."""
        with self._database.reading() as connection:
            return curation.decided_facts(connection)

    def history(self, fact_id: str) -> list[Decision]:
        """The decisions that the fact bears, oldest first. Raises NotFound."""
        with self._database.reading() as connection:
            return curation.history(connection, _fact(connection, fact_id))

    def decision_count(self) -> int:
        """How many decisions were ever made: it grows with each, so that a reader notices new ones."""
        with self._database.reading() as connection:
            return curation.count(connection)

    def new_conversation(self) -> str:
        """The id of a conversation that has no turns yet."""
        id = f"cnv_{secrets.token_hex(8)}"
        with self._database.writing() as connection:
            connection.execute(insert(schema.conversation), {"id": id, "started_at": _now()})
        return id

    def conversation_exists(self, id: str) -> bool:
        """True when `id` was returned by new_conversation."""
        with self._database.reading() as connection:
            return _exists(connection, schema.conversation, id)

    def append_turn(self, conversation_id: str, answer_id: str, question: str, answer_json: str) -> None:
        """Keeps a question and its answer at the end of the conversation. Raises NotFound."""
        turn = {
            "conversation_id": conversation_id,
            "answer_id": answer_id,
            "asked_at": _now(),
            "question": question,
            "answer": answer_json,
        }
        with self._database.writing() as connection:
            if not _exists(connection, schema.conversation, conversation_id):
                raise _no_conversation(conversation_id)
            connection.execute(insert(schema.turn), turn)

    def turns(self, conversation_id: str) -> list[str]:
        """The answers of the conversation as JSON, oldest first. Raises NotFound."""
        turn = schema.turn.c
        query = select(turn.answer).where(turn.conversation_id == conversation_id).order_by(turn.position)
        with self._database.reading() as connection:
            if not _exists(connection, schema.conversation, conversation_id):
                raise _no_conversation(conversation_id)
            return list(connection.scalars(query))

    def answer(self, answer_id: str) -> str:
        """The answer as JSON. Raises NotFound."""
        with self._database.reading() as connection:
            found = connection.scalar(
                select(schema.turn.c.answer).where(schema.turn.c.answer_id == answer_id)
            )
        if found is None:
            raise NotFound("Answer", answer_id, "Ask its question again.")
        return str(found)

    def _read(self, query: Select[Any], records: TypeAdapter[list[R]]) -> list[R]:
        with self._database.reading() as connection:
            return rows.parsed(connection.scalars(query), records)


def _summaries() -> Select[Any]:
    return select(*(schema.document.c[field] for field in DocumentSummary._fields))


def _insert(connection: Connection, table: Table, records: Sequence[Passage | Entity | Fact]) -> None:
    if records:
        connection.execute(insert(table), rows.record_rows(table, records))


def _fact(connection: Connection, id: str) -> Fact:
    record = connection.scalar(select(schema.fact.c.record).where(schema.fact.c.id == id))
    if record is None:
        raise _no_fact(id)
    return Fact.model_validate_json(record)


def _stored(connection: Connection, document_id: str) -> Row[Any, Any] | None:
    """The source name and the extractor of a document; None when it is not stored."""
    document = schema.document.c
    query = select(document.source_name, document.extractor).where(document.id == document_id)
    return connection.execute(query).one_or_none()


def _names(connection: Connection, document_id: str) -> list[tuple[str, str]]:
    """The names of a document with their locations."""
    source = schema.source.c
    found = connection.execute(select(source.name, source.location).where(source.document_id == document_id))
    return [(row.name, row.location) for row in found]


def _kept_name(document: Document, source_name: str) -> rows.Row:
    """What a row holds of the name that sorts the document: the one it had."""
    kept = document.model_copy(update={"source_name": source_name})
    return {"source_name": source_name, "record": kept.model_dump_json()}


def _exists(connection: Connection, table: Table, id: str) -> bool:
    return connection.scalar(select(table.c.id).where(table.c.id == id)) is not None


def _release(connection: Connection, name: str, document_id: str) -> bool:
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
    record = func.json_set(document.c.record, "$.source_name", next_name)
    connection.execute(
        update(document).where(document.c.id == other).values(source_name=next_name, record=record)
    )
    return False


def _name(connection: Connection, name: str, document_id: str, location: str) -> None:
    connection.execute(delete(schema.source).where(schema.source.c.name == name))
    row = {"name": name, "document_id": document_id, "location": location}
    connection.execute(insert(schema.source), row)


def _no_document(id: str) -> NotFound:
    return NotFound("Document", id, "List the documents with: impactqa documents")


def _no_fact(id: str) -> NotFound:
    return NotFound("Fact", id, "Its document may have been replaced; list the facts with: impactqa facts")


def _no_conversation(id: str) -> NotFound:
    return NotFound("Conversation", id, "Ask without conversation_id to start a new one.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
