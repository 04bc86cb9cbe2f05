"""An answer as server-sent events, in the order in which a reader can use them: citations before text."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import anyio
import anyio.from_thread
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse

from service.answer import Answer, Hear, Understood

KEEPALIVE_SECONDS = 10.0  # proxies close a connection that is silent for longer


def events_of(answer: Answer, told: Understood | None = None) -> Iterator[bytes]:
    """`understood` unless that was told already, a `citation` each, `text` piece by piece, `answer` whole, `done`."""
    if (understood := Understood.of(answer)) != told:
        yield _understood(understood)
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
    pieces: AsyncIterator[bytes] | AsyncIterator[str],
    headers: Mapping[str, str] = MappingProxyType({}),
    media_type: str = "text/event-stream",
) -> StreamingResponse:
    """The pieces as a response that no proxy on the way holds back or keeps."""
    unheld = {"x-accel-buffering": "no", "cache-control": "no-cache"}
    return StreamingResponse(pieces, media_type=media_type, headers=unheld | dict(headers))


async def answer_events(answering: Callable[[Hear], Awaitable[Answer]]) -> AsyncIterator[bytes]:
    """The events of an answer that is still to come, each as soon as it can be, with comments while nothing is."""
    told: Understood | None = None
    async for stage in stages(answering):
        if stage is None:
            yield KEEPALIVE_COMMENT
        elif isinstance(stage, Understood):
            told = stage
            yield _understood(told)
        else:
            for event in events_of(stage, told):
                yield event


async def alive(answering: Awaitable[Answer], done: list[Answer]) -> AsyncIterator[bytes]:
    """Keep-alive comments until the answer is there, which is then the one element of `done`."""
    async for stage in stages(lambda hear: answering):
        if isinstance(stage, Answer):
            done.append(stage)
        else:
            yield KEEPALIVE_COMMENT


async def stages(
    answering: Callable[[Hear], Awaitable[Answer]],
) -> AsyncIterator[Understood | Answer | None]:
    """How the question is understood, as soon as that is known, then its answer; None while nothing comes for long."""
    put, come = anyio.create_memory_object_stream[Understood | Answer](2)
    failed: list[Exception] = []

    def hear(understood: Understood) -> None:
        with suppress(anyio.BrokenResourceError):  # nobody waits any more
            anyio.from_thread.run_sync(put.send_nowait, understood)

    async def answer() -> None:
        with put:
            try:
                put.send_nowait(await answering(hear))
            except Exception as error:
                failed.append(error)

    async with anyio.create_task_group() as tasks, come:
        tasks.start_soon(answer)
        with suppress(anyio.EndOfStream):
            while True:
                stage = None
                with anyio.move_on_after(KEEPALIVE_SECONDS):
                    stage = await come.receive()
                yield stage
    if failed:  # raised here, as itself: the group would wrap it up
        raise failed[0]


def _understood(understood: Understood) -> bytes:
    read = understood.understood_as.model_dump(mode="json")
    by = {"restated_by": understood.restated_by} if understood.restated_by else {}
    return _event("understood", {"standalone_question": understood.standalone_question, **read, **by})


def _event(name: str, data: Any) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))


def data_event(data: Any, name: str | None = None) -> bytes:
    """One event whose data is JSON, or the text as it is."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return format_sse_event(event=name, data_str=text)
