"""Files become documents: each once, whole, under a name of its own; one bad file stops no other."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.database import StoreBusy
from corpus.ingest import ingest, ingest_received
from corpus.lock import exclusive
from corpus.store import Store

REPORT = "Norvia Biotech was founded in Oslo in 2014. It filed over 40 patents.\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def outcomes(paths: list[Path], store: Store) -> list[str]:
    return [ingested.outcome for ingested in ingest(paths, store)]


def names(store: Store) -> list[str]:
    return [document.source_name for document in store.document_list()]


def test_a_report_is_stored_with_its_passages_and_facts(store: Store, reports: Path) -> None:
    (ingested,) = ingest([write(reports / "norvia.txt", REPORT)], store)
    assert (ingested.outcome, ingested.reason) == ("added", "")
    assert ingested.passages == len(store.passages(ingested.document_id)) == 2
    assert ingested.facts == len(store.facts(ingested.document_id)) > 0
    assert names(store) == ["norvia.txt"]


def test_a_folder_is_walked_in_order_without_hidden_and_unknown_files(store: Store, reports: Path) -> None:
    for name in ("b.md", "a.TXT", "deep/c.html", ".hidden.txt", ".git/d.txt", "notes.odt"):
        write(reports / name, f"<p>Report {name} is here.</p>")
    found = ingest([reports], store)
    assert [str(ingested.path.relative_to(reports)) for ingested in found] == ["a.TXT", "b.md", "deep/c.html"]
    assert names(store) == ["a.TXT", "b.md", "deep/c.html"]


def test_the_same_bytes_are_not_read_again(store: Store, reports: Path) -> None:
    write(reports / "norvia.txt", REPORT)
    first, again = ingest([reports], store), ingest([reports, reports / "norvia.txt"], store)
    assert again == [first[0]._replace(outcome="unchanged")]


def test_a_copy_under_another_name_is_said_to_be_one(store: Store, reports: Path) -> None:
    original, copy = write(reports / "a.txt", REPORT), write(reports / "b.txt", REPORT)
    _, second = ingest([original, copy], store)
    assert (second.outcome, second.reason) == ("unchanged", "the same bytes are stored as 'a.txt'")
    assert names(store) == ["a.txt"]


def test_a_changed_file_replaces_its_document(store: Store, reports: Path) -> None:
    path = write(reports / "norvia.txt", REPORT)
    ingest([path], store)
    write(path, REPORT.replace("40", "50"))
    assert outcomes([path], store) == ["replaced"]
    assert "over 50 patents" in store.documents()[0].text
    assert len(store.documents()) == 1


def test_files_of_one_name_in_two_folders_are_two_documents(store: Store, reports: Path) -> None:
    old = write(reports / "2014" / "report.txt", REPORT)
    new = write(reports / "2015" / "report.txt", REPORT.replace("40", "50"))
    assert outcomes([old.parent], store) == ["added"]
    (ingested,) = ingest([new], store)
    assert ingested.reason == "stored as '2015/report.txt', since 'report.txt' is another file"
    assert names(store) == ["2015/report.txt", "report.txt"]
    assert outcomes([old, new], store) == ["unchanged", "unchanged"]


def test_files_of_one_name_in_one_ingest_are_two_documents(store: Store, reports: Path) -> None:
    old = write(reports / "2014" / "report.txt", REPORT)
    new = write(reports / "2015" / "report.txt", REPORT.replace("40", "50"))
    assert outcomes([old, new], store) == ["added", "added"]


def test_a_file_that_moved_and_changed_replaces_what_it_was(store: Store, reports: Path) -> None:
    old = write(reports / "2014" / "report.txt", REPORT)
    ingest([old], store)
    old.unlink()
    assert outcomes([write(reports / "final" / "report.txt", "Another text.")], store) == ["replaced"]
    assert names(store) == ["report.txt"]


def test_files_that_swapped_their_bytes_are_both_kept(store: Store, reports: Path) -> None:
    write(reports / "a.txt", "The first report."), write(reports / "b.txt", "The second report.")
    ingest([reports], store)
    write(reports / "a.txt", "The second report."), write(reports / "b.txt", "The first report.")
    ingest([reports], store)
    assert [document.text for document in store.documents()] == ["The second report.", "The first report."]


def test_what_cannot_be_read_is_named_with_the_reason_and_others_go_on(store: Store, reports: Path) -> None:
    (reports / "binary.txt").write_bytes(bytes(range(256)) * 4)
    write(reports / "empty.txt", "")
    (reports / "gone.txt").symlink_to(reports / "nowhere")
    (reports / "circle.txt").symlink_to("circle.txt")
    write(reports / "norvia.txt", REPORT)
    found = {ingested.path.name: ingested for ingested in ingest([reports, reports / "no such.txt"], store)}
    assert found.pop("norvia.txt").outcome == "added"
    assert {ingested.outcome for ingested in found.values()} == {"failed"}
    assert "binary data" in found["binary.txt"].reason
    assert "empty" in found["empty.txt"].reason
    assert found["gone.txt"].reason == found["no such.txt"].reason == "there is no such file; check the path"
    assert names(store) == ["norvia.txt"]


def test_a_changed_file_that_cannot_be_read_leaves_its_document(store: Store, reports: Path) -> None:
    path = write(reports / "norvia.txt", REPORT)
    ingest([path], store)
    path.write_bytes(bytes(range(256)) * 4)
    assert outcomes([path], store) == ["failed"]
    assert names(store) == ["norvia.txt"]


def test_a_pipe_is_not_waited_for(store: Store, reports: Path) -> None:
    os.mkfifo(reports / "pipe.txt")
    assert outcomes([reports / "pipe.txt"], store) == ["failed"]


def test_a_folder_without_reports_is_named(store: Store, reports: Path) -> None:
    (ingested,) = ingest([reports], store)
    assert ingested.outcome == "failed"
    assert ingested.reason.startswith("this folder holds no readable file of a known kind: .csv, .docx")


def test_a_facts_table_is_stored_row_by_row_and_its_bad_rows_are_named(store: Store, reports: Path) -> None:
    table = "outcome_type,subject\npatent,Norvia Biotech\npatnt,Norvia Biotech\n"
    (ingested,) = ingest([write(reports / "facts.csv", table)], store)
    assert (ingested.outcome, ingested.passages, ingested.facts) == ("added", 2, 1)
    assert ingested.reason.startswith("left out of 1 of 2 rows: row 3: outcome_type: 'patnt' is unknown")
    (fact,) = store.facts()
    assert (fact.subject, fact.origin) == ("Norvia Biotech", "imported")


def test_progress_is_told_after_each_file(store: Store, reports: Path) -> None:
    told = []
    write(reports / "a.txt", "One report."), write(reports / "b.txt", "Two reports.")
    ingest([reports], store, lambda done, total, ingested: told.append((done, total, ingested.path.name)))
    assert told == [(1, 2, "a.txt"), (2, 2, "b.txt")]


def test_the_order_of_ingestion_does_not_show(tmp_path: Path, reports: Path) -> None:
    paths = [write(reports / f"{name}.txt", f"Report {name} is here.") for name in "abc"]
    fingerprints = set()
    for number, order in enumerate(itertools.permutations(paths)):
        with Store.open(tmp_path / str(number)) as store:
            ingest(order, store)
            fingerprints.add((store.fingerprint(), tuple(names(store))))
    assert len(fingerprints) == 1


def test_a_second_ingest_waits_its_turn_and_then_gives_up(store: Store, reports: Path) -> None:
    path = write(reports / "norvia.txt", REPORT)
    with (
        exclusive(store.data_dir),
        pytest.raises(StoreBusy, match=rf"another ingest \(process {os.getpid()}\)\. Try again"),
    ):
        ingest([path], store, wait_seconds=0.1)
    assert outcomes([path], store) == ["added"]


def test_the_lock_goes_with_the_process_that_held_it(store: Store, reports: Path) -> None:
    program = (
        "import pathlib, sys, time; from corpus.lock import exclusive\n"
        "with exclusive(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(store.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(StoreBusy):
            ingest([reports], store, wait_seconds=0)
        process.kill()
    assert outcomes([write(reports / "norvia.txt", REPORT)], store) == ["added"]


def test_unchanged_files_are_read_again_once_the_extraction_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Norvia Biotech Ltd employs 45 people.")
    with Store.open(tmp_path / "data") as store:
        (first,) = ingest([tmp_path], store)
        fact = next(fact for fact in store.facts() if fact.value == 45)
        store.curation.decide(fact.id, "correct", "Ines Varga", {"value": 47})
        monkeypatch.setattr("corpus.ingest.version", lambda: "another")
        (again,) = ingest([tmp_path / "a.txt"], store)
        assert (again.outcome, again.document_id) == ("reread", first.document_id)
        assert "the extraction has changed" in again.reason
        assert store.fact(fact.id).value == 47
        assert [entry.outcome for entry in ingest([tmp_path / "a.txt"], store)] == ["unchanged"]


def test_a_file_that_is_read_again_keeps_all_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Norvia Biotech Ltd employs 45 people.")
    with Store.open(tmp_path / "data") as store:
        ingest([tmp_path], store)
        monkeypatch.setattr("corpus.ingest.version", lambda: "another")
        assert [entry.outcome for entry in ingest([tmp_path / "b.txt"], store)] == ["reread"]
        assert sorted(store.sources()) == ["a.txt", "b.txt"]
        assert store.document_list()[0].source_name == "a.txt"


def test_what_has_no_title_is_called_as_its_sender_calls_it(reports: Path, store: Store) -> None:
    assert ingest_received(write(reports / "0000.txt", REPORT), "norvia.txt", store).outcome == "added"
    assert [document.title for document in store.document_list()] == ["norvia"]


def test_what_is_wrong_with_a_file_names_it_as_its_sender_does(reports: Path, store: Store) -> None:
    failed = ingest_received(write(reports / "0000.csv", "Colour,Size\nred,3\n"), "grants.csv", store)
    assert failed.outcome == "failed"
    assert "'grants.csv'" in failed.reason
