"""The worker goes on where another one stopped, and no file stops it for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from corpus.database import StoreBusy
from corpus.jobs import Job, JobFile, OtherRequest
from corpus.lock import exclusive
from corpus.store import Store
from index.embedder import HashEmbedder, Matrix
from service.running.worker import STARTS_MAX, Stopped, Worker
from service.settings import Settings

TEXT = "Norvia Biotech was founded in Oslo in 2014. It filed over 40 patents."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


def worker_of(store: Store, embedder: HashEmbedder | None = None) -> Worker:
    settings = Settings(data_dir=store.data_dir, model="hash")
    return Worker(settings, store, embedder or HashEmbedder(), refresh=lambda: None)


def accepted(store: Store, worker: Worker, *texts: str) -> Job:
    received = [worker.inbox.receive("job_1", i, ".txt", [t.encode()], 1000) for i, t in enumerate(texts)]
    files = [JobFile(name=f"{i}.txt", **file._asdict()) for i, file in enumerate(received)]
    return store.jobs.accept("ingest", files, id="job_1")


def test_a_job_says_how_far_it_is(store: Store) -> None:
    worker = worker_of(store)
    accepted(store, worker, TEXT, "Tarnwood Cells Ltd employs 12 people.")
    worker.work_off()
    job = store.jobs.get("job_1")
    assert (job.state, job.stage, job.files_done) == ("done", "finished", 2)
    assert job.passages_embedded == job.passages_to_embed == 3


def test_a_worker_told_to_stop_leaves_the_rest_for_the_next(store: Store) -> None:
    stopping: Worker

    class StoppedWhileEmbedding(HashEmbedder):
        def encode(self, texts: Sequence[str]) -> Matrix:
            stopping._stopping.set()
            return super().encode(texts)

    stopping = worker_of(store, StoppedWhileEmbedding())
    accepted(store, stopping, TEXT)
    with pytest.raises(Stopped):
        stopping.work_off()
    assert store.jobs.get("job_1").state == "running"
    worker_of(store).work_off()
    assert store.jobs.get("job_1").state == "done"


def test_a_file_that_stops_every_service_is_given_up(store: Store) -> None:
    worker = worker_of(store)
    job = accepted(store, worker, TEXT)
    store.jobs.save(job.model_copy(update={"state": "running", "starts": STARTS_MAX}))
    worker.work_off()
    job = store.jobs.get("job_1")
    assert job.state == "failed"
    assert "stopped the service 3 times" in job.files[0].reason


def test_an_upload_whose_bytes_are_gone_fails_alone(store: Store) -> None:
    worker = worker_of(store)
    accepted(store, worker, TEXT, TEXT.replace("2014", "2015"))
    worker.inbox.path("job_1", "0000.txt").unlink()
    worker.work_off()
    assert [file.outcome for file in store.jobs.get("job_1").files] == ["failed", "added"]


def test_jobs_wait_while_another_process_ingests(store: Store) -> None:
    worker = worker_of(store)
    accepted(store, worker, TEXT)
    with exclusive(store.data_dir), pytest.raises(StoreBusy, match="written to by another ingest"):
        worker.work_off()
    worker.work_off()
    assert store.jobs.get("job_1").state == "done"


def test_a_key_names_one_request(store: Store) -> None:
    one = store.jobs.accept("ingest", [], "march", "sha-1")
    assert store.jobs.accept("ingest", [], "march", "sha-1").id == one.id
    with pytest.raises(OtherRequest, match="'march' came with another request before"):
        store.jobs.accept("ingest", [], "march", "sha-2")
