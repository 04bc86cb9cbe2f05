"""Measuring a search against what people judged relevant."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import Entry
from index.embedder import HashEmbedder
from index.evaluate import (
    Metrics,
    benchmark,
    evaluate_run,
    ndcg_at,
    read_collection,
    recall_at,
    reciprocal_rank_at,
)

GRADES = {"a": 2, "b": 1, "c": 1, "z": 0}


def test_recall_is_the_share_found_among_the_first() -> None:
    assert recall_at(["x", "a", "y", "b"], GRADES, 2) == pytest.approx(1 / 3)
    assert recall_at(["x", "a", "y", "b"], GRADES, 4) == pytest.approx(2 / 3)


def test_ndcg_is_the_discounted_gain_over_the_best_one() -> None:
    found = 1 / math.log2(2) + 2 / math.log2(4)
    best = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at(["b", "x", "a"], GRADES, 10) == pytest.approx(found / best)


def test_the_reciprocal_rank_is_that_of_the_first_relevant_entry() -> None:
    assert reciprocal_rank_at(["z", "x", "c", "a"], GRADES, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank_at(["z", "x", "c", "a"], GRADES, 2) == 0


@given(st.permutations(["a", "b", "c", "z", "x"]))
def test_no_order_beats_the_ideal_one(ranked: list[str]) -> None:
    assert 0 < ndcg_at(ranked, GRADES, 5) <= ndcg_at(["a", "b", "c"], GRADES, 5) == 1


def test_a_question_left_out_counts_as_nothing_found() -> None:
    qrels = {"q1": {"a": 1}, "q2": {"b": 1}, "unjudged": {"c": 0}}
    found = evaluate_run({"q1": ["a"]}, qrels, k=10)
    assert found == Metrics(questions=2, k=10, recall=0.5, ndcg=0.5, mrr=0.5)


def test_qrels_without_a_relevant_entry_are_refused() -> None:
    with pytest.raises(ValueError, match="Qrels name no relevant entry"):
        evaluate_run({}, {"q1": {"a": 0}})


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    corpus = [
        {"_id": "d1", "title": "Barley", "text": "Yields rose."},
        {"_id": "d2", "title": "", "text": "Patients recovered."},
    ]
    questions = [{"_id": "q1", "text": "barley yields"}, {"_id": "train", "text": "not judged here"}]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in corpus))
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in questions))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    return tmp_path


def test_a_beir_folder_is_read(beir: Path) -> None:
    collection = read_collection(beir)
    assert collection.entries[0] == Entry("d1", "passage", "d1", "Barley Yields rose.")
    assert collection.entries[1].text == "Patients recovered."
    assert (collection.questions, collection.qrels) == ({"q1": "barley yields"}, {"q1": {"d1": 1}})


def test_trec_files_and_gzip_are_read_too(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt") as file:
        file.write(json.dumps({"id": "7", "title": "Barley", "sentences": ["Yields rose. ", "Prices fell."]}))
    (tmp_path / "test_topics.tsv").write_text("1\tbarley yields\n")
    (tmp_path / "test_qrels.txt").write_text("1 0 7 1\n")
    collection = read_collection(tmp_path)
    assert collection.entries == [Entry("7", "passage", "7", "Barley Yields rose. Prices fell.")]
    assert (collection.questions, collection.qrels) == ({"1": "barley yields"}, {"1": {"7": 1}})


def test_a_folder_without_a_collection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="has no qrels/test.tsv or .*in BEIR form"):
        read_collection(tmp_path)


def test_a_benchmark_measures_every_way_of_ranking(beir: Path) -> None:
    found = benchmark(read_collection(beir), HashEmbedder())
    assert set(found) == {"lexical", "dense", "weighted", "reciprocal"}
    assert found["weighted"] == Metrics(questions=1, k=10, recall=1, ndcg=1, mrr=1)
