"""Vectors: exact search, search by a short list, restriction, and the files."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from index.embedder import Matrix, SentenceTransformerEmbedder
from index.vectors import CODES, VECTORS, Vectors

EXACT, LISTED = 10_000, 0  # `exact_max` with which 300 vectors are searched in the one way or the other


@pytest.fixture
def matrix() -> Matrix:
    rows = np.random.default_rng(7).normal(size=(300, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(params=[EXACT, LISTED], ids=["exact", "listed"])
def exact_max(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


def test_the_nearest_rows_are_those_of_a_full_scan(matrix: Matrix, exact_max: int) -> None:
    expected = np.argsort(-(matrix @ matrix[5]))[:10]
    vectors = Vectors.build(matrix, exact_max)
    assert vectors.is_exact is (exact_max == EXACT)
    assert vectors.nearest(matrix[5], 10).tolist() == expected.tolist()


def test_only_allowed_rows_are_found(matrix: Matrix, exact_max: int) -> None:
    allowed = np.zeros(300, dtype=np.bool_)
    allowed[[2, 77, 299]] = True
    found = Vectors.build(matrix, exact_max).nearest(matrix[5], 10, allowed)
    assert set(found.tolist()) == {2, 77, 299}


def test_no_more_rows_are_found_than_there_are(matrix: Matrix, exact_max: int) -> None:
    vectors = Vectors.build(matrix[:3], exact_max)
    assert len(vectors.nearest(matrix[0], 50)) == 3
    assert len(Vectors.build(matrix[:0], exact_max).nearest(matrix[0], 50)) == 0


def test_equal_vectors_have_exactly_equal_cosines(matrix: Matrix, exact_max: int) -> None:
    vectors = Vectors.build(np.vstack([matrix, matrix[:7]]), exact_max)
    cosines = vectors.cosines(matrix[9], np.arange(307))
    assert (cosines[:7] == cosines[300:]).all()
    assert cosines == pytest.approx(np.vstack([matrix, matrix[:7]]) @ matrix[9], abs=1e-6)


def test_saved_vectors_come_back_as_they_were(matrix: Matrix, exact_max: int, tmp_path: Path) -> None:
    built = Vectors.build(matrix, exact_max)
    built.save(tmp_path)
    loaded = Vectors.load(tmp_path)
    assert (loaded.count, loaded.dimension, loaded.files) == (300, 16, built.files)
    assert (loaded.take(np.arange(300)) == matrix).all()
    assert loaded.nearest(matrix[5], 20).tolist() == built.nearest(matrix[5], 20).tolist()


def test_equal_vectors_give_equal_files(matrix: Matrix, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Vectors.build(matrix, LISTED).save(tmp_path / name)
    for file in (VECTORS, CODES):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_vectors_are_read_where_they_lie_and_outlive_the_removal_of_their_file(
    matrix: Matrix, tmp_path: Path
) -> None:
    Vectors.build(matrix).save(tmp_path)
    loaded = Vectors.load(tmp_path)
    assert str(tmp_path / VECTORS) in Path("/proc/self/maps").read_text() or not Path("/proc").exists()
    (tmp_path / VECTORS).unlink()
    assert (loaded.take(np.arange(300)) == matrix).all()


# FAISS gives a wrong id after remove_ids where an IndexIDMap2 stands over an inverted file: rows are never removed.
def test_a_vector_left_out_changes_no_other_answer(matrix: Matrix, exact_max: int) -> None:
    before = Vectors.build(matrix, exact_max).nearest(matrix[5], 20)
    kept = np.delete(np.arange(300), before[1])
    after = Vectors.build(matrix[kept], exact_max).nearest(matrix[5], 19)
    assert kept[after].tolist() == np.delete(before, 1).tolist()


def test_a_search_takes_one_thread(matrix: Matrix) -> None:
    Vectors.build(matrix).nearest(matrix[5], 10)
    assert faiss.omp_get_max_threads() == 1


@pytest.fixture(scope="module")
def text_vectors() -> Matrix:
    """Vectors of 4 000 sentences that differ in what they say."""
    makers, things = (
        ("Norvia", "Osterlund", "Ferrow", "Halden", "Marlow"),
        ("biosensor", "vaccine", "catheter"),
    )
    deeds = ("licensed", "patented", "sold", "tested", "gave up", "bought", "improved", "exported")
    places = ("Oslo", "Leeds", "Porto", "Gdansk", "Turin", "Ghent", "Malmo", "Bergen", "Graz", "Cork")
    years = range(2000, 2010)
    texts = [
        f"{maker} {deed} a {thing} in {place} in {year}."
        for maker in makers
        for deed in deeds
        for thing in things
        for place in places
        for year in years
    ]
    rng = np.random.default_rng(11)
    return SentenceTransformerEmbedder().encode(rng.permutation(texts)[:4_000].tolist())


@pytest.mark.slow
def test_the_short_list_finds_what_an_exact_search_finds(text_vectors: Matrix) -> None:
    exact, listed = (Vectors.build(text_vectors, exact_max) for exact_max in (len(text_vectors), LISTED))
    embedder = SentenceTransformerEmbedder()
    questions = [
        f"Who {deed} a {thing}?" for deed in ("sold", "bought") for thing in ("vaccine", "biosensor")
    ]
    shares = []
    for question in [*questions, "What happened in Porto in 2004?", "What did Halden export?"]:
        vector = embedder.encode_question(question)
        expected = set(exact.nearest(vector, 10).tolist())
        shares.append(len(expected & set(listed.nearest(vector, 200).tolist()[:10])) / 10)
    assert np.mean(shares) >= 0.98
