"""Decisions about facts: kept for ever, and held for the same claim in the same sentence wherever it went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from corpus.curation import Outdated
from corpus.decisions import InvalidDecision
from corpus.facts import Fact
from corpus.ingest import ingest
from corpus.queries import NotFound
from corpus.store import STANDING, Store
from tests.records import report

JOBS: dict[str, Any] = {
    "outcome_type": "employment",
    "subject": "Norvia Biotech",
    "predicate": "employ",
    "object": "people",
    "value": 45.0,
    "value_text": "over 45",
    "unit": "people",
    "qualifier": "over",
}
SENTENCE = "Norvia Biotech employs over 45 people."


def stored(store: Store, *lines: str, name: str = "a.txt", **fields: Any) -> Fact:
    """The fact of the last line, stored with a fact of each line before it."""
    store.add(*report(name, *lines, **(JOBS | fields)))
    return store.facts()[-1]


def test_a_fact_is_accepted_by_somebody_at_a_time(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        accepted = store.curation.decide(stored(store, SENTENCE).id, "accept", by="Ines Varga", note="Seen.")
        (decision,) = store.curation.history(accepted.id)
    assert accepted.review == "accepted"
    assert (decision.by, decision.note, decision.at[:2]) == ("Ines Varga", "Seen.", "20")


def test_a_rejected_fact_no_longer_stands(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        fact = stored(store, SENTENCE)
        before = store.fingerprint()
        store.curation.decide(fact.id, "reject", by="Ines Varga")
        assert store.facts(review=STANDING) == []
        assert store.facts(review="rejected")[0].id == fact.id
        assert store.fingerprint() != before


def test_a_correction_keeps_the_citation_and_drops_the_hedge_of_the_old_figure(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        fact = stored(store, SENTENCE)
        corrected = store.curation.decide(fact.id, "correct", "Ines Varga", {"value": "47"})
        assert store.fact(fact.id) == corrected
    assert corrected.selector == fact.selector
    assert (corrected.value, corrected.value_text, corrected.qualifier) == (47.0, "47", "")
    assert (corrected.review, corrected.origin) == ("accepted", "curated")
    told = {change.field: (change.was, change.now) for change in corrected.corrections}
    assert told["value_text"] == ("over 45", "47")


def test_corrections_add_up_and_the_old_value_takes_one_back(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        id = stored(store, SENTENCE).id
        store.curation.decide(id, "correct", "Ines Varga", {"place": "Bergen", "date": "2019"})
        fact = store.curation.decide(id, "correct", "Odd Lie", {"place": ""}, revision=1)
        assert (fact.place, fact.date, len(fact.decisions)) == ("", "2019", 2)
        assert [change.field for change in fact.corrections] == ["date"]


def test_what_was_rejected_is_accepted_again_with_its_corrections(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        id = stored(store, SENTENCE).id
        store.curation.decide(id, "correct", "Ines Varga", {"place": "Bergen"})
        store.curation.decide(id, "reject", "Odd Lie", revision=1)
        fact = store.curation.decide(id, "accept", "Ines Varga", revision=2)
    assert (fact.review, fact.place) == ("accepted", "Bergen")


def test_a_decision_that_has_not_seen_the_last_one_is_refused(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        id = stored(store, SENTENCE).id
        store.curation.decide(id, "accept", by="Ines Varga")
        with pytest.raises(Outdated, match="at revision 1; Ines Varga decided 'accept'.*with revision 1"):
            store.curation.decide(id, "reject", by="Odd Lie")
        assert store.fact(id).review == "accepted"


@pytest.mark.parametrize(
    ("verdict", "changes", "by", "field"),
    [
        ("correct", {}, "Ines", "changes"),
        ("accept", {"value": 3}, "Ines", "changes"),
        ("correct", {"id": "fct_1"}, "Ines", "changes.id"),
        ("correct", {"value": "many"}, "Ines", "changes.value"),
        ("correct", {"outcome_type": "profit"}, "Ines", "changes.outcome_type"),
        ("correct", {"date": "last May"}, "Ines", "changes.date"),
        ("correct", {"modality": "perhaps"}, "Ines", "changes.modality"),
        ("reject", {}, " ", "by"),
        ("reject", {}, "Ines\n[2]", "by"),
    ],
)
def test_a_decision_that_makes_no_sense_names_its_field(
    tmp_path: Path, verdict: Any, changes: dict[str, Any], by: str, field: str
) -> None:
    with Store.open(tmp_path) as store:
        id = stored(store, SENTENCE).id
        with pytest.raises(InvalidDecision) as wrong:
            store.curation.decide(id, verdict, by, changes)
        assert (wrong.value.field, store.curation.count()) == (field, 0)


def test_a_fact_that_is_not_there_cannot_be_decided_about(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, pytest.raises(NotFound, match="fct_0"):
        store.curation.decide("fct_0", "accept", by="Ines Varga")


def test_decisions_survive_remove_and_ingest(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        fact = stored(store, SENTENCE)
        store.curation.decide(fact.id, "reject", by="Ines Varga")
        store.remove(fact.document_id)
        assert store.curation.decisions()[0][1] == []
        assert stored(store, SENTENCE).review == "rejected"


def test_decisions_follow_their_sentence_in_a_changed_file(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.curation.decide(stored(store, SENTENCE).id, "correct", "Ines Varga", {"value": 47})
        moved = stored(store, "A new foreword, which says little.", SENTENCE)
    assert (moved.selector.start, moved.value) == (35, 47.0)


def test_bytes_that_come_back_under_another_name_keep_their_decisions(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        fact = stored(store, SENTENCE)
        store.curation.decide(fact.id, "reject", by="Ines Varga")
        store.remove(fact.document_id)
        assert stored(store, SENTENCE, name="renamed.txt").review == "rejected"


def test_the_same_words_in_another_report_are_another_matter(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.curation.decide(stored(store, SENTENCE).id, "reject", by="Ines Varga")
        other = stored(store, "Another report.", SENTENCE, name="b.txt")
    assert other.review == "proposed"


def test_a_decision_whose_sentence_is_gone_stays_and_says_so(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.curation.decide(stored(store, SENTENCE).id, "reject", by="Ines Varga")
        assert stored(store, "Norvia Biotech employs 60 people.", value=60.0).review == "proposed"
        ((decision, fact_ids),) = store.curation.decisions()
    assert (decision.claim.selector.exact, fact_ids) == (SENTENCE, [])


def test_decisions_can_only_be_added(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.curation.decide(stored(store, SENTENCE).id, "accept", by="Ines Varga")
        for change in ("DELETE FROM decision", "UPDATE decision SET record = ''"):
            with (
                pytest.raises(IntegrityError, match="only ever added"),
                store._database.writing() as connection,
            ):
                connection.execute(text(change))


def test_a_decision_holds_for_every_reading_of_the_sentence_that_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Norvia Biotech Ltd employs 45 people. Norvia Biotech Ltd employs 9 pilots."
    )
    with Store.open(tmp_path / "data") as store:
        ingest([tmp_path / "a.txt"], store)
        figure = next(fact for fact in store.facts() if fact.value == 45)
        store.curation.decide(figure.id, "reject", by="Ines Varga")
        rejected = {fact.selector.exact for fact in store.facts(review="rejected")}
        standing = {fact.selector.exact for fact in store.facts(review=STANDING)}
    assert (rejected, standing) == ({figure.selector.exact}, {"Norvia Biotech Ltd employs 9 pilots."})


def test_another_figure_of_the_same_sentence_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Norvia Biotech Ltd employs 45 people in Bergen and 30 people in Oslo.")
    with Store.open(tmp_path / "data") as store:
        ingest([tmp_path / "a.txt"], store)
        store.curation.decide(next(f for f in store.facts() if f.value == 45).id, "reject", by="Ines Varga")
        assert [fact.value for fact in store.facts(review=STANDING) if fact.value] == [30.0]
