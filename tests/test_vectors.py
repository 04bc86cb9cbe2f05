"""Vectors: exact search, restriction, and the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embedder import Matrix
from index.vectors import Vectors


@pytest.fixture
def matrix() -> Matrix:
    rows = np.random.default_rng(7).normal(size=(300, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_the_nearest_rows_are_those_of_a_full_scan(matrix: Matrix) -> None:
    expected = np.argsort(-(matrix @ matrix[5]))[:10]
    assert Vectors.build(matrix).nearest(matrix[5], 10).tolist() == expected.tolist()


def test_only_allowed_rows_are_found(matrix: Matrix) -> None:
    allowed = np.zeros(300, dtype=np.bool_)
    allowed[[2, 77, 299]] = True
    assert set(Vectors.build(matrix).nearest(matrix[5], 10, allowed).tolist()) == {2, 77, 299}


def test_no_more_rows_are_found_than_there_are(matrix: Matrix) -> None:
    vectors = Vectors.build(matrix[:3])
    assert len(vectors.nearest(matrix[0], 50)) == 3
    assert len(Vectors.build(matrix[:0]).nearest(matrix[0], 50)) == 0


def test_equal_vectors_have_exactly_equal_cosines(matrix: Matrix) -> None:
    vectors = Vectors.build(np.vstack([matrix, matrix[:7]]))
    cosines = vectors.cosines(matrix[9], np.arange(307))
    assert (cosines[:7] == cosines[300:]).all()
    assert cosines == pytest.approx(np.vstack([matrix, matrix[:7]]) @ matrix[9], abs=1e-6)


def test_saved_vectors_come_back_as_they_were(matrix: Matrix, tmp_path: Path) -> None:
    Vectors.build(matrix).save(tmp_path / "vectors.faiss")
    loaded = Vectors.load(tmp_path / "vectors.faiss")
    assert (loaded.count, loaded.dimension) == (300, 16)
    assert (loaded.take(np.arange(300)) == matrix).all()


def test_equal_vectors_give_equal_files(matrix: Matrix, tmp_path: Path) -> None:
    for name in ("one", "two"):
        Vectors.build(matrix).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
