"""Questions about two things put apart into one of each."""

from __future__ import annotations

import pytest

from service.figures.put_apart import compared_apart, summed_apart


@pytest.mark.parametrize(
    ("question", "apart"),
    [
        (
            "Which drew more visitors, the tile fair or the Norvia show?",
            ["the tile fair drew how many visitors?", "the Norvia show drew how many visitors?"],
        ),
        (
            "Which was set up earlier: Norvia's lab or the Halden Centre?",
            ["Norvia's lab was set up when?", "the Halden Centre was set up when?"],
        ),
        (
            "Which was sold for more, Norvia or Halden?",
            ["Norvia was sold for how much?", "Halden was sold for how much?"],
        ),
        (
            "Does the Halden Record or the Halden Times reach more readers?",
            ["the Halden Record reach how many readers?", "the Halden Times reach how many readers?"],
        ),
        (
            "Which grant was larger, the first or the second?",
            ["the first grant was how big?", "the second grant was how big?"],
        ),
    ],
)
def test_a_comparison_asks_each_thing_for_its_figure(question: str, apart: list[str]) -> None:
    assert [item.question for item in compared_apart(question)] == apart


def test_what_is_earlier_is_asked_for_a_date() -> None:
    assert all(item.in_time for item in compared_apart("Was Norvia or Halden founded first?"))


@pytest.mark.parametrize(
    "question", ["How many people work at Norvia?", "Did Norvia sell tiles or lamps?", "Is it true or false?"]
)
def test_a_question_that_compares_nothing_stays_whole(question: str) -> None:
    assert not any(" how many " in item.question for item in compared_apart(question))


@pytest.mark.parametrize(
    ("question", "apart"),
    [
        (
            "How many women were in the Norvia Trial and the Halden Trial taken together?",
            ["How many women were in the Norvia Trial?", "How many women were in the Halden Trial?"],
        ),
        (
            "How many people do Norvia and Halden employ between them?",
            ["How many people do Norvia employ?", "How many people do Halden employ?"],
        ),
        (
            "How many engineers went from Marlow to Norvia and Halden in total?",
            [
                "How many engineers went from Marlow to Norvia?",
                "How many engineers went from Marlow to Halden?",
            ],
        ),
        (
            "How many kits were packed for the fairs of 2009 and 2012 altogether?",
            [
                "How many kits were packed for the fairs of 2009?",
                "How many kits were packed for the fairs of 2012?",
            ],
        ),
        (
            "Taking basic and advanced courses together, how many nurses were trained?",
            [
                "basic courses, how many nurses were trained?",
                "advanced courses, how many nurses were trained?",
            ],
        ),
        (
            "How many people in total went to the courses in Wales (2007-12) and with the English teams?",
            [
                "How many people went to the courses in Wales?",
                "How many people went to the courses with the English teams?",
            ],
        ),
    ],
)
def test_a_sum_asks_for_each_of_its_parts(question: str, apart: list[str]) -> None:
    assert [item.question for item in summed_apart(question)] == apart


def test_what_is_not_asked_together_stays_whole() -> None:
    assert summed_apart("How many women were in the Norvia Trial and the Halden Trial?") == []
