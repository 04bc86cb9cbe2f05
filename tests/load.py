"""Clients that ask a running service over real connections, and what they saw."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

import httpx2

from tests.library import collected
from tests.serving import Served, command, said

QUESTIONS = (
    "Which SMEs spun off companies?",
    "How many jobs were created?",
    "How many doctoral students were trained?",
    "Who licensed the imaging software?",
    "What did Halden University do?",
    "How many submarines did the Zorblatt Institute sell?",
)


class Reply(NamedTuple):
    """One exchange: status, seconds until it was there, and when that was."""

    status: int
    seconds: float
    at: float
    retry_after: str = ""


def ask(client: httpx2.Client, number: int) -> Reply:
    """The reply to one of the questions; status 0 when there was none."""
    started = time.perf_counter()
    try:
        response = client.post("/v1/ask", json={"question": QUESTIONS[number % len(QUESTIONS)]})
        status, wait = response.status_code, response.headers.get("retry-after", "")
    except httpx2.HTTPError:
        status, wait = 0, ""
    return Reply(status, time.perf_counter() - started, time.monotonic(), wait)


def asked_by(
    clients: int, url: str, seconds: float, pause: Callable[[Reply], float] = lambda reply: 0.0
) -> list[Reply]:
    """All replies to so many clients, each of which asks anew when it was answered, after `pause`."""
    until = time.monotonic() + seconds
    barrier = threading.Barrier(clients)

    def one(number: int) -> list[Reply]:
        replies: list[Reply] = []
        with httpx2.Client(base_url=url, timeout=60) as client:
            barrier.wait()
            time.sleep(number / clients)  # all within the first second
            while time.monotonic() < until:
                replies.append(ask(client, number + len(replies)))
                time.sleep(pause(replies[-1]))
        return replies

    with ThreadPoolExecutor(clients) as pool:
        return [reply for replies in pool.map(one, range(clients)) for reply in replies]


def quantile(seconds: Sequence[float], share: float) -> float:
    """The seconds that `share` of them do not exceed; 0 without any."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def told(name: str, seconds: Sequence[float]) -> str:
    """The figures of one kind of reply in a line."""
    if not seconds:
        return f"{name}: none"
    return (
        f"{name}: {len(seconds)}, p50 {statistics.median(seconds) * 1000:.0f} ms, "
        f"p99 {quantile(seconds, 0.99) * 1000:.0f} ms"
    )


def stocked(folder: Path, model: str) -> Path:
    """A data folder with the shared reports, indexed by a model."""
    data_dir = collected(folder)
    if model != "hash":
        with TemporaryFile() as log, command(data_dir, "index", log=log, model=model) as indexing:
            assert indexing.wait(timeout=300) == 0, said(log)
    return data_dir


def memory_mb(service: Served) -> float:
    """The resident memory of the service's process."""
    with open(f"/proc/{service.process.pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def machine() -> str:
    """What else the machine does, so that figures can be judged."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
