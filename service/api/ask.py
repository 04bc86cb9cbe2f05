"""POST /v1/ask: a question becomes a cited answer."""

from __future__ import annotations

from fastapi import APIRouter

from service.answer import Answer, AskRequest
from service.api.measured import MetricsDep
from service.errors import responses
from service.parts import PartsDep

router = APIRouter(prefix="/v1", tags=["answers"])


@router.post(
    "/ask", operation_id="ask", summary="Ask a question", responses=responses(400, 404, 413, 422, 503)
)
async def ask(body: AskRequest, parts: PartsDep, metrics: MetricsDep) -> Answer:
    """The cited answer, or what is missing and why. Send its `conversation_id` along to ask a follow-up."""
    answer = await parts.answer(body)
    metrics.answer(answer.status, answer.reason)
    return answer
