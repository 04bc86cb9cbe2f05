"""Measures what a long run does to a service: `python -m tests.soak` asks, uploads and removes for ten minutes.

Targets: memory at the end within 5 % of that after two minutes, as many threads and open files, nothing but answers
and refusals for want of room.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import httpx2

from tests.load import asked_by, machine, memory_mb, stocked, told
from tests.serving import Served, served


class Sample(NamedTuple):
    """The service at one moment."""

    second: int
    memory_mb: float
    files: int
    threads: int


class Outcome(NamedTuple):
    """What was seen over the whole time."""

    samples: list[Sample]
    statuses: Counter[int]
    uploads: Counter[str]
    seconds: list[float]
    settled_at: int  # the second whose memory the last one's is held against

    @property
    def growth(self) -> float:
        """The share that the memory has grown by since it had settled."""
        settled = next(sample for sample in self.samples if sample.second >= self.settled_at)
        return self.samples[-1].memory_mb / settled.memory_mb - 1

    def __str__(self) -> str:
        rows = [
            f"{s.second:5d} s  {s.memory_mb:6.0f} MB  {s.files:4d} files  {s.threads:3d} threads"
            for s in self.samples
        ]
        return "\n".join(
            (
                *rows,
                f"memory since {self.settled_at} s: {self.growth:+.1%}",
                f"replies: {dict(self.statuses)}; uploads and removals: {dict(self.uploads)}",
                told("answered", self.seconds),
                machine(),
            )
        )


def measure(folder: Path, seconds: int, every: int, settled_at: int, model: str = "hash") -> Outcome:
    """A service that four clients ask without a pause while one uploads and removes a report again and again."""
    with served(stocked(folder, model), model=model, requests_per_minute="0") as service:
        uploads: Counter[str] = Counter()
        stop = threading.Event()
        changing = threading.Thread(target=_change, args=(service.url, uploads, stop))
        samples: list[Sample] = []
        statuses: Counter[int] = Counter()
        times: list[float] = []
        changing.start()
        started = time.monotonic()
        while (now := time.monotonic() - started) < seconds:
            replies = asked_by(4, service.url, min(every, seconds - now))
            statuses.update(reply.status for reply in replies)
            times += [reply.seconds for reply in replies if reply.status == 200]
            samples.append(_sample(service, round(time.monotonic() - started)))
        stop.set()
        changing.join()
        return Outcome(samples, statuses, uploads, times, settled_at)


def _change(url: str, uploads: Counter[str], stop: threading.Event) -> None:
    with httpx2.Client(base_url=url, timeout=60) as client:
        number = 0
        while not stop.wait(2):
            number += 1
            text = f"# Report {number}\n\nOsterlund Optics {number} employs {number + 9} people in Bergen.\n"
            sent = client.post("/v1/documents", files={"file": (f"report-{number}.md", text.encode())})
            job = _done(client, sent.json()["id"])
            uploads[job["files"][0]["outcome"]] += 1
            removed = client.delete(f"/v1/documents/{job['files'][0]['document_id']}")
            uploads[_done(client, removed.json()["id"])["files"][0]["outcome"]] += 1


def _done(client: httpx2.Client, job_id: str) -> dict[str, list[dict[str, str]]]:
    while True:
        job: dict[str, list[dict[str, str]]] = client.get(f"/v1/jobs/{job_id}").json()
        if str(job["state"]) in ("done", "failed"):
            return job
        time.sleep(0.1)


def _sample(service: Served, second: int) -> Sample:
    process = f"/proc/{service.process.pid}"
    return Sample(
        second, memory_mb(service), len(os.listdir(f"{process}/fd")), len(os.listdir(f"{process}/task"))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--model", default="all-MiniLM-L6-v2")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = measure(Path(folder), round(given.minutes * 60), 30, 120, given.model)
    sys.stdout.write(f"{outcome}\n")
    sys.exit(not set(outcome.statuses) <= {200, 503} or outcome.growth > 0.05)


if __name__ == "__main__":
    main()
