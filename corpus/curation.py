"""Decisions in the store: kept for ever, applied to facts whenever these are written."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, insert, or_, select, update

from corpus import decisions, queries, rows, schema
from corpus.collections import EVERYTHING, Reach
from corpus.database import Database, StoreError, asked_again
from corpus.decisions import Changes, Decision, Verdict
from corpus.document import Document
from corpus.facts import Fact

_DECISIONS = TypeAdapter(list[Decision])


class Outdated(StoreError):
    """A decision taken without having seen the one before; `revision` is the fact's own."""

    def __init__(self, fact: Fact, latest: Decision | None) -> None:
        said = f"; {latest.by} decided '{latest.decision}' at {latest.at}" if latest else ""
        super().__init__(
            f"Fact '{fact.id}' is at revision {len(fact.decisions)}{said}. "
            f"Look at it again, then decide with revision {len(fact.decisions)}."
        )
        self.revision = len(fact.decisions)


class Curation:
    """What people decided about the facts of one data folder."""

    def __init__(self, database: Database, reach: Reach = EVERYTHING) -> None:
        self._database = database
        self._reach = reach

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
            fact = queries.fact(connection, fact_id, self._reach)
            if revision != len(fact.decisions):
                raise Outdated(fact, next(iter(_history(connection, fact)[::-1]), None))
            decision = _decision(connection, fact, verdict, by.strip(), changes or {}, note.strip())
            row = {name: getattr(decision, name) for name in ("id", "document_id", "source_name")}
            connection.execute(insert(schema.decision), row | {"record": decision.model_dump_json()})
            apply(connection, fact.document_id)
            return queries.fact(connection, fact_id)

    @asked_again
    def decisions(self) -> list[tuple[Decision, list[str]]]:
        """Every decision, oldest first, with the ids of the facts it holds for, none when these are gone."""
        query = select(schema.decision.c.record).order_by(schema.decision.c.position)
        if self._reach != EVERYTHING:
            seen = select(schema.document.c.id).where(*queries.within(self._reach))
            query = query.where(schema.decision.c.document_id.in_(seen))
        held: dict[str, list[str]] = defaultdict(list)
        with self._database.reading() as connection:
            for fact in _decided_facts(connection):
                for id in fact.decisions:
                    held[id].append(fact.id)
            made = rows.parsed(connection.scalars(query), _DECISIONS)
        return [(decision, held.get(decision.id, [])) for decision in made]

    @asked_again
    def decided_facts(self) -> list[Fact]:
        """The facts that bear a decision."""
        with self._database.reading() as connection:
            return _decided_facts(connection)

    @asked_again
    def history(self, fact_id: str) -> list[Decision]:
        """The decisions that the fact bears, oldest first. Raises NotFound."""
        with self._database.reading() as connection:
            return _history(connection, queries.fact(connection, fact_id, self._reach))

    @asked_again
    def count(self) -> int:
        """How many decisions were ever made: it grows with each, so that a reader notices new ones."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(schema.decision)) or 0


def apply(connection: Connection, document_id: str) -> None:
    """Brings the facts of a document to what the decisions about it and its names say."""
    concerning = _concerning(connection, document_id)
    if not concerning:
        return
    read = select(schema.document.c.record).where(schema.document.c.id == document_id)
    document = Document.model_validate_json(connection.execute(read).scalar_one())
    fact = schema.fact.c
    query = select(fact.position, fact.record, fact.proposed).where(fact.document_id == document_id)
    stored = connection.execute(query.order_by(fact.position)).all()
    facts = rows.parsed((row.proposed or row.record for row in stored), rows.FACTS)
    borne: dict[str, list[Decision]] = defaultdict(list)
    for decision in concerning:
        for each in decisions.covered(decision, document.text, facts):
            borne[each.id].append(decision)
    curated = []
    for row, before in zip(stored, facts, strict=True):
        if before.id in borne:
            after = decisions.decided(before, borne[before.id])
            curated.append(after)
            _write(connection, after, row.proposed or row.record)
    digest = rows.sha256_of(each.model_dump_json() for each in curated) if curated else ""
    connection.execute(
        update(schema.document).where(schema.document.c.id == document_id).values(curated_sha256=digest)
    )


def _decision(
    connection: Connection, fact: Fact, verdict: Verdict, by: str, changes: Changes, note: str
) -> Decision:
    """A checked decision about a stored fact. Raises InvalidDecision."""
    decisions.check_words("by", by, decisions.BY_CHARS_MAX, required=True)
    decisions.check_words("note", note, decisions.NOTE_CHARS_MAX)
    document = schema.document.c
    return Decision(
        id=f"dec_{secrets.token_hex(8)}",
        fact_id=fact.id,
        document_id=fact.document_id,
        source_name=connection.execute(
            select(document.source_name).where(document.id == fact.document_id)
        ).scalar_one(),
        decision=verdict,
        changes=decisions.checked_changes(fact, verdict, changes),
        by=by,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        note=note,
        claim=_as_read(connection, fact.id),
    )


def _history(connection: Connection, fact: Fact) -> list[Decision]:
    """The decisions that a fact bears, oldest first."""
    column = schema.decision.c
    query = select(column.record).where(column.id.in_(fact.decisions)).order_by(column.position)
    return rows.parsed(connection.scalars(query), _DECISIONS)


def _decided_facts(connection: Connection) -> list[Fact]:
    """The facts that bear a decision."""
    fact, document = schema.fact.c, schema.document.c
    curated = select(document.id).where(document.curated_sha256 != "")
    query = select(fact.record).where(fact.document_id.in_(curated), fact.proposed.is_not(None))
    return rows.parsed(connection.scalars(query.order_by(fact.document_id, fact.position)), rows.FACTS)


def _concerning(connection: Connection, document_id: str) -> Sequence[Decision]:
    """The decisions about this very document, or one that had a name it has now; oldest first."""
    column = schema.decision.c
    names = select(schema.source.c.name).where(schema.source.c.document_id == document_id)
    query = select(column.record).where(or_(column.document_id == document_id, column.source_name.in_(names)))
    return rows.parsed(connection.scalars(query.order_by(column.position)), _DECISIONS)


def _as_read(connection: Connection, fact_id: str) -> Fact:
    fact = schema.fact.c
    record = select(func.coalesce(fact.proposed, fact.record)).where(fact.id == fact_id)
    return Fact.model_validate_json(connection.execute(record).scalar_one())


def _write(connection: Connection, fact: Fact, proposed: str) -> None:
    row = rows.record_rows(schema.fact, [fact])[0]
    values = {name: value for name, value in row.items() if name != "position"} | {"proposed": proposed}
    connection.execute(update(schema.fact).where(schema.fact.c.id == fact.id).values(values))
