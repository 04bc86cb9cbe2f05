"""The store keeps what it is given, answers by condition and in order, and knows a file by its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from corpus.facts import Fact
from corpus.queries import NotFound
from corpus.selectors import select
from corpus.store import Store
from tests.records import Records, report
from tests.stores import Place


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with place.open() as opened:
        yield opened


def test_records_come_back_as_they_went_in(store: Store) -> None:
    document, passages, entities, facts = report(
        "a.txt", "Norvia filed 13 patents — “all” granted.", "It grew."
    )
    assert store.add(document, passages, entities, facts) == "added"
    assert store.documents() == [document]
    assert (store.passages(), store.entities(), store.facts()) == (passages, entities, facts)
    assert (store.document(document.id), store.fact(facts[1].id)) == (document, facts[1])


def test_the_same_bytes_are_stored_once_whatever_they_are_called(store: Store) -> None:
    store.add(*report("a.txt", "One."))
    before = store.fingerprint()
    assert store.add(*report("a.txt", "One.")) == "unchanged"
    assert store.add(*report("copy.txt", "One.")) == "unchanged"
    assert [document.source_name for document in store.document_list()] == ["a.txt"]
    assert store.fingerprint() == before


def test_a_changed_file_replaces_its_document_with_all_that_was_read_from_it(store: Store) -> None:
    store.add(*report("a.txt", "One.", "Two."))
    new = report("a.txt", "Three.")
    assert store.add(*new) == "replaced"
    assert (store.documents(), store.passages(), store.entities(), store.facts()) == ([new[0]], *new[1:])


def test_a_document_stays_while_another_file_still_holds_its_bytes(store: Store) -> None:
    store.add(*report("a.txt", "One."))
    store.add(*report("b.txt", "One."))
    assert store.add(*report("a.txt", "Two.")) == "added"
    assert [(document.source_name, document.text) for document in store.documents()] == [
        ("a.txt", "Two."),
        ("b.txt", "One."),
    ]


def test_two_files_that_swap_their_bytes_are_both_kept(store: Store) -> None:
    store.add(*report("a.txt", "One."))
    store.add(*report("b.txt", "Two."))
    assert store.add(*report("a.txt", "Two.")) == "replaced"
    assert store.add(*report("b.txt", "One.")) == "added"
    assert [document.text for document in store.documents()] == ["Two.", "One."]


def test_the_documents_are_those_that_the_names_stand_for(store: Store) -> None:
    names, texts = st.sampled_from("abc"), st.sampled_from(["One.", "Two.", "Three."])

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.tuples(names, texts), max_size=10))
    def holds(adds: list[tuple[str, str]]) -> None:
        for summary in store.document_list():
            store.remove(summary.id)
        for name, text in adds:
            store.add(*report(name, text))
        named = dict(adds)
        found = {document.source_name: document.text for document in store.documents()}
        assert sorted(found.values()) == sorted(set(named.values()))
        assert found.items() <= named.items()
        assert store.sources().keys() == named.keys()

    holds()


def test_documents_are_ordered_by_name_not_by_when_they_came(store: Store) -> None:
    for name in ("c.txt", "a.txt", "b.txt"):
        store.add(*report(name, f"In {name}.", f"Also in {name}."))
    assert [document.source_name for document in store.document_list()] == ["a.txt", "b.txt", "c.txt"]
    assert [fact.selector.exact for fact in store.facts()][:3] == ["In a.txt.", "Also in a.txt.", "In b.txt."]


def test_a_summary_says_how_much_a_document_holds(store: Store) -> None:
    document = report("a.txt", "One.", "Two.")
    store.add(*document)
    summary = store.document_list()[0]
    assert (summary.chars, summary.passages, summary.facts) == (9, 2, 2)
    assert store.summary(document[0].sha256) == summary


def test_pages_of_facts_join_up_to_all_facts(store: Store) -> None:
    for name in ("b.txt", "a.txt"):
        store.add(*report(name, *(f"{name} {number}." for number in range(5))))
    pages: list[Fact] = []
    for _ in range(4):
        pages += store.facts(after=pages[-1].id if pages else None, limit=3)
    assert pages == store.facts()
    assert len(pages) == 10


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"outcome_type": "patent"}, ["a", "b"]),
        ({"outcome_type": ["award", "patent"]}, ["a", "b"]),
        ({"outcome_type": "award"}, []),
        ({"project": "lumen-3"}, ["a"]),
        ({"place": ["Oslo", "Bergen"]}, ["b"]),
        ({"place": ()}, ["a", "b", "c"]),
        ({"subject_key": "norvia", "modality": "planned"}, ["b"]),
        ({"date_from": "2014-06"}, ["a", "b"]),
        ({"date_to": "2014-06"}, ["a"]),
        ({"date_to": "2015"}, ["a", "b"]),
        ({"date_from": "2015-03", "date_to": "2015-03-20"}, ["b"]),
        ({"date_from": "2016"}, []),
    ],
    ids=str,
)
def test_facts_meet_every_condition(store: Store, asked: dict[str, Any], found: list[str]) -> None:
    store.add(*report("a", "a", subject_key="norvia", project="LUMEN-3", date="2014"))
    store.add(*report("b", "b", subject_key="norvia", place="Oslo", modality="planned", date="2015-03-12"))
    store.add(*report("c", "c", outcome_type="licensing"))
    assert [fact.selector.exact for fact in store.facts(**asked)] == found


def test_the_fingerprint_changes_with_any_record_and_only_then(tmp_path: Path) -> None:
    def fingerprint(folder: str, *reports: Records) -> str:
        with Store.open(tmp_path / folder) as store:
            for records in reports:
                store.add(*records)
            return store.fingerprint()

    one, two = report("a.txt", "One."), report("b.txt", "Two.")
    assert fingerprint("1", one, two) == fingerprint("2", two, one)
    other_extractor = report("a.txt", "One.", extractor="rule/2")
    assert len({fingerprint("3"), fingerprint("4", one), fingerprint("5", other_extractor)}) == 3


def test_facts_with_one_id_are_stored_once(store: Store) -> None:
    document, passages, entities, facts = report("a.txt", "One.")
    store.add(document, passages, entities, [*facts, *(fact.model_copy() for fact in facts)])
    assert store.facts() == facts
    assert store.document_list()[0].facts == 1


def test_a_quote_that_does_not_stand_in_the_document_is_refused_and_nothing_is_kept(store: Store) -> None:
    document, passages, entities, facts = report("a.txt", "One.")
    misplaced = facts[0].model_copy(update={"selector": select("Two.", 0, 4)})
    with pytest.raises(ValueError, match=r"does not read 'Two\.'"):
        store.add(document, passages, entities, [misplaced])
    assert store.document_list() == []


def test_an_add_that_fails_halfway_leaves_the_old_document(store: Store) -> None:
    old = report("a.txt", "One.")
    document, passages, entities, facts = report("a.txt", "Two.")
    store.add(*old)
    with pytest.raises(IntegrityError):
        store.add(document, passages * 2, entities, facts)
    assert (store.documents(), store.passages(), store.facts()) == ([old[0]], old[1], old[3])


def test_a_removed_document_leaves_no_records(store: Store) -> None:
    records = report("a.txt", "One.")
    document = records[0]
    store.add(*records)
    store.remove(document.id)
    assert (store.documents(), store.passages(), store.entities(), store.facts(), store.sources()) == (
        [],
        [],
        [],
        [],
        {},
    )
    assert store.summary(document.sha256) is None


def test_unknown_ids_are_named_with_a_remedy(store: Store) -> None:
    for ask in (store.document, store.remove, store.fact, store.conversations.turns):
        with pytest.raises(NotFound, match=r"'nothing' is not in the store\. \w+"):
            ask("nothing")
    with pytest.raises(NotFound, match="Fact 'nothing'"):
        store.facts(after="nothing")
    with pytest.raises(NotFound, match="Conversation 'nothing'"):
        store.conversations.append("nothing", "ans_1", "Who?", "{}")


def test_a_conversation_keeps_its_answers_in_order(store: Store) -> None:
    first, second = store.conversations.start(), store.conversations.start()
    for number, conversation in enumerate((first, second, first)):
        store.conversations.append(conversation, f"ans_{number}", "Who?", f'{{"number": {number}}}')
    assert store.conversations.turns(first) == ['{"number": 0}', '{"number": 2}']
    assert store.conversations.turns(second) == ['{"number": 1}']


def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    records = report("a.txt", "One.")
    with Store.open(tmp_path) as store:
        store.add(*records)
        conversation = store.conversations.start()
    with Store.open(tmp_path) as store:
        assert store.documents() == [records[0]]
        assert store.conversations.turns(conversation) == []


def test_an_answer_is_found_with_its_place_in_the_conversation(store: Store) -> None:
    conversation = store.conversations.start()
    for number in range(2):
        store.conversations.append(conversation, f"ans_{number}", "Who?", f'{{"number": {number}}}')
    turn = store.conversations.turn("ans_1")
    assert (turn.answer, turn.turns_before) == ('{"number": 1}', 1)
    assert store.conversations.newest_answer_id() == "ans_1"


def test_what_is_said_of_an_answer_is_kept_with_it(store: Store) -> None:
    store.conversations.append(store.conversations.start(), "ans_0", "Who?", "{}")
    store.conversations.judge("ans_0", "wrong_source", "Page 3 says otherwise.")
    store.conversations.judge("ans_0", "useful")
    said = store.conversations.feedback("ans_0")
    assert [(one.verdict, one.note) for one in said] == [
        ("wrong_source", "Page 3 says otherwise."),
        ("useful", ""),
    ]
    with pytest.raises(NotFound, match="Ask the question again"):
        store.conversations.judge("ans_9", "useful")
