"""What judged questions add up to, worked out by hand."""

from __future__ import annotations

import pytest

from service.answer import Reason
from service.evaluating.evaluation import Judgement, judge
from service.evaluating.questions import Question
from service.evaluating.score_tables import as_json, calibration_rows, failure_lines, measure_rows, type_rows
from service.evaluating.scores import Scores, Share, percentile, scores
from tests.test_evaluation import answer

LISTED = Question(
    id="l",
    type="list",
    question="Which?",
    items=(("Tarnwood",), ("Quillon",), ("Brindle",)),
    evidence=("The programme counts 7 spin-offs in all.", "Quite another sentence of the report."),
)
UNANSWERABLE = Question(id="u", type="unanswerable", question="Who?", answerable=False)
FALSE = Question(id="f", type="falsepremise", question="Why?", answerable=False)


def judged(
    question: Question, *labels: str, text: str = "", sure: float = 0.9, reason: Reason | None = None
) -> Judgement:
    given = answer(text, *labels).model_copy(
        update={"confidence": sure if text else None, "reason": None if text else reason}
    )
    return Judgement(question, given, tuple(judge(question, given)), latency_ms=len(labels))


@pytest.fixture(scope="module")
def run() -> Scores:
    return scores(
        [
            judged(LISTED, "Tarnwood Ltd", "Quillon", "Orvane", text="Two [1]"),
            judged(LISTED, "Tarnwood", "Quillon", "Brindle", text="Three [1]", sure=0.95),
            judged(LISTED, reason="attribute_missing"),
            judged(UNANSWERABLE, reason="unknown_entity"),
            judged(FALSE, reason="off_topic"),
            judged(FALSE, text="Because [1]", sure=0.55),
        ]
    )


def test_lists_are_measured_over_items_and_over_questions(run: Scores) -> None:
    assert (run.lists.recall, run.lists.precision) == (Share(5, 9), Share(5, 6))
    assert run.lists.recall_macro == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert run.lists.precision_macro == pytest.approx((2 / 3 + 1) / 2)


def test_citations_are_measured_over_answered_questions(run: Scores) -> None:
    assert (run.citations.recall, run.citations.precision) == (Share(2, 4), Share(2, 2))


def test_abstention_is_measured_in_both_directions(run: Scores) -> None:
    assert (run.abstention.precision, run.abstention.recall) == (Share(2, 3), Share(2, 3))
    assert run.abstention.answerable_refused == Share(1, 3)
    assert run.abstention.unanswerable_answered == Share(1, 3)
    assert run.abstention.reason_agreed == Share(1, 2)


def test_confidence_is_held_against_right_answers(run: Scores) -> None:
    filled = [(bin.low, bin.right) for bin in run.calibration if bin.right.of]
    assert filled == [(0.5, Share(0, 1)), (0.9, Share(1, 2))]
    assert run.calibration_error == pytest.approx((0.55 * 1 + abs(0.925 * 2 - 1)) / 3)


def test_what_nothing_was_asked_about_has_no_value() -> None:
    run = scores([judged(UNANSWERABLE, reason="off_topic")])
    assert run.lists.recall.value is None
    assert run.calibration_error is None
    assert ("list items: recall, micro", "-") in measure_rows({"one": run})


def test_two_runs_stand_side_by_side(run: Scores) -> None:
    assert type_rows({"one": run, "two": run})[-1] == ("all", "0.500  (3 of 6)", "0.500  (3 of 6)")
    assert calibration_rows(run) == [("0.5-0.6", "1", "0.550", "0.000"), ("0.9-1.0", "2", "0.925", "0.500")]


def test_failures_say_why_and_json_holds_everything(run: Scores) -> None:
    wrong = judged(FALSE, text="Because [1]")
    assert "answered, though nothing supports it" in list(failure_lines([wrong]))[1]
    found = as_json(run, [wrong])
    assert found["lists"]["recall"] == {"hits": 5, "of": 9, "value": 5 / 9}
    assert found["failed"][0]["reasons_expected"] == ("unsupported_premise",)


def test_a_percentile_is_a_value_that_occurred() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 95) == 4.0


def test_no_judgements_have_no_scores() -> None:
    with pytest.raises(ValueError, match="Nothing was asked"):
        scores([])
