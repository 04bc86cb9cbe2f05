"""Verify, backup and restore: what was changed behind the store's back is named, a copy answers alike."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.backup import BackupError, back_up, checked, restore
from corpus.jobs import JobFile
from corpus.store import Store
from index.embedder import HashEmbedder
from index.manifest import current_generation
from service.answer import AskRequest, comparable
from service.knowledge.indexing import rebuild
from service.parts import Parts
from service.running.verifying import faults
from service.settings import Settings
from tests.test_cli import failure, run

QUESTIONS = ["Which SMEs spun off companies?", "How many jobs were created?", "Who was trained?"]


@pytest.fixture(autouse=True)
def settings(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("IMPACTQA_MODEL", "hash")
    monkeypatch.setenv("IMPACTQA_DATA_DIR", str(data_dir))
    return Settings()


def found(settings: Settings) -> list[str]:
    with Store.open(settings.data_dir) as store:
        return [str(fault) for fault in faults(settings, store, HashEmbedder())]


def execute(data_dir: Path, statement: str) -> None:
    with sqlite3.connect(data_dir / "impactqa.db") as connection:
        connection.execute(statement)
    connection.close()


def answers(data_dir: Path) -> list[object]:
    parts = Parts.open(Settings(data_dir=data_dir, model="hash"))
    try:
        return [comparable(parts.answer_now(AskRequest(question=question))) for question in QUESTIONS]
    finally:
        parts.close()


def test_a_sound_store_has_no_faults(settings: Settings) -> None:
    assert found(settings) == []
    assert run("verify").exit_code == 0


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE document SET content_sha256 = 'x' WHERE source_name = 'halden.txt'",
            "Document 'halden.txt' is not",
        ),
        (
            "UPDATE passage SET record = replace(record, '12 patents', '13 patents')",
            "quotes what it does not say",
        ),
        ("UPDATE fact SET record = '{'", "has a record that cannot be read"),
        ("UPDATE original SET data = zeroblob(9)", "The original of 'halden.txt' has changed"),
        ("UPDATE embedding SET vector = zeroblob(1024)", "damaged vectors"),
        ("DELETE FROM passage WHERE position = 3", "that the store has not"),
        ("DELETE FROM document WHERE source_name = 'halden.txt'", "whose document is gone"),
    ],
)
def test_what_was_changed_behind_the_stores_back_is_named(
    settings: Settings, statement: str, told: str
) -> None:
    execute(settings.data_dir, statement)
    assert any(told in fault for fault in found(settings))
    assert run("verify").exit_code == 1


def lost(index: Path) -> None:
    shutil.rmtree(index)


def bit_flipped(index: Path) -> None:
    vectors = current_generation(index) / "vectors.faiss"
    content = bytearray(vectors.read_bytes())
    content[-3] ^= 1
    vectors.write_bytes(content)


@pytest.mark.parametrize("spoil", [lost, bit_flipped])
def test_a_spoilt_index_is_named_and_the_service_builds_it_again(
    settings: Settings, spoil: Callable[[Path], None]
) -> None:
    before = answers(settings.data_dir)
    spoil(settings.index_dir)
    assert "impactqa index" in found(settings)[0]
    assert answers(settings.data_dir) == before
    assert found(settings) == []


def test_a_restored_backup_answers_alike(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup", str(tmp_path / "copy")).exit_code == 0
    monkeypatch.setenv("IMPACTQA_DATA_DIR", str(tmp_path / "restored"))
    assert run("restore", str(tmp_path / "copy")).exit_code == 0
    assert run("verify").exit_code == 0
    assert answers(tmp_path / "restored") == answers(settings.data_dir)


def test_a_backup_holds_the_uploads_that_wait(settings: Settings, tmp_path: Path) -> None:
    with Store.open(settings.data_dir) as store:
        folder = settings.data_dir / "inbox" / "job_1"
        folder.mkdir(parents=True)
        (folder / "0000.txt").write_text("Norvia filed 12 patents.")
        store.jobs.accept("ingest", [JobFile(name="a.txt", stored="0000.txt")], id="job_1")
        back_up(store, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "restored")
    assert (tmp_path / "restored/inbox/job_1/0000.txt").read_text() == "Norvia filed 12 patents."


def test_a_backup_is_taken_while_another_connection_writes(settings: Settings, tmp_path: Path) -> None:
    with (
        Store.open(settings.data_dir) as store,
        Store.open(settings.data_dir) as other,
        other._database.writing() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM document")
        manifest = back_up(store, tmp_path / "copy")
    assert manifest.documents == 2


@pytest.mark.parametrize("name", ["impactqa.db", "manifest.json"])
def test_a_changed_backup_is_refused(settings: Settings, tmp_path: Path, name: str) -> None:
    with Store.open(settings.data_dir) as store:
        back_up(store, tmp_path / "copy")
    path = tmp_path / "copy" / name
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BackupError, match="damaged"):
        restore(tmp_path / "copy", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_backup_never_leads_out_of_its_folder(settings: Settings, tmp_path: Path) -> None:
    with Store.open(settings.data_dir) as store:
        manifest = back_up(store, tmp_path / "copy")
    (tmp_path / "outside").write_text("x")
    forged = manifest.model_copy(update={"files": {**manifest.files, "inbox/../../outside": "0"}})
    (tmp_path / "copy/manifest.json").write_text(forged.model_dump_json())
    with pytest.raises(BackupError, match="'inbox/../../outside' is missing"):
        checked(tmp_path / "copy")


def test_a_backup_with_foreign_code_is_refused(settings: Settings, tmp_path: Path) -> None:
    execute(settings.data_dir, "CREATE TRIGGER foul AFTER INSERT ON turn BEGIN DELETE FROM document; END")
    with Store.open(settings.data_dir) as store:
        back_up(store, tmp_path / "copy")
    with pytest.raises(BackupError, match="holds no store of ours: it has foul"):
        restore(tmp_path / "copy", tmp_path / "restored")


def test_no_store_is_overwritten(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", str(tmp_path / "copy"))
    assert "exists already" in failure(capsys, monkeypatch, "backup", str(tmp_path / "copy"))
    assert "holds a store already" in failure(capsys, monkeypatch, "restore", str(tmp_path / "copy"))


# Root may write everywhere, unless it gives that up.
ORDINARY = [] if os.geteuid() else ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.skipif(
    bool(ORDINARY) and not shutil.which("setpriv"), reason="ROOT WITHOUT setpriv (util-linux)"
)
@pytest.mark.parametrize("command", ["documents", "verify", "serve", "ingest"])
def test_a_read_only_folder_is_named_in_one_line(settings: Settings, tmp_path: Path, command: str) -> None:
    report = tmp_path / "new.txt"
    report.write_text("Norvia filed 14 patents.")
    for log in settings.data_dir.glob("impactqa.db-*"):  # of a store that another test has open
        log.unlink()
    for path in (settings.data_dir / "impactqa.db", settings.data_dir):
        path.chmod(0o555)
    try:
        arguments = [command, str(report)] if command == "ingest" else [command]
        ended = subprocess.run(
            [*ORDINARY, sys.executable, "-m", "service", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        settings.data_dir.chmod(0o755)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "may be written to" in ended.stderr


def test_another_model_is_named_by_verify(settings: Settings) -> None:
    class OtherEmbedder(HashEmbedder):
        name = "hash-256@other"

    with Store.open(settings.data_dir) as store:
        rebuild(store, OtherEmbedder(), settings.index_dir)
    assert "was built with 'hash-256@other'" in found(settings)[0]
