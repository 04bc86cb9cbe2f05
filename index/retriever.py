"""The passages and facts that fit a question: one search over vectors and words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.build import ENTRIES, NO_VECTOR, VECTORS, Kind, Row, read_rows
from index.embedder import Embedder, Matrix
from index.lexical import TOKENISER, Bm25
from index.manifest import (
    BrokenIndexError,
    Manifest,
    MissingIndexError,
    current_generation,
    generation_version,
    read_manifest,
    require,
    require_corpus,
)
from index.ranking import Ranking, Scores, fuse
from index.vectors import Mask, Rows, Vectors

ENCODED_MAX = 64  # vectors of questions kept
POOL_MIN = 200  # candidates that vectors and words each put forward, however few hits are asked for


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found. `score` is the fused one; the others concern the question alone."""

    id: str
    kind: Kind
    document_id: str
    rank: int  # from 1
    score: float
    dense: float  # cosine with the text itself
    sought: float  # cosine with where passages that answer the text as a question lie
    lexical: float  # BM25
    lexical_share: float  # BM25 over the best BM25 among the entries searched


class Query(NamedTuple):
    """A text as both sides see it."""

    vector: Matrix
    sought: Matrix  # where passages that answer it lie
    lexical: Scores  # BM25 of every row, 0 where the row is not allowed
    shares: Scores  # the same over its maximum


class Retriever:
    """Searches one generation of an index, held in memory; safe to use from several threads."""

    def __init__(
        self,
        generation: Path,
        manifest: Manifest,
        embedder: Embedder,
        ranking: Ranking = "weighted",
    ) -> None:
        self.manifest = manifest
        self.version = generation_version(generation)
        self._folder = generation.parent.parent
        self._generation = generation
        self._embedder = embedder
        self._ranking: Ranking = ranking
        self._rows = read_rows(generation / ENTRIES)
        self._vectors = Vectors.load(generation / VECTORS)
        self._words = Bm25.load(generation, len(self._rows))
        self._vector_of = np.array([row.vector for row in self._rows], dtype=np.int64)
        self._rows_by_vector = np.argsort(self._vector_of, kind="stable")
        self._is_fact = np.array([row.kind == "fact" for row in self._rows], dtype=np.bool_)
        self._rows_of_document = _rows_of_document(self._rows)
        self._within: frozenset[str] | None = None  # the only documents that are searched
        self._encoded = lru_cache(maxsize=ENCODED_MAX)(self._encode)

    @classmethod
    def open(
        cls,
        folder: Path,
        embedder: Embedder,
        fingerprint: str | None = None,
        ranking: Ranking = "weighted",
    ) -> Retriever:
        """A retriever over the index in use, once its files, model, counts and corpus proved to be right.

        Raises MissingIndexError, BrokenIndexError or StaleIndexError; their messages say how to rebuild.
        `fingerprint` is that of the corpus, None where there is none to compare with.
        """
        generation = current_generation(folder)
        try:
            manifest = read_manifest(folder, generation)
            require(folder, manifest, TOKENISER, embedder.name, embedder.dimension)
            if fingerprint is not None:
                require_corpus(folder, manifest, fingerprint)
            retriever = cls(generation, manifest, embedder, ranking)
        except (BrokenIndexError, FileNotFoundError, RuntimeError):  # FAISS tells a missing file by the last
            if current_generation(folder) == generation:
                raise
            return cls.open(folder, embedder, fingerprint, ranking)  # it was replaced while being read
        retriever._require_counts()
        return retriever

    def within(self, document_ids: Iterable[str]) -> Retriever:
        """The same index, in which these documents alone are found, whatever is asked for."""
        part = copy(self)
        part._within = frozenset(document_ids)
        return part

    def passage_ids(self) -> frozenset[str]:
        """The ids of the passages that can be found."""
        return frozenset(row.id for row in self._rows if row.kind == "passage")

    def is_current(self) -> bool:
        """Whether this is still the generation in use; when not, open the index again."""
        try:
            return current_generation(self._folder) == self._generation
        except (MissingIndexError, BrokenIndexError):
            return True  # there is nothing better to open

    def encode(self, text: str) -> Matrix:
        """The vector of `text`, shape (dimension,); a question searched twice is encoded once."""
        return self._encoded(text)

    def _encode(self, text: str) -> Matrix:
        return self._embedder.encode([text]).reshape(-1)

    def search(
        self,
        text: str,
        limit: int = 50,
        kind: Kind | None = None,
        document_ids: Collection[str] | None = None,
        context: str | None = None,
        context_weight: float = 0.4,
        also: Collection[str] = (),
    ) -> list[Hit]:
        """Up to `limit` entries that fit `text`, best first, equal scores by id; none for a blank text.

        Those of the ids `also` come with them, however well they fit. `kind` and `document_ids` restrict what is
        searched. `context` is what was said before: its scores count `context_weight`, those of `text` the
        rest. Mixing scores instead of gluing the texts together raised nDCG@5 of follow-ups from .50 to .60.
        """
        allowed = self._allowed(kind, document_ids)
        if limit < 1 or not text.strip() or not allowed.any():
            return []
        query = self._query(text, allowed)
        before = self._query(context, allowed) if context and context.strip() else None
        wanted = np.array([self._row_of[id] for id in also if id in self._row_of], dtype=np.int64)
        wanted = wanted[allowed[wanted]]
        rows = self._candidates([query, before] if before else [query], allowed, max(POOL_MIN, 2 * limit))
        rows = np.union1d(rows, wanted)
        scores = self._scores(query, rows)
        if before:
            scores = (1 - context_weight) * scores + context_weight * self._scores(before, rows)
        best = np.argsort(-scores, kind="stable")
        best = np.concatenate([best[:limit], best[limit:][np.isin(rows[best[limit:]], wanted)]])
        return self._hits(query, rows[best], scores[best])

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {row.id: number for number, row in enumerate(self._rows)}

    def _allowed(self, kind: Kind | None, document_ids: Collection[str] | None) -> Mask:
        if self._within is not None:
            document_ids = self._within.intersection(self._within if document_ids is None else document_ids)
        allowed = np.ones(len(self._rows), dtype=np.bool_)
        if kind is not None:
            allowed = self._is_fact if kind == "fact" else ~self._is_fact
        if document_ids is not None:
            chosen = np.zeros(len(self._rows), dtype=np.bool_)
            for document_id in document_ids:
                chosen[self._rows_of_document.get(document_id, [])] = True
            allowed = allowed & chosen
        return allowed

    def _query(self, text: str, allowed: Mask) -> Query:
        lexical = np.where(allowed, self._words.scores(text), np.float32(0))
        best = lexical.max()
        sought = self._embedder.encode_question(text).reshape(-1)
        return Query(self.encode(text), sought, lexical, lexical / best if best > 0 else lexical)

    def _candidates(self, queries: list[Query], allowed: Mask, pool: int) -> Rows:
        """The rows nearest to each query and those with the best words, in order of their ids."""
        near = [self._nearest(self._placed(query), pool, allowed) for query in queries]
        worded = [_best(query.lexical, pool) for query in queries]
        return np.unique(np.concatenate(near + worded))

    def _nearest(self, vector: Matrix, limit: int, allowed: Mask) -> Rows:
        """The allowed rows that bear one of the `limit` nearest vectors; several rows may bear one."""
        borne = np.zeros(self._vectors.count, dtype=np.bool_)
        bearing = self._vector_of[allowed]
        borne[bearing[bearing != NO_VECTOR]] = True
        near = self._vectors.nearest(vector, limit, None if borne.all() else borne)
        ordered = self._vector_of[self._rows_by_vector]
        first, last = np.searchsorted(ordered, near, "left"), np.searchsorted(ordered, near, "right")
        spans = [self._rows_by_vector[start:end] for start, end in zip(first, last, strict=True)]
        rows = np.concatenate([np.empty(0, dtype=np.int64), *spans])
        return np.asarray(rows[allowed[rows]], dtype=np.int64)

    def _cosines(self, vector: Matrix, rows: Rows) -> Matrix:
        """The cosine of each row with `vector`; 0 for a row without a vector."""
        borne = self._vector_of[rows]
        cosines = np.zeros(len(rows), dtype=np.float32)
        bears = borne != NO_VECTOR
        cosines[bears] = self._vectors.cosines(vector, borne[bears])
        return cosines

    def _scores(self, query: Query, rows: Rows) -> Scores:
        return fuse(self._ranking, self._cosines(self._placed(query), rows), query.shares[rows])

    def _placed(self, query: Query) -> Matrix:
        """The vector that ranks: plain dense search knows no more than what the text itself says."""
        return query.vector if self._ranking == "dense" else query.sought

    def _hits(self, query: Query, rows: Rows, scores: Scores) -> list[Hit]:
        dense, sought = self._cosines(query.vector, rows), self._cosines(query.sought, rows)
        return [
            Hit(
                id=self._rows[row].id,
                kind=self._rows[row].kind,
                document_id=self._rows[row].document_id,
                rank=place + 1,
                score=float(scores[place]),
                dense=float(dense[place]),
                sought=float(sought[place]),
                lexical=float(query.lexical[row]),
                lexical_share=float(query.shares[row]),
            )
            for place, row in enumerate(rows)
        ]

    def _require_counts(self) -> None:
        same_rows = self.manifest.entries == len(self._rows)
        all_vectors = self._vector_of.max(initial=NO_VECTOR) + 1 == self._vectors.count
        if not same_rows or not all_vectors or self._vectors.dimension != self.manifest.dimension:
            raise BrokenIndexError(self._folder, "is damaged: its parts hold different numbers of entries")


def _rows_of_document(rows: list[Row]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        found.setdefault(row.document_id, []).append(number)
    return found


def _best(scores: Scores, limit: int) -> Rows:
    """The rows with the `limit` best scores above 0; all that tie with the last of them too."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > limit:
        least = np.partition(scores[rows], -limit)[-limit]
        rows = rows[scores[rows] >= least]
    return rows
