"""Chat clients of other makers ask the running service, and get the answer that `POST /v1/ask` gives."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from fastapi.testclient import TestClient

from service.channels import events
from service.running.app import create_app
from service.settings import Settings
from tests.chat_models import chat_model
from tests.serving import Served

QUESTION = "Which SMEs spun off companies?"


@pytest.fixture
def client(running: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{running.url}/v1", api_key="none", max_retries=0) as opened:
        yield opened


@pytest.fixture
def asked(running: Served) -> dict[str, Any]:
    """The answer as the service's own interface gives it."""
    found: dict[str, Any] = httpx2.post(f"{running.url}/v1/ask", json={"question": QUESTION}).json()
    assert found["citations"]
    return found


def test_a_chat_completion_is_the_answer_with_its_citations(
    client: openai.OpenAI, asked: dict[str, Any]
) -> None:
    message = client.chat.completions.create(model="impactqa", messages=[_user(QUESTION)]).choices[0].message
    assert message.content == asked["answer"]
    cited = [each.url_citation for each in message.annotations or ()]
    assert {each.url.split("/", 3)[3] for each in cited} == {c["url"].lstrip("/") for c in asked["citations"]}
    text = message.content or ""
    assert all(text[each.start_index : each.end_index].startswith("[") for each in cited)


def test_a_streamed_chat_completion_says_the_same(client: openai.OpenAI, asked: dict[str, Any]) -> None:
    stream = client.chat.completions.create(
        model="impactqa", messages=[_user(QUESTION)], stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(each.choices[0].delta.content or "" for each in chunks if each.choices) == asked["answer"]
    assert chunks[-1].usage is not None


def test_the_markdown_model_ends_in_its_sources(client: openai.OpenAI, asked: dict[str, Any]) -> None:
    created = client.chat.completions.create(model="impactqa-markdown", messages=[_user(QUESTION)])
    text = created.choices[0].message.content or ""
    assert text.startswith(asked["answer"])
    assert text.count("](http://127.0.0.1") == len(asked["citations"])


def test_both_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["impactqa", "impactqa-markdown"]


def test_earlier_messages_are_the_conversation(client: openai.OpenAI) -> None:
    turns = [_user(QUESTION), {"role": "assistant", "content": "..."}, _user("How many of them?")]
    alone = client.chat.completions.create(model="impactqa", messages=[_user("How many of them?")])
    together = client.chat.completions.create(model="impactqa", messages=turns)
    assert together.choices[0].message.content != alone.choices[0].message.content


@pytest.mark.parametrize(
    "chore",
    [
        "### Task:\nGenerate a concise, 3-5 word title with an emoji.\n### Chat History:\nUSER: Who won?\n",
        "Please generate tags for this conversation.",
    ],
)
def test_a_front_ends_own_chore_is_no_question(client: openai.OpenAI, chore: str) -> None:
    text = (
        client.chat.completions.create(model="impactqa", messages=[_user(chore)]).choices[0].message.content
    )
    assert set(json.loads(text or "")) & {"title", "tags"}


def test_an_unusable_request_is_refused_as_clients_expect(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="No message of the user holds text"):
        client.chat.completions.create(model="impactqa", messages=[_user(" ")])


def test_a_response_is_the_answer_with_its_citations(client: openai.OpenAI, asked: dict[str, Any]) -> None:
    response = client.responses.create(model="impactqa", input=QUESTION)
    assert response.output_text == asked["answer"]
    message: Any = response.output[0]
    assert len(message.content[0].annotations) == len(asked["citations"])


def test_a_streamed_response_says_the_same(client: openai.OpenAI, asked: dict[str, Any]) -> None:
    with client.responses.stream(model="impactqa", input=QUESTION) as stream:
        said = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        assert said == stream.get_final_response().output_text == asked["answer"]


def test_an_answer_comes_as_events_with_citations_before_text(running: Served, asked: dict[str, Any]) -> None:
    accept = {"accept": "text/event-stream"}
    reply = httpx2.post(f"{running.url}/v1/ask", json={"question": QUESTION}, headers=accept)
    events = _events(reply.text)
    names = [name for name, _ in events]
    assert names[0] == "understood"
    assert names[-2:] == ["answer", "done"]
    assert names.index("text") > max(i for i, name in enumerate(names) if name == "citation")
    assert "".join(data["delta"] for name, data in events if name == "text") == asked["answer"]


def test_a_stream_that_waits_for_a_model_says_that_it_lives(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "KEEPALIVE_SECONDS", 0.1)
    accept = {"accept": "text/event-stream"}
    with chat_model(lambda handler, asked: time.sleep(2)) as model:
        settings = Settings(
            data_dir=data_dir, model="hash", llm_url=model.url, llm_model="slow", llm_timeout_seconds=0.5
        )
        with TestClient(create_app(settings)) as slow:
            question = {"question": "How many patents did Halden University file?"}
            text = slow.post("/v1/ask", json=question, headers=accept).text
    assert text.startswith("event: understood")  # before its answer is there
    assert 0 < text.index("\n: ping") < text.index("event: citation")
    assert '"failure": "timeout"' in text


@pytest.mark.parametrize(
    ("body", "status"),
    [({"question": " "}, 422), ({"question": "Who?", "conversation_id": "cnv_gone"}, 404)],
)
def test_what_cannot_be_answered_is_refused_before_a_stream_begins(
    running: Served, body: dict[str, str], status: int
) -> None:
    reply = httpx2.post(f"{running.url}/v1/ask", json=body, headers={"accept": "text/event-stream"})
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")


def test_a_ui_message_stream_holds_sources_then_text(running: Served, asked: dict[str, Any]) -> None:
    body = {"messages": [{"role": "user", "parts": [{"type": "text", "text": QUESTION}]}], "trigger": "x"}
    reply = httpx2.post(f"{running.url}/api/chat", json=body)
    assert reply.headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert reply.text.endswith("data: [DONE]\n\n")
    parts = [data for _, data in _events(reply.text.removesuffix("data: [DONE]\n\n"))]
    kinds = [part["type"] for part in parts]
    assert kinds.index("source-url") < kinds.index("text-start")
    assert "".join(part["delta"] for part in parts if part["type"] == "text-delta") == asked["answer"]


def _user(text: str) -> Any:
    return {"role": "user", "content": text}


def _events(text: str) -> list[tuple[str, Any]]:
    """(name, data) of each event of a stream, comments left out."""
    found = []
    for block in filter(None, text.split("\n\n")):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if fields:
            found.append((fields.get("event", ""), json.loads(fields["data"])))
    return found
