"""Figures: the one that counts what is asked, of whom it is asked, with its hedge; never one near by."""

from __future__ import annotations

import pytest

from service.ask import Assistant
from service.figures.figure_answers import fitting_figures
from service.understanding.understand import understand


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How many patents were filed?", "12"),
        ("How many people does Tarnwood Cells employ?", "45"),
        ("How many doctoral students did ATLAS-9 train?", "12"),
        ("How much did Pellucid Assays raise?", "£4 million"),
        ("How much did Corvane pay for Pellucid Optics?", "£7.5 million"),
    ],
)
def test_a_figure_is_given_as_printed(ventures: Assistant, question: str, figure: str) -> None:
    answer = ventures.ask(question)
    assert [value.value for value in answer.values] == [figure]
    assert figure in answer.citations[0].quote


def test_a_hedge_stays_with_its_number(ventures: Assistant) -> None:
    answer = ventures.ask("How many jobs were created?")
    assert "over 420 jobs" in answer.answer
    assert (answer.values[0].qualifier, answer.values[0].number) == ("over", 420)


def test_different_figures_for_one_thing_are_both_shown(ventures: Assistant) -> None:
    answer = ventures.ask("What share of the funding did SMEs receive?")
    (conflict,) = answer.conflicts
    assert [value.value for value in conflict.values] == ["15.8 %", "18 %"]
    assert conflict.values[0].citations != conflict.values[1].citations
    assert "different figures" in answer.coverage.note


def test_figures_of_different_things_are_no_conflict(ventures: Assistant) -> None:
    assert ventures.ask("How many doctoral students did LUMEN-3 train?").conflicts == ()


@pytest.mark.parametrize(
    "question",
    [
        "How many people does Merrowby Analytics employ?",
        "How many patents did LUMEN-3 file?",
        "How much did Merrowby Analytics raise?",
        "How many nurses did LUMEN-3 train?",
    ],
)
def test_a_figure_about_something_else_is_no_answer(ventures: Assistant, question: str) -> None:
    answer = ventures.ask(question)
    assert (answer.status, answer.reason) == ("no_answer", "attribute_missing")


def test_the_best_figure_comes_first(ventures: Assistant) -> None:
    reading = understand("How many people does Pellucid Assays employ?", ventures.knowledge)
    found = fitting_figures(reading, ventures.knowledge)
    assert found[0].fact.value == 80
    assert [item.fit for item in found] == sorted((item.fit for item in found), reverse=True)


def test_money_is_no_head_count(ventures: Assistant) -> None:
    reading = understand("How many investors does Tarnwood Cells have?", ventures.knowledge)
    assert fitting_figures(reading, ventures.knowledge) == []
