"""One contract over every kind of store: the same ids, scores, answers and citations wherever the index is.

The reference is a SQLite file with FAISS in memory. Beside it: a PostgreSQL server with the index of each machine
in memory, one that holds the index itself (pgvector), its replica, and two servers that share it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from corpus import backup
from corpus.postgresql import PostgresServer
from index.embedder import SentenceTransformerEmbedder
from index.place import index_of
from index.ranking import RANKINGS, Ranking
from service.parts import Parts
from service.running.first_run import prepare
from service.running.verifying import faults
from service.settings import Settings
from tests.postgresql import Server
from tests.stores import Place

SAMPLE_QUESTIONS = Path(__file__).parent / "data/sample_questions.jsonl"
QUESTIONS = [json.loads(line)["question"] for line in SAMPLE_QUESTIONS.read_text("utf-8").splitlines()]
KINDS = ("file", "server", "tables", "replica", "shards")


@pytest.fixture(scope="module")
def second() -> Iterator[Server]:
    server = Server.fresh()
    yield server
    server.stop()


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def place(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where a store of each kind is to be; its replica comes later."""
    folder = tmp_path_factory.mktemp(kind)
    if kind == "file":
        return Place(folder)
    server: Server = request.getfixturevalue("pgvector")
    if kind == "shards":
        return Place(folder, server.sharded(request.getfixturevalue("second")))
    return Place(folder, server.database() if kind == "server" else server.with_vectors())


@pytest.fixture(scope="module")
def opened(
    kind: str,
    place: Place,
    pgvector: Server,
    samples: Parts,
    minilm: SentenceTransformerEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Parts]:
    """The parts over a copy of the samples in a store of each kind."""
    copy = tmp_path_factory.mktemp("copy") / "samples"
    backup.back_up(samples.store, copy)
    backup.restore(copy, place.data_dir, place.address)
    settings = Settings(data_dir=place.data_dir, store=place.address)
    with place.open() as store:
        prepare(settings, store, minilm)
    standby = pgvector.replica() if kind == "replica" else None
    if standby is not None:
        place = place._replace(read_address=standby.address(place.address.rpartition("/")[2]))
    with place.open() as store:
        yield Parts(settings, store, minilm)
    if standby is not None:
        standby.stop()


def test_the_index_is_where_it_should_be(opened: Parts, kind: str) -> None:
    database = opened.store.database
    assert opened.settings.index_dir.exists() == (kind in ("file", "server"))
    assert database.has_vectors == (kind in ("tables", "replica", "shards"))
    if isinstance(database, PostgresServer):
        at_replica = database.found(lambda connection: connection.scalar(text("SELECT pg_is_in_recovery()")))
        assert at_replica == (kind == "replica")


def test_what_is_stored_and_indexed_is_the_same(opened: Parts, samples: Parts) -> None:
    expected, found = samples.store, opened.store
    assert found.fingerprint() == expected.fingerprint()
    assert (found.documents(), found.facts()) == (expected.documents(), expected.facts())
    ids = [
        [row[:3] for row in index_of(parts.store, parts.settings.index_dir).rows()]
        for parts in (opened, samples)
    ]
    assert ids[0] == ids[1]
    assert list(faults(opened.settings, found, opened.embedder)) == []


@pytest.mark.parametrize("ranking", RANKINGS)
def test_search_finds_the_same_ids_with_the_same_scores(
    opened: Parts, samples: Parts, ranking: Ranking
) -> None:
    one, other = (
        index_of(parts.store, parts.settings.index_dir).open(parts.embedder, ranking=ranking)
        for parts in (opened, samples)
    )
    documents = sorted(samples.assistant.knowledge.documents)
    limits: tuple[dict[str, Any], ...] = (
        {}, {"kind": "passage"}, {"kind": "fact", "limit": 7}, {"document_ids": documents[:2]},
        {"document_ids": documents[2:3], "kind": "passage"}, {"context": "What did the projects achieve?"},
    )  # fmt: skip
    for question in QUESTIONS[:: 4 if ranking == "weighted" else 16]:
        for limited in limits:
            assert one.search(question, **limited) == other.search(question, **limited)


@pytest.fixture(scope="module")
def expected(samples: Parts) -> list[dict[str, Any]]:
    return answers(samples)


def test_answers_and_citations_are_the_same(opened: Parts, expected: list[dict[str, Any]]) -> None:
    assert answers(opened) == expected


def answers(parts: Parts) -> list[dict[str, Any]]:
    left_out = {"timings_ms", "index_version"}
    return [parts.assistant.ask(question).model_dump(exclude=left_out) for question in QUESTIONS[::2]]
