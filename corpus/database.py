"""The database under the store: how it is migrated, read in snapshots and written to in whole transactions."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Row, Table, insert, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from corpus.schema import REVISION, metadata

P = ParamSpec("P")
T = TypeVar("T")

SLOW_SECONDS = 1  # of finding out that a server cannot be reached: one that refuses is asked again every time
SHUN_SECONDS = 5  # of asking others first once that took so long
BUSY_SECONDS_MAX = 30  # how long a write waits for another process's write; one report takes well under 1
_ROWS_COPIED = 500  # at once


class StoreError(Exception):
    """Base of what goes wrong with a store.

    StoreError
    |- NotFound        an id that is not in the store
    |- StoreBusy       another process is ingesting
    `- StoreUnusable   the file or the server cannot be opened, read or written
        `- StoreFull   its disk is full
    """


class StoreUnusable(StoreError):
    """`path` is the file, or the address of the server, that could not be used."""

    def __init__(self, path: Path | str, fact: str, remedy: str) -> None:
        super().__init__(f"Store '{path}' {fact}. {remedy}")
        self.path = path


class StoreFull(StoreUnusable):
    """There is no space left on the disk of `path`."""


class StoreBusy(StoreError):
    """`store` is the folder or the server that another process is writing to."""

    def __init__(self, store: Path | str, holder: str = "") -> None:
        by = f" (process {holder})" if holder else ""
        super().__init__(
            f"Store '{store}' is being written to by another ingest{by}. Try again when it is done."
        )


def asked_again(read: Callable[P, T]) -> Callable[P, T]:
    """The same read, done once more, wherever it can be, when a server breaks off in the middle of it."""

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except StoreUnusable:
            return read(*args, **kwargs)

    return reading


class Database(ABC):
    """A database of the store's tables, safe to share between threads and processes.

    Commits are on disk when they return; readers see one snapshot and block nobody; one writes at a time.
    """

    name: Path | str  # what messages call it
    is_shared: bool  # whether services on several machines may use it
    has_vectors: bool = False  # whether it can hold the index too, for all of them

    def __init__(self, readers: list[Engine], writer: Engine) -> None:
        """`readers` are tried in turn; what stands in one may come to the next a moment later."""
        self._readers = readers
        self._writer = writer
        self._own = threading.local()  # `connection` while this thread is in a snapshot
        self._shunned_until: dict[Engine, float] = {}

    def close(self) -> None:
        for engine in (*self._readers, self._writer):
            engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose queries all see the same snapshot."""
        if self._held is not None:
            yield self._held
            return
        with self._failures_named(), self._begun(self._readers) as connection:
            yield connection

    @contextmanager
    def snapshot(self, may_lag: bool = False) -> Iterator[None]:
        """All that this thread reads inside the block is of one moment; with `may_lag`, of a copy's moment."""
        readers = self._readers[::-1] if may_lag else self._readers
        with self._failures_named(), self._begun(readers) as connection:
            self._own.connection = connection
            try:
                yield
            finally:
                del self._own.connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose writes are all kept, or none when the block raises or the process dies."""
        with self._failures_named(), self._writer.begin() as connection:
            yield connection

    @abstractmethod
    def exclusive(self, name: str, wait_seconds: float) -> AbstractContextManager[None]:
        """Holds the lock called `name` until the block ends, or the process. Raises StoreBusy."""

    @abstractmethod
    def copy_to(self, path: Path) -> None:
        """Writes the state of this moment to a new SQLite file at `path` while others read and write."""

    @abstractmethod
    def faults(self, connection: Connection) -> Iterator[str]:
        """What the database itself finds wrong with its tables."""

    @abstractmethod
    def unusable(self, error: BaseException) -> StoreUnusable:
        """What an error of the database or its driver means for the store."""

    @abstractmethod
    def _create(self, connection: Connection) -> bool:
        """Makes the newest tables where there are none, or leaves that to the migrations and says so."""

    def migrate(self) -> None:
        """Brings the tables to this version, in one transaction."""
        try:
            with self.reading() as connection:
                if _revision(connection) == REVISION:
                    return
            with self.writing() as connection:
                stands_at = _revision(connection)
                if stands_at == REVISION or (stands_at is None and self._create(connection)):
                    return
                _upgrade(connection, self.name)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _begun(self, engines: list[Engine]) -> Iterator[Connection]:
        """A transaction on the first of the engines that can be reached."""
        *others, last = self._in_reach(engines)
        for engine in others:
            begun = time.monotonic()
            try:
                connection = engine.connect()
            except DatabaseError:
                self._shun_slow(engine, begun)
                continue
            with connection, connection.begin():
                yield connection
            return
        with last.begin() as connection:
            yield connection

    @property
    def _held(self) -> Connection | None:
        """The connection of the snapshot that this thread is in."""
        held: Connection | None = getattr(self._own, "connection", None)
        return held

    def _in_reach(self, engines: list[Engine]) -> list[Engine]:
        """The engines in their order, those that kept silent a moment ago behind the others."""
        now = time.monotonic()
        return sorted(engines, key=lambda engine: now < self._shunned_until.get(engine, 0))

    def _shun_slow(self, engine: Engine, begun: float) -> None:
        now = time.monotonic()
        if now - begun > SLOW_SECONDS:
            self._shunned_until[engine] = now + SHUN_SECONDS

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        """Turns what the database reports (full, locked, damaged, gone) into StoreUnusable."""
        try:
            yield
        except IntegrityError:  # a record that contradicts another is a mistake in the code, not in the store
            raise
        except DatabaseError as error:
            raise self.unusable(error.orig or error) from error
        except PoolTimeout as error:
            raise self.unusable(error) from error


def copy_rows(source: Connection, target: Connection) -> None:
    """Puts every row of one database into another that has the same tables, empty."""
    for table in metadata.sorted_tables:
        query = select(table).order_by(*table.primary_key).execution_options(yield_per=_ROWS_COPIED)
        for rows in source.execute(query).partitions():
            target.execute(insert(table), [_as_dict(table, row) for row in rows])


def _as_dict(table: Table, row: Row[tuple[object, ...]]) -> dict[str, object]:
    return {column.name: value for column, value in zip(table.columns, row, strict=True)}


def _upgrade(connection: Connection, name: Path | str) -> None:
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
            name,
            f"has schema version {_revision(connection)!r}, newer than this version's {REVISION!r}",
            "Install the version of impactqa that wrote it, or name another folder in IMPACTQA_DATA_DIR.",
        ) from error


def _revision(connection: Connection) -> str | None:
    """The migration the tables stand at; None for a database without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
