"""Questions that describe a thing instead of naming it."""

from __future__ import annotations

from service.ask import Assistant
from tests.ventures import assistant_over

REPORTS = {
    "norvia.md": (
        "# The Norvia programme\n\nLUMEN-3, a project on diabetes, has developed an ultrasound technique for eyes. "
        "The charity Belden Care has supported the LUMEN-3 project since 2011.\n\n"
        "Tarnwood Cells Ltd built the first cell bank of the north. Tarnwood Cells Ltd employs 35 people. "
        "Aldermoor Ltd sells lamps. Aldermoor Ltd employs 12 people.\n"
    )
}


norvia = assistant_over(REPORTS)


def test_a_thing_described_at_the_end_is_put_by_its_name(norvia: Assistant) -> None:
    answer = norvia.ask("Which charity has supported the project that came up with an ultrasound technique?")
    assert answer.standalone_question == "Which charity has supported LUMEN-3?"
    assert "Belden Care" in answer.answer


def test_a_thing_described_before_the_verb_is_put_by_its_name(norvia: Assistant) -> None:
    answer = norvia.ask("How many people does the company that built the first cell bank employ?")
    assert answer.standalone_question == "How many people does Tarnwood Cells Ltd employ?"
    assert answer.answer.startswith("35") or "35 people" in answer.answer


def test_what_no_passage_tells_stays_described(norvia: Assistant) -> None:
    question = "How many people does the company that flew to the moon employ?"
    assert norvia.ask(question).standalone_question == question


def test_things_that_are_asked_for_stay_described(norvia: Assistant) -> None:
    question = "Name the companies that built a cell bank of the north"
    assert norvia.ask(question).standalone_question == question
