"""The support score is fitted on labelled candidates, and tried on documents that it has not seen."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import numpy as np
import pytest

from service.evaluating.fitting import Example, examples, fit, validated
from service.evaluating.questions import Question
from service.parts import Parts


def example(number: int, answerable: bool = True) -> Example:
    """Three candidates: the one that covers the question holds the answer, if any does."""
    noise = (number % 5) / 10
    rows = np.array([[0.9 - noise / 2, noise], [0.2, 0.3 + noise], [0.1 + noise / 3, 0.5]])
    if not answerable:
        rows[0, 0] = 0.2
    return Example(f"doc_{number % 4}", answerable, rows, np.array([1.0 if answerable else 0.0, 0.0, 0.0]))


EXAMPLES = [example(number, number % 3 != 0) for number in range(30)]


def test_the_feature_that_tells_gets_the_weight() -> None:
    fitted = fit(["coverage", "noise"], EXAMPLES)
    assert fitted.weights["coverage"] > 3 * abs(fitted.weights["noise"])
    assert fitted == fit(["coverage", "noise"], EXAMPLES)


def test_weights_are_written_in_the_form_that_is_read() -> None:
    written = tomllib.loads(fit(["coverage", "noise"], EXAMPLES).to_toml())
    shipped = tomllib.loads(files("service").joinpath("data/support.toml").read_text("utf-8"))
    assert written.keys() == shipped.keys()


def test_a_fit_is_tried_on_documents_left_out() -> None:
    tried = validated(["coverage", "noise"], EXAMPLES)
    assert (tried.questions, tried.documents) == (30, 4)
    assert tried.auc > 0.95
    assert tried.right > 0.9
    assert tried.rightly_refused > 0.9


def test_candidates_are_labelled_by_the_gold_sentences(parts: Parts) -> None:
    passage = next(p for p in parts.store.passages() if p.kind != "heading" and len(p.text.split()) > 8)
    asked = Question(id="q", type="who", question=passage.text, evidence=(passage.text,))
    names, [found] = examples(parts.assistant, [asked])
    assert found.holds.sum() >= 1
    assert found.rows.shape == (len(found.holds), len(names))


def test_questions_on_other_documents_are_refused(parts: Parts) -> None:
    asked = Question(id="q", type="who", question="Who?", evidence=("Nothing like it stands anywhere here.",))
    with pytest.raises(ValueError, match="Give questions on these documents"):
        examples(parts.assistant, [asked])
