"""A question has its time; who waits for one that takes longer is told so, and nobody else notices."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest
from fastapi.testclient import TestClient

from service import deadline, dialogue
from service.ask import Assistant
from service.errors import TakesTooLong
from service.parts import Parts
from service.running.app import create_app
from service.settings import Settings

ASK = {"question": "Which SMEs spun off companies?"}


def test_a_question_that_takes_too_long_is_given_up_while_others_are_answered(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, ask = threading.Event(), dialogue.ask

    def slow(assistant: Assistant, *given: object) -> object:
        if "slow" in str(given[2]):  # the request
            go_on.wait(20)
        return ask(assistant, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(dialogue, "ask", slow)
    app = create_app(Settings(data_dir=data_dir, model="hash", ask_seconds_max=1.0, asks_at_once=2))
    with TestClient(app) as client, ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        waiting = pool.submit(client.post, "/v1/ask", json={"question": "How slow is it?"})
        assert client.post("/v1/ask", json=ASK).status_code == 200
        late = waiting.result()
        assert time.monotonic() - started < 10
        go_on.set()
    assert (late.status_code, late.headers["retry-after"]) == (503, "5")
    assert "could not be answered in time" in late.json()["detail"]


def test_work_beyond_the_time_ends_itself(parts: Parts) -> None:
    with deadline.within(-1), pytest.raises(TakesTooLong):
        parts.assistant.ask(ASK["question"])
    assert parts.assistant.ask(ASK["question"]).status == "answered"


def test_a_thread_has_the_time_of_who_started_it() -> None:
    async def look() -> None:
        with deadline.within(-1):
            await anyio.to_thread.run_sync(deadline.check)

    with pytest.raises(TakesTooLong):
        anyio.run(look)


def test_an_inner_time_is_never_longer_than_the_outer_one() -> None:
    with deadline.within(-1), deadline.within(100), pytest.raises(TakesTooLong):
        deadline.check()
