"""Filters: the view of the knowledge that they leave, and answers that keep to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.embedder import HashEmbedder
from service.answer import Filters
from service.ask import Assistant
from service.knowledge.knowledge import Knowledge
from tests.ventures import parts_over, written

VENTURES = """# Ventures of the Brightmoor programme

Norvia Biotech, an SME from Lyon, France, has spun off a company called Norvia Imaging in 2011.

Pellucid Diagnostics, an SME from Dresden, Germany, has spun off a company called Pellucid Optics in 2016.

The project LUMEN-3 trained 38 doctoral students in 2016. It also filed 4 patents in 2012.

The project CORVANE trained 12 doctoral students in 2010.
"""

HOSPITALS = """# What the hospitals of Oxmere did

The project CORVANE trained 55 nurses in Spain in 2015.

Hospitals in Barcelona treated 240 patients. Weather was mild.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("limits")
    texts = {"ventures.md": VENTURES, "hospitals.md": HOSPITALS}
    with parts_over(written(texts, folder / "in"), folder / "data", HashEmbedder()) as parts:
        yield parts.assistant


@pytest.fixture(scope="module")
def knowledge(assistant: Assistant) -> Knowledge:
    return assistant.knowledge


def document_id(knowledge: Knowledge, name: str) -> str:
    return next(each.id for each in knowledge.documents.values() if each.source_name == name)


def texts(knowledge: Knowledge) -> str:
    return "\n".join(passage.text for passage in knowledge.passages)


def test_no_filter_leaves_the_knowledge_itself(knowledge: Knowledge) -> None:
    assert knowledge.limited_to(Filters()) is knowledge


def test_a_document_filter_leaves_its_passages_facts_and_entities_only(knowledge: Knowledge) -> None:
    hospitals = document_id(knowledge, "hospitals.md")
    view = knowledge.limited_to(Filters(document_ids=(hospitals,)))
    assert set(view.documents) == {hospitals}
    assert {passage.document_id for passage in view.passages} == {hospitals}
    assert {fact.document_id for fact in view.facts} == {hospitals}
    assert "norviabiotech" in knowledge.entities
    assert "norviabiotech" not in view.entities


def test_positions_of_a_view_count_in_its_own_passages(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(projects=("CORVANE",)))
    assert len(view.passages) < len(knowledge.passages)
    assert [view.position[passage.id] for passage in view.passages] == list(range(len(view.passages)))
    named = [view.passages[position].text for position in sorted(view.entities["corvane"].passages)]
    assert len(named) == 2
    assert all("CORVANE" in text for text in named)


def test_facts_of_a_view_stand_in_the_passages_they_are_filed_under(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(outcome_types=("training_and_education",)))
    assert view.facts_at
    for position, facts in view.facts_at.items():
        passage = view.passages[position]
        assert all(passage.start <= fact.selector.start < passage.end for fact in facts)


def test_the_words_of_a_view_are_those_of_its_passages(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(document_ids=(document_id(knowledge, "hospitals.md"),)))
    mild = next(i for i, passage in enumerate(view.passages) if "mild" in passage.text)
    assert "mild" in view.words.passage_stems[mild]
    assert view.words.frequency["norvia"] == 0


def test_an_outcome_type_leaves_only_its_facts_and_the_passages_that_state_them(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(outcome_types=("spin_out",)))
    assert {fact.outcome_type for fact in view.facts} == {"spin_out"}
    assert "Norvia Imaging" in texts(view)
    assert "nurses" not in texts(view)


def test_a_project_leaves_what_names_it_or_refers_to_it(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(projects=("lumen-3",)))
    assert "38 doctoral students" in texts(view)
    assert "It also filed 4 patents" in texts(view)
    assert "CORVANE" not in texts(view)


def test_a_place_leaves_what_lies_in_it(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(places=("Spain",)))
    assert "Barcelona" in texts(view)
    assert "55 nurses" in texts(view)
    assert "Dresden" not in texts(view)
    assert {fact.place for fact in view.facts} <= {"Spain", "Barcelona"}


def test_dates_leave_the_facts_within_them_both_ends_included(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(date_from="2015", date_to="2016"))
    assert {fact.date for fact in view.facts} == {"2015", "2016"}
    assert "2010" not in texts(view)


def test_several_filters_must_all_hold(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(projects=("CORVANE",), date_from="2012"))
    assert "55 nurses" in texts(view)
    assert "12 doctoral" not in texts(view)


def test_unknown_values_leave_nothing(knowledge: Knowledge) -> None:
    for filters in (
        Filters(document_ids=("doc_0",)),
        Filters(projects=("QUORRA",)),
        Filters(places=("Narnia",)),
        Filters(outcome_types=("no_such_type",)),
    ):
        view = knowledge.limited_to(filters)
        assert (view.passages, view.facts) == ([], [])


def test_a_view_can_be_limited_further(knowledge: Knowledge) -> None:
    view = knowledge.limited_to(Filters(projects=("CORVANE",))).limited_to(Filters(places=("Spain",)))
    assert len(view.passages) == 1


def test_a_list_under_a_filter_keeps_to_it(assistant: Assistant) -> None:
    question = "Which SMEs spun off companies?"
    every = assistant.ask(question)
    assert {item.label for item in every.items} == {"Norvia Biotech", "Pellucid Diagnostics"}
    later = assistant.ask(question, filters=Filters(date_from="2015"))
    assert {item.label for item in later.items} == {"Pellucid Diagnostics"}


def test_a_figure_under_a_filter_keeps_to_it(assistant: Assistant) -> None:
    answer = assistant.ask("How many doctoral students were trained?", filters=Filters(projects=("LUMEN-3",)))
    assert [value.number for value in answer.values] == [38]


def test_no_citation_leaves_the_documents_asked_for(assistant: Assistant) -> None:
    hospitals = document_id(assistant.knowledge, "hospitals.md")
    answer = assistant.ask("How many students did CORVANE train?", filters=Filters(document_ids=(hospitals,)))
    assert {each.document_id for each in (*answer.citations, *answer.nearest)} <= {hospitals}


def test_an_empty_view_answers_nothing(assistant: Assistant) -> None:
    answer = assistant.ask("Which SMEs spun off companies?", filters=Filters(document_ids=("doc_0",)))
    assert answer.status == "no_answer"
