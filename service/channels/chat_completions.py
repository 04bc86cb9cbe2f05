"""The OpenAI chat completions interface: any client of it may ask, and shows the citations as annotations."""

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
from service.channels.events import alive, data_event, pieces, streamed
from service.channels.messages import Message, chore_reply, questions
from service.channels.told import address, marks, shown, title, with_sources
from service.errors import InvalidInput
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/v1", tags=["chat clients"])

MODEL = "impactqa"
MARKDOWN_MODEL = (
    "impactqa-markdown"  # its answers end in a list of sources, for clients that drop annotations
)
MODELS = (MODEL, MARKDOWN_MODEL)


class StreamOptions(BaseModel):
    """What a stream shall hold beside the text."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A conversation; whatever else a client sends is ignored."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: list[Message] = Field(
        min_length=1,
        max_length=1_000,
        examples=[[{"role": "user", "content": "Which SMEs spun off companies?"}]],
    )
    stream: bool = False
    stream_options: StreamOptions | None = None


@router.get("/models", operation_id="list_models", summary="List the models that chat clients may name")
def list_models() -> dict[str, Any]:
    """The models: the same answers, with sources as annotations or as a list at the end of the text."""
    models = [{"id": name, "object": "model", "created": 0, "owned_by": "impactqa"} for name in MODELS]
    return {"object": "list", "data": models}


@router.post(
    "/chat/completions",
    operation_id="chat_completions",
    summary="Ask as a chat client",
    response_model=None,
    responses=errors.responses(413, 503)
    | {200: {"content": {"text/event-stream": {}}}, 400: {"description": "The question cannot be used"}},
)
async def chat_completions(body: ChatRequest, request: Request, parts: PartsDep) -> Response:
    """A chat completion whose text is the cited answer; `stream` sends it piece by piece."""
    try:
        asked = questions(body.messages)
        reply = chore_reply(asked[-1])
        if reply is not None:
            return _chore(body, reply)
        if body.stream:  # what cannot be answered is refused before the stream begins
            parts.check_questions(asked)
        answering = parts.answer_conversation(asked)
        if body.stream:
            return streamed(_stream(body, request, answering))
        return JSONResponse(_completion(body, _message(body, request, await answering)))
    except InvalidInput as error:
        return refused(error)


def refused(error: InvalidInput) -> JSONResponse:
    """The error as clients of OpenAI read it."""
    said = {"message": str(error), "type": "invalid_request_error", "param": error.field, "code": None}
    return JSONResponse({"error": said}, status_code=400)


def annotation(start: int, end: int, url: str, name: str) -> dict[str, Any]:
    """A citation of a web address as OpenAI's clients read it."""
    return {"start_index": start, "end_index": end, "url": url, "title": name}


def url_citations(answer: Answer, request: Request) -> list[dict[str, Any]]:
    """The citations at their marks, each once, in the order of the text."""
    return [
        annotation(mark.start, mark.end, address(request, mark.citation), title(mark.citation))
        for mark in marks(answer)
    ]


def content(model: str, answer: Answer, request: Request) -> str:
    """The text of the answer as the model of that name gives it."""
    return with_sources(answer, request) if model == MARKDOWN_MODEL else shown(answer)


def extras(answer: Answer, request: Request) -> dict[str, Any]:
    """What is beside the text: passages found and, as clients ignore what they do not know, what became of it."""
    found = [
        {"title": title(citation), "url": address(request, citation), "snippet": citation.quote}
        for citation in answer.citations
    ]
    told = {"id": answer.id, "status": answer.status, "reason": answer.reason, "composer": answer.composer}
    return {"search_results": found, "citations": [each["url"] for each in found], "impactqa": told}


def _message(body: ChatRequest, request: Request, answer: Answer) -> dict[str, Any]:
    cited = [{"type": "url_citation", "url_citation": each} for each in url_citations(answer, request)]
    message = {
        "role": "assistant",
        "content": content(body.model, answer, request),
        "refusal": None,
        "annotations": cited,
    }
    return {"message": message, **extras(answer, request)}


def _completion(body: ChatRequest, told: dict[str, Any]) -> dict[str, Any]:
    message = told.pop("message")
    choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}
    return {**_head(body, "chat.completion"), "choices": [choice], "usage": _USAGE, **told}


# Nothing is counted in tokens here, and clients that add them up need numbers.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def _head(body: ChatRequest, kind: str) -> dict[str, Any]:
    name = body.model if body.model in MODELS else MODEL
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": name,
    }


async def _stream(body: ChatRequest, request: Request, answering: Awaitable[Answer]) -> AsyncIterator[bytes]:
    done: list[Answer] = []
    async for comment in alive(answering, done):
        yield comment
    for event in _chunks(body, request, done[0]):
        yield event


def _chunks(body: ChatRequest, request: Request, answer: Answer) -> Iterator[bytes]:
    told = _message(body, request, answer)
    message = told.pop("message")
    head = _head(body, "chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        return data_event(
            {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}
        )

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces(message["content"]):
        yield chunk({"content": piece})
    if message["annotations"]:
        yield chunk({"annotations": message["annotations"]})
    yield chunk({}, "stop", **told)
    if body.stream_options and body.stream_options.include_usage:
        yield data_event({**head, "choices": [], "usage": _USAGE})
    yield data_event("[DONE]")


def _chore(body: ChatRequest, reply: str) -> Response:
    message: dict[str, Any] = {"role": "assistant", "content": reply, "refusal": None, "annotations": []}
    if not body.stream:
        return JSONResponse(_completion(body, {"message": message}))
    head = _head(body, "chat.completion.chunk")
    deltas = [
        {"index": 0, "delta": {"role": "assistant", "content": reply}, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "stop"},
    ]
    events = [data_event({**head, "choices": [delta]}) for delta in deltas]
    return Response(b"".join([*events, data_event("[DONE]")]), media_type="text/event-stream")
