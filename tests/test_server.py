"""The service as a process of its own."""

from __future__ import annotations

import json
import signal
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import httpx2

from service.answer import Answer, comparable
from tests.serving import Served, command, said, served

QUESTIONS = ["Which SMEs spun off companies?", "How many jobs were created?", "Who was trained?"]


def ask(url: str, question: str) -> dict[str, Any]:
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{url}/v1/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return comparable(Answer.model_validate_json(response.read()))


def test_two_processes_give_the_same_answers(running: Served, data_dir: Path) -> None:
    with served(data_dir) as other:
        pairs = [(ask(running.url, question), ask(other.url, question)) for question in QUESTIONS]
    assert [json.dumps(one) for one, _ in pairs] == [json.dumps(other) for _, other in pairs]


def test_a_stopped_service_ends_in_order_and_says_nothing_of_the_questions(data_dir: Path) -> None:
    with served(data_dir) as running:
        ask(running.url, QUESTIONS[0])
        log = running.stop(signal.SIGTERM)
    assert running.process.returncode in (0, -signal.SIGTERM)
    assert f"ImpactQA answers at {running.url}" in log
    assert '"route": "/v1/ask"' in log
    assert "Traceback" not in log
    assert "SMEs" not in log


def test_no_question_that_was_taken_is_dropped_when_the_service_stops(data_dir: Path) -> None:
    def ask_on(number: int) -> list[str]:
        """What became of each question until none could be asked any more."""
        ends: list[str] = []
        while not ends or ends[-1] == "answered":
            try:
                with httpx2.Client(timeout=20) as client:
                    reply = client.post(f"{running.url}/v1/ask", json={"question": QUESTIONS[number % 3]})
                ends.append("answered" if reply.status_code in (200, 503) else f"{reply.status_code}")
            except httpx2.HTTPError:  # refused, or reset while it waited to be taken
                ends.append("not answered")
        return ends

    with served(data_dir, asks_waiting_max="20") as running, ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask_on, number) for number in range(8)]
        time.sleep(2)
        taken = running.stop(signal.SIGTERM).count('"route": "/v1/ask"')
        ends = [end for one in asking for end in one.result()]
    assert running.process.returncode in (0, -signal.SIGTERM)
    assert ends.count("answered") == taken > 8
    assert set(ends) == {"answered", "not answered"}


def test_an_address_in_use_is_named(running: Served, data_dir: Path) -> None:
    port = running.url.rpartition(":")[2]
    with TemporaryFile() as log, command(data_dir, "serve", "--port", port, log=log) as failing:
        failing.wait(timeout=60)
        complaint = said(log)
    assert failing.returncode == 1
    assert f"127.0.0.1:{port} cannot be listened at" in complaint
    assert complaint.count("\n") == 1
