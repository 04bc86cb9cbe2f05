"""What all reports together know: one thing under all its names, and where it is spoken of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.ingest import ingest
from corpus.store import Store
from service.answer import Filters
from service.ask import Assistant
from service.knowledge.knowledge import Knowledge
from tests.records import report
from tests.ventures import written

LONG = """The European Register of Cell Lines (ERCL) was opened in 2012. The project VESPER-2 feeds it.

VESPER-2 trained 20 nurses. The project ended in 2016.
"""
SHORT = """ERCL holds 700 cell lines. Sorbeck Pharma, a firm from Turin, uses ERCL.

The register is free. It is used every day.
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("knowledge")
    with Store.open(folder / "data") as opened:
        ingest([written({"long.md": LONG, "short.md": SHORT}, folder / "reports")], opened)
        yield opened


@pytest.fixture(scope="module")
def knowledge(store: Store) -> Knowledge:
    return Knowledge(store)


def test_an_abbreviation_is_what_another_report_spells_out(knowledge: Knowledge) -> None:
    assert knowledge.names.key_of("ERCL") == knowledge.names.key_of("European Register of Cell Lines")


def test_facts_about_an_abbreviation_are_facts_about_its_long_form(knowledge: Knowledge) -> None:
    key = knowledge.names.key_of("European Register of Cell Lines")
    assert key is not None
    assert "ERCL holds 700 cell lines." in {fact.selector.exact for fact in knowledge.facts_of(key)}


def test_every_passage_is_found_by_any_offset_in_it(knowledge: Knowledge) -> None:
    for position, passage in enumerate(knowledge.passages):
        assert knowledge.passage_at(passage.document_id, passage.start) == position
        assert knowledge.passage_at(passage.document_id, passage.end - 1) == position


def test_no_passage_stands_behind_the_end(knowledge: Knowledge) -> None:
    document = next(iter(knowledge.documents.values()))
    assert knowledge.passage_at(document.id, len(document.text) + 1) is None
    assert knowledge.passage_at("doc_unknown", 0) is None


def test_a_passage_without_the_name_may_speak_of_it(knowledge: Knowledge) -> None:
    position = next(i for i, p in enumerate(knowledge.passages) if p.text == "The project ended in 2016.")
    assert knowledge.spoken_of[position] == knowledge.names.key_of("VESPER-2")


def test_a_sentence_that_goes_on_has_the_words_of_the_one_before(knowledge: Knowledge) -> None:
    position = next(i for i, p in enumerate(knowledge.passages) if p.text == "It is used every day.")
    assert "free" in knowledge.words.before_stems[position]


def test_a_rare_word_tells_more_than_a_frequent_one(knowledge: Knowledge) -> None:
    assert knowledge.words.idf("zeppelin") == 1.0
    assert knowledge.words.idf("nurs") > knowledge.words.idf("the") > 0


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What does Sorbeck Pharma do?", "Sorbeck Pharma"),
        ("What does sorbeck pharma do?", "sorbeck pharma"),
        ("What is Sorbeck Pharma's business?", "Sorbeck Pharma"),
        ("What does Sorbeck do?", "Sorbeck"),
        ("Did VESPER-2 train nurses?", "VESPER-2"),
    ],
)
def test_a_name_is_found_however_it_is_written(knowledge: Knowledge, question: str, name: str) -> None:
    assert [question[start:end] for start, end, _ in knowledge.names.in_text(question)] == [name]


def test_the_longest_name_is_taken(knowledge: Knowledge) -> None:
    question = "Who opened the European Register of Cell Lines?"
    (start, end, keys), *others = knowledge.names.in_text(question)
    assert question[start:end].endswith("European Register of Cell Lines")
    assert (keys, others) == ((knowledge.names.key_of("ERCL"),), [])


def test_an_everyday_word_is_no_name(knowledge: Knowledge) -> None:
    assert knowledge.names.in_text("Who uses the cell lines?") == []


def test_a_name_with_a_slip_is_near_the_right_one(knowledge: Knowledge) -> None:
    assert knowledge.names.near("Sorbek Pharma") == knowledge.names.key_of("Sorbeck Pharma")
    assert knowledge.names.near("Sorbonne University") is None


def test_rejected_facts_are_not_known(tmp_path: Path) -> None:
    document, passages, entities, (kept, rejected) = report("a.txt", "Norvia filed 3 patents.", "It is so.")
    with Store.open(tmp_path) as store:
        store.add(document, passages, entities, [kept, rejected.model_copy(update={"review": "rejected"})])
        assert [fact.id for fact in Knowledge(store).facts] == [kept.id]


def test_filters_that_limit_nothing_leave_everything(knowledge: Knowledge) -> None:
    assert knowledge.limited_to(Filters()) is knowledge


def test_a_view_of_one_document_knows_no_other(knowledge: Knowledge) -> None:
    wanted = next(iter(knowledge.documents))
    view = knowledge.limited_to(Filters(document_ids=(wanted,)))
    assert set(view.documents) == {fact.document_id for fact in view.facts} == {wanted}
    assert view.is_limited
    assert not knowledge.is_limited


def test_the_view_of_the_same_filters_is_made_once(knowledge: Knowledge) -> None:
    filters = Filters(projects=("VESPER-2",))
    assert knowledge.limited_to(filters) is knowledge.limited_to(Filters(projects=("VESPER-2",)))


def test_what_was_spun_out_is_a_child(ventures: Assistant) -> None:
    names = {ventures.knowledge.entities[key].name for key in ventures.knowledge.children}
    assert names == {"Tarnwood Imaging", "Pellucid Optics", "Merrowby Health", "Wrenfield Optics"}
