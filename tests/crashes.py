"""Crash rounds: a service is killed while it reads, indexes, swaps and cleans up; nothing accepted is lost.

`python -m tests.crashes --every 1 --random 200` kills at each durable step in turn, then at random moments. A
step is an SQL statement, a commit, or a call that changes names or flushes bytes. Each round forks this warm
process, so that no round loads a library; it has no threads, so that forking is safe.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, event

from corpus.inbox import Inbox
from corpus.jobs import JobFile, new_id
from corpus.store import Store
from index.embedder import HashEmbedder
from index.retriever import Retriever
from index.vectors import Vectors
from service.knowledge.indexing import rebuild
from service.running import logs
from service.running.first_run import prepare
from service.running.verifying import faults
from service.running.worker import Worker
from service.settings import Settings

OLD = "Norvia Biotech was founded in Oslo in 2014. It filed over 40 patents."
NEW = (
    "Osterlund Robotics AB was spun out of the project VEGA-7 in 2019.",
    "Ferrow Optics AB licensed the imaging software in 2015. It employs 12 people.",
)
CALLS: tuple[tuple[Any, str], ...] = (
    *((os, name) for name in ("fsync", "replace", "rename", "unlink", "rmdir", "mkdir")),
    *((pathlib.Path, name) for name in ("write_bytes", "write_text", "rename", "mkdir")),
    (Vectors, "save"),
    (HashEmbedder, "encode"),
)


class Outcome(NamedTuple):
    """What a killed service left behind."""

    ended: bool  # it was done before it could be killed
    accepted: bool  # it had promised to keep the uploads


def serve_once(data_dir: Path, acknowledge: Callable[[], object]) -> None:
    """Takes two uploads and a removal in, promises to keep them, does them: what a service does."""
    settings = Settings(data_dir=data_dir, model="hash", index_samples=False)
    with Store.open(data_dir) as store:
        worker = Worker(settings, store, HashEmbedder(), refresh=lambda: None)
        job_id = new_id()
        received = [
            Inbox(data_dir).receive(job_id, number, ".txt", [text.encode()], 10_000)
            for number, text in enumerate(NEW)
        ]
        files = [JobFile(name=f"new{number}.txt", **file._asdict()) for number, file in enumerate(received)]
        store.jobs.accept("ingest", files, id=job_id)
        acknowledge()
        (old,) = (entry for entry in store.document_list() if entry.source_name == "old.txt")
        store.jobs.accept("remove", [JobFile(name=old.source_name, document_id=old.id)])
        worker.work_off()


def kill_at(fatal: int) -> None:
    """This process is killed just before its step number `fatal`."""
    steps = count(1)

    def step(*_: object) -> None:
        if next(steps) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*args: Any, **options: Any) -> Any:
            step()
            return call(*args, **options)

        return stepping

    for owner, name in CALLS:
        setattr(owner, name, counted(getattr(owner, name)))
    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)


def killed(data_dir: Path, fatal: int = 0, after_seconds: float = 0.0) -> Outcome:
    """What became of a service over `data_dir` that was killed at a step, or after some time."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        if fatal:
            kill_at(fatal)
        try:
            serve_once(data_dir, lambda: os.write(writing, b"accepted"))
        except BaseException as error:
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    os.close(writing)
    if after_seconds:
        time.sleep(after_seconds)
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    with os.fdopen(reading, "rb") as pipe:
        accepted = pipe.read() == b"accepted"
    if status not in (0, signal.SIGKILL):
        raise AssertionError(f"the service failed by itself: status {status}")
    return Outcome(status == 0, accepted)


def recovered(data_dir: Path, outcome: Outcome) -> None:
    """Checks what a killed service left, starts another, and checks what that one makes of it."""
    settings = Settings(data_dir=data_dir, model="hash", index_samples=False)
    embedder = HashEmbedder()
    served = Retriever.open(settings.index_dir, embedder)  # whole, of before or after: else it raises
    assert served.search("Norvia patents Osterlund"), "the index left behind finds nothing"
    with Store.open(data_dir) as store:
        prepare(settings, store, embedder)
        Retriever.open(settings.index_dir, embedder, store.fingerprint())
        worker = Worker(settings, store, embedder, refresh=lambda: None)
        worker.clean_up()
        worker.work_off()
        assert list(faults(settings, store, embedder)) == []
        assert store.jobs.unfinished() == []
        texts = {document.text for document in store.documents()}
        whole = {text for text in texts if text in NEW}
        assert not outcome.accepted or whole == set(NEW), f"lost after it was accepted: {texts}"
        assert not outcome.ended or texts == set(NEW), f"not done: {texts}"
        assert texts <= {OLD, *NEW}
        assert len(whole) in (0, len(NEW)), f"half a job: {texts}"
    waiting = list((data_dir / "inbox").glob("*")) if outcome.accepted else []
    assert waiting == [], f"left in the inbox: {waiting}"
    left = sorted((data_dir / "index" / "generations").iterdir())
    assert not [path for path in left if path.suffix], f"left unfinished: {left}"


def base(folder: Path) -> Path:
    """A data folder with one document and its index."""
    settings = Settings(data_dir=folder / "base", model="hash", index_samples=False)
    with Store.open(settings.data_dir) as store:
        worker = Worker(settings, store, HashEmbedder(), refresh=lambda: None)
        received = worker.inbox.receive("job_0", 0, ".txt", [OLD.encode()], 10_000)
        store.jobs.accept("ingest", [JobFile(name="old.txt", **received._asdict())], id="job_0")
        worker.work_off()
        rebuild(store, HashEmbedder(), settings.index_dir)
    return settings.data_dir


def main(every: int, random_rounds: int, seed: int) -> None:
    """Kills at each `every`-th step until a service ends by itself, then `random_rounds` times at random."""
    logs.configure("critical")
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pristine = base(folder)

        def round_(**kill: Any) -> Outcome:
            data_dir = Path(shutil.copytree(pristine, folder / "round"))
            outcome = killed(data_dir, **kill)
            try:
                recovered(data_dir, outcome)
            except BaseException as error:
                raise AssertionError(f"killed with {kill}: {error}") from error
            shutil.rmtree(data_dir)
            return outcome

        started = time.monotonic()
        assert round_().ended
        seconds = time.monotonic() - started
        outcomes = []
        for fatal in count(1, every):
            outcomes.append(round_(fatal=fatal))
            if outcomes[-1].ended:
                break
        steps = len(outcomes) - 1
        outcomes += [round_(after_seconds=chance.uniform(0.001, seconds)) for _ in range(random_rounds)]
    accepted = sum(outcome.accepted for outcome in outcomes)
    print(f"{steps} steps, {random_rounds} random, {accepted} accepted before they were killed, 0 lost")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--random", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    main(given.every, given.random, given.seed)
