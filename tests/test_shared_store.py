"""Several services over one PostgreSQL store: each answers from what any has read, and none is missed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryFile

import httpx2 as httpx
import pytest
from sqlalchemy import text

import corpus.postgresql
from corpus.database import StoreUnusable
from corpus.jobs import JobFile
from corpus.postgresql import POOL_MAX, PostgresServer
from corpus.store import Store
from index.embedder import HashEmbedder
from service.running.server import free_port, is_healthy
from service.running.worker import Worker
from service.settings import Settings
from tests.postgresql import Server
from tests.records import report
from tests.serving import Served, command, served

WAIT_SECONDS_MAX = 60
NAMES = ("Norvia Biotech", "Tarnwood Cells", "Quillfen Optics", "Osmund Analytics")


def sent(service: Served, name: str, count: int = 1) -> str:
    """The id of the job that reads reports about a company."""
    files = [
        ("file", (f"{name} {n}.txt", f"{name} was founded in Oslo in {2000 + n}.\n".encode()))
        for n in range(count)
    ]
    answered = httpx.post(f"{service.url}/v1/documents", files=files).raise_for_status()
    return str(answered.json()["id"])


def asked(service: Served, question: str) -> dict[str, object]:
    answer = httpx.post(f"{service.url}/v1/ask", json={"question": question}, timeout=30)
    return {key: answer.json().get(key) for key in ("status", "answer", "items", "coverage", "index_version")}


def searched(service: Served) -> int:
    answer = httpx.post(
        f"{service.url}/v1/ask", json={"question": "Which companies were founded?"}, timeout=30
    )
    return int(answer.json()["coverage"]["documents_searched"])


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)


def test_two_services_read_and_answer_as_one_and_outlive_each_other(
    tmp_path: Path, postgresql: Server
) -> None:
    address = postgresql.database()
    with ExitStack() as stack:
        services = [stack.enter_context(served(tmp_path / n, store=address)) for n in ("one", "two")]
        one, two = services
        jobs, before = list[str](), searched(one)
        senders = [
            threading.Thread(target=lambda at=at, name=name: jobs.append(sent(at, name)))
            for at, name in zip((one, two, one, two), NAMES, strict=True)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        until(lambda: [state(two, job) for job in jobs] == ["done"] * 4)
        question = "Which companies were founded in Oslo?"
        until(lambda: asked(one, question) == asked(two, question) and searched(two) == before + len(NAMES))

        begun = sent(one, "Vellmoor Imaging", count=20)
        one.process.send_signal(signal.SIGKILL)
        one.process.wait()
        until(lambda: state(two, begun) == "done")
        found = httpx.get(f"{two.url}/v1/jobs/{begun}").json()
        assert [file["outcome"] for file in found["files"]] == ["added"] * 20


def state(service: Served, job: str) -> str:
    return str(httpx.get(f"{service.url}/v1/jobs/{job}").raise_for_status().json()["state"])


@pytest.mark.slow
def test_services_that_start_together_over_an_empty_store_all_start(tmp_path: Path, pgvector: Server) -> None:
    all_start([tmp_path / "one", tmp_path / "two"], store=pgvector.with_vectors())


def test_services_that_start_together_over_an_empty_folder_all_start(tmp_path: Path) -> None:
    all_start([tmp_path, tmp_path])


def all_start(data_dirs: Sequence[Path], **settings: str) -> None:
    """Fails unless a service over each folder, all started at once, answers."""
    with ExitStack() as stack:
        ports = [free_port() for _ in data_dirs]
        processes = []
        for port, data_dir in zip(ports, data_dirs, strict=True):
            log = stack.enter_context(TemporaryFile())
            processes.append(command(data_dir, "serve", "--port", str(port), log=log, **settings))
            stack.callback(processes[-1].wait)
            stack.callback(processes[-1].kill)
        until(lambda: all(is_healthy(f"http://127.0.0.1:{port}") for port in ports))
        assert [process.poll() for process in processes] == [None, None]


def test_what_one_machine_received_another_reads(tmp_path: Path, postgresql: Server) -> None:
    address = postgresql.database()
    with Store.open(tmp_path / "one", address) as one, Store.open(tmp_path / "two", address) as two:
        first, second = worker_of(one), worker_of(two)
        received = first.inbox.receive("job_1", 0, ".txt", [b"Norvia Biotech was founded in Oslo."], 1000)
        contents = {received.stored: first.inbox.path("job_1", received.stored)}
        one.jobs.accept(
            "ingest", [JobFile(name="a.txt", **received._asdict())], id="job_1", contents=contents
        )
        second.work_off()
        assert [file.outcome for file in one.jobs.get("job_1").files] == ["added"]
        assert two.jobs.received("job_1", received.stored) is None


def worker_of(store: Store) -> Worker:
    return Worker(Settings(data_dir=store.data_dir, model="hash"), store, HashEmbedder(), lambda: None)


def test_a_database_of_the_version_before_is_migrated(tmp_path: Path, postgresql: Server) -> None:
    database = PostgresServer(address := postgresql.database())
    with database.writing() as connection:
        for added in (
            "document.collection",
            "document.bytes_sha256",
            "turn.collections",
            "api_key.collections",
        ):
            table, _, column = added.partition(".")
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(text("DROP TABLE received"))
        connection.execute(text("UPDATE alembic_version SET version_num = '6'"))
    database.close()
    with Store.open(tmp_path, address) as store:
        assert store.jobs.received("job_1", "0000.txt") is None


def test_a_restart_of_the_server_is_over_when_it_answers_again(tmp_path: Path) -> None:
    server = Server.fresh()
    try:
        with Store.open(tmp_path, server.database("impactqa")) as store:
            store.add(*report("a.txt", "One."))
            server.kill()
            with pytest.raises(StoreUnusable):
                store.documents()
            server.start()
            store.add(*report("b.txt", "Two."))
            assert len(store.documents()) == 2
    finally:
        with suppress(OSError):
            server.stop()


def test_a_full_pool_a_full_server_and_one_that_starts_are_told_apart(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus.postgresql, "POOL_SECONDS_MAX", 0.1)
    database = PostgresServer(postgresql.database())
    with ExitStack() as stack:
        for _ in range(POOL_MAX):
            stack.enter_context(database._readers[0].connect())
        with pytest.raises(StoreUnusable, match="ask less at once"), database.reading():
            pass
    full = database.unusable(RuntimeError("FATAL: sorry, too many clients already"))
    database.close()
    assert "Raise max_connections" in str(full)
    begins = database.unusable(RuntimeError("FATAL: the database system is not yet accepting connections"))
    assert "Try again in a moment" in str(begins)
