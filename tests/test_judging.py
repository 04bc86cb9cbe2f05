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
        ("Did Corvane acquire Pellucid Optics?", "Yes: The biotech company Corvane"),
        ("Was Pellucid Optics sold to Corvane?", "Yes: The biotech company Corvane"),
        ("Did Corvane pay £7.5 million for Pellucid Optics?", "Yes: The biotech company Corvane"),
        ("Did Tarnwood Cells spin off Tarnwood Imaging?", "Yes: Tarnwood Cells Ltd"),
        ("Does Tarnwood Cells employ 45 people?", "Yes: Tarnwood Cells Ltd employs 45"),
        ("Does Tarnwood Cells employ more than 40 people?", "Yes: Tarnwood Cells Ltd employs 45"),
        ("Was Wrenfield Optics founded in 2009?", "Yes: Wrenfield Optics was founded in 2009"),
        ("Is Tarnwood Cells a French firm?", "Yes: Tarnwood Cells Ltd: Lyon."),
    ],
)
def test_yes_or_no_comes_first_and_rests_on_a_sentence(
    ventures: Assistant, question: str, opening: str
) -> None:
    answer = ventures.ask(question)
    assert answer.answer.startswith(opening)
    assert answer.citations


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Did Pellucid Optics acquire Corvane?", "Corvane Ltd acquired Pellucid Optics"),
        ("Did Corvane pay £9 million for Pellucid Optics?", "£7.5 million"),
        ("Was Pellucid Optics bought by Corvane in 2012?", "in 2018"),
        ("Did Tarnwood Imaging spin off Tarnwood Cells?", "spun off a company called Tarnwood Imaging"),
        ("Does Tarnwood Cells employ 500 people?", "employs 45 people"),
        ("Does Tarnwood Cells employ more than 50 people?", "employs 45 people"),
        ("Was Wrenfield Optics founded in 1985?", "founded in 2009"),
        ("Is Tarnwood Cells based in Germany?", "from Lyon, France"),
    ],
)
def test_no_needs_evidence_too(ventures: Assistant, question: str, told: str) -> None:
    answer = ventures.ask(question)
    assert answer.answer.startswith("No: ")
    assert told in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "Did Corvane acquire Tarnwood Imaging?",
        "Did Pellucid Assays sue Tarnwood Cells?",
        "Who bought Tarnwood Cells?",
        "Which company did Pellucid Optics acquire?",
        "How much did Pellucid Optics pay for Corvane?",
        "Why did Pellucid Optics buy Corvane?",
        "What is the turnover of Tarnwood Cells?",
    ],
)
def test_a_deed_or_measure_that_no_report_tells_is_no_answer(ventures: Assistant, question: str) -> None:
    assert ventures.ask(question).status == "no_answer"


def test_a_premise_told_the_other_way_round_is_named_with_its_sentence(ventures: Assistant) -> None:
    answer = ventures.ask("Why did Pellucid Optics buy Corvane?")
    assert answer.reason == "unsupported_premise"
    assert "that Pellucid Optics bought Corvane Ltd is not said, the other way round it is" in answer.answer
    assert "Corvane Ltd acquired Pellucid Optics" in answer.nearest[0].quote


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


@pytest.mark.parametrize(
    "question",
    [
        "Does Merrowby Analytics or Pellucid Assays employ more people?",
        "How many people do Merrowby Analytics and Pellucid Assays employ together?",
    ],
)
def test_without_both_figures_the_one_that_is_missing_is_named(ventures: Assistant, question: str) -> None:
    answer = ventures.ask(question)
    assert answer.reason == "attribute_missing"
    assert answer.answer == (
        "The reports give no number of employees of Merrowby Analytics; for Pellucid Assays they give 80."
    )
    assert "employs 80 people" in answer.nearest[0].quote


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Was Tarnwood Imaging or Pellucid Optics founded earlier?", "Tarnwood Imaging: 2011 against 2016"),
        ("Was Wrenfield Optics or Pellucid Optics founded later?", "Pellucid Optics: 2016 against 2009"),
        ("Which raised more, Tarnwood Cells or Pellucid Assays?", "Pellucid Assays: £4 million against £2.5"),
        (
            "How many people do Tarnwood Cells and Pellucid Assays employ together?",
            "125 together: 45 + 80 = 125.",
        ),
        (
            "What is the average number of employees of Tarnwood Cells and Pellucid Assays?",
            "62.5 on average:",
        ),
        (
            "How many more people does Pellucid Assays employ than Tarnwood Cells?",
            "A difference of 35: 80 - 45",
        ),
    ],
)
def test_what_names_have_is_compared_and_reckoned(ventures: Assistant, question: str, opening: str) -> None:
    answer = ventures.ask(question)
    assert answer.answer.startswith(opening)
    assert len(answer.citations) >= 2


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


def test_a_firm_that_was_sold_was_bought(ventures: Assistant) -> None:
    answer = ventures.ask("Was Pellucid Optics sold?").answer
    assert answer.startswith("Yes: ")
    assert "Corvane Ltd acquired Pellucid Optics" in answer
