"""When and where: dates beside the deed that is asked about, seats as reports state them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedder import HashEmbedder
from service.ask import Assistant
from tests.ventures import parts_over, written


@pytest.mark.parametrize(
    ("question", "date"),
    [
        ("When was Wrenfield Optics founded?", "2009"),
        ("When did Corvane acquire Pellucid Optics?", "2018"),
        ("In which year was Pellucid Optics acquired?", "2018"),
    ],
)
def test_a_date_is_that_of_the_deed(ventures: Assistant, question: str, date: str) -> None:
    answer = ventures.ask(question)
    assert [value.value for value in answer.values] == [date]
    assert date in answer.citations[0].quote


def test_a_date_of_another_deed_is_no_answer(ventures: Assistant) -> None:
    answer = ventures.ask("When was Pellucid Optics closed?")
    assert answer.status == "no_answer"


def test_different_dates_are_both_shown(tmp_path: Path) -> None:
    texts = {"a.md": "Norvia Biotech was founded in 2004.", "b.md": "Norvia Biotech was founded in 2005."}
    with parts_over(written(texts, tmp_path / "reports"), tmp_path / "data", HashEmbedder()) as parts:
        answer = parts.assistant.ask("When was Norvia Biotech founded?")
    assert [value.value for value in answer.conflicts[0].values] == ["2004", "2005"]
    assert "different dates" in answer.coverage.note


def test_a_seat_is_given_as_stated(ventures: Assistant) -> None:
    answer = ventures.ask("Where is Tarnwood Cells based?")
    assert [value.value for value in answer.values] == ["Lyon"]
    assert "from Lyon, France" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question", ["Where is Corvane based?", "Where did Tarnwood Cells train its students?"]
)
def test_a_place_that_is_not_stated_is_not_guessed(ventures: Assistant, question: str) -> None:
    assert ventures.ask(question).reason == "attribute_missing"
