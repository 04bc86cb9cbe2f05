"""Two things compared or added up by what the reader finds of each."""

from __future__ import annotations

from service.ask import Assistant
from tests.ventures import assistant_over

REPORTS = {
    "shows.md": (
        "# Two shows of tiles\n\nInstitution: Marlow University\n\nThe Norvia Show opened in 2004. A total of 24,295 people "
        "came to see the Norvia Show.\n\nThe Halden Fair was held on the island. The Halden Fair attracted over 100,000 visitors.\n"
    ),
    "trials.md": (
        "# Two trials of the pump\n\nInstitution: Norvia College\n\nThe Aldermoor Trial randomised 1,687 women in nine countries. "
        "The Belden Trial followed later. In the Belden Trial 10,141 women were randomised to the pump or to none.\n\n"
        "We are implanting the pump in 10 younger and 15 older patients of the clinic.\n"
    ),
}


reports = assistant_over(REPORTS)


def test_what_no_fact_types_is_compared_by_what_is_read_of_each(reports: Assistant) -> None:
    answer = reports.ask("Which drew more visitors, the Norvia Show or the Halden Fair?")
    assert answer.answer.startswith("Halden Fair: over 100,000 against 24,295 (Norvia Show).")
    assert {value.number for value in answer.values} == {100000, 24295}


def test_two_figures_of_two_sentences_are_added_up_with_their_formula(reports: Assistant) -> None:
    answer = reports.ask(
        "How many women were randomised in the Aldermoor Trial and the Belden Trial together?"
    )
    assert "11,828 together" in answer.answer
    assert answer.values[0].formula in {"1,687 + 10,141 = 11,828", "10,141 + 1,687 = 11,828"}


def test_two_figures_of_one_sentence_are_added_up_as_they_are_read(reports: Assistant) -> None:
    answer = reports.ask("How many patients in total are getting the pump, younger or older ones?")
    assert answer.answer.startswith("25 together: 10 + 15 = 25.")


def test_nothing_is_compared_when_one_has_no_figure(reports: Assistant) -> None:
    answer = reports.ask("Which drew more visitors, the Norvia Show or the Aldermoor Trial?")
    assert "against" not in answer.answer
