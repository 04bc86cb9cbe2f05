"""Jobs: what was asked for and takes longer than a request. An accepted job is done, whatever happens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Select, delete, insert, select, update

from corpus import schema
from corpus.collections import DEFAULT, EVERYTHING, Reach
from corpus.database import Database, StoreError, asked_again
from corpus.queries import NotFound
from corpus.selectors import Record

Kind = Literal["ingest", "reread", "remove"]
State = Literal["queued", "running", "done", "failed"]
Stage = Literal["waiting", "fetching", "reading", "indexing", "finished"]
UNFINISHED: tuple[State, ...] = ("queued", "running")


class JobFile(Record):
    """One file of a job, and what became of it."""

    name: str  # as its sender calls it; never a path of this machine
    stored: str = ""  # its file below the job's folder in the inbox, "" for one that is stored as a document
    url: str = ""  # where its bytes are to be fetched
    bytes: int = 0
    sha256: str = ""
    replace: bool = False  # whether it takes the place of the document that has its name
    outcome: str = ""  # "" until it was dealt with
    document_id: str = ""
    passages: int = 0
    facts: int = 0
    reason: str = ""


class Job(Record):
    """A job and how far it is."""

    id: str
    kind: Kind
    collection: str = DEFAULT
    state: State = "queued"
    stage: Stage = "waiting"
    files: tuple[JobFile, ...] = ()
    passages_embedded: int = 0
    passages_to_embed: int = 0
    starts: int = 0  # since a file was last finished; more than one means that the service was stopped
    note: str = ""  # what it waits for, or why it failed
    created_at: str
    updated_at: str

    @property
    def files_done(self) -> int:
        return sum(1 for file in self.files if file.outcome)

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED


class OtherRequest(StoreError):
    """An Idempotency-Key was sent before, with another request."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Idempotency-Key {key!r} came with another request before. Send a new key.")


class Jobs:
    """All jobs of one store, in the order they were accepted."""

    def __init__(self, database: Database, reach: Reach = EVERYTHING) -> None:
        self._database = database
        self._reach = reach

    def accept(
        self,
        kind: Kind,
        files: Sequence[JobFile],
        key: str | None = None,
        request_sha256: str = "",
        id: str = "",
        contents: Mapping[str, Path] | None = None,
        collection: str = DEFAULT,
    ) -> Job:
        """The job, on disk when this returns; the earlier one when `key` came with the same request before.

        `contents` are files of this machine's inbox that a worker on another one may have to read, by the
        names that they are stored by. Raises OtherRequest when `key` came with another request.
        """
        now = _now()
        told = {"kind": kind, "collection": collection, "files": tuple(files)}
        job = Job.model_validate({"id": id or new_id(), **told, "created_at": now, "updated_at": now})
        if key and collection != DEFAULT:  # which keys other collections have used is nobody's business
            key = f"{collection} {key}"
        row = {"id": job.id, "state": job.state, "idempotency_key": key, "request_sha256": request_sha256}
        table = schema.job.c
        with self._database.writing() as connection:
            query = select(table.record, table.request_sha256).where(table.idempotency_key == key)
            earlier = connection.execute(query).one_or_none() if key else None
            if earlier is None:
                connection.execute(insert(schema.job), row | {"record": job.model_dump_json()})
                for stored, path in (contents or {}).items():
                    file = {"job_id": job.id, "stored": stored, "data": path.read_bytes()}
                    connection.execute(insert(schema.received), file)
                return job
        if earlier.request_sha256 != request_sha256:
            raise OtherRequest(str(key))
        return Job.model_validate_json(earlier.record)

    @asked_again
    def received(self, id: str, stored: str) -> bytes | None:
        """The bytes of a file of an unfinished job; None when only its machine's inbox has them."""
        table = schema.received.c
        with self._database.reading() as connection:
            query = select(table.data).where(table.job_id == id, table.stored == stored)
            data = connection.scalar(query)
        return None if data is None else bytes(data)

    @asked_again
    def get(self, id: str) -> Job:
        """The job. Raises NotFound."""
        with self._database.reading() as connection:
            record = connection.scalar(select(schema.job.c.record).where(schema.job.c.id == id))
        job = None if record is None else Job.model_validate_json(record)
        if job is None or not self._reach.holds(job.collection):
            raise NotFound("Job", id, "List the jobs with: GET /v1/jobs")
        return job

    def newest(self, limit: int = 100) -> list[Job]:
        """The jobs accepted last, newest first."""
        jobs = self._read(select(schema.job.c.record).order_by(schema.job.c.position.desc()).limit(limit))
        return [job for job in jobs if self._reach.holds(job.collection)]

    def unfinished(self) -> list[Job]:
        """The jobs that are still to be done, in the order they were accepted."""
        query = select(schema.job.c.record).where(schema.job.c.state.in_(UNFINISHED))
        return self._read(query.order_by(schema.job.c.position))

    def finished_ids(self) -> set[str]:
        """The ids of the jobs that are done or have failed."""
        with self._database.reading() as connection:
            return set(
                connection.scalars(select(schema.job.c.id).where(schema.job.c.state.not_in(UNFINISHED)))
            )

    def save(self, job: Job) -> Job:
        """The job with the time. What is finished stays as it is: a worker may have lost its lock meanwhile."""
        job = job.model_copy(update={"updated_at": _now()})
        row = {"state": job.state, "record": job.model_dump_json()}
        with self._database.writing() as connection:
            unfinished = schema.job.c.id == job.id, schema.job.c.state.in_(UNFINISHED)
            connection.execute(update(schema.job).where(*unfinished).values(row))
            if job.is_finished:
                connection.execute(delete(schema.received).where(schema.received.c.job_id == job.id))
        return job

    @asked_again
    def _read(self, query: Select[Any]) -> list[Job]:
        with self._database.reading() as connection:
            return [Job.model_validate_json(record) for record in connection.scalars(query)]


def new_id() -> str:
    """An id that no job has."""
    return f"job_{secrets.token_hex(8)}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
