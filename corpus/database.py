"""The SQLite file under the store: how it is opened, migrated and written to in whole transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from corpus.disk import sync
from corpus.schema import REVISION

BUSY_SECONDS_MAX = 30  # how long a write waits for another process's write; one report takes well under 1


class StoreError(Exception):
    """Base of what goes wrong with a store.

    StoreError
    |- NotFound        an id that is not in the store
    |- StoreBusy       another process is ingesting
    `- StoreUnusable   the file cannot be opened, read or written
        `- StoreFull   its disk is full
    """


class StoreUnusable(StoreError):
    """`path` is the file that could not be used."""

    def __init__(self, path: Path, fact: str, remedy: str) -> None:
        super().__init__(f"Store '{path}' {fact}. {remedy}")
        self.path = path


class StoreFull(StoreUnusable):
    """There is no space left on the disk of `path`."""


class Database:
    """One SQLite file in WAL mode, safe to share between threads and processes.

    Commits are on disk when they return (synchronous=FULL); readers see one snapshot and block nobody.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._reader = engine.execution_options(begin="BEGIN")
        # A transaction that reads first and then writes fails when another process wrote in between.
        self._writer = engine.execution_options(begin="BEGIN IMMEDIATE")

    @classmethod
    def open(cls, path: Path) -> Self:
        """The database at `path`, created when missing and migrated when older. Raises StoreUnusable."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unusable(path, error) from error
        database = cls(path, _engine(path))
        try:
            with database.writing() as connection:
                _migrate(connection, path)
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose queries all see the same snapshot."""
        with _failures_named(self.path), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose writes are all kept, or none when the block raises or the process dies."""
        with _failures_named(self.path), self._writer.begin() as connection:
            yield connection

    def copy_to(self, path: Path) -> None:
        """Writes the state of this moment to a new file at `path`, on the disk, while others read and write."""
        with _failures_named(path), closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS_MAX)) as source:
            with closing(sqlite3.connect(path)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            sync(path)


def _engine(path: Path) -> Engine:
    """An engine whose transactions are SQLite's own, begun the way the `begin` option says."""
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS_MAX})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # Left to itself, Python's driver begins transactions late and leaves DDL outside of them.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")  # a restored file may come from anywhere

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options()["begin"])

    return engine


def _migrate(connection: Connection, path: Path) -> None:
    """Brings the tables to this version, inside the caller's transaction."""
    if _revision(connection) == REVISION:
        return
    from alembic import command  # only a new or an older store pays for the import
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "corpus:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnusable(
            path,
            f"has schema version {_revision(connection)!r}, newer than this version's {REVISION!r}",
            "Install the version of impactqa that wrote it, or name another folder in IMPACTQA_DATA_DIR.",
        ) from error


def _revision(connection: Connection) -> str | None:
    """The migration the tables stand at; None for a file without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


@contextmanager
def _failures_named(path: Path) -> Iterator[None]:
    """Turns what SQLite reports about the file (full, locked, damaged, not allowed) into StoreUnusable."""
    try:
        yield
    except IntegrityError:  # a record that contradicts another is a mistake in the code, not in the file
        raise
    except DatabaseError as error:
        raise unusable(path, error.orig or error) from error
    except sqlite3.Error as error:
        raise unusable(path, error) from error


def unusable(path: Path, error: BaseException) -> StoreUnusable:
    """What `error`, of SQLite or the system, means for the file at `path`."""
    reason = getattr(error, "strerror", None) or str(error)
    kind = StoreFull if "full" in reason or "No space" in reason else StoreUnusable
    return kind(path, f"cannot be used: {reason}", _remedy(reason))


def _remedy(reason: str) -> str:
    """What helps against SQLite's or the system's `reason`."""
    if "locked" in reason:
        return "Wait for the other process to finish, then try again."
    if "full" in reason or "No space" in reason:
        return "Free some space on its disk, then try again; nothing was half-stored."
    if "malformed" in reason or "not a database" in reason:
        return "Restore it from a backup, or move it away and ingest the reports again."
    return "Check that the folder in IMPACTQA_DATA_DIR exists and may be written to."
