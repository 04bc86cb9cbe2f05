"""Answers after people decided about facts: rejected is not stated, corrected is said to be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.facts import Fact
from index.embedder import SentenceTransformerEmbedder
from service.answer import Filters
from service.parts import Parts
from tests.ventures import VENTURES, parts_over, written


@pytest.fixture
def parts(minilm: SentenceTransformerEmbedder, tmp_path: Path) -> Iterator[Parts]:
    """The parts over the invented reports, to be decided about."""
    with parts_over(written(VENTURES, tmp_path / "reports"), tmp_path / "data", minilm) as opened:
        yield opened


def fact_of(parts: Parts, words: str, extractor: str, **fields: object) -> Fact:
    """The one fact whose quote holds `words` and that has these fields."""
    found = [
        fact
        for fact in parts.store.facts()
        if words in fact.selector.exact
        and fact.extractor == extractor
        and all(getattr(fact, name) == value for name, value in fields.items())
    ]
    assert len(found) == 1, found
    return found[0]


def test_a_rejected_fact_makes_no_member_and_no_count(parts: Parts) -> None:
    before = parts.assistant.ask("Which SMEs spun off companies?")
    spun = fact_of(parts, "Tarnwood Imaging", "relation", outcome_type="spin_out")
    parts.store.curation.decide(spun.id, "reject", by="Ines Varga")
    after = parts.assistant.ask("Which SMEs spun off companies?")
    gone = {item.label for item in before.items} - {item.label for item in after.items}
    assert gone == {"Tarnwood Cells Ltd"}
    assert [value.number for value in after.values][:1] == [2.0]
    assert "Tarnwood" not in after.answer


def test_a_rejected_figure_is_not_offered_from_its_sentence_either(parts: Parts) -> None:
    question = "How many people does Tarnwood Cells Ltd employ?"
    assert parts.assistant.ask(question).values[0].number == 45
    parts.store.curation.decide(fact_of(parts, "employs 45", "quantity").id, "reject", by="Ines Varga")
    after = parts.assistant.ask(question)
    assert (after.status, after.values) == ("no_answer", ())
    assert "45" not in after.answer


def test_a_corrected_figure_is_told_with_who_corrected_it_and_what_the_report_says(parts: Parts) -> None:
    fact = fact_of(parts, "employs 45", "quantity")
    corrected = parts.store.curation.decide(fact.id, "correct", by="Ines Varga", changes={"value": 47})
    day = corrected.corrections[0].at[:10]
    answer = parts.assistant.ask("How many people does Tarnwood Cells Ltd employ?")
    assert answer.answer == (
        f"Tarnwood Cells Ltd employs 47 (corrected by Ines Varga on {day}; the report says 45) people. [1]"
    )
    assert (answer.values[0].value, answer.values[0].number) == ("47", 47)
    citation = answer.citations[0]
    assert citation.quote == fact.selector.exact
    assert [(change.was, change.now) for change in citation.corrections] == [("45", "47")]


def test_figures_are_computed_from_the_corrected_value(parts: Parts) -> None:
    parts.store.curation.decide(
        fact_of(parts, "employs 45", "quantity").id, "correct", "Ines Varga", {"value": 99}
    )
    answer = parts.assistant.ask("Who employs more people, Tarnwood Cells Ltd or Pellucid Assays?")
    assert answer.answer.startswith("Tarnwood Cells Ltd: 99 (corrected by Ines Varga")
    assert "against 80" in answer.answer


def test_a_corrected_name_takes_the_place_of_the_old_one(parts: Parts) -> None:
    spun = fact_of(parts, "Tarnwood Imaging", "relation", outcome_type="spin_out")
    parts.store.curation.decide(spun.id, "correct", "Ines Varga", {"subject": "Tarnwood Vision"})
    answer = parts.assistant.ask("Which SMEs spun off companies?")
    assert "Tarnwood Vision" in {item.label for item in answer.items}
    assert "Tarnwood Cells Ltd" not in {item.label for item in answer.items}
    assert "the report says Tarnwood Cells Ltd" in answer.answer


def test_a_corrected_date_is_told_where_the_report_s_is(parts: Parts) -> None:
    fact = fact_of(parts, "Wrenfield Optics was founded", "relation")
    parts.store.curation.decide(fact.id, "correct", "Ines Varga", {"date": "2010"})
    answer = parts.assistant.ask("When was Wrenfield Optics founded?")
    assert "2010 (corrected by Ines Varga" in answer.answer
    assert [value.value for value in answer.values] == ["2010"]


def test_an_accepted_fact_answers_as_before(parts: Parts) -> None:
    question = "How many people does Tarnwood Cells Ltd employ?"
    before = parts.assistant.ask(question)
    parts.store.curation.decide(fact_of(parts, "employs 45", "quantity").id, "accept", by="Ines Varga")
    after = parts.assistant.ask(question)
    assert (after.answer, after.values) == (before.answer, before.values)
    assert after.index_version == f"{before.index_version}+1"


def test_a_decision_holds_under_filters(parts: Parts) -> None:
    spun = fact_of(parts, "Tarnwood Imaging", "relation", outcome_type="spin_out")
    parts.store.curation.decide(spun.id, "reject", by="Ines Varga")
    filters = Filters(document_ids=(spun.document_id,))
    answer = parts.assistant.ask("Which SMEs spun off companies?", filters=filters)
    assert "Tarnwood Cells Ltd" not in {item.label for item in answer.items}
