"""Names that a question shows to be names, though no entity bears them."""

from __future__ import annotations

import pytest

from service.ask import Assistant
from service.understanding.understand import understand


def named(assistant: Assistant, question: str) -> list[str]:
    return [name.text for name in understand(question, assistant.knowledge.naming([question])).named]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is Brass of Corliss?", ["Brass of Corliss"]),
        ("Who saw War and Pigments?", ["War and Pigments"]),
        ("When did A Feast of Ochre open?", ["A Feast of Ochre"]),
    ],
)
def test_a_title_that_passages_print_is_one_name(shows: Assistant, question: str, names: list[str]) -> None:
    assert named(shows, question) == names


def test_two_known_names_that_and_joins_stay_two(ventures: Assistant) -> None:
    asked = "How many people do Tarnwood Cells and Pellucid Assays employ together?"
    assert named(ventures, asked) == ["Tarnwood Cells", "Pellucid Assays"]


def test_words_that_no_passage_prints_in_a_row_are_no_name(shows: Assistant) -> None:
    assert shows.knowledge.naming(["What is the Ochre of Corliss?"]) is shows.knowledge


def test_a_title_of_an_earlier_question_is_known_in_the_next(shows: Assistant) -> None:
    first = shows.ask("What is Brass of Corliss?")
    assert (
        shows.ask("What does it filter?", [first]).standalone_question == "What does Brass of Corliss filter?"
    )


def test_a_title_is_not_described_by_what_its_price_is(shows: Assistant) -> None:
    assert "experimental instrument" in shows.ask("What is Brass of Corliss?").answer
