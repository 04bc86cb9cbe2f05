"""The next generation of an index in tables, in one transaction: only what differs is added and ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import Connection

from corpus.postgresql import driver_of
from index import lexical
from index.build import NO_VECTOR, Entry, Row, text_borne, text_sha256
from index.embedder import Matrix
from index.manifest import Manifest

FOREVER = 2**31 - 1
ANALYSED_SHARE = 0.1  # of new entries, from which on the planner counts anew
VERSIONED = ("index_entry", "index_vector", "index_posting")  # tables whose rows are born and gone


class Kept(NamedTuple):
    """What the generation before holds and the next one may keep; without any, all of it ends."""

    number: int
    entries: dict[tuple[str, str], tuple[int, int | None, int]] | None = (
        None  # id, sha256 -> number, vector, length
    )
    vectors: dict[str, int] | None = None  # sha256 of the text -> number


class NextGeneration:
    """One transaction that makes the generation after `kept`."""

    def __init__(self, connection: Connection, kept: Kept) -> None:
        self._connection = connection
        self._number = kept.number + 1
        self._old_entries, self._old_vectors = kept.entries or {}, kept.vectors or {}
        if kept.entries is None:
            self._end_all()
        self._vectors = dict[str, int]()  # sha256 of a text -> the number of its vector
        self._new = 0

    def put_vectors(self, digests: Sequence[str], matrix: Matrix, borne: set[str]) -> None:
        """Adds the vectors of new texts and ends those of texts that are not borne any more."""
        first = self._next("index_vector")
        numbers = np.arange(first, first + len(digests))
        self._vectors = {digest: n for digest, n in self._old_vectors.items() if digest in borne}
        self._vectors |= dict(zip(digests, numbers.tolist(), strict=True))
        if len(digests):
            packed = _packed_vectors(numbers, digests, matrix, self._number)
            with _copying(self._connection, "index_vector", "FORMAT BINARY") as copy:
                copy.write(packed)
        gone = [number for digest, number in self._old_vectors.items() if digest not in borne]
        self._end("index_vector", "number", gone)

    def put_entries(self, ordered: Sequence[Entry], digests: dict[str, str]) -> tuple[list[Row], int]:
        """All rows of the generation and how many words they have; new ones are added, others ended."""
        rows, words, kept, new = list[Row](), 0, set[int](), list[tuple[int, Row, str, Counter[str]]]()
        following = self._next("index_entry")
        for entry in ordered:
            text = text_borne(entry)
            vector = None if text is None else self._vectors[digests[text]]
            row = Row(entry.id, entry.kind, entry.document_id, NO_VECTOR if vector is None else vector)
            sha256 = _sha256(entry)
            number, old_vector, length = self._old_entries.get((entry.id, sha256), (0, None, 0))
            if number and old_vector == vector:
                kept.add(number)
            else:
                counts = Counter(lexical.tokens(entry.text))
                length = counts.total()
                new.append((following, row, sha256, counts))
                following += 1
            rows.append(row)
            words += length
        self._add(new)
        gone = [number for number, _, _ in self._old_entries.values() if number not in kept]
        self._end("index_entry", "number", gone)
        self._end("index_posting", "entry", gone)
        return rows, words

    def analyse(self, count: int) -> None:
        if self._new > ANALYSED_SHARE * count:
            for table in VERSIONED:
                self._connection.exec_driver_sql(f"ANALYZE {table}")

    def swap_in(self, manifest: Manifest, words: int) -> None:
        """The generation is the one in use once this transaction is committed."""
        self._connection.exec_driver_sql(
            "UPDATE index_generation SET superseded_at = now() WHERE superseded_at IS NULL"
        )
        self._connection.exec_driver_sql(
            "INSERT INTO index_generation (number, manifest, words) VALUES (%s, %s, %s)",
            (self._number, manifest.to_bytes().decode(), words),
        )

    def _add(self, new: Sequence[tuple[int, Row, str, Counter[str]]]) -> None:
        self._new = len(new)
        if not new:
            return
        with _copying(self._connection, "index_entry") as copy:
            for number, row, sha256, counts in new:
                vector = None if row.vector == NO_VECTOR else row.vector
                of_row = (row.id, row.kind, row.document_id, sha256, vector)
                copy.write_row((number, *of_row, counts.total(), self._number, FOREVER))
        with _copying(self._connection, "index_posting") as copy:
            for number, _, _, counts in new:
                length = counts.total()
                for term, frequency in counts.items():
                    copy.write_row((term, number, frequency, length, self._number, FOREVER))

    def _next(self, table: str) -> int:
        query = f"SELECT coalesce(max(number), 0) + 1 FROM {table}"
        return int(self._connection.exec_driver_sql(query).scalar_one())

    def _end_all(self) -> None:
        for table in VERSIONED:
            self._connection.exec_driver_sql(
                f"UPDATE {table} SET gone = %s WHERE gone = %s", (self._number, FOREVER)
            )

    def _end(self, table: str, column: str, numbers: Sequence[int]) -> None:
        if numbers:
            self._connection.exec_driver_sql(
                f"UPDATE {table} SET gone = %s WHERE {column} = ANY(%s::bigint[])",
                (self._number, list(numbers)),
            )


def _packed_vectors(numbers: NDArray[np.int64], digests: Sequence[str], matrix: Matrix, born: int) -> bytes:
    """The rows of `index_vector` in the binary format of COPY: written as text they take ten times as long."""
    dimension = matrix.shape[1]
    size = 4 + 4 * dimension
    record = np.dtype(
        [("fields", ">i2"), ("n", ">i4"), ("number", ">i8"), ("s", ">i4"), ("sha256", "S64"), ("v", ">i4"),
         ("dimension", ">i2"), ("unused", ">i2"), ("vector", ">f4", (dimension,)), ("b", ">i4"), ("born", ">i4"),
         ("g", ">i4"), ("gone", ">i4")]
    )  # fmt: skip
    rows = np.zeros(len(numbers), dtype=record)
    constants = {"fields": 5, "n": 8, "s": 64, "v": size, "dimension": dimension, "b": 4, "g": 4}
    for name, value in (constants | {"born": born, "gone": FOREVER}).items():
        rows[name] = value
    rows["number"], rows["sha256"], rows["vector"] = numbers, digests, matrix
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"


@contextmanager
def _copying(connection: Connection, table: str, options: str = "FORMAT TEXT") -> Iterator[psycopg.Copy]:
    with (
        driver_of(connection).cursor() as cursor,
        cursor.copy(f"COPY {table} FROM STDIN ({options})".encode()) as copy,
    ):
        yield copy


def _sha256(entry: Entry) -> str:
    """Of all that the index holds of an entry but its id."""
    return text_sha256("\0".join(_told(entry)))


def _told(entry: Entry) -> Iterable[str]:
    yield from (entry.kind, entry.document_id, entry.text)
    yield "" if entry.embedded_text is None else f"={entry.embedded_text}"
