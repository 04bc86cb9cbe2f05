"""The UI message stream of the AI SDK: what its `useChat` front ends read, sources before text."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from service import errors
from service.answer import Answer
from service.channels.chat_completions import refused
from service.channels.events import alive, data_event, pieces, streamed
from service.channels.messages import Message, questions
from service.channels.told import address, shown, title
from service.errors import InvalidInput
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/api", tags=["chat clients"])


class UiMessage(BaseModel):
    """One message of a front end, in parts."""

    model_config = ConfigDict(extra="ignore")

    role: str
    parts: list[dict[str, Any]] = []


class UiChat(BaseModel):
    """The conversation as `useChat` sends it; whatever else it sends is ignored."""

    model_config = ConfigDict(extra="ignore")

    messages: list[UiMessage] = Field(
        min_length=1,
        max_length=1_000,
        examples=[[{"role": "user", "parts": [{"type": "text", "text": "Which SMEs spun off companies?"}]}]],
    )


@router.post(
    "/chat",
    operation_id="ui_chat",
    summary="Ask as an AI SDK front end",
    response_class=StreamingResponse,
    responses=errors.responses(413, 503)
    | {200: {"content": {"text/event-stream": {}}}, 400: {"description": "The question cannot be used"}},
)
async def ui_chat(body: UiChat, request: Request, parts: PartsDep) -> Response:
    """The answer as a UI message stream."""
    try:
        asked = questions([Message(role=each.role, content=each.parts) for each in body.messages])
        parts.check_questions(asked)
    except InvalidInput as error:
        return refused(error)
    stream = _stream(request, parts.answer_conversation(asked))
    return streamed(stream, {"x-vercel-ai-ui-message-stream": "v1"})


async def _stream(request: Request, answering: Awaitable[Answer]) -> AsyncIterator[bytes]:
    done: list[Answer] = []
    yield data_event({"type": "start", "messageId": f"msg-{secrets.token_hex(8)}"})
    yield data_event({"type": "start-step"})
    async for comment in alive(answering, done):
        yield comment
    for part in _parts(request, done[0]):
        yield data_event(part)
    yield data_event("[DONE]")


def _parts(request: Request, answer: Answer) -> Iterator[dict[str, Any]]:
    for citation in answer.citations:
        yield {
            "type": "source-url",
            "sourceId": str(citation.number),
            "url": address(request, citation),
            "title": title(citation),
        }
    yield {"type": "data-answer", "id": answer.id, "data": answer.model_dump(mode="json")}
    yield {"type": "text-start", "id": answer.id}
    for piece in pieces(shown(answer)):
        yield {"type": "text-delta", "id": answer.id, "delta": piece}
    yield {"type": "text-end", "id": answer.id}
    yield {"type": "finish-step"}
    yield {"type": "finish"}
