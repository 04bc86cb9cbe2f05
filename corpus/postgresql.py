"""The store on a PostgreSQL server, which services on several machines share, with replicas to read from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Column, Connection, Engine, Select, Table, create_engine, event, func, select, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from corpus.database import (
    BUSY_SECONDS_MAX,
    Database,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnusable,
    copy_rows,
)
from corpus.disk import sync
from corpus.schema import REVISION, metadata
from corpus.sqlite import SqliteFile

T = TypeVar("T")

CONNECT_SECONDS_MAX = 5
POOL_MAX = 20  # connections of one service to one server; PostgreSQL takes 100 unless told otherwise
POOL_SECONDS_MAX = 5
STATEMENT_SECONDS_MAX = 300  # the longest reads all facts of a large corpus, in some 10
SILENCE_SECONDS_MAX = 30  # after which a machine that does not answer is given up, and so are its locks
POLL_SECONDS = 0.05
_LOCKS = 0x1ACA  # the first half of our advisory locks' keys; the second tells them apart
_WRITER = crc32(b"writer") >> 1

# What a server says before a connection exists has no code, only words.
_NO_PLACE = ("too many clients", "too many connections", "remaining connection slots")
_COMES_BACK = (
    "is starting up",
    "not yet accepting connections",
    "is shutting down",
    "in recovery mode",
    "terminating connection",
)
# How pgvector searches a graph. A filtered search looks on until it has enough: without, 294 of 300 searches that a
# filter of 12 % limited found fewer than 10. A bad value is but a warning, so that it is looked at.
_SEARCHES = {"hnsw.iterative_scan": "relaxed_order", "hnsw.ef_search": 400}
_SESSION = {
    "timezone": "UTC",
    "lock_timeout": f"{BUSY_SECONDS_MAX}s",
    "statement_timeout": f"{STATEMENT_SECONDS_MAX}s",
    "tcp_keepalives_idle": SILENCE_SECONDS_MAX // 2,
    "tcp_keepalives_interval": SILENCE_SECONDS_MAX // 6,
    "tcp_keepalives_count": 3,
}

# What SQLite's migrations made: rows of decisions can be added, never changed or deleted.
_ONLY_ADDED = (
    "CREATE FUNCTION decisions_are_only_added() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'decisions are only ever added'; END $$",
    "CREATE TRIGGER decision_no_change BEFORE UPDATE OR DELETE ON decision "
    "FOR EACH ROW EXECUTE FUNCTION decisions_are_only_added()",
)


class Lagging(Exception):
    """What is asked for has not come to this copy of the store yet."""


class PostgresServer(Database):
    """A database of a PostgreSQL server, named by a libpq address, which may list several hosts.

    Writers take turns as with SQLite, under a lock that ends with their transaction: what was read inside a
    write is still true when it commits.
    """

    is_shared = True

    def __init__(self, address: str, read_address: str = "") -> None:
        """The database at `address`, migrated when older; reads go on at `read_address` when it is gone.

        Raises StoreUnusable.
        """
        self.name = _shown(address)
        engine = _engine(address)
        readers = [engine, _engine(read_address)] if read_address else [engine]
        super().__init__([_reading_only(reader) for reader in readers], engine)
        event.listen(engine, "begin", _take_turn)
        self._engine = engine
        self._aside = engine.execution_options(isolation_level="READ COMMITTED")
        self.migrate()
        try:
            self.has_vectors = self._has_vectors()
        except BaseException:
            self.close()
            raise

    def found(self, query: Callable[[Connection], T]) -> T:
        """What `query` finds in one snapshot: that of this thread, else of the replica, else of the server.

        Where one is gone, breaks off or raises Lagging, the next is asked, at last the first again. Raises
        StoreUnusable, and Lagging when none has what is asked for.
        """
        if self._held is not None:
            return query(self._held)
        first, *others = self._in_reach(self._readers[::-1])
        for engine in (first, *others):
            begun = time.monotonic()
            try:
                with engine.begin() as connection:
                    return query(connection)
            except Lagging:
                continue
            except (DatabaseError, PoolTimeout):
                self._shun_slow(engine, begun)
        with self._failures_named(), first.begin() as connection:
            return query(connection)

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """Writes like `writing`, however long, without making others wait: for tables that they do not write to."""
        with self._failures_named(), self._aside.begin() as connection:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield connection

    @contextmanager
    def exclusive(self, name: str, wait_seconds: float) -> Iterator[None]:
        key = crc32(name.encode()) >> 1
        until = time.monotonic() + wait_seconds
        with self._failures_named(), self._engine.connect() as opened:
            connection = opened.execution_options(isolation_level="AUTOCOMMIT")
            while not connection.scalar(select(func.pg_try_advisory_lock(_LOCKS, key))):
                if time.monotonic() >= until:
                    raise StoreBusy(self.name)
                time.sleep(POLL_SECONDS)
            try:
                yield
            finally:
                _let_go(connection, key)

    def copy_to(self, path: Path) -> None:
        copy = SqliteFile(path)
        try:
            with self.reading() as source, copy.writing() as target:
                copy_rows(source, target)
            with copy.reading() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            copy.close()
        sync(path)

    def copy_from(self, path: Path) -> None:
        """Takes over every row of the SQLite file at `path`, all of them or none. Raises StoreError."""
        copy = SqliteFile(path)
        try:
            with copy.reading() as source, self.writing() as target:
                if any(target.execute(select(table).limit(1)).first() for table in metadata.sorted_tables):
                    raise StoreError(
                        f"Store '{self.name}' is not empty. Name an empty one in IMPACTQA_STORE."
                    )
                copy_rows(source, target)
                for table, column in _numbered():
                    target.execute(_counting_on(table, column))
        finally:
            copy.close()

    def faults(self, connection: Connection) -> Iterator[str]:
        return iter(())  # the server checks its pages itself, where it was made with data checksums

    def unusable(self, error: BaseException) -> StoreUnusable:
        reason = " ".join(str(error).split())
        if isinstance(error, psycopg.errors.DiskFull):
            return StoreFull(self.name, "is full", "Free some space on its server; nothing was half-stored.")
        if isinstance(error, psycopg.errors.LockNotAvailable):
            return StoreUnusable(self.name, "is being written to", "Try again in a moment.")
        if isinstance(error, PoolTimeout):
            fact = f"has been busy with {POOL_MAX} requests of this service for {POOL_SECONDS_MAX} seconds"
            return StoreUnusable(self.name, fact, "Try again in a moment, or ask less at once.")
        if any(sign in reason for sign in _NO_PLACE):
            remedy = "Raise max_connections of the server, or run fewer services."
            return StoreUnusable(self.name, "takes no more connections", remedy)
        if any(sign in reason for sign in _COMES_BACK):
            return StoreUnusable(self.name, "is starting or stopping", "Try again in a moment.")
        return StoreUnusable(
            self.name,
            f"cannot be used: {reason}",
            "Check that the server runs, and the address in IMPACTQA_STORE.",
        )

    def _has_vectors(self) -> bool:
        """True where pgvector is installed in the database, by somebody who may. Raises StoreUnusable."""
        with self.reading() as connection:
            if not connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'vector'")):
                return False
            connection.execute(
                text("SELECT '[1]'::vector")
            )  # loads it, which drops settings it does not know
            for name, expected in _SEARCHES.items():
                found = connection.scalar(text("SELECT current_setting(:name, true)"), {"name": name})
                if found != str(expected):
                    remedy = (
                        f"Update pgvector to 0.8 or later; where a pooler drops settings, ALTER ROLE … SET {name} = "
                        f"'{expected}'; or do without: DROP EXTENSION vector."
                    )
                    raise StoreUnusable(self.name, f"has {name} at {found!r}, not {expected!r}", remedy)
            return True

    def _create(self, connection: Connection) -> bool:
        """The migrations up to the sixth are SQLite's own: a new database begins with the newest tables."""
        metadata.create_all(connection)
        for statement in _ONLY_ADDED:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num text PRIMARY KEY)")
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
        return True


def driver_of(connection: Connection) -> psycopg.Connection[tuple[Any, ...]]:
    """The driver's own connection, for what SQLAlchemy does not pass on: COPY, and rows in binary."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def in_binary(connection: Connection, query: str, parameters: Mapping[str, object]) -> tuple[Any, ...]:
    """The one row that `query` finds, sent in binary: 600 kB take 5 ms instead of 14."""
    try:
        row = driver_of(connection).execute(query.encode(), parameters, binary=True).fetchone()
    except psycopg.Error as error:
        raise OperationalError(query, dict(parameters), error) from error
    assert row is not None
    return row


def _engine(address: str) -> Engine:
    """An engine over libpq's own reading of the address: several hosts, certificates, service files."""

    def connect() -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            address,
            connect_timeout=CONNECT_SECONDS_MAX,
            options=" ".join(f"-c {name}={value}" for name, value in (_SESSION | _SEARCHES).items()),
            keepalives_idle=SILENCE_SECONDS_MAX // 2,
            keepalives_interval=SILENCE_SECONDS_MAX // 6,
            keepalives_count=3,
            tcp_user_timeout=SILENCE_SECONDS_MAX * 1000,
            application_name="impactqa",
            prepare_threshold=None,  # a prepared statement's plan forgets what its parameters say
        )

    # Pinged before use: after a restart of the server the first question is answered too.
    return create_engine(
        "postgresql+psycopg://",
        creator=connect,
        pool_pre_ping=True,
        pool_size=POOL_MAX,
        max_overflow=0,
        pool_timeout=POOL_SECONDS_MAX,
    )


def _reading_only(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _take_turn(connection: Connection) -> None:
    """Waits for the other writers; what is read afterwards is what they left."""
    options = connection.get_execution_options()
    if "isolation_level" not in options:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCKS, _WRITER)))


def _let_go(connection: Connection, key: int) -> None:
    try:
        connection.execute(select(func.pg_advisory_unlock(_LOCKS, key)))
    except DatabaseError:  # the lock went with the connection
        connection.invalidate()


def _numbered() -> Iterator[tuple[Table, Column[int]]]:
    """The tables whose rows the server numbers, each with the column of the number."""
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None:
            yield table, table.autoincrement_column


def _counting_on(table: Table, column: Column[int]) -> Select[int]:
    """A query that makes the server number new rows after those that are there."""
    last = func.max(column)
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    return select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None)))


def _shown(address: str) -> str:
    """The address without its password and options."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error as error:
        raise StoreUnusable(
            "IMPACTQA_STORE",
            f"is no address: {' '.join(str(error).split())}",
            "Write postgresql://HOST/NAME.",
        ) from None
    ports = str(parts.get("port", "5432"))
    return f"postgresql://{parts.get('host', 'localhost')}:{ports}/{parts.get('dbname', '')}"
