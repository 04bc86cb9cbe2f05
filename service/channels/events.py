"""An answer as server-sent events, in the order in which a reader can use them: citations before text."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import anyio
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse

from service.answer import Answer

KEEPALIVE_SECONDS = 10.0  # proxies close a connection that is silent for longer


def events_of(answer: Answer) -> Iterator[bytes]:
    """`understood`, a `citation` each, `text` piece by piece, `answer` whole, `done`."""
    understood = answer.understood_as.model_dump(mode="json")
    yield _event("understood", {"standalone_question": answer.standalone_question, **understood})
    for citation in answer.citations:
        yield _event("citation", citation.model_dump(mode="json"))
    for piece in pieces(answer.answer):
        yield _event("text", {"delta": piece})
    yield _event("answer", answer.model_dump(mode="json"))
    yield _event("done", {"id": answer.id, "status": answer.status})


def pieces(text: str) -> list[str]:
    """The text cut behind each citation mark and line, so that no piece holds half a mark; joined they are it."""
    return re.findall(r".+?(?:\[\d+\](?:[–-]\[\d+\])?[ \n]*|\n+|$)", text, re.DOTALL) if text else []


def streamed(
    events: AsyncIterator[bytes], headers: Mapping[str, str] = MappingProxyType({})
) -> StreamingResponse:
    """The events as a response that no proxy on the way holds back or keeps."""
    unheld = {"x-accel-buffering": "no", "cache-control": "no-cache"}
    return StreamingResponse(events, media_type="text/event-stream", headers=unheld | dict(headers))


async def answer_events(answering: Awaitable[Answer]) -> AsyncIterator[bytes]:
    """The events of an answer that is still to come, with comments while it does."""
    done: list[Answer] = []
    async for comment in alive(answering, done):
        yield comment
    for event in events_of(done[0]):
        yield event


async def alive(answering: Awaitable[Answer], done: list[Answer]) -> AsyncIterator[bytes]:
    """Keep-alive comments until the answer is there, which is then the one element of `done`."""
    finished = anyio.Event()

    async def wait() -> None:
        done.append(await answering)
        finished.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        while not finished.is_set():
            with anyio.move_on_after(KEEPALIVE_SECONDS):
                await finished.wait()
            if not finished.is_set():
                yield KEEPALIVE_COMMENT


def _event(name: str, data: Any) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))


def data_event(data: Any, name: str | None = None) -> bytes:
    """One event whose data is JSON, or the text as it is."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return format_sse_event(event=name, data_str=text)
