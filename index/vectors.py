"""Vectors in a flat FAISS index: exact inner products, row numbers as ids."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedder import Matrix

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

faiss.omp_set_num_threads(1)  # 20 000 vectors take under 1 ms; waiting threads only slow the encoder down


class Vectors:
    """Unit vectors in the order they were given; the first is row 0.

    Flat, hence exact: as fast as memory up to some 30 000 vectors of 384 dimensions.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, matrix: Matrix) -> Vectors:
        """Vectors that hold the rows of `matrix`, shape (count, dimension)."""
        index = faiss.IndexFlatIP(matrix.shape[1])
        index.add(np.ascontiguousarray(matrix, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> Vectors:
        """Vectors as `save` wrote them. FAISS has no checksum of its own: check the file's sha256 before."""
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """The file at `path` holds these vectors."""
        faiss.write_index(self._index, str(path))

    @property
    def count(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def nearest(self, vector: Matrix, limit: int, allowed: Mask | None = None) -> Rows:
        """Up to `limit` rows with the largest inner product, best first; only rows that `allowed` marks."""
        if not self.count or limit < 1:
            return np.empty(0, dtype=np.int64)
        _, rows = self._index.search(vector.reshape(1, -1), min(limit, self.count), params=_only(allowed))
        return np.asarray(rows[0][rows[0] >= 0], dtype=np.int64)

    def cosines(self, vector: Matrix, rows: Rows) -> Matrix:
        """The inner product of `vector` with each of `rows`; equal vectors give exactly equal values."""
        # einsum sums every row in the same order; BLAS treats rows at the edge of a block differently.
        return np.asarray(np.einsum("ij,j->i", self.take(rows), vector.reshape(-1)), dtype=np.float32)

    def take(self, rows: Rows) -> Matrix:
        """The vectors of `rows`, shape (len(rows), dimension)."""
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)


def _only(allowed: Mask | None) -> faiss.SearchParameters | None:
    if allowed is None:
        return None
    # The stubs of faiss know its C++ constructors, not the Python ones that wrap them.
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg,arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
