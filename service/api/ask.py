"""POST /v1/ask: a question becomes a cited answer."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.answer import Answer, AskRequest
from service.channels.events import answer_events, streamed
from service.errors import responses
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/v1", tags=["answers"])


@router.post(
    "/ask",
    operation_id="ask",
    summary="Ask a question",
    response_model=Answer,
    responses=responses(400, 404, 413, 422, 503),
)
async def ask(body: AskRequest, request: Request, parts: PartsDep) -> Answer | Response:
    """The cited answer, or what is missing and why. Send its `conversation_id` along to ask a follow-up.

    With `Accept: text/event-stream` it comes as events, each as soon as it can be: `understood`, `citation`, `text`,
    `answer`, `done`, with comments while nothing comes.
    """
    if "text/event-stream" not in request.headers.get("accept", ""):
        return await parts.answer(body)
    await run_in_threadpool(
        parts.check_request, body
    )  # what cannot be answered is refused before the stream begins
    return streamed(answer_events(partial(parts.answer, body)))
