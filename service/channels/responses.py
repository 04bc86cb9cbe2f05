"""The OpenAI responses interface: the answer as one output message, its citations as annotations."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from service import errors
from service.answer import Answer
from service.channels.chat_completions import MODEL, content, extras, refused, url_citations
from service.channels.events import alive, data_event, pieces, streamed
from service.channels.messages import Message, questions
from service.errors import InvalidInput
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/v1", tags=["chat clients"])


class ResponsesRequest(BaseModel):
    """A question, or a conversation; whatever else a client sends is ignored."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    input: str | list[Message] = Field(examples=["Which SMEs spun off companies?"])
    stream: bool = False


@router.post(
    "/responses",
    operation_id="responses",
    summary="Ask as a client of the responses interface",
    response_model=None,
    responses=errors.responses(413, 503)
    | {200: {"content": {"text/event-stream": {}}}, 400: {"description": "The question cannot be used"}},
)
async def responses(body: ResponsesRequest, request: Request, parts: PartsDep) -> Response:
    """A response whose output text is the cited answer; `stream` sends it as events."""
    try:
        given = body.input
        asked = questions([Message(role="user", content=given)] if isinstance(given, str) else given)
        if body.stream:
            parts.check_questions(asked)
            return streamed(_stream(body, request, parts.answer_conversation(asked)))
        answer = await parts.answer_conversation(asked)
        return JSONResponse(_whole(body, request, answer) | extras(answer, request))
    except InvalidInput as error:
        return refused(error)


def _whole(body: ResponsesRequest, request: Request, answer: Answer) -> dict[str, Any]:
    cited = [{"type": "url_citation", **each} for each in url_citations(answer, request)]
    part = {"type": "output_text", "text": content(body.model, answer, request), "annotations": cited}
    message = {
        "id": f"msg_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [part],
    }
    return _head(body) | {"status": "completed", "output": [message]}


def _head(body: ResponsesRequest) -> dict[str, Any]:
    return {
        "id": f"resp_{secrets.token_hex(12)}",
        "object": "response",
        "created_at": int(time.time()),
        "model": body.model,
        "status": "in_progress",
        "output": [],
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": False,
        "temperature": None,
        "tool_choice": "none",
        "tools": [],
        "top_p": None,
    }


async def _stream(
    body: ResponsesRequest, request: Request, answering: Awaitable[Answer]
) -> AsyncIterator[bytes]:
    done: list[Answer] = []
    async for comment in alive(answering, done):
        yield comment
    whole = _whole(body, request, done[0]) | extras(done[0], request)
    for number, (name, data) in enumerate(_events(whole)):
        yield data_event({"type": name, "sequence_number": number, **data}, name)


def _events(whole: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of a whole response, in the order that clients expect."""
    message = whole["output"][0]
    part = message["content"][0]
    begun = whole | {"status": "in_progress", "output": []}
    at = {"item_id": message["id"], "output_index": 0, "content_index": 0}
    empty = {"type": "output_text", "text": "", "annotations": []}
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    item = message | {"status": "in_progress", "content": []}
    yield "response.output_item.added", {"output_index": 0, "item": item}
    yield "response.content_part.added", {**at, "part": empty}
    for piece in pieces(part["text"]):
        yield "response.output_text.delta", {**at, "delta": piece, "logprobs": []}
    for index, each in enumerate(part["annotations"]):
        name = "response.output_text.annotation.added"
        yield name, {**at, "annotation_index": index, "annotation": each}
    yield "response.output_text.done", {**at, "text": part["text"], "logprobs": []}
    yield "response.content_part.done", {**at, "part": part}
    yield "response.output_item.done", {"output_index": 0, "item": message}
    yield "response.completed", {"response": whole}
