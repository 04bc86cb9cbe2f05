"""How fast it is on this machine: from start to answer, from file to index, search at each size, many at once."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from corpus.store import STANDING, Store
from index.embedder import model_folder
from service.evaluating.growth import varied
from service.evaluating.ingest_bench import ingest_figures
from service.evaluating.limits import ONE_THREAD
from service.evaluating.questions import read_questions
from service.evaluating.scores import percentile
from service.evaluating.search_bench import CLIENTS, resident_mb
from service.evaluating.start_bench import start_figures
from service.examples import example_questions
from service.parts import Parts
from service.running.server import free_port
from service.settings import Settings

SIZES = (1_000, 10_000, 100_000, 1_000_000)  # numbers of passages that search is measured at

_QUESTIONS = 40  # made from the corpus when no file is given
_START_SECONDS_MAX = 120
# Questions that come faster than answers wait here instead of being sent away: their waiting is measured.
_OPEN_DOORS = {"IMPACTQA_ASKS_WAITING_MAX": "1000", "IMPACTQA_REQUESTS_PER_MINUTE": "0"}

Figures = dict[str, float]


def measure(
    settings: Settings,
    questions: Path | None,
    rounds: int,
    ingested: int,
    passages: int,
    say: Callable[[str], None],
) -> dict[str, Figures]:
    """Figures by name, each name ending in its unit, under "start", "ingest", "asking", "encoding" and sizes.

    Each number of clients asks `rounds` times `_QUESTIONS` questions. Everything but ingest runs in processes
    of its own. The load of the machine while all this ran is under "machine".
    """
    parts = Parts.open(settings)  # so that there is an index to start with
    try:
        asked = [q.question for q in read_questions(questions)] if questions else _examples(parts.store)
        ingest = ingest_figures(parts.embedder, settings.reading_limits, ingested, say)
    finally:
        parts.close()
    say("Starting anew, several times.")
    start = {} if settings.model == "hash" else start_figures(model_folder(settings.model))
    say(f"Starting the service, then asking {rounds * _QUESTIONS} questions for each number of clients.")
    with _service() as (url, process, start_seconds):
        start["start_to_ready_s"] = start_seconds
        asking = _asking(url, process, asked, rounds)
    sizes = [str(size) for size in SIZES if size <= passages]
    say(f"Searching {', '.join(sizes)} passages.")
    found = {"start": start, "ingest": ingest, "asking": asking} | _searching(sizes)
    return found | {"machine": {"processors": float(os.cpu_count() or 1), "load": os.getloadavg()[0]}}


def _examples(store: Store) -> list[str]:
    found = example_questions(store.facts(review=STANDING), _QUESTIONS)
    return found or ["What did the projects achieve?"]


def _searching(sizes: Sequence[str]) -> dict[str, Figures]:
    """What service.evaluating.search_bench prints, in a process where a computation has one thread."""
    command = [sys.executable, "-m", "service.evaluating.search_bench", *sizes]
    done = subprocess.run(
        command, env={**os.environ, **ONE_THREAD}, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Figures] = json.loads(done.stdout)
    return found


@contextmanager
def _service() -> Iterator[tuple[str, int, float]]:
    """The address of a service in a fresh process, its number, and the seconds until it was ready."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "service", "serve", "--host", "127.0.0.1", "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **_OPEN_DOORS}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _is_ready(url):
            if process.poll() is not None or time.perf_counter() - started > _START_SECONDS_MAX:
                process.kill()
                raise OSError("The service did not start. See why with: impactqa serve")
            time.sleep(0.02)
        yield url, process.pid, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _asking(url: str, process: int, questions: Sequence[str], rounds: int) -> Figures:
    """Latencies of whole answers for each number of clients, none of which asks what was asked before."""
    fresh = varied(questions)
    figures: Figures = {}
    for question in islice(fresh, len(questions)):
        _latency_ms(url, question)  # what is loaded at first use has been used
    for clients in CLIENTS:
        started = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            asked = islice(fresh, rounds * _QUESTIONS)
            latencies_ms = list(pool.map(lambda question: _latency_ms(url, question), asked))
        figures[f"ask_p50_ms_{clients}"] = statistics.median(latencies_ms)
        figures[f"ask_p99_ms_{clients}"] = percentile(latencies_ms, 99)
        figures[f"answers_per_s_{clients}"] = len(latencies_ms) / (time.perf_counter() - started)
    figures["resident_mb"] = resident_mb(str(process))
    return figures


def _latency_ms(url: str, question: str) -> float:
    started = time.perf_counter()
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{url}/v1/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        response.read()
    return (time.perf_counter() - started) * 1000
