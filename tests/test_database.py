"""The file under the store: migrated, shared by threads and processes, whole after a crash, named when unusable."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
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
    with Store.open(tmp_path) as store, store._database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


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
        with pytest.raises(StoreUnusable, match="full. Free some space"):
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


REPLACER = """
import itertools, pathlib, sys
from corpus.store import Store
from tests.records import report
texts = [[f"{version} {number}." for number in range(300)] for version in ("Old", "New")]
reports = [report("a.txt", *lines) for lines in texts]
with Store.open(pathlib.Path(sys.argv[1])) as store:
    for records in itertools.cycle(reports):
        store.add(*records)
        print(records[0].id, flush=True)
"""


def test_a_killed_process_leaves_one_document_whole(tmp_path: Path) -> None:
    seen = set()
    for _ in range(20):
        process = subprocess.Popen([sys.executable, "-c", REPLACER, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with Store.open(tmp_path) as store:
            (document,) = store.documents()
            passages, facts = store.passages(), store.facts()
        assert [passage.text for passage in passages] == document.text.split("\n")
        assert [fact.selector.exact for fact in facts] == document.text.split("\n")
        seen.add(document.id)
    assert len(seen) == 2
