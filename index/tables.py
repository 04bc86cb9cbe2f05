"""An index as tables of a PostgreSQL server: vectors in pgvector, words as postings, for all services at once.

A row is of the generations from `born` on, up to and without `gone`. A build adds and ends only what differs from
the generation before, in one transaction, so that readers of that one go on as if nothing happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from corpus.database import Database, StoreBusy
from corpus.embeddings import Embeddings
from corpus.postgresql import PostgresServer
from index import lexical
from index.build import (
    NO_VECTOR,
    Entry,
    Progress,
    Row,
    in_order,
    manifest_of,
    matrix_of,
    text_sha256,
    texts_embedded,
)
from index.embedder import Embedder
from index.manifest import (
    FORMAT_VERSION,
    BrokenIndexError,
    BusyIndexError,
    Manifest,
    MissingIndexError,
    StaleIndexError,
    require,
    require_corpus,
)
from index.ranking import Ranking
from index.retriever import Generation, Retriever
from index.table_build import FOREVER, VERSIONED, Kept, NextGeneration
from index.table_search import EXACT_VECTORS_MAX, At, TableVectors, TableWords

BUILDER = "index"  # the lock of the server under which one process builds
KEPT_MINUTES = 10  # of a generation that was superseded: a service may still be loading what replaces it

_TABLES = (
    "CREATE TABLE IF NOT EXISTS index_generation (number integer PRIMARY KEY, manifest text NOT NULL, "
    "words bigint NOT NULL, superseded_at timestamptz)",
    "CREATE TABLE IF NOT EXISTS index_entry (number bigint PRIMARY KEY, id text COLLATE \"C\" NOT NULL, "
    "kind text NOT NULL, document_id text NOT NULL, sha256 text NOT NULL, vector bigint, length integer NOT NULL, "
    "born integer NOT NULL, gone integer NOT NULL)",
    "CREATE TABLE IF NOT EXISTS index_vector (number bigint PRIMARY KEY, text_sha256 text NOT NULL, "
    "vector vector NOT NULL, born integer NOT NULL, gone integer NOT NULL)",
    "CREATE TABLE IF NOT EXISTS index_posting (term text COLLATE \"C\" NOT NULL, entry bigint NOT NULL, "
    "frequency integer NOT NULL, length integer NOT NULL, born integer NOT NULL, gone integer NOT NULL, "
    "PRIMARY KEY (term, entry))",
    "CREATE INDEX IF NOT EXISTS index_posting_entry ON index_posting (entry)",
)  # fmt: skip


class IndexTables:
    """The index beside a store on a server that has pgvector."""

    def __init__(self, database: PostgresServer) -> None:
        self.name = database.name
        self._database = database

    @classmethod
    def of(cls, database: Database) -> Self:
        """The index beside this database, which has to be a server's."""
        assert isinstance(database, PostgresServer)
        return cls(database)

    def build(
        self,
        entries: Sequence[Entry],
        embedder: Embedder,
        fingerprint: str,
        progress: Progress | None = None,
        embeddings: Embeddings | None = None,
        keeps_unused: bool = False,
    ) -> Manifest:
        ordered = in_order(entries)
        with self._sole_builder():
            kept = self._made_ready(embedder, fingerprint)
            digests = {text: text_sha256(text) for text in texts_embedded(ordered)}
            new = [text for text, digest in digests.items() if digest not in (kept.vectors or ())]
            matrix = matrix_of(new, embedder, embeddings, progress)
            with self._database.aside() as connection:
                build = NextGeneration(connection, kept)
                build.put_vectors([digests[text] for text in new], matrix, set(digests.values()))
                rows, words = build.put_entries(ordered, digests)
                manifest = manifest_of(rows, embedder, fingerprint, {})
                build.analyse(len(rows))
                if len(digests) > EXACT_VECTORS_MAX:
                    _make_graph(connection, embedder.dimension)
                build.swap_in(manifest, words)
            with self._database.aside() as connection:
                _collect(connection)
            if embeddings is not None and not keeps_unused:
                embeddings.keep_only(set(digests.values()))
        return manifest

    def manifest(self) -> Manifest:
        with self._database.reading() as connection:
            return _in_use(connection, self.name)[1]

    def rows(self) -> list[Row]:
        """The rows of the generation in use, in order of their ids. Raises BrokenIndexError without their words."""
        with self._database.reading() as connection:
            number, _, words = _in_use(connection, self.name)
            query = "SELECT coalesce(sum(frequency), 0) FROM index_posting WHERE born <= %s AND gone > %s"
            if connection.exec_driver_sql(query, (number, number)).scalar_one() != words:
                raise BrokenIndexError(self.name, "is damaged: words of its entries are missing")
            return _rows(connection, number)[0]

    def open(
        self, embedder: Embedder, fingerprint: str | None = None, ranking: Ranking = "weighted"
    ) -> Retriever:
        def read(connection: Connection) -> Generation:
            number, manifest, words = _in_use(connection, self.name)
            require(self.name, manifest, lexical.TOKENISER, embedder.name, embedder.dimension)
            if fingerprint is not None:
                require_corpus(self.name, manifest, fingerprint)
            rows, entries, vectors = _rows(connection, number)
            at = At(self._database, number)
            return Generation(
                manifest,
                manifest.version,
                self.name,
                rows,
                TableVectors(at, vectors, manifest.dimension),
                TableWords(at, entries, words),
                lambda: self._newest() <= number,
            )

        return Retriever(self._database.found(read), embedder, ranking)

    def _newest(self) -> int:
        """The number of the generation in use, as far as the asked copy knows; 0 without one."""
        found = "SELECT coalesce(max(number), 0) FROM index_generation"
        return self._database.found(lambda connection: int(connection.exec_driver_sql(found).scalar_one()))

    @contextmanager
    def _sole_builder(self) -> Iterator[None]:
        try:
            with self._database.exclusive(BUILDER, wait_seconds=0):
                yield
        except StoreBusy:
            raise BusyIndexError(
                self.name, "is being built by another process", "Try again when that one has finished."
            ) from None

    def _made_ready(self, embedder: Embedder, fingerprint: str) -> Kept:
        """What a build may keep; there are tables to put the rest into.

        Who builds again what has not changed has a reason: then nothing is kept.
        """
        with self._database.aside() as connection:
            for statement in _TABLES:
                connection.exec_driver_sql(statement)
            number = connection.exec_driver_sql(
                "SELECT coalesce(max(number), 0) FROM index_generation"
            ).scalar_one()
            _take_back(connection, number)
            try:
                manifest = _in_use(connection, self.name)[1]
                require(self.name, manifest, lexical.TOKENISER, embedder.name, embedder.dimension)
            except (MissingIndexError, StaleIndexError):
                # Vectors of several dimensions fit into no graph; searching without it takes longer, no more.
                connection.exec_driver_sql("DROP INDEX IF EXISTS index_vector_graph")
                return Kept(number)
            if manifest.fingerprint == fingerprint:
                return Kept(number)
            return Kept(number, _entries_kept(connection, number), _vectors_kept(connection, number))


def _in_use(connection: Connection, name: Path | str) -> tuple[int, Manifest, int]:
    """The generation in use: its number, its manifest and how many words it has. Raises SearchIndexError."""
    there = connection.exec_driver_sql("SELECT to_regclass('index_generation')").scalar()
    query = "SELECT number, manifest, words FROM index_generation ORDER BY number DESC LIMIT 1"
    found = connection.exec_driver_sql(query).first() if there else None
    if found is None:
        raise MissingIndexError(name, "has no index", "Build it with: impactqa index")
    number, stored, words = found
    manifest = Manifest.model_validate_json(stored)
    if manifest.format_version != FORMAT_VERSION:
        fact = f"has an index of format {manifest.format_version}, the service reads format {FORMAT_VERSION}"
        raise StaleIndexError(name, fact)
    return int(number), manifest, int(words)


def _rows(connection: Connection, generation: int) -> tuple[list[Row], NDArray[np.int64], NDArray[np.int64]]:
    """The rows of a generation in order of their ids, with the numbers of their entries; those of its vectors."""
    alive = "WHERE born <= %s AND %s < gone"
    at = (generation, generation)
    numbers = connection.exec_driver_sql(f"SELECT number FROM index_vector {alive} ORDER BY number", at)
    vectors = np.array(numbers.scalars().all(), dtype=np.int64)
    place = dict(zip(vectors.tolist(), range(len(vectors)), strict=True))
    columns = "number, id, kind, document_id, vector"
    stored = connection.exec_driver_sql(f"SELECT {columns} FROM index_entry {alive} ORDER BY id", at).all()
    rows = [
        Row(id, kind, document_id, NO_VECTOR if vector is None else place[vector])
        for _, id, kind, document_id, vector in stored
    ]
    return rows, np.array([row.number for row in stored], dtype=np.int64), vectors


def _entries_kept(
    connection: Connection, generation: int
) -> dict[tuple[str, str], tuple[int, int | None, int]]:
    query = "SELECT id, sha256, number, vector, length FROM index_entry WHERE born <= %s AND gone > %s"
    found = connection.exec_driver_sql(query, (generation, generation))
    return {(row.id, row.sha256): (row.number, row.vector, row.length) for row in found}


def _vectors_kept(connection: Connection, generation: int) -> dict[str, int]:
    query = "SELECT text_sha256, number FROM index_vector WHERE born <= %s AND gone > %s"
    return {
        row.text_sha256: row.number for row in connection.exec_driver_sql(query, (generation, generation))
    }


def _take_back(connection: Connection, generation: int) -> None:
    """Undoes what shards kept of a build that failed: they commit on their own, just before this server does."""
    if not connection.exec_driver_sql("SELECT count(*) FROM pg_foreign_table").scalar_one():
        return
    for table in VERSIONED:
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE born > %s", (generation,))
        connection.exec_driver_sql(
            f"UPDATE {table} SET gone = %s WHERE gone > %s AND gone < %s", (FOREVER, generation, FOREVER)
        )


def _make_graph(connection: Connection, dimension: int) -> None:
    """Vectors are found through a graph from now on (HNSW); shards need theirs made on their own servers."""
    connection.exec_driver_sql(
        "CREATE INDEX IF NOT EXISTS index_vector_graph ON index_vector "
        f"USING hnsw ((vector::vector({dimension})) vector_ip_ops)"
    )


def _collect(connection: Connection) -> None:
    """Removes old generations, but the one before and those that services may still answer from."""
    connection.exec_driver_sql(
        "DELETE FROM index_generation WHERE superseded_at < now() - make_interval(mins => %s) "
        "AND number < (SELECT max(number) - 1 FROM index_generation)",
        (KEPT_MINUTES,),
    )
    oldest = connection.exec_driver_sql("SELECT min(number) FROM index_generation").scalar_one()
    for table in VERSIONED:
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE gone <= %s", (oldest,))
