"""The whole pipeline: cited, filtered, in conversation, and the same bytes each time."""

from __future__ import annotations

import json
import re

import pytest

from service.answer import Filters, comparable
from service.ask import Assistant
from service.parts import Parts

QUESTIONS = (
    "Which SMEs spun off companies?",
    "How many jobs were created?",
    "What share of the funding did SMEs receive?",
    "Has the fibre test of LUMEN-3 been approved?",
    "Does Tarnwood Cells or Pellucid Assays employ more people?",
    "How many doctoral students did LUMEN-3 and ATLAS-9 train together?",
    "Which company raised the most money?",
    "Where is Tarnwood Cells based?",
    "When was Wrenfield Optics founded?",
    "Tell me about LUMEN-3.",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_mark_is_a_citation_that_stands(ventures: Assistant, question: str) -> None:
    answer = ventures.ask(question)
    marks = {int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)}
    assert marks == {citation.number for citation in answer.citations} != set()
    for citation in answer.citations:
        text = ventures.knowledge.documents[citation.document_id].text
        assert text[citation.start : citation.end] == citation.quote


def test_two_assistants_give_the_same_bytes(parts: Parts) -> None:
    first = Assistant(parts.store, parts.assistant.retriever)
    second = Assistant(parts.store, parts.assistant.retriever)
    for question in ("Which SMEs spun off companies?", "How many jobs were created?", "Who is Zorvelt?"):
        given = [json.dumps(comparable(assistant.ask(question))) for assistant in (first, second)]
        assert given[0] == given[1]


def test_the_answer_shows_how_the_question_was_read(ventures: Assistant) -> None:
    read = ventures.ask("Which German SMEs spun off companies?").understood_as
    assert (read.intent, read.outcome_types) == ("list", ("spin_out",))
    assert {"subject_type", "place"} <= {constraint.field for constraint in read.constraints}


def test_a_follow_up_is_shown_as_the_question_that_was_answered(ventures: Assistant) -> None:
    first = ventures.ask("Which SMEs spun off companies?")
    second = ventures.ask("Which of those are French?", [first])
    assert second.question == "Which of those are French?"
    assert "SMEs" in second.standalone_question
    assert [item.label for item in second.items] == ["Tarnwood Cells Ltd"]


def test_a_pronoun_means_what_was_just_asked_about(ventures: Assistant) -> None:
    first = ventures.ask("Tell me about Wrenfield Optics.")
    second = ventures.ask("When was it founded?", [first])
    assert second.standalone_question == "When was Wrenfield Optics founded?"
    assert second.values[0].value == "2009"


def test_a_question_of_its_own_is_left_as_it_is(ventures: Assistant) -> None:
    first = ventures.ask("Tell me about Wrenfield Optics.")
    second = ventures.ask("How many jobs were created?", [first])
    assert second.standalone_question == second.question


def test_a_filter_by_document_leaves_its_figure_alone(ventures: Assistant) -> None:
    question = "What share of the funding did SMEs receive?"
    review = next(d.id for d in ventures.knowledge.documents.values() if d.source_name == "review.md")
    answer = ventures.ask(question, filters=Filters(document_ids=(review,)))
    assert [value.value for value in answer.values] == ["18 %"]
    assert {citation.document_id for citation in answer.citations} == {review}
    assert answer.coverage.documents_searched == 1


@pytest.mark.parametrize(
    ("filters", "labels"),
    [
        (Filters(places=("Germany",)), ["Pellucid Assays"]),
        (Filters(date_from="2012", date_to="2015"), ["Merrowby Analytics"]),
        (Filters(outcome_types=("patent",)), []),
    ],
    ids=["place", "date", "outcome type"],
)
def test_a_list_holds_only_what_the_filters_leave(
    ventures: Assistant, filters: Filters, labels: list[str]
) -> None:
    answer = ventures.ask("Which SMEs spun off companies?", filters=filters)
    assert [item.label for item in answer.items] == labels


def test_times_are_told(ventures: Assistant) -> None:
    timings_ms = ventures.ask("How many jobs were created?").timings_ms
    assert list(timings_ms) == ["understand", "retrieve", "compose", "total"]
    assert timings_ms["total"] > 0
