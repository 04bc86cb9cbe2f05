"""A store that any earlier version wrote is opened with all that is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, insert

from corpus import rows, schema
from corpus.store import Store
from tests.records import report

EARLIER = range(1, int(schema.REVISION))


def written_by(revision: int, folder: Path) -> None:
    """A store as the version with this schema wrote it: one report, and a question that was answered from it."""
    engine = create_engine(f"sqlite:///{folder / 'impactqa.db'}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "corpus:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, str(revision))
        tables = MetaData()
        tables.reflect(connection)

        def keep(name: str, *records: dict[str, Any]) -> None:
            table = tables.tables[name]
            known = [{key: value for key, value in row.items() if key in table.c} for row in records]
            connection.execute(insert(table), known)

        document, passages, entities, facts = report("a.txt", "Norvia filed 12 patents.")
        keep("document", rows.document_row(document, passages, entities, facts))
        keep("source", {"name": "a.txt", "document_id": document.id, "location": ""})
        keep("passage", *rows.record_rows(schema.passage, passages))
        keep("entity", *rows.record_rows(schema.entity, entities))
        keep("fact", *rows.record_rows(schema.fact, facts))
        keep("conversation", {"id": "cnv_1", "started_at": "2026-01-01"})
        asked = {"asked_at": "2026-01-01", "question": "How many?", "answer": "{}"}
        keep("turn", {"position": 1, "conversation_id": "cnv_1", "answer_id": "ans_1"} | asked)
    engine.dispose()


@pytest.mark.parametrize("revision", EARLIER)
def test_a_store_of_each_earlier_version_keeps_everything(revision: int, tmp_path: Path) -> None:
    written_by(revision, tmp_path)
    document, passages, entities, facts = report("a.txt", "Norvia filed 12 patents.")
    with Store.open(tmp_path) as store:
        assert store.documents() == [document]
        assert (store.passages(), store.entities(), store.facts()) == (passages, entities, facts)
        assert [(one.sha256, one.collection) for one in store.document_list()] == [
            (document.sha256, "default")
        ]
        assert store.conversations.turn("ans_1").answer == "{}"
        assert store.summary(document.sha256) is not None
        assert list(store.verification.faults()) == []


@pytest.mark.parametrize("revision", EARLIER)
def test_an_upgraded_store_takes_new_documents_and_keys(revision: int, tmp_path: Path) -> None:
    written_by(revision, tmp_path)
    with Store.open(tmp_path) as store:
        assert store.add(*report("b.txt", "Halden filed 3 patents.")) == "added"
        assert store.add(*report("a.txt", "Norvia filed 13 patents.")) == "replaced"
        _, secret = store.keys.add("Ines", ["read"], collections=["board"])
        found = store.keys.found(secret)
        assert found is not None
        assert found.collections == ("board",)
