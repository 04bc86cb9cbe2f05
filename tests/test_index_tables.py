"""The index in tables of a server: what it keeps, what it searches exactly, and what a failure leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy import text

import corpus.postgresql
import index.table_search
import index.tables
from corpus.database import StoreUnusable
from corpus.postgresql import PostgresServer
from index.build import Entry
from index.embedder import HashEmbedder, Matrix
from index.lexical import Bm25
from index.manifest import BrokenIndexError, BusyIndexError, MissingIndexError, StaleIndexError
from index.place import IndexFolder
from index.retriever import Hit, Retriever
from index.table_build import NextGeneration
from index.tables import IndexTables
from tests.postgresql import Server

ENTRIES = [
    Entry("psg_1", "passage", "doc_1", "Norvia Biotech was founded in 2011."),
    Entry("psg_2", "passage", "doc_1", "Project LUMEN-3 trained 40 students."),
    Entry("fct_1", "fact", "doc_1", "spin out Norvia Biotech 2011", "Norvia Biotech was founded in 2011."),
]
LATER = [*ENTRIES[1:], Entry("psg_3", "passage", "doc_2", "Barley yields rose by a third.")]
CROWD = 3000
QUESTIONS = [f"What grew in field {number}?" for number in range(0, CROWD, 151)]


class ScatteredEmbedder(HashEmbedder):
    """Vectors of 32 dimensions around 40 centres, as those of real texts lie; equal texts have equal ones."""

    name = "scattered"
    dimension = 32

    def encode(self, texts: Sequence[str]) -> Matrix:
        centres = np.random.default_rng(7).normal(size=(40, 32))
        seeds = [int.from_bytes(text.encode()[:64], "little") for text in texts]
        chances = [np.random.default_rng(seed) for seed in seeds]
        vectors = [centres[chance.integers(40)] + chance.normal(size=32) for chance in chances]
        matrix = np.array(vectors, dtype=np.float32).reshape(len(texts), 32)
        return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), dtype=np.float32)


def crowd() -> list[Entry]:
    """Entries of which document doc_0 has 12 %."""
    return [
        Entry(f"psg_{n:04}", "passage", f"doc_{min(n % 25 // 3, 8)}", f"Barley in field {n}")
        for n in range(CROWD)
    ]


@pytest.fixture
def server(pgvector: Server) -> Iterator[PostgresServer]:
    database = PostgresServer(pgvector.with_vectors())
    yield database
    database.close()


@pytest.fixture
def tables(server: PostgresServer) -> IndexTables:
    return IndexTables(server)


@pytest.fixture
def by_graph(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 500 vectors are searched through a graph, though so few are compared as fast one by one."""
    with server.aside() as connection:
        connection.execute(
            text(f"ALTER DATABASE {str(server.name).rpartition('/')[2]} SET enable_seqscan = off")
        )
    server.close()  # its next connections know
    monkeypatch.setattr(index.tables, "EXACT_VECTORS_MAX", 500)
    monkeypatch.setattr(index.table_search, "EXACT_VECTORS_MAX", 500)


def stored(server: PostgresServer, query: str) -> list[object]:
    with server.reading() as connection:
        return list(connection.scalars(text(query)))


def in_memory(entries: Sequence[Entry], embedder: HashEmbedder, folder: Path) -> Retriever:
    place = IndexFolder(folder)
    place.build(entries, embedder, "corpus-1")
    return place.open(embedder)


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.id for hit in hits]


def test_an_index_grown_step_by_step_finds_what_one_built_at_once_finds(
    tables: IndexTables, tmp_path: Path
) -> None:
    for fingerprint, entries in (("corpus-1", ENTRIES), ("corpus-2", LATER)):
        tables.build(entries, HashEmbedder(), fingerprint)
    grown, fresh = tables.open(HashEmbedder(), "corpus-2"), in_memory(LATER, HashEmbedder(), tmp_path)
    for question in ("barley", "Norvia Biotech 2011", "who trained students?"):
        assert grown.search(question) == fresh.search(question)


def test_only_what_is_new_is_embedded_and_written(tables: IndexTables, server: PostgresServer) -> None:
    seen: list[str] = []

    class Counting(HashEmbedder):
        def encode(self, texts: Sequence[str]) -> Matrix:
            seen.extend(texts)
            return super().encode(texts)

    tables.build(ENTRIES, Counting(), "corpus-1")
    seen.clear()
    tables.build(LATER, Counting(), "corpus-2")
    assert seen == ["Barley yields rose by a third."]
    assert stored(server, "SELECT id FROM index_entry WHERE born = 2") == ["psg_3"]


def test_a_reader_stays_with_its_generation_while_others_are_built(tables: IndexTables) -> None:
    tables.build(ENTRIES, HashEmbedder(), "corpus-1")
    reader = tables.open(HashEmbedder())
    expected = reader.search("Norvia Biotech 2011")
    tables.build(LATER, HashEmbedder(), "corpus-2")
    assert reader.search("Norvia Biotech 2011") == expected
    assert (reader.is_current(), reader.manifest.fingerprint) == (False, "corpus-1")
    assert "psg_1" not in ids(tables.open(HashEmbedder()).search("Norvia Biotech 2011"))


def test_a_generation_that_was_collected_is_named_instead_of_finding_too_little(
    tables: IndexTables, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.tables, "KEPT_MINUTES", 0)
    tables.build(ENTRIES, HashEmbedder(), "corpus-1")
    reader = tables.open(HashEmbedder())
    for fingerprint in ("corpus-2", "corpus-3"):
        tables.build(LATER, HashEmbedder(), fingerprint)
    assert stored(server, "SELECT number FROM index_generation ORDER BY number") == [2, 3]
    assert "psg_1" not in stored(server, "SELECT id FROM index_entry")
    with pytest.raises(StaleIndexError, match="no longer holds generation 1. Ask again in a moment"):
        reader.search("Norvia")


def test_a_build_that_fails_leaves_everything_as_it_was(
    tables: IndexTables, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.build(ENTRIES, HashEmbedder(), "corpus-1")
    before = stored(server, "SELECT (e.*)::text FROM index_entry e ORDER BY 1")

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(NextGeneration, "swap_in", fail)
    with pytest.raises(KeyboardInterrupt):
        tables.build(LATER, HashEmbedder(), "corpus-2")
    assert stored(server, "SELECT (e.*)::text FROM index_entry e ORDER BY 1") == before
    assert len(tables.open(HashEmbedder(), "corpus-1").search("Norvia Biotech 2011")) == len(ENTRIES)


def test_what_a_shard_kept_of_a_failed_build_is_taken_back(pgvector: Server, tmp_path: Path) -> None:
    other = Server.fresh()
    database = PostgresServer(pgvector.sharded(other))
    try:
        tables = IndexTables(database)
        tables.build(ENTRIES, HashEmbedder(), "corpus-1")
        with database.aside() as connection:  # as if this server had failed just before its own commit
            connection.execute(text("UPDATE index_posting_there SET gone = 2"))
            connection.execute(
                text(
                    "UPDATE index_vector_there SET number = 9, born = 2 WHERE number IN (SELECT max(number) FROM index_vector_there)"
                )
            )
        tables.build(ENTRIES, HashEmbedder(), "corpus-1")
        tables.build(LATER, HashEmbedder(), "corpus-2")
        expected = in_memory(LATER, HashEmbedder(), tmp_path).search("barley")
        assert tables.open(HashEmbedder()).search("barley") == expected
    finally:
        database.close()
        other.stop()


def test_building_again_what_has_not_changed_mends_it(tables: IndexTables, server: PostgresServer) -> None:
    tables.build(ENTRIES, HashEmbedder(), "corpus-1")
    with server.aside() as connection:
        connection.execute(text("DELETE FROM index_posting WHERE term = 'norvia'"))
    with pytest.raises(BrokenIndexError, match="words of its entries are missing"):
        tables.rows()
    tables.build(ENTRIES, HashEmbedder(), "corpus-1")
    assert len(tables.rows()) == len(ENTRIES)


def test_an_index_that_is_missing_of_another_model_or_corpus_is_refused(tables: IndexTables) -> None:
    with pytest.raises(MissingIndexError, match="has no index. Build it with: impactqa index"):
        tables.open(HashEmbedder())
    tables.build(ENTRIES, HashEmbedder(), "corpus-1")
    with pytest.raises(StaleIndexError, match="another state of the corpus"):
        tables.open(HashEmbedder(), "corpus-2")
    with pytest.raises(StaleIndexError, match="was built with 'hash-256'"):
        tables.open(ScatteredEmbedder())


def test_one_process_builds_at_a_time(tables: IndexTables, server: PostgresServer) -> None:
    with server.exclusive(index.tables.BUILDER, 0), pytest.raises(BusyIndexError, match="by another process"):
        tables.build(ENTRIES, HashEmbedder(), "corpus-1")


@pytest.mark.usefixtures("by_graph")
def test_another_model_takes_the_place_of_the_one_before(tables: IndexTables, tmp_path: Path) -> None:
    tables.build(crowd(), ScatteredEmbedder(), "corpus-1")
    old = tables.open(ScatteredEmbedder())
    tables.build(ENTRIES, HashEmbedder(), "corpus-1")
    expected = in_memory(ENTRIES, HashEmbedder(), tmp_path).search("Norvia")
    assert tables.open(HashEmbedder()).search("Norvia") == expected
    assert (
        old.search("Barley in field 7")[0].id == "psg_0007"
    )  # whoever still has the old model still answers


def test_words_score_on_the_server_as_in_memory_to_the_last_bit(tables: IndexTables) -> None:
    chance = np.random.default_rng(3)
    words = [f"{letter}{number}x" for letter in "abcdefgh" for number in range(40)]
    odds = 1 / np.arange(1, len(words) + 1)
    texts = [" ".join(chance.choice(words, chance.integers(1, 60), p=odds / odds.sum())) for _ in range(400)]
    tables.build(
        [Entry(f"psg_{n:03}", "passage", "doc_1", text, "") for n, text in enumerate(texts)],
        HashEmbedder(),
        "corpus-1",
    )
    reader, embedded = tables.open(HashEmbedder()), Bm25.build(texts)
    for question in [*texts[:40], "a0x a0x a0x b1x zeppelin", "\ud800 \0 a1x", "%(terms)s ' -- {0}", ""]:
        assert np.array_equal(reader._words.scores(question), embedded.scores(question))


# The traps that were met when the engine was chosen.


def test_a_server_that_would_not_search_on_under_a_filter_is_refused(
    pgvector: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = pgvector.with_vectors()
    with closing(PostgresServer(address)) as server, server.reading() as connection:
        assert connection.scalar(text("SHOW hnsw.iterative_scan")) == "relaxed_order"
        assert connection.scalar(text("SHOW hnsw.ef_search")) == "400"
    bad = {"hnsw.iterative_scan": "never_heard_of"}  # a warning of the server, no more
    monkeypatch.setattr(corpus.postgresql, "_SEARCHES", bad)
    with pytest.raises(StoreUnusable, match="has hnsw.iterative_scan at 'off', not 'never_heard_of'"):
        PostgresServer(address)


@pytest.mark.usefixtures("by_graph")
@pytest.mark.parametrize("documents", [None, ["doc_0"], ["doc_0", "doc_1", "doc_2", "doc_3", "doc_4"]])
def test_a_graph_finds_as_much_as_is_asked_for_and_nearly_the_same(
    tables: IndexTables, server: PostgresServer, tmp_path: Path, documents: list[str] | None
) -> None:
    tables.build(crowd(), ScatteredEmbedder(), "corpus-1")
    reader, exact = tables.open(ScatteredEmbedder()), in_memory(crowd(), ScatteredEmbedder(), tmp_path)
    plan = explained(server, reader, documents)
    assert ("index_vector_graph" in plan) == (documents != ["doc_0"])  # 360 are compared one by one
    overlaps = []
    for question in QUESTIONS:
        found, expected = (
            retriever.search(question, limit=50, document_ids=documents) for retriever in (reader, exact)
        )
        assert len(found) == 50
        assert documents is None or {hit.document_id for hit in found} <= set(documents)
        overlaps.append(len({*ids(found[:10])} & {*ids(expected[:10])}) / 10)
    assert np.mean(overlaps) >= (1 if documents == ["doc_0"] else 0.95)


def explained(server: PostgresServer, reader: Retriever, documents: list[str] | None) -> str:
    """How the server searches the nearest vectors."""
    asked: list[tuple[str, dict[str, object]]] = []
    vectors = reader._vectors
    assert isinstance(vectors, index.table_search.TableVectors)
    packed = index.table_search.At.packed

    def noting(self: index.table_search.At, query: str, parameters: dict[str, object]) -> bytes:
        asked.append((query, parameters))
        return packed(self, query, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.table_search.At, "packed", noting)
        reader.search("Barley", document_ids=documents)
    query, parameters = next(pair for pair in asked if "index_vector" in pair[0])
    with server.reading() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN {query}", {"generation": 1, **parameters})
        return "\n".join(rows.scalars())


@pytest.mark.usefixtures("by_graph")
def test_an_exact_search_stays_exact_however_often_it_is_asked(
    tables: IndexTables, server: PostgresServer, tmp_path: Path
) -> None:
    tables.build(crowd(), ScatteredEmbedder(), "corpus-1")
    reader, exact = tables.open(ScatteredEmbedder()), in_memory(crowd(), ScatteredEmbedder(), tmp_path)
    for question in QUESTIONS[:12]:  # a prepared statement would have its plan for all by now
        assert reader.search(question, document_ids=["doc_0"]) == exact.search(
            question, document_ids=["doc_0"]
        )
    with server.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0


@pytest.mark.usefixtures("pgvector")  # skipped with it
def test_a_replica_that_lags_is_passed_over_for_the_server() -> None:
    primary = Server.fresh()
    address = primary.with_vectors("impactqa")
    replica = primary.replica()
    try:
        with (
            closing(PostgresServer(address)) as server,
            closing(PostgresServer(address, replica.address("impactqa"))) as both,
        ):
            IndexTables(server).build(ENTRIES, HashEmbedder(), "corpus-1")
            until_arrived(primary, replica)
            held = IndexTables(both).open(HashEmbedder())
            with psycopg.connect(replica.address("impactqa"), autocommit=True) as connection:
                connection.execute("SELECT pg_wal_replay_pause()")
            IndexTables(server).build(LATER, HashEmbedder(), "corpus-2")
            assert held.is_current()  # nothing newer can be loaded from the replica yet
            assert IndexTables(both).manifest().fingerprint == "corpus-2"  # what to build, the server decides
            with both.snapshot():  # of the server, as at the start of a service
                newer = IndexTables(both).open(HashEmbedder())
            assert ids(newer.search("barley"))[0] == "psg_3"
    finally:
        replica.stop()
        primary.stop()


def until_arrived(primary: Server, replica: Server) -> None:
    """Waits until the replica has what the server has."""
    with psycopg.connect(primary.address("postgres")) as connection:
        at = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
    with psycopg.connect(replica.address("postgres"), autocommit=True) as connection:
        while connection.execute("SELECT pg_last_wal_replay_lsn() >= %s", at).fetchone() != (True,):
            pass
