"""Comparisons of things that have no typed figures, and sums of figures that one sentence gives apart."""

from __future__ import annotations

import pytest

from service.ask import Assistant


def test_what_two_things_drew_is_compared_by_their_sentences(shows: Assistant) -> None:
    answer = shows.ask("Which drew more visitors, War and Pigments or A Feast of Ochre?")
    assert answer.answer.startswith("War and Pigments: over 100,000 against 64,000 (A Feast of Ochre).")
    assert answer.values[0].formula is None or ">" in answer.answer


def test_years_of_beginning_are_compared_the_other_way_round(shows: Assistant) -> None:
    answer = shows.ask("Which was set up earlier, the Tint Collective or the Centre for Slow Colour?")
    assert "2003" in answer.answer
    assert "2007" in answer.answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many children took part in the Ochre Workshop altogether?", "355 together: 253 + 102 = 355."),
        (
            "How many colour cards did Norvia Paints hand out in Ireland and the Czech Republic together?",
            "500 together: 300 + 200 = 500.",
        ),
    ],
)
def test_figures_of_one_sentence_are_added_where_the_question_says_together(
    shows: Assistant, question: str, said: str
) -> None:
    assert shows.ask(question).answer.startswith(said)


def test_without_together_figures_stay_apart(shows: Assistant) -> None:
    assert "355" not in shows.ask("How many children took part in the Ochre Workshop?").answer


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Has the agency already approved the dye?", "No, not yet"),
        ("Did Corvane get its patent on the glaze?", "No"),
    ],
)
def test_what_is_sought_or_came_to_nothing_is_no_yes(shows: Assistant, question: str, verdict: str) -> None:
    assert shows.ask(question).answer.startswith(verdict)


def test_what_would_follow_from_a_claim_does_not_make_it_true(shows: Assistant) -> None:
    answer = shows.ask("Was the varnish licensed?")
    assert not answer.answer.startswith("Yes")
