"""The file under the store: migrated, shared, whole after a crash, named when it cannot be used."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import random
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from corpus import schema
from corpus.database import StoreUnusable
from corpus.store import Store
from tests.records import report


def test_the_migrations_make_the_tables_that_the_store_uses(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'impactqa.db'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_revision_that_the_schema_names() -> None:
    config = Config()
    config.set_main_option("script_location", "corpus:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.REVISION


def test_commits_are_flushed_to_disk_and_references_are_kept(tmp_path: Path) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with Store.open(tmp_path) as store, store._database.reading() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}
    assert found == expected


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "impactqa.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '99'")
    connection.close()
    with pytest.raises(StoreUnusable, match=r"schema version '99'.*Install the version of impactqa"):
        Store.open(tmp_path)


def test_a_file_that_is_no_database_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "impactqa.db").write_text("Not a database at all. " * 100)
    with pytest.raises(
        StoreUnusable, match=r"impactqa.db' cannot be used: file is not a database. Restore it"
    ):
        Store.open(tmp_path)


def test_a_data_folder_that_is_a_file_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreUnusable, match=r"IMPACTQA_DATA_DIR"):
        Store.open(tmp_path / "data")


def test_a_full_disk_is_named_and_leaves_the_old_document(tmp_path: Path) -> None:
    old = report("a.txt", "One.")
    with Store.open(tmp_path) as store:
        store.add(*old)
        with store._database.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreUnusable, match=r"full\. Free some space"):
            store.add(*report("a.txt", *(f"Line {number}." for number in range(2000))))
        assert (store.documents(), store.facts()) == ([old[0]], old[3])


def test_threads_share_a_store(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:

        def work(number: int) -> list[int]:
            store.add(*report(f"{number}.txt", f"One {number}.", f"Two {number}."))
            return [len(store.facts(document.id)) for document in store.documents()]

        with ThreadPoolExecutor(16) as pool:
            seen = [count for counts in pool.map(work, range(40)) for count in counts]
        assert set(seen) == {2}
        assert len(store.facts()) == 80


def test_processes_that_open_a_new_store_together_all_get_it(tmp_path: Path) -> None:
    program = "import sys, pathlib, corpus.store; corpus.store.Store.open(pathlib.Path(sys.argv[1])).close()"
    processes = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4


def replace_for_ever(data_dir: Path, acknowledged: Connection) -> None:
    """Replaces one document by its next version again and again, and says which version was kept."""
    with Store.open(data_dir) as store:
        for version in itertools.count(int(store.documents()[0].title) + 1):
            store.add(*report("a.txt", *(f"{version}.{line}" for line in range(200)), title=str(version)))
            acknowledged.send(version)


def test_a_killed_process_leaves_one_document_whole_and_what_it_acknowledged(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.add(*report("a.txt", "0.0", title="0"))
    for _ in range(20):
        kept = _kept_by_killed_process(tmp_path)
        with Store.open(tmp_path) as store:
            (document,) = store.documents()
            lines = document.text.split("\n")
            assert [passage.text for passage in store.passages()] == lines
            assert [fact.selector.exact for fact in store.facts()] == lines
        assert int(document.title) in (kept, kept + 1)  # the next one may be on disk without its word


def _kept_by_killed_process(data_dir: Path) -> int:
    """The last version that a process acknowledged before it was killed in the middle of its work."""
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload(["tests.test_database"])
    reader, writer = start.Pipe(duplex=False)
    process = start.Process(target=replace_for_ever, args=(data_dir, writer))
    process.start()
    writer.close()
    kept = reader.recv()
    time.sleep(random.uniform(0, 0.1))
    process.kill()
    process.join()
    with contextlib.suppress(EOFError), reader:
        while True:
            kept = reader.recv()
    return int(kept)
