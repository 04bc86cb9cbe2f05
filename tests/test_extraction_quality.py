"""Extraction is as good as before on real reports that were labelled by hand, where they are at hand."""

from __future__ import annotations

import json

import pytest

from tests.extraction_quality import LABELS, Scores, is_available, measure, summed, table

# (precision, recall) a little below what was measured: a change may lose as much where it wins elsewhere.
FLOORS = {
    "dev": {
        "type": (0.71, 0.70),
        "quantity": (0.90, 0.95),
        "relation": (0.84, 0.84),
        "organisation": (0.80, 0.77),
    },
    "test": {
        "type": (0.64, 0.68),
        "quantity": (0.91, 0.93),
        "relation": (0.60, 0.43),
        "organisation": (0.69, 0.63),
    },
}


def test_both_halves_hold_documents_and_no_sentences() -> None:
    labels = [json.loads(path.read_text("utf-8")) for path in LABELS.glob("*.json")]
    assert {"dev", "test"} == {label["half"] for label in labels}
    assert all(len(name) < 100 for label in labels for name, *_ in label["organisations"])


@pytest.fixture(scope="module", params=FLOORS)
def measured(request: pytest.FixtureRequest) -> tuple[str, Scores]:
    if not is_available():
        pytest.skip("the labelled reports are not in a folder 'shared' beside the project")
    return request.param, measure(request.param)


@pytest.mark.slow
@pytest.mark.parametrize("group", ["type", "quantity", "relation", "organisation"])
def test_precision_and_recall_do_not_fall(measured: tuple[str, Scores], group: str) -> None:
    half, scores = measured
    score, (precision, recall) = summed(scores, group), FLOORS[half][group]
    assert score.precision >= precision, table(scores, errors=True)
    assert score.recall >= recall, table(scores, errors=True)
