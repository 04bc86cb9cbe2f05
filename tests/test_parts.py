"""The opened parts: one index after the other, and what a first start makes good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.ingest import ingest
from corpus.store import Store
from service.answer import AskRequest, comparable
from service.knowledge.indexing import is_current, rebuild
from service.parts import Parts
from service.settings import Settings

LATE = "Orvane Robotics Ltd is a spin-out of Selmark University. Orvane Robotics employs 64 people."
QUESTION = AskRequest(question="How many people does Orvane Robotics employ?")


def hashed(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, model="hash")


def test_an_index_built_meanwhile_is_taken_up(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "late.txt").write_text(LATE)
    parts = Parts.open(hashed(data_dir))
    before, version = parts.answer_now(QUESTION), parts.index_version
    with Store.open(data_dir) as other:
        ingest([tmp_path / "late.txt"], other)
        rebuild(other, parts.embedder, data_dir / "index")
    after = parts.answer_now(QUESTION)
    assert before.status == "no_answer"
    assert "64" in after.answer
    assert after.index_version == parts.index_version != version
    parts.close()


def test_an_index_that_lags_behind_its_store_is_brought_up_at_the_next_start(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "late.txt").write_text(LATE)
    with Store.open(data_dir) as store:
        ingest([tmp_path / "late.txt"], store)
        assert not is_current(store, data_dir / "index")
    parts = Parts.open(hashed(data_dir))
    assert is_current(parts.store, data_dir / "index")
    assert "Building the index" in capsys.readouterr().err
    parts.close()


def test_an_empty_folder_gets_the_samples_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = Parts.open(hashed(tmp_path))
    said = capsys.readouterr().err
    assert len(parts.store.document_list()) >= 3
    assert "bundled samples" in said
    assert "was not read" not in said
    parts.close()


def test_a_folder_without_samples_stays_empty_and_says_that_it_knows_nothing(tmp_path: Path) -> None:
    parts = Parts.open(Settings(data_dir=tmp_path, model="hash", index_samples=False))
    assert parts.store.document_list() == []
    assert parts.answer_now(QUESTION).status == "no_answer"
    parts.close()


def test_questions_asked_at_the_same_time_get_the_answers_they_get_alone(parts: Parts) -> None:
    questions = ["Which SMEs spun off companies?", "How many jobs were created?", "Who was trained?"] * 4
    alone = [comparable(parts.assistant.ask(question)) for question in questions]
    with ThreadPoolExecutor(max_workers=4) as pool:
        together = [comparable(answer) for answer in pool.map(parts.assistant.ask, questions)]
    assert together == alone
