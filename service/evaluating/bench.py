"""How long it takes on this machine: from start to ready, from question to answer, from file to index."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.store import STANDING, Store
from service.evaluating.ingest_bench import ingest_figures
from service.evaluating.questions import read_questions
from service.evaluating.scores import percentile
from service.examples import example_questions
from service.parts import Parts
from service.running.server import free_port
from service.settings import Settings

_QUESTIONS = 20  # made from the corpus when no file is given
_START_SECONDS_MAX = 120


def measure(
    settings: Settings, questions: Path | None, rounds: int, passages: int, say: Callable[[str], None]
) -> dict[str, float]:
    """Figures by name, each name ending in its unit. The service asked runs in a process of its own."""
    parts = Parts.open(settings)  # so that there is an index to start with
    try:
        asked = [q.question for q in read_questions(questions)] if questions else _examples(parts.store)
        figures = ingest_figures(parts.embedder, settings.reading_limits, passages, say)
    finally:
        parts.close()
    say(f"Starting the service, then asking {len(asked)} questions {rounds} times.")
    with _service() as (url, start_seconds):
        latencies_ms = list(_latencies_ms(url, asked, rounds))
    return figures | {
        "start_to_ready_s": start_seconds,
        "ask_p50_ms": statistics.median(latencies_ms),
        "ask_p99_ms": percentile(latencies_ms, 99),
        "questions": float(len(asked)),
    }


def _examples(store: Store) -> list[str]:
    found = example_questions(store.facts(review=STANDING), _QUESTIONS)
    return found or ["What did the projects achieve?"]


@contextmanager
def _service() -> Iterator[tuple[str, float]]:
    """The address of a service in a fresh process, and the seconds from its start until it was ready."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "service", "serve", "--host", "127.0.0.1", "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _is_ready(url):
            if process.poll() is not None or time.perf_counter() - started > _START_SECONDS_MAX:
                process.kill()
                raise OSError("The service did not start. See why with: impactqa serve")
            time.sleep(0.02)
        yield url, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _latencies_ms(url: str, questions: Sequence[str], rounds: int) -> Iterator[float]:
    """One latency for each question of each round; one round before them warms up, uncounted."""
    for number in range(rounds + 1):
        for question in questions:
            started = time.perf_counter()
            _post(f"{url}/v1/ask", {"question": question})
            if number:
                yield (time.perf_counter() - started) * 1000


def _post(url: str, body: dict[str, str]) -> None:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        response.read()
