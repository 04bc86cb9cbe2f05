"""Definitions and descriptions: what something stands for, is and did."""

from __future__ import annotations

import pytest

from service.ask import Assistant
from service.lookups.describing import DESCRIPTION_WORDS_MAX, SENTENCES_MAX, long_form
from service.understanding.understand import understand


@pytest.mark.parametrize(
    "question",
    ["What does ORP stand for?", "what does orp mean?", "What is the full name of ORP?"],
)
def test_an_abbreviation_is_spelt_out(ventures: Assistant, question: str) -> None:
    answer = ventures.ask(question)
    assert answer.answer.startswith("ORP stands for Orrell Research Partnership.")
    assert "(ORP)" in answer.citations[0].quote


def test_an_abbreviation_that_no_report_spells_out_has_no_long_form(ventures: Assistant) -> None:
    reading = understand("What does LUMEN stand for?", ventures.knowledge)
    assert long_form(reading, ventures.knowledge) is None


def test_a_term_is_defined_by_the_sentence_that_says_what_it_is(ventures: Assistant) -> None:
    answer = ventures.ask("What is a spin-off?")
    assert answer.answer == "A spin-off is a company that carries on the research of its parent. [1]"


def test_a_description_gathers_what_all_reports_say(ventures: Assistant) -> None:
    answer = ventures.ask("Tell me about LUMEN-3.")
    assert "trained 38 doctoral students" in answer.answer
    assert "Hartsell University" in answer.answer
    assert len({citation.document_id for citation in answer.citations}) == 2


def test_a_description_is_short(ventures: Assistant) -> None:
    answer = ventures.ask("Tell me about Pellucid Assays.")
    assert len(answer.answer.split()) <= DESCRIPTION_WORDS_MAX
    assert len(answer.citations) <= SENTENCES_MAX


def test_what_a_thing_did_is_not_told_when_nobody_says_it(ventures: Assistant) -> None:
    assert ventures.ask("How did Hartsell University train nurses?").status == "no_answer"
