"""How good the answers are with the real model: over the samples, and over a real report where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedder import SentenceTransformerEmbedder
from service.ask import Assistant
from service.evaluating.evaluation import Judgement, evaluate, misquotations, passed
from service.evaluating.questions import read_questions
from service.evidence import Draft
from service.parts import Parts
from service.plan import plan
from service.understanding.understand import understand
from service.writing.cite import checked
from service.writing.grounding import ungrounded
from tests.ventures import parts_over

# Of the 40 questions over the samples 23 passed when this was written. Two may be lost to a change that wins
# more elsewhere; raise the number whenever the score rises.
SAMPLES_PASSED_MIN = 21
SAMPLE_QUESTIONS = Path(__file__).parent / "data" / "sample_questions.jsonl"

# Of the 50 questions over the real report, which lies beside the project where it is developed.
REAL_PASSED_MIN = 42
SHARED = Path(__file__).parent.parent / "../shared"
REAL_REPORT = SHARED / "seeds" / "imi_added_value.txt"
REAL_QUESTIONS = SHARED / "eval" / "imi_dev.jsonl"


@pytest.fixture(scope="module")
def report(samples: Parts) -> list[Judgement]:
    return evaluate(samples.assistant.ask, samples.store, read_questions(SAMPLE_QUESTIONS))


def test_the_samples_are_answered_as_well_as_before(report: list[Judgement]) -> None:
    assert len(report) == 40
    assert passed(report) >= SAMPLES_PASSED_MIN, failures(report)


def test_nothing_is_answered_without_support(report: list[Judgement]) -> None:
    unfounded = [
        judgement.question.question
        for judgement in report
        if not judgement.question.answerable and judgement.answer.status == "answered"
    ]
    assert unfounded == []


def test_every_citation_of_every_answer_stands(samples: Parts, report: list[Judgement]) -> None:
    answers = [judgement.answer for judgement in report]
    assert [fault for answer in answers for fault in misquotations(samples.store, answer)] == []
    assert all(answer.citations for answer in answers if answer.status == "answered")


def test_every_number_and_name_of_every_answer_stands_in_what_it_cites(
    report: list[Judgement],
) -> None:
    answers = [judgement.answer for judgement in report if judgement.answered]
    assert len(answers) >= 20
    assert [fault for answer in answers for fault in ungrounded(answer)[1]] == []


def test_every_draft_passes_the_last_gate_whole(samples: Parts, report: list[Judgement]) -> None:
    for judgement in report:
        draft = drafted(judgement.answer.standalone_question, samples.assistant)
        if draft is not None:
            left = checked(draft, samples.assistant.knowledge, judgement.answer.standalone_question)
            assert left is not None
            assert [line.text for line in left.lines] == [line.text for line in draft.lines]
            assert [member.label for member in left.members] == [member.label for member in draft.members]


@pytest.mark.slow
@pytest.mark.skipif(
    not (REAL_REPORT.is_file() and REAL_QUESTIONS.is_file()),
    reason=f"{REAL_REPORT.name} and {REAL_QUESTIONS.name} are not in a folder 'shared' beside the project",
)
def test_a_real_report_is_answered_well(minilm: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    with parts_over(REAL_REPORT, tmp_path, minilm) as parts:
        report = evaluate(parts.assistant.ask, parts.store, read_questions(REAL_QUESTIONS))
    assert passed(report) >= REAL_PASSED_MIN, failures(report)
    assert [
        fault for judgement in report for fault in ungrounded(judgement.answer)[1] if judgement.answered
    ] == []


def drafted(question: str, assistant: Assistant) -> Draft | None:
    """The draft of an answer before it is checked; None for a refusal."""
    found = plan(
        understand(question, assistant.knowledge), assistant.knowledge, assistant.retriever, limit=100
    )
    return found if isinstance(found, Draft) else None


def failures(report: list[Judgement]) -> str:
    """One line for each question that failed."""
    return "\n".join(_line(judgement) for judgement in report if judgement.faults)


def _line(judgement: Judgement) -> str:
    return f"{judgement.question.id}: {judgement.question.question} {'; '.join(judgement.faults)}"
