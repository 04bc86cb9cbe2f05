"""Yes or no, which is more, which is most, how many together."""

from __future__ import annotations

import pytest

from service.ask import Assistant


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Has the blood test of ATLAS-9 been approved?", "Yes: In 2017 the blood test"),
        ("Has the fibre test of LUMEN-3 been approved?", "No: The fibre test"),
        ("Has the first trial of the skin graft been completed?", "No, not yet: The first trial"),
        ("Did any SME license software?", "Yes: the reports name 1."),
    ],
)
def test_yes_or_no_comes_first_and_rests_on_a_sentence(
    ventures: Assistant, question: str, opening: str
) -> None:
    answer = ventures.ask(question)
    assert answer.answer.startswith(opening)
    assert answer.citations


def test_what_no_report_says_is_neither_yes_nor_no(ventures: Assistant) -> None:
    answer = ventures.ask("Has the fibre test of LUMEN-3 been sold in Japan?")
    assert answer.status == "no_answer"


def test_a_question_about_plans_is_not_answered_with_not_yet(ventures: Assistant) -> None:
    answer = ventures.ask("Will there be a first trial of the skin graft?")
    assert answer.answer.startswith("Yes: The first trial of the skin graft is planned for 2030.")


@pytest.mark.parametrize(
    "question",
    [
        "Does Tarnwood Cells or Pellucid Assays employ more people?",
        "Who employs more people, Tarnwood Cells or Pellucid Assays?",
    ],
)
def test_a_comparison_shows_both_figures(ventures: Assistant, question: str) -> None:
    answer = ventures.ask(question)
    assert answer.answer.startswith("Pellucid Assays: 80 against 45 (Tarnwood Cells).")
    assert [value.number for value in answer.values] == [45, 80]
    assert len(answer.citations) == 2


def test_fewer_is_the_smaller_figure(ventures: Assistant) -> None:
    answer = ventures.ask("Which employs fewer people, Tarnwood Cells or Pellucid Assays?")
    assert answer.answer.startswith("Tarnwood Cells: 45 against 80")


def test_nothing_wins_a_comparison_without_both_figures(ventures: Assistant) -> None:
    answer = ventures.ask("Does Merrowby Analytics or Pellucid Assays employ more people?")
    assert "against" not in answer.answer
    assert answer.values == ()


def test_counted_things_are_compared(ventures: Assistant) -> None:
    answer = ventures.ask("Were there more patents or more jobs?")
    assert answer.answer.startswith("jobs: over 420 against 12 (patents).")


def test_a_sum_shows_its_formula(ventures: Assistant) -> None:
    answer = ventures.ask("How many doctoral students did LUMEN-3 and ATLAS-9 train together?")
    assert (answer.values[0].number, answer.values[0].formula) == (50, "38 + 12 = 50")
    assert len(answer.values[0].citations) == 2


def test_a_sum_without_one_of_its_parts_is_not_made(ventures: Assistant) -> None:
    answer = ventures.ask("How many people do Merrowby Analytics and Pellucid Assays employ together?")
    assert all(value.formula is None for value in answer.values)


def test_the_most_is_one_of_all_figures(ventures: Assistant) -> None:
    answer = ventures.ask("Which company raised the most money?")
    assert [item.label for item in answer.items] == ["Pellucid Assays"]
    assert answer.values[0].formula == "largest of 2 figures: £4 million"


@pytest.mark.parametrize(
    ("question", "company"),
    [
        ("Which company is the oldest?", "Wrenfield Optics"),
        ("Which company is the newest?", "Pellucid Optics"),
    ],
)
def test_age_is_told_by_founding_dates(ventures: Assistant, question: str, company: str) -> None:
    assert [item.label for item in ventures.ask(question).items] == [company]
