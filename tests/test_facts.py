"""A fact as a line of words, and what a fact may hold."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from corpus.facts import Fact, in_words
from corpus.selectors import Selector

HELD: dict[str, Any] = {
    "id": "fct_1",
    "document_id": "doc_1",
    "outcome_type": "business_growth",
    "selector": Selector(start=0, end=6, exact="Norvia"),
}


def test_a_fact_in_words_says_what_where_when_and_in_which_project() -> None:
    fact = Fact(
        **HELD,
        subject="Norvia Ltd",
        predicate="spin_out",
        object="Tarnwood Ltd",
        value=40,
        value_text="over 40",
        unit="people",
        project="LUMEN-3",
        place="Lund",
        date="2014",
    )
    said = "business growth Norvia Ltd spin out over 40 people Tarnwood Ltd in project LUMEN-3 in Lund (2014)"
    assert in_words(fact) == said


def test_what_a_fact_does_not_know_is_not_said() -> None:
    assert in_words(Fact(**HELD, subject="Norvia Ltd")) == "business growth Norvia Ltd"


def test_a_unit_that_stands_in_the_figure_is_said_once() -> None:
    assert in_words(Fact(**HELD, value_text="18%", unit="%")) == "business growth 18%"


@pytest.mark.parametrize(
    "fields",
    [{"confidence": 1.5}, {"modality": "hoped"}, {"polarity": "no"}, {"origin": "dreamt"}, {"colour": "red"}],
)
def test_a_fact_of_unknown_words_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Fact(**HELD, **fields)


def test_a_fact_stays_as_it_was_made_and_comes_back_from_json() -> None:
    fact = Fact(**HELD)
    assert Fact.model_validate_json(fact.model_dump_json()) == fact
    with pytest.raises(ValidationError):
        fact.subject = "Ferrow"  # type: ignore[misc]
