"""The same reports give the same answers, whatever order they came in and whatever was asked before."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import HashEmbedder
from service.answer import comparable
from service.knowledge.indexing import rebuild
from service.parts import Parts
from service.settings import Settings
from tests.reports import REPORTS
from tests.ventures import VENTURES, written

QUESTIONS = [
    "Which SMEs spun off companies?",
    "How many jobs were created?",
    "How many doctoral students were trained?",
    "What share of the funding went to SMEs?",
    "Who licensed the imaging software?",
    "Which companies are from Germany?",
    "What is a spin-off?",
    "Where is Wrenfield Optics based?",
    "Which project trained the most doctoral students?",
    "What did Halden University do?",
]


def answers(order: list[str], texts: Mapping[str, str], folder: Path, asked: list[str]) -> dict[str, Any]:
    """The answers by question, of a service that read the reports one by one in this order."""
    folder.mkdir()
    reports = written(texts, folder / "reports")
    with Store.open(folder / "data") as store:
        for name in order:
            assert [one.outcome for one in ingest([reports / name], store)] == ["added"]
            if name == order[0]:
                rebuild(store, HashEmbedder(), folder / "data" / "index")
        rebuild(store, HashEmbedder(), folder / "data" / "index")
        parts = Parts(Settings(data_dir=folder / "data", model="hash"), store, HashEmbedder())
        given = {question: comparable(parts.assistant.ask(question)) for question in asked}
    return {question: given[question] | {"index_version": ""} for question in sorted(given)}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_that_reports_and_questions_come_in_never_shows(seed: int, tmp_path: Path) -> None:
    texts = REPORTS | VENTURES
    expected = answers(sorted(texts), texts, tmp_path / "sorted", QUESTIONS)
    chance = random.Random(seed)
    order, asked = chance.sample(sorted(texts), len(texts)), chance.sample(QUESTIONS, len(QUESTIONS))
    given = answers(order, texts, tmp_path / "shuffled", asked)
    assert json.dumps(given) == json.dumps(expected)
