"""What `impactqa bench` prints: every figure, and none of them twice; how large figures are is no test's matter."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from index.embedder import HashEmbedder
from service import cli
from service.evaluating.bench_tables import tables
from service.evaluating.growth import Grown, varied

TEXTS = [
    "Norvia Biotech was founded in 2011.",
    "Halden filed three patents.",
    "Barley yields rose by a third.",
]


def test_a_grown_corpus_begins_with_the_real_texts_and_has_no_text_twice() -> None:
    grown = Grown(TEXTS, HashEmbedder().encode(TEXTS), 500)
    assert grown.texts[:3] == TEXTS
    assert len(set(grown.texts)) == len(grown.texts) == 500
    assert np.linalg.norm(grown.vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_grown_corpus_is_the_same_each_time() -> None:
    one, other = (Grown(TEXTS, HashEmbedder().encode(TEXTS), 50) for _ in range(2))
    assert one.texts == other.texts
    assert (one.vectors == other.vectors).all()


def test_a_grown_text_lies_nearest_to_what_it_is_made_of() -> None:
    vectors = HashEmbedder().encode(TEXTS)
    grown = Grown(TEXTS, vectors, 10)
    assert ((grown.vectors[3:] @ vectors.T).max(axis=1) > 0.7).all()


def test_the_embedder_of_a_grown_corpus_knows_its_texts_and_encodes_others() -> None:
    grown = Grown(TEXTS, HashEmbedder().encode(TEXTS), 10)
    embedder = grown.embedder(HashEmbedder())
    assert (embedder.encode(grown.texts[4:6]) == grown.vectors[4:6]).all()
    assert (embedder.encode(["Who?"]) == HashEmbedder().encode(["Who?"])).all()


def test_a_smaller_corpus_than_the_real_one_is_cut_from_it() -> None:
    grown = Grown(TEXTS, HashEmbedder().encode(TEXTS), 2)
    assert (grown.texts, len(grown.vectors), len(grown.entries())) == (TEXTS[:2], 2, 2)


def test_no_question_is_asked_twice() -> None:
    fresh = varied(["Who was trained?", "How many jobs?"])
    asked = [next(fresh) for _ in range(50)]
    assert asked[:3] == ["Who was trained?", "How many jobs?", "Who was trained in 1900?"]
    assert len(set(asked)) == 50


def test_what_has_a_goal_is_shown_beside_it() -> None:
    *plain, (header, rows) = tables(
        {"encoding": {"question_ms": 3.0, "question_over_limit": 1.5}, "1000": {"exact_ms": 0.03}}
    )
    assert plain[0] == (("encoding", "value"), [("question_ms", "3.0")])
    assert header == ("compared", "ratio", "should be")
    assert rows == [("encoding a question : its multiplications alone", "1.500", "at most 2")]


@pytest.mark.slow
def test_the_bench_measures_everything_in_one_run(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MODEL", "hash"), ("DATA_DIR", str(data_dir))):
        monkeypatch.setenv(f"IMPACTQA_{name}", value)
    arguments = ["bench", "--ingest", "250", "--passages", "1000", "--rounds", "1", "--json"]
    result = CliRunner().invoke(cli.app, arguments)
    found = json.loads(result.stdout)
    assert set(found) == {"start", "ingest", "asking", "machine", "1000"}
    assert {"ask_p99_ms_32", "answers_per_s_8", "resident_mb"} <= set(found["asking"])
    assert {"listed_recall_at_10", "exact_over_limit", "search_p99_ms_32", "resident_mb"} <= set(
        found["1000"]
    )
