"""How good the answers are with the real model: over the bundled samples, and over a real report where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedder import SentenceTransformerEmbedder
from service.answer import Answer
from service.cite import bears
from service.evaluation import Report, evaluate, read_questions
from service.evidence import Line, Quote
from service.parts import Parts
from tests.ventures import parts_over

ROOT = Path(__file__).parent.parent
SAMPLE_QUESTIONS = Path(__file__).parent / "data" / "sample_questions.jsonl"
REAL_REPORT = ROOT / "../shared/seeds/imi_added_value.txt"
REAL_QUESTIONS = ROOT / "../shared/eval/imi_dev.jsonl"
REAL_PASSED_MIN = 42

needs_the_real_report = pytest.mark.skipif(
    not (REAL_REPORT.is_file() and REAL_QUESTIONS.is_file()),
    reason="the real report and its questions are not beside the project, in ../shared",
)


@pytest.fixture(scope="module")
def report(samples: Parts) -> Report:
    return evaluate(samples.assistant, samples.store, read_questions(SAMPLE_QUESTIONS))
