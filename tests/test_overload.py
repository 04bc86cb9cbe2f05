"""Overload: who comes when there is no room is told at once when to come again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from service import dialogue
from service.errors import TooMany
from service.running import envelope
from service.running.app import create_app
from service.running.rates import Rates
from service.settings import Settings

ASK = {"question": "Which SMEs spun off companies?"}


@pytest.fixture
def narrow(data_dir: Path) -> Iterator[TestClient]:
    settings = Settings(data_dir=data_dir, model="hash", asks_at_once=1, asks_waiting_max=0)
    with TestClient(create_app(settings)) as client:
        yield client


def test_a_question_without_room_gets_503_while_health_is_told(
    narrow: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, ask = threading.Event(), threading.Event(), dialogue.ask

    def slow(*given: object) -> object:
        begun.set()
        go_on.wait(10)
        return ask(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(dialogue, "ask", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(narrow.post, "/v1/ask", json=ASK)
        begun.wait(10)
        refused = narrow.post("/v1/ask", json=ASK)
        chat = {"model": "impactqa", "stream": True, "messages": [{"role": "user", "content": "Who?"}]}
        streamed = narrow.post("/v1/chat/completions", json=chat)
        page = narrow.get("/", params={"q": "Who?"}, headers={"accept": "text/html"}).text
        alive, watched = narrow.get("/healthz"), narrow.get("/metrics").text
        go_on.set()
        assert first.result().status_code == 200
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert streamed.status_code == 503
    assert '<meta http-equiv="refresh" content="1">' in page
    assert "This page asks again by itself." in page
    assert alive.status_code == 200
    assert 'impactqa_asks{state="running"} 1.0' in watched
    assert narrow.post("/v1/ask", json=ASK).status_code == 200


def test_a_rate_fills_up_again_and_is_each_askers_own() -> None:
    now = [0.0]
    rates = Rates(per_minute=60, clock=lambda: now[0])
    for _ in range(10):
        rates.take("one")
    with pytest.raises(TooMany) as refused:
        rates.take("one")
    assert refused.value.seconds == 1
    rates.take("other")
    now[0] += 1
    rates.take("one")


def test_an_address_that_sends_too_much_gets_429_and_this_machine_does_not(data_dir: Path) -> None:
    app = create_app(Settings(data_dir=data_dir, model="hash", requests_per_minute=6))
    with TestClient(app, client=("192.0.2.7", 1)) as client:
        assert client.get("/version").status_code == 200
        refused = client.get("/version")
        assert refused.status_code == 429
        assert 5 <= int(refused.headers["retry-after"]) <= 10  # 10, but for what the first request took
        assert client.get("/healthz").status_code == 200
    with TestClient(app, client=("127.0.0.1", 1)) as client:
        assert {client.get("/version").status_code for _ in range(5)} == {200}


def test_answers_are_packed_and_files_and_streams_are_not(client: TestClient) -> None:
    assert client.get("/v1/facts").headers["content-encoding"] == "gzip"
    streamed = client.post("/v1/ask", json=ASK, headers={"accept": "text/event-stream"})
    assert "content-encoding" not in streamed.headers
    document = client.get("/v1/documents").json()["documents"][0]["id"]
    assert "content-encoding" not in client.get(f"/v1/documents/{document}/original").headers


def test_answers_of_every_channel_are_counted_with_their_stages(narrow: TestClient) -> None:
    narrow.post("/v1/responses", json={"model": "impactqa", "input": ASK["question"]})
    watched = narrow.get("/metrics").text
    assert 'impactqa_answers_total{reason="",status="answered"} 1.0' in watched
    assert 'impactqa_stage_seconds_count{stage="total"} 1.0' in watched
    assert "impactqa_index_info{version=" in watched


def test_a_body_that_stops_coming_is_cut_off(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "BODY_SILENCE_SECONDS_MAX", 0.05)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        if sent_first := not begun:
            begun.append(sent_first)
            return {"type": "http.request", "body": b'{"question":', "more_body": True}
        await anyio.sleep(5)
        raise AssertionError("nobody waits that long")

    begun: list[bool] = []
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/v1/ask",
        "raw_path": b"/v1/ask",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
    }
    anyio.run(client.app, scope, receive, send)
    assert sent[0]["status"] == 408
