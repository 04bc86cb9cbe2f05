"""The store as one SQLite file, for one machine."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

from corpus.database import BUSY_SECONDS_MAX, Database, StoreFull, StoreUnusable
from corpus.disk import sync
from corpus.lock import exclusive

_RETRY_SECONDS = 0.02


class SqliteFile(Database):
    """One SQLite file in WAL mode; commits are flushed to the disk (synchronous=FULL)."""

    is_shared = False

    def __init__(self, path: Path) -> None:
        """The database at `path`, created when missing and migrated when older. Raises StoreUnusable."""
        self.name = self._path = path
        self._turn = threading.Lock()  # of threads of this process to write
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unusable(path, error) from error
        engine = _engine(path)
        # A transaction that reads first and then writes fails when another process wrote in between.
        writer = engine.execution_options(begin="BEGIN IMMEDIATE")
        super().__init__([engine.execution_options(begin="BEGIN")], writer)
        self.migrate()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The same, one thread behind the other: those that SQLite finds busy sleep, and are overtaken meanwhile."""
        if not self._turn.acquire(timeout=BUSY_SECONDS_MAX):
            raise self.unusable(sqlite3.OperationalError("database is locked"))
        try:
            with super().writing() as connection:
                yield connection
        finally:
            self._turn.release()

    def exclusive(self, name: str, wait_seconds: float) -> AbstractContextManager[None]:
        return exclusive(self._path.parent, wait_seconds, f"{name}.lock")

    def copy_to(self, path: Path) -> None:
        try:
            source = sqlite3.connect(self._path, timeout=BUSY_SECONDS_MAX)
            with closing(source), closing(sqlite3.connect(path)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            sync(path)
        except sqlite3.Error as error:
            raise unusable(path, error) from error

    def faults(self, connection: Connection) -> Iterator[str]:
        for found in connection.execute(text("PRAGMA integrity_check(20)")).scalars():
            if found != "ok":
                yield f"is damaged: {found}"
        for table, *_ in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"has a record in '{table}' whose document is gone"

    def unusable(self, error: BaseException) -> StoreUnusable:
        return unusable(self._path, error)

    def _create(self, connection: Connection) -> bool:
        return False  # a new file goes through every migration, so that these stay true


def _engine(path: Path) -> Engine:
    """An engine whose transactions are SQLite's own, begun the way the `begin` option says."""
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS_MAX})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # Left to itself, Python's driver begins transactions late and leaves DDL outside of them.
        connection.isolation_level = None
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")  # a restored file may come from anywhere

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options()["begin"])

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Puts the file into WAL mode, where a new one is not yet.

    Of processes that do so at once SQLite may refuse one without waiting, whatever its timeout is; it tries again.
    """
    waited_until = time.monotonic() + BUSY_SECONDS_MAX
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > waited_until:
                raise
            time.sleep(_RETRY_SECONDS)


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
