"""How long until an answer can be seen (`make paint`): the samples asked in a fresh browser, from the address to the frame."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from corpus.ingest import ingest
from corpus.store import Store
from service.evaluating.scores import percentile
from service.running.first_run import SAMPLES_DIR
from tests.browser import chromium, opened
from tests.serving import served

QUESTIONS = Path(__file__).parent / "data" / "sample_questions.jsonl"
ASKED = 30

# The moment at which the frame that shows the answer is begun, in milliseconds since the address was entered.
WATCHING = """new MutationObserver((_, watching) => {
  if (!document.querySelector(".answer")) return;
  watching.disconnect();
  requestAnimationFrame(() => (window.visibleMs = performance.now()));
}).observe(document, {childList: true, subtree: true});"""


def visible_ms(browser: Browser, url: str, question: str) -> float:
    """The time from entering the address of a question to its answer on the screen, nothing kept from before."""
    with opened(browser, url) as page:
        page.add_init_script(WATCHING)
        page.goto(f"/?q={question}")
        page.wait_for_function("window.visibleMs")
        return float(page.evaluate("window.visibleMs"))


def main() -> None:
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()][:ASKED]
    with tempfile.TemporaryDirectory() as scratch:
        with Store.open(Path(scratch) / "data") as store:
            ingest([SAMPLES_DIR], store)
        with served(Path(scratch) / "data", model="all-MiniLM-L6-v2") as service, chromium() as browser:
            visible_ms(browser, service.url, questions[0])  # the browser's own first page
            times = [visible_ms(browser, service.url, question) for question in questions]
    figures = {"median": statistics.median(times), "p95": percentile(times, 95), "slowest": max(times)}
    told = ", ".join(f"{name} {value:.0f} ms" for name, value in figures.items())
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"{len(times)} answers visible: {told} ({load})")  # noqa: T201


if __name__ == "__main__":
    main()
