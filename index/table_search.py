"""What searches one generation of an index that is in tables of a server: its vectors and its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from corpus.postgresql import Lagging, PostgresServer, in_binary
from index import lexical
from index.embedder import Matrix
from index.manifest import StaleIndexError
from index.ranking import Scores
from index.vectors import Mask, Rows

EXACT_VECTORS_MAX = 20_000  # compared one by one, in some 30 ms; a graph may miss some of them
LISTED_SHARE = 0.25  # of all vectors, up to which those that are allowed are looked up by their numbers
KEPT_VECTORS_MAX = 8192  # in memory, once they were fetched: 12 MB

# Every query finds nothing, instead of too little, on a copy where the generation has not arrived.
_AT = "SELECT (SELECT number FROM index_generation WHERE number = %(generation)s), ({query})"
_ALIVE = "born <= %(generation)s AND %(generation)s < gone"

# Adding 0 keeps the planner from the graph: it would, whatever is set, take it for what it is not asked for.
_EXACT = "(vector <#> %(vector)s::vector) + 0"
_BY_GRAPH = "vector::vector({dimension}) <#> %(vector)s::vector"
_LISTED = "number = ANY(%(numbers)s::bigint[])"
_MARKED = "CASE WHEN number <= %(last)s THEN get_bit(%(marks)s::bytea, number) = 1 ELSE false END"
_NEAREST = (
    "SELECT string_agg(int8send(number), '') FROM (SELECT number FROM index_vector "
    f"WHERE {_ALIVE} AND {{condition}} ORDER BY {{order}} LIMIT %(limit)s) AS near"
)
_TAKEN = f"SELECT string_agg(int8send(number) || vector_send(vector), '') FROM index_vector WHERE {_LISTED}"

# BM25 as `index.lexical` works it out, to the last bit: 64 bits for each posting, sums of 32 in order of the words.
_WORDS = f"""
SELECT string_agg(int8send(entry) || float4send(score), '') FROM (
    WITH asked AS (SELECT * FROM unnest(%(terms)s::text[], %(times)s::integer[]) AS asked (term, times)),
    found AS MATERIALIZED (
        SELECT term, entry, frequency::float8, length::float8 FROM index_posting
        WHERE term = ANY(%(terms)s::text[]) AND {_ALIVE}
    ),
    rare AS (
        SELECT term, ln(1 + (%(count)s::float8 - count(*)::float8 + 0.5::float8) / (count(*)::float8 + 0.5::float8))
            AS rarity
        FROM found GROUP BY term
    )
    SELECT entry, sum(times::float4 * (
        rarity * frequency * %(k1_more)s::float8
        / (frequency + %(k1)s::float8 * (%(b_less)s::float8 + %(b)s::float8 * (length / %(mean)s::float8)))
    )::float4 ORDER BY term COLLATE "C") AS score
    FROM found JOIN rare USING (term) JOIN asked USING (term) GROUP BY entry
) AS scored
"""
_NUMBER = np.dtype(">i8")
_SCORED = np.dtype([("entry", ">i8"), ("score", ">f4")])


class At(NamedTuple):
    """A generation of the index on a server."""

    database: PostgresServer
    number: int

    def packed(self, query: str, parameters: Mapping[str, object]) -> bytes:
        """The bytes that `query` finds in this generation. Raises StaleIndexError when it was collected."""

        def read(connection: Connection) -> bytes:
            asked = _AT.format(query=query)
            number, packed = in_binary(connection, asked, {"generation": self.number, **parameters})
            if number is None:
                raise Lagging
            return bytes(packed or b"")

        try:
            return self.database.found(read)
        except Lagging:
            raise StaleIndexError(
                self.database.name, f"no longer holds generation {self.number}", "Ask again in a moment."
            ) from None


class TableVectors:
    """The vectors of a generation, numbered from 0 in order of their numbers on the server."""

    def __init__(self, at: At, numbers: NDArray[np.int64], dimension: int) -> None:
        self._at = at
        self._numbers = numbers
        self.dimension = dimension
        self._kept: dict[int, Matrix] = {}

    @property
    def count(self) -> int:
        return len(self._numbers)

    def nearest(self, vector: Matrix, limit: int, allowed: Mask | None = None) -> Rows:
        """Up to `limit` rows with the largest inner product; only rows that `allowed` marks.

        All of them are compared while they are EXACT_VECTORS_MAX at most; above, a graph may miss some.
        """
        among = self.count if allowed is None else int(allowed.sum())
        if not among or limit < 1:
            return np.empty(0, dtype=np.int64)
        condition, parameters = self._condition(allowed, among)
        exact = among <= EXACT_VECTORS_MAX
        order = _EXACT if exact else _BY_GRAPH.format(dimension=self.dimension)
        query = _NEAREST.format(condition=condition, order=order)
        found = self._at.packed(query, {"vector": _written(vector), "limit": limit, **parameters})
        return np.searchsorted(self._numbers, np.frombuffer(found, dtype=_NUMBER).astype(np.int64))

    def cosines(self, vector: Matrix, rows: Rows) -> Matrix:
        """The inner product of `vector` with each of `rows`, summed as those in memory are: equal to the last bit."""
        return np.asarray(np.einsum("ij,j->i", self._taken(rows), vector.reshape(-1)), dtype=np.float32)

    def _condition(self, allowed: Mask | None, among: int) -> tuple[str, dict[str, object]]:
        if allowed is None:
            return "true", {}
        numbers = self._numbers[allowed]
        if among <= min(EXACT_VECTORS_MAX, LISTED_SHARE * self.count):
            return _LISTED, {"numbers": numbers.tolist()}
        marks = np.zeros(int(self._numbers[-1]) + 1, dtype=np.bool_)
        marks[numbers] = True
        packed = np.packbits(marks, bitorder="little").tobytes()
        return _MARKED, {"marks": packed, "last": int(self._numbers[-1])}

    def _taken(self, rows: Rows) -> Matrix:
        """The vectors of `rows`, shape (len(rows), dimension)."""
        asked = rows.tolist()
        kept = self._kept
        missing = sorted({row for row in asked if row not in kept})
        if missing:
            fetched = self._fetched(missing)
            self._kept = (kept if len(kept) + len(fetched) <= KEPT_VECTORS_MAX else {}) | fetched
            kept = kept | fetched
        taken = [kept[row] for row in asked]
        return np.array(taken, dtype=np.float32).reshape(len(taken), self.dimension)

    def _fetched(self, rows: list[int]) -> dict[int, Matrix]:
        packed = self._at.packed(_TAKEN, {"numbers": self._numbers[rows].tolist()})
        sent = np.dtype([("number", ">i8"), ("head", ">i4"), ("vector", ">f4", (self.dimension,))])
        found = np.frombuffer(packed, dtype=sent)
        places = np.searchsorted(self._numbers, found["number"].astype(np.int64))
        return dict(zip(places.tolist(), found["vector"].astype(np.float32), strict=True))


class TableWords:
    """The words of a generation; `entries` are the numbers of its rows on the server, in order of the rows."""

    def __init__(self, at: At, entries: NDArray[np.int64], words: int) -> None:
        self._at = at
        self._count = len(entries)
        self._order = np.argsort(entries)
        self._sorted = entries[self._order]
        self._mean = max(words / self._count, 1.0) if self._count else 1.0

    def scores(self, text: str) -> Scores:
        """The BM25 of every row for the words of `text`, shape (count,); 0 where no word occurs."""
        scores = np.zeros(self._count, dtype=np.float32)
        asked = Counter(lexical.tokens(text))
        if not asked:
            return scores
        parameters = {
            "terms": list(asked), "times": list(asked.values()), "count": self._count, "mean": self._mean,
            "k1": lexical.K1, "k1_more": lexical.K1 + 1, "b": lexical.B, "b_less": 1 - lexical.B,
        }  # fmt: skip
        found = np.frombuffer(self._at.packed(_WORDS, parameters), dtype=_SCORED)
        places = np.searchsorted(self._sorted, found["entry"].astype(np.int64))
        scores[self._order[places]] = found["score"]
        return scores


def _written(vector: Matrix) -> str:
    """The vector as pgvector reads it, every bit of it."""
    return "[" + ",".join(map(str, vector.reshape(-1).tolist())) + "]"
