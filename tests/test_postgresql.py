"""A store on a PostgreSQL server gives what the file gives: answers, backups, one ingest at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus import backup
from corpus.database import StoreBusy, StoreError, StoreUnusable
from corpus.ingest import ingest
from corpus.store import Store
from service.answer import AskRequest
from service.parts import Parts
from service.running.first_run import SAMPLES_DIR
from service.settings import Settings
from tests.postgresql import Server
from tests.records import report

QUESTIONS = ("Which companies were founded?", "How many patents were filed?", "Who walked on the moon?")


def answered(data_dir: Path, address: str = "") -> tuple[str, list[dict[str, Any]]]:
    """The version of the index over the bundled samples, and what is answered from it."""
    opened = Parts.open(Settings(data_dir=data_dir, store=address, model="hash"))
    try:
        answers = [opened.answer_now(AskRequest(question=question)) for question in QUESTIONS]
        fields = {"status", "answer", "items", "values", "citations", "nearest", "coverage"}
        return opened.index_version, [answer.model_dump(include=fields) for answer in answers]
    finally:
        opened.close()


def test_answers_citations_and_the_index_are_those_of_a_file(tmp_path: Path, postgresql: Server) -> None:
    address = postgresql.database()
    expected = answered(tmp_path / "file")
    assert answered(tmp_path / "server", address) == expected
    assert answered(tmp_path / "second machine", address) == expected


def test_a_backup_moves_a_store_from_one_server_to_another(tmp_path: Path, postgresql: Server) -> None:
    first, second = postgresql.database(), postgresql.database()
    with Store.open(tmp_path / "1", first) as store:
        store.add(*report("a.txt", "One."))
        conversation = store.conversations.start()
        store.conversations.append(conversation, "ans_1", "Who?", "{}")
        expected = store.fingerprint()
        backup.back_up(store, tmp_path / "copy")
    backup.restore(tmp_path / "copy", tmp_path / "2", second)
    with Store.open(tmp_path / "2", second) as store:
        store.conversations.append(conversation, "ans_2", "Where?", "{}")  # numbered after the first
        assert (store.fingerprint(), len(store.conversations.turns(conversation))) == (expected, 2)
    with pytest.raises(StoreError, match="not empty"):
        backup.restore(tmp_path / "copy", tmp_path / "3", second)


def test_a_store_moves_from_a_file_to_a_server_and_back(tmp_path: Path, postgresql: Server) -> None:
    address, prints = postgresql.database(), []
    with Store.open(tmp_path / "file") as store:
        ingest([SAMPLES_DIR], store)
    for at, place, goes_to in (("file", "", address), ("server", address, ""), ("back", "", None)):
        with Store.open(tmp_path / at, place) as store:
            prints.append((store.fingerprint(), store.facts(), list(store.verification.faults())))
            backup.back_up(store, tmp_path / f"copy of {at}")
        if goes_to is not None:
            backup.restore(tmp_path / f"copy of {at}", tmp_path / ("server" if goes_to else "back"), goes_to)
    assert prints[0] == prints[1] == prints[2]
    assert not prints[0][-1]


def test_one_machine_ingests_at_a_time(tmp_path: Path, postgresql: Server) -> None:
    address = postgresql.database()
    with Store.open(tmp_path / "1", address) as one, Store.open(tmp_path / "2", address) as other:
        with one.exclusive(), pytest.raises(StoreBusy, match="written to by another ingest"):
            ingest([SAMPLES_DIR], other, wait_seconds=0)
        with other.exclusive(wait_seconds=0):  # let go of when the block before ended
            pass


def test_a_snapshot_does_not_see_what_is_stored_meanwhile(tmp_path: Path, postgresql: Server) -> None:
    address = postgresql.database()
    with Store.open(tmp_path / "1", address) as one, Store.open(tmp_path / "2", address) as other:
        with one.snapshot():
            before = one.fingerprint()
            other.add(*report("a.txt", "One."))
            assert (one.fingerprint(), one.documents()) == (before, [])
        assert len(one.documents()) == 1


def test_an_address_without_a_server_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"Check that the server runs") as raised:
        Store.open(tmp_path, "postgresql://somebody:secret@127.0.0.1:1/impactqa")
    assert "secret" not in str(raised.value)


@pytest.mark.usefixtures("postgresql")  # skipped with it
def test_reads_go_on_at_a_replica_when_the_server_is_killed(tmp_path: Path) -> None:
    primary = Server.fresh()
    address = primary.database("impactqa")
    with Store.open(tmp_path, address) as store:
        store.add(*report("a.txt", "One."))
    replica = primary.replica()
    try:
        with Store.open(tmp_path, address, replica.address("impactqa")) as store:
            expected = store.documents()
            primary.kill()
            assert store.documents() == expected
            with pytest.raises(StoreUnusable):
                store.add(*report("b.txt", "Two."))
    finally:
        replica.stop()
        primary.start()
        primary.stop()
