"""Vectors in FAISS: exact inner products while they are few, a short list by bit codes first when they are many."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedder import Matrix

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

VECTORS = "vectors.faiss"
CODES = "codes.faiss"  # only beside many vectors

# An exact scan of 50 000 vectors of 384 dimensions takes 3 ms, as long as encoding a question; of 100 000, 6 ms.
EXACT_MAX = 50_000

# Candidates that the codes put forward for each row asked for. On 110 questions over 100 000 passages 8 find
# all of the 10 nearest and 97.6 % of the 200 nearest in 1.7 ms; 4 miss 7 % of the 200, 16 take 2.8 ms.
SHORTLIST = 8

faiss.omp_set_num_threads(1)  # one search is too short to share out; waiting threads slow the encoder down


class Vectors:
    """Unit vectors in the order they were given; the first is row 0.

    The vectors themselves are never changed or removed one by one, so that a row is always what it was: an index
    of other vectors is another index. As read from a folder they are mapped, not loaded: processes share
    them, and of a million (1.5 GB) only what is looked at is in memory.

    Above `exact_max` there are codes too, one bit a dimension (RaBitQ: Gao and Long, 2024,
    https://doi.org/10.1145/3654970): they choose a short list, which is ranked by the vectors themselves. Unlike
    an inverted file or a graph they learn nothing from the passages, which questions do not lie among: over
    100 000 passages and real questions an inverted file finds 98 % of the 10 nearest only by
    reading 40 % of the vectors; docs/performance.md has the table.
    """

    def __init__(self, exact: faiss.Index, codes: faiss.Index | None = None) -> None:
        self._exact = exact
        self._codes = codes

    @classmethod
    def build(cls, matrix: Matrix, exact_max: int = EXACT_MAX) -> Vectors:
        """Vectors that hold the rows of `matrix`, shape (count, dimension)."""
        rows = np.ascontiguousarray(matrix, dtype=np.float32)
        exact = faiss.IndexFlatIP(rows.shape[1])
        exact.add(rows)
        return cls(exact, _coded(rows) if len(rows) > exact_max else None)

    @classmethod
    def load(cls, folder: Path) -> Vectors:
        """Vectors as `save` wrote them. FAISS has no checksum of its own: check the files' sha256 before."""
        exact = faiss.read_index(str(folder / VECTORS), faiss.IO_FLAG_MMAP_IFC)
        codes = folder / CODES
        return cls(exact, faiss.read_index(str(codes)) if codes.exists() else None)

    def save(self, folder: Path) -> None:
        """The folder holds the `files` of these vectors."""
        faiss.write_index(self._exact, str(folder / VECTORS))
        if self._codes is not None:
            faiss.write_index(self._codes, str(folder / CODES))

    @property
    def files(self) -> tuple[str, ...]:
        return (VECTORS,) if self.is_exact else (VECTORS, CODES)

    @property
    def is_exact(self) -> bool:
        """True when every search compares all vectors."""
        return self._codes is None

    @property
    def count(self) -> int:
        return int(self._exact.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._exact.d)

    def nearest(self, vector: Matrix, limit: int, allowed: Mask | None = None) -> Rows:
        """Up to `limit` rows with the largest inner product, best first; only rows that `allowed` marks.

        With `allowed` the search is exact: it compares the allowed rows only, which are mostly few.
        """
        if not self.count or limit < 1:
            return np.empty(0, dtype=np.int64)
        if self._codes is not None and allowed is None:
            listed = _found(self._codes, vector, min(SHORTLIST * limit, self.count))
            return listed[np.argsort(-self.cosines(vector, listed), kind="stable")[:limit]]
        return _found(self._exact, vector, min(limit, self.count), allowed)

    def cosines(self, vector: Matrix, rows: Rows) -> Matrix:
        """The inner product of `vector` with each of `rows`; equal vectors give exactly equal values."""
        # einsum sums every row in the same order; BLAS treats rows at the edge of a block differently.
        return np.asarray(np.einsum("ij,j->i", self.take(rows), vector.reshape(-1)), dtype=np.float32)

    def take(self, rows: Rows) -> Matrix:
        """The vectors of `rows`, shape (len(rows), dimension)."""
        return np.asarray(self._exact.reconstruct_batch(rows), dtype=np.float32)


def _coded(rows: Matrix) -> faiss.Index:
    """The codes of `rows`, made quickly (0.4 s for 100 000) and always the same."""
    codes = faiss.index_factory(rows.shape[1], "RaBitQfs", faiss.METRIC_INNER_PRODUCT)
    codes.train(rows)  # on their mean alone
    codes.add(rows)
    return codes


def _found(index: faiss.Index, vector: Matrix, limit: int, allowed: Mask | None = None) -> Rows:
    _, rows = index.search(vector.reshape(1, -1), limit, params=_only(allowed))
    return np.asarray(rows[0][rows[0] >= 0], dtype=np.int64)


def _only(allowed: Mask | None) -> faiss.SearchParameters | None:
    if allowed is None:
        return None
    # The stubs of faiss know its C++ constructors, not the Python ones that wrap them.
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg,arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
