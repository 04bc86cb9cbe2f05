"""Failover rounds: the server that takes writes is killed under load, its replica takes over; nothing is lost.

`python -m tests.failovers --rounds 20` runs two PostgreSQL servers, of which each commit waits for both, and two
services over them. Clients ask, upload and read all the time. In each round every process of the first server is
killed at once, the second is promoted, and the first rejoins as its replica. In the end every answer and upload that
was acknowledged has to be there.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import NamedTuple

import httpx2 as httpx

from tests.postgresql import Server
from tests.serving import served

DATABASE = "impactqa"
READS = ("/v1/search?q=founded", "/v1/documents", "/v1/facts?limit=5", "/v1/search?q=patents&limit=3")
UPLOAD_SECONDS = 1.0  # between two of them: each makes a new generation of the index
LOAD_SECONDS = (0.5, 2.0)  # of every round, before the kill
DONE_SECONDS_MAX = 120


class Outcome(NamedTuple):
    """What was seen over all rounds."""

    rounds: int
    reads: int
    reads_failed: int
    answers: int  # acknowledged
    uploads: int  # acknowledged
    refused: int  # writes that were told to come again
    lost: int
    outage_s: list[float]  # from a kill until the next write was acknowledged

    @property
    def reads_served(self) -> float:
        return 1 - self.reads_failed / self.reads

    def __str__(self) -> str:
        outages = sorted(self.outage_s)
        return (
            f"{self.rounds} kills: {self.answers} answers and {self.uploads} uploads acknowledged, {self.lost} lost; "
            f"{self.reads} reads, {self.reads_failed} failed ({self.reads_served:.4%} served); {self.refused} writes "
            f"were told to come again; writes went on after {outages[len(outages) // 2]:.1f} s "
            f"(at most {outages[-1]:.1f} s)"
        )


class Clients:
    """Threads that ask, upload and read until they are told to stop, and what came of it."""

    def __init__(self, urls: list[str], readers: int = 2) -> None:
        self.reads = self.reads_failed = self.refused = 0
        self.answers: list[str] = []
        self.jobs: list[str] = []
        self.failures: list[str] = []
        self.written_at = 0.0
        self._urls = urls
        self._stopping = threading.Event()
        self._counting = threading.Lock()
        self._threads = [
            *(threading.Thread(target=self._until_stopped, args=(self._read,)) for _ in range(readers)),
            threading.Thread(target=self._until_stopped, args=(self._ask,)),
            threading.Thread(target=self._until_stopped, args=(self._upload,)),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def wait_for_write(self, since: float) -> float:
        """Seconds from `since` until a write was acknowledged."""
        while self.written_at < since:
            time.sleep(0.02)
        return self.written_at - since

    def _until_stopped(self, send: Callable[[httpx.Client, int], None]) -> None:
        with httpx.Client(timeout=30) as client:
            for number in count():
                if self._stopping.is_set():
                    return
                send(client, number)

    def _url(self, number: int) -> str:
        return self._urls[number % len(self._urls)]

    def _read(self, client: httpx.Client, number: int) -> None:
        path = READS[number // len(self._urls) % len(READS)]
        response = client.get(self._url(number) + path)
        with self._counting:
            self.reads += 1
            if response.status_code != 200:
                self.reads_failed += 1
                self.failures.append(f"{path}: {response.status_code} {response.text[:300]}")

    def _ask(self, client: httpx.Client, number: int) -> None:
        started = time.monotonic()
        question = {"question": "Which companies were founded?"}
        response = client.post(f"{self._url(number)}/v1/ask", json=question)
        self._acknowledge(response, started, self.answers, 200)

    def _upload(self, client: httpx.Client, number: int) -> None:
        started = time.monotonic()
        text = f"Norvia {number} Biotech was founded in Oslo in {1900 + number}.\n"
        files = {"file": (f"report {number}.txt", text.encode())}
        response = client.post(f"{self._url(number)}/v1/documents", files=files)
        self._acknowledge(response, started, self.jobs, 202)
        self._stopping.wait(UPLOAD_SECONDS)

    def _acknowledge(self, response: httpx.Response, started: float, kept: list[str], expected: int) -> None:
        if response.status_code == expected:
            kept.append(str(response.json()["id"]))
            self.written_at = max(self.written_at, started)
        else:
            assert response.status_code == 503, response.text
            self.refused += 1
            self._stopping.wait(0.1)


def fail_over(primary: Server, standby: Server, clients: Clients) -> float:
    """Seconds without writes, after the primary was killed and its standby had taken its place."""
    killed_at = time.monotonic()
    primary.kill()
    standby.promote()
    standby.wait_for(replicas=0)
    outage_s = clients.wait_for_write(killed_at)
    primary.follow(standby)
    standby.wait_for(replicas=1)
    return outage_s


def lost(url: str, clients: Clients) -> list[str]:
    """The ids of acknowledged answers and uploads that are not there, or were not done."""
    missing = [id for id in clients.answers if httpx.get(f"{url}/v1/answers/{id}").status_code != 200]
    deadline = time.monotonic() + DONE_SECONDS_MAX
    for id in clients.jobs:
        while (state := httpx.get(f"{url}/v1/jobs/{id}").json().get("state")) in ("queued", "running"):
            assert time.monotonic() < deadline, f"{id} is still {state}"
            time.sleep(0.2)
        if state != "done":
            missing.append(id)
    return missing


def until_agreed(urls: list[str]) -> None:
    """Waits until all services answer alike, from one generation of the index."""
    deadline = time.monotonic() + DONE_SECONDS_MAX
    while True:
        answers = [
            httpx.post(f"{url}/v1/ask", json={"question": "Which companies were founded in Oslo?"}).json()
            for url in urls
        ]
        told = [(answer["answer"], answer["items"], answer["index_version"]) for answer in answers]
        if all(other == told[0] for other in told):
            return
        assert time.monotonic() < deadline, f"the services answer differently: {told}"
        time.sleep(0.5)


def rounds_of(rounds: int, seed: int, say: Callable[[str], None]) -> Outcome:
    """What became of reads and acknowledged writes in that many failovers."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        first = Server.fresh()
        stack.callback(first.stop)
        first.with_vectors(DATABASE)
        second = first.replica()
        stack.callback(second.stop)
        first.wait_for(replicas=1)
        places = {
            "store": first.address(DATABASE, second, want="read-write"),
            "store_read": second.address(DATABASE, first, want="prefer-standby"),
            "asks_waiting_max": "1000", "requests_per_minute": "0",
        }  # fmt: skip
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = [stack.enter_context(served(folder / name, **places)).url for name in ("one", "two")]
        clients = Clients(urls)
        stack.callback(clients.stop)
        outages = []
        for number in range(rounds):
            time.sleep(chance.uniform(*LOAD_SECONDS))
            outages.append(fail_over(first, second, clients))
            first, second = second, first
            say(f"kill {number + 1}: writes went on after {outages[-1]:.1f} s")
        clients.stop()
        for failure in clients.failures:
            say(failure)
        missing = lost(urls[0], clients)
        until_agreed(urls)
        return Outcome(
            rounds, clients.reads, clients.reads_failed, len(clients.answers), len(clients.jobs),
            clients.refused, len(missing), outages,
        )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    found = rounds_of(given.rounds, given.seed, print)
    print(found)  # noqa: T201
    raise SystemExit(found.lost > 0 or found.reads_served < 0.999)
