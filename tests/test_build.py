"""Building an index: what is embedded, what is kept, and what a crash leaves behind."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from corpus.embeddings import Embeddings
from corpus.store import Store
from index.build import Entry, build
from index.embedder import HashEmbedder, Matrix
from index.manifest import BusyIndexError, current_generation
from index.retriever import Retriever

ENTRIES = [
    Entry("psg_1", "passage", "doc_1", "Norvia Biotech was founded in 2011."),
    Entry("psg_2", "passage", "doc_1", "Project LUMEN-3 trained 40 students."),
    Entry("fct_1", "fact", "doc_1", "spin out Norvia Biotech 2011"),
]
LATER = [*ENTRIES, Entry("psg_3", "passage", "doc_2", "Barley yields rose by a third.")]


class CountingEmbedder(HashEmbedder):
    """A HashEmbedder that keeps every text it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.seen += texts
        return super().encode(texts)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in current_generation(folder).iterdir()}


def found(folder: Path, question: str) -> str:
    return Retriever.open(folder, HashEmbedder()).search(question)[0].id


def test_what_was_built_is_found(tmp_path: Path) -> None:
    manifest = build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")
    assert manifest.entries == 3
    assert found(tmp_path, "who trained students?") == "psg_2"


def test_the_order_of_the_entries_leaves_no_trace(tmp_path: Path) -> None:
    build(LATER, HashEmbedder(), tmp_path / "one", "corpus-1")
    build(LATER[::-1], HashEmbedder(), tmp_path / "two", "corpus-1")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_an_index_grown_step_by_step_equals_one_built_at_once(tmp_path: Path) -> None:
    build(ENTRIES, HashEmbedder(), tmp_path / "grown", "corpus-1")
    build(LATER, HashEmbedder(), tmp_path / "grown", "corpus-2")
    build(LATER, HashEmbedder(), tmp_path / "fresh", "corpus-2")
    assert files(tmp_path / "grown") == files(tmp_path / "fresh")


@pytest.fixture
def embeddings(tmp_path: Path) -> Iterator[Embeddings]:
    with Store.open(tmp_path / "store") as store:
        yield store.embeddings


def test_unchanged_texts_are_not_embedded_again(tmp_path: Path, embeddings: Embeddings) -> None:
    embedder = CountingEmbedder()
    build(ENTRIES, embedder, tmp_path, "corpus-1", embeddings=embeddings)
    assert sorted(embedder.seen) == sorted(entry.text for entry in ENTRIES)
    embedder.seen.clear()
    build(LATER, embedder, tmp_path, "corpus-2", embeddings=embeddings)
    assert embedder.seen == ["Barley yields rose by a third."]


def test_a_lost_index_is_built_from_stored_vectors(tmp_path: Path, embeddings: Embeddings) -> None:
    embedder = CountingEmbedder()
    build(LATER, embedder, tmp_path / "lost", "corpus-1", embeddings=embeddings)
    embedder.seen.clear()
    build(LATER, embedder, tmp_path / "index", "corpus-1", embeddings=embeddings)
    assert embedder.seen == []
    assert files(tmp_path / "index") == files(tmp_path / "lost")


def test_a_fact_bears_the_vector_of_its_passage(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    fact = Entry("fct_1", "fact", "doc_1", "spin out Norvia Biotech 2011", ENTRIES[0].text)
    words_alone = Entry("psg_9", "passage", "doc_1", "Row of a table", "")
    build([*ENTRIES[:2], fact, words_alone], embedder, tmp_path, "corpus-1")
    assert sorted(embedder.seen) == sorted(entry.text for entry in ENTRIES[:2])
    hits = {hit.id: hit.dense for hit in Retriever.open(tmp_path, embedder).search("Norvia was founded")}
    assert hits["fct_1"] == hits["psg_1"] > 0.5
    assert Retriever.open(tmp_path, embedder).search("table row")[0].dense == 0


def test_what_embedding_was_done_before_a_failure_is_kept(tmp_path: Path, embeddings: Embeddings) -> None:
    entries = [Entry(f"psg_{number}", "passage", "doc_1", f"Sentence {number}.") for number in range(600)]

    def interrupted(done: int, _total: int) -> None:
        if done == 512:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(entries, HashEmbedder(), tmp_path, "corpus-1", interrupted, embeddings)
    embedder = CountingEmbedder()
    build(entries, embedder, tmp_path, "corpus-1", embeddings=embeddings)
    assert len(embedder.seen) == 88


def test_vectors_of_texts_that_are_gone_are_forgotten(tmp_path: Path, embeddings: Embeddings) -> None:
    build(LATER, HashEmbedder(), tmp_path, "corpus-1", embeddings=embeddings)
    build(ENTRIES[:1], HashEmbedder(), tmp_path, "corpus-2", embeddings=embeddings)
    assert embeddings.count("hash-256") == 1


def test_equal_texts_are_embedded_once(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    entries = [Entry(f"psg_{n}", "passage", f"doc_{n}", "The same words.") for n in range(9)]
    build(entries, embedder, tmp_path, "corpus-1")
    assert embedder.seen == ["The same words."]


def test_another_model_embeds_everything_anew(tmp_path: Path, embeddings: Embeddings) -> None:
    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1", embeddings=embeddings)
    embedder = CountingEmbedder()
    embedder.name = "hash-256@other"
    build(ENTRIES, embedder, tmp_path, "corpus-1", embeddings=embeddings)
    assert len(embedder.seen) == 3


def test_a_damaged_vector_is_embedded_anew(tmp_path: Path, embeddings: Embeddings) -> None:
    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1", embeddings=embeddings)
    with sqlite3.connect(tmp_path / "store" / "impactqa.db") as connection:
        connection.execute("UPDATE embedding SET vector = zeroblob(1024)")
    embedder = CountingEmbedder()
    build(ENTRIES, embedder, tmp_path, "corpus-1", embeddings=embeddings)
    assert len(embedder.seen) == 3
    assert found(tmp_path, "students") == "psg_2"


def test_progress_counts_the_texts_that_are_embedded(tmp_path: Path) -> None:
    entries = [Entry(f"psg_{number}", "passage", "doc_1", f"Sentence {number}.") for number in range(600)]
    told: list[tuple[int, int]] = []
    build(entries, HashEmbedder(), tmp_path, "corpus-1", lambda done, total: told.append((done, total)))
    assert told == [(256, 600), (512, 600), (600, 600)]


def test_an_id_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Entry 'psg_1' occurs twice"):
        build([*ENTRIES, ENTRIES[0]], HashEmbedder(), tmp_path, "corpus-1")


def test_an_empty_corpus_has_an_index_too(tmp_path: Path) -> None:
    assert build([], HashEmbedder(), tmp_path, "empty").entries == 0
    assert Retriever.open(tmp_path, HashEmbedder(), "empty").search("anything") == []


def test_one_old_generation_is_kept(tmp_path: Path) -> None:
    for number in range(4):
        build(ENTRIES[:number], HashEmbedder(), tmp_path, f"corpus-{number}")
    kept = sorted(path.name[:6] for path in (tmp_path / "generations").iterdir())
    assert kept == ["000003", "000004"]


def test_a_second_builder_is_turned_away(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BusyIndexError, match="is being built by another process. Try again"):
            build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")


def test_a_failing_build_leaves_the_old_index_and_no_litter(tmp_path: Path) -> None:
    class FailingEmbedder(HashEmbedder):
        def encode(self, texts: Sequence[str]) -> Matrix:
            raise MemoryError

    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")
    with pytest.raises(MemoryError):
        build(LATER, FailingEmbedder(), tmp_path, "corpus-2")
    assert found(tmp_path, "students") == "psg_2"
    assert len(list((tmp_path / "generations").iterdir())) == 1


# A child builds while every call that touches the disk is counted, and is killed at the n-th, for n = 1, 2, 3
# and so on until one gets through; each time the index must open and answer from one state or the other.
KILLED_AT_EVERY_STEP = """
import os, pathlib, shutil, signal, sys
from index.build import build
from index.embedder import HashEmbedder
from index.manifest import Manifest
from index.retriever import Retriever
from index.vectors import Vectors
from tests.test_build import ENTRIES, LATER

STEPS = [(os, "open"), (os, "fsync"), (os, "rename"), (os, "replace"), (os, "unlink"), (os, "rmdir"),
         (os, "mkdir"), (pathlib.Path, "write_bytes"), (pathlib.Path, "write_text"), (pathlib.Path, "rename"),
         (Vectors, "save"), (HashEmbedder, "encode")]

def kill_at(fatal):
    taken = 0
    def counted(call):
        def step(*args, **kwargs):
            nonlocal taken
            taken += 1
            if taken == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)
        return step
    for owner, name in STEPS:
        setattr(owner, name, counted(getattr(owner, name)))

def survives(fatal, folder):
    child = os.fork()
    if not child:
        kill_at(fatal)
        build(LATER, HashEmbedder(), folder, "later")
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0

folder = pathlib.Path(sys.argv[1])
fatal, seen = 1, []
while True:
    shutil.rmtree(folder, ignore_errors=True)
    build(ENTRIES[:1], HashEmbedder(), folder, "oldest")
    build(ENTRIES[:2], HashEmbedder(), folder, "older")
    build(ENTRIES, HashEmbedder(), folder, "old")
    whole = survives(fatal, folder)
    state = Retriever.open(folder, HashEmbedder()).manifest.fingerprint
    hits = Retriever.open(folder, HashEmbedder(), state).search("barley students founded")
    assert len(hits) == {"old": 3, "later": 4}[state], (fatal, state, hits)
    build(LATER, HashEmbedder(), folder, "again")
    assert Retriever.open(folder, HashEmbedder(), "again").search("barley")[0].id == "psg_3", fatal
    left = sorted(path.name[:6] for path in (folder / "generations").iterdir())
    assert len(left) == 2 and not any("unfinished" in str(path) for path in folder.rglob("*")), (fatal, left)
    seen.append(state)
    if whole:
        break
    fatal += 1
print(seen.count("old"), seen.count("later"))
"""


def test_a_builder_killed_at_any_step_leaves_the_old_index_or_the_new_one(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(tmp_path / "index")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    old, later = map(int, child.stdout.split())
    assert (old > 20, later > 5) == (True, True)  # the swap stands somewhere among the steps


def test_everything_is_on_the_disk_before_the_pointer_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    before_the_swap: list[str] = []
    fsync, replace = os.fsync, os.replace

    def recording_fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    def recording_replace(source: Path, target: Path) -> None:
        before_the_swap.extend(synced)
        synced.clear()
        replace(source, target)

    monkeypatch.setattr(os, "fsync", recording_fsync)
    monkeypatch.setattr(os, "replace", recording_replace)
    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")
    assert {*files(tmp_path), "000001.unfinished", "generations", "current.new"} == set(before_the_swap)
    assert synced == [tmp_path.name]


def test_a_reader_sees_whole_generations_while_another_process_builds(tmp_path: Path) -> None:
    build(ENTRIES, HashEmbedder(), tmp_path, "0")
    script = (
        "import sys; from pathlib import Path; from index.build import build; from index.embedder import *\n"
        "from tests.test_build import ENTRIES, LATER\n"
        "for n in range(1, 31): build(LATER if n % 2 else ENTRIES, HashEmbedder(), Path(sys.argv[1]), str(n))"
    )
    sizes = {"0": 3}
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) as builder:
        while builder.poll() is None:
            retriever = Retriever.open(tmp_path, HashEmbedder())
            sizes[retriever.manifest.fingerprint] = len(retriever.search("barley students founded"))
    assert builder.returncode == 0
    assert len(sizes) > 5
    assert all(size == (4 if int(state) % 2 else 3) for state, size in sizes.items())
