"""Judging: what makes an answer wrong is found, what does not is let be."""

from __future__ import annotations

import pytest

from service.answer import Answer, Item, UnderstoodAs
from service.evaluating.evaluation import evaluate, judge, misquotations, passed
from service.evaluating.questions import Question
from service.parts import Parts
from service.understanding.phrases import mentions
from tests.answers import answer_of

QUESTION = Question(
    id="q",
    type="list",
    question="Which firms were founded?",
    must=(("7", "seven"),),
    items=(("Tarnwood",), ("Quillon Foundation", "Quillon")),
    must_not=("Orvane",),
    evidence=("The programme counts 7 spin-offs in all.",),
)


def answer(text: str, *labels: str, quote: str = "The programme counts 7 spin-offs in all.") -> Answer:
    listed = UnderstoodAs(intent="list", asks_for="organisation")
    return answer_of(text, listed, quote, items=tuple(Item(label=label) for label in labels))


def test_a_right_answer_has_no_faults() -> None:
    assert (
        judge(QUESTION, answer("Seven were founded [1].", "Tarnwood Cells Ltd", "The Quillon Foundation"))
        == []
    )


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (answer(""), "not answered"),
        (answer("Two [1].", "Tarnwood", "Quillon"), "does not say '7'"),
        (answer("7 [1].", "Tarnwood"), "leaves out 'Quillon Foundation'"),
        (answer("7, Orvane [1].", "Tarnwood", "Quillon"), "says 'Orvane'"),
        (answer("7 [1].", "Tarnwood", "Quillon", "Brindle"), "lists besides: Brindle"),
        (
            answer("7 [1].", "Tarnwood", "Quillon", quote="Quite another sentence."),
            "cites none of the evidence",
        ),
        (answer("7 " * 301, "Tarnwood", "Quillon"), "301 words, at most 300"),
    ],
)
def test_each_fault_is_named(given: Answer, fault: str) -> None:
    assert judge(QUESTION, given) == [fault]


def test_an_answer_to_what_cannot_be_answered_is_a_fault() -> None:
    unanswerable = Question(id="q", type="unanswerable", question="Who?", answerable=False)
    assert judge(unanswerable, answer("Somebody [1]."))
    assert judge(unanswerable, answer("")) == []


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("over 18 000 people", "18,000", True),
        ("13.5 jobs", "13", False),
        ("113 jobs", "13", False),
        ("three patents", "patent", True),
        ("it fell to 1 %", "<1%", False),
        ("it fell to < 1 %", "<1%", True),
        ("AIDS", "aid", False),
        ("Quillon\u2019s fund", "Quillon's", True),
        ("anything", "", False),
    ],
)
def test_a_phrase_is_found_as_people_read_it(text: str, phrase: str, found: bool) -> None:
    assert mentions(text, phrase) is found


def test_a_quote_that_does_not_stand_in_its_document_is_found(parts: Parts) -> None:
    [document, _] = parts.store.document_list()
    misplaced = answer("x", quote="not there").citations[0].model_copy(update={"document_id": document.id})
    assert misquotations(parts.store, answer("x").model_copy(update={"citations": (misplaced,)}))


def test_real_answers_are_asked_for_with_their_history(parts: Parts) -> None:
    asked = Question(
        id="q",
        type="followup",
        question="How many spin-offs are there in all?",
        history=("Which SMEs spun off companies?",),
        must=(("7",),),
    )
    judged = evaluate(parts.assistant.ask, parts.store, [asked])
    assert passed(judged) == 1
    assert judged[0].latency_ms > 0
