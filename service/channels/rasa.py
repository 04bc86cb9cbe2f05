"""Rasa: an action server whose one action answers the user's last message."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from service import errors
from service.answer import Answer
from service.channels.told import address, answered, shown, title
from service.errors import InvalidInput
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/api", tags=["chat clients"])

_CONVERSATION = "impactqa_conversation"


class LatestMessage(BaseModel):
    """What the user said last."""

    model_config = ConfigDict(extra="ignore")

    text: str | None = None


class Tracker(BaseModel):
    """The conversation so far."""

    model_config = ConfigDict(extra="ignore")

    slots: dict[str, Any] = {}
    latest_message: LatestMessage = LatestMessage()


class ActionCall(BaseModel):
    """The call of a custom action, whatever its name; what else Rasa sends is ignored."""

    model_config = ConfigDict(extra="ignore")

    tracker: Tracker = Field(
        examples=[{"slots": {}, "latest_message": {"text": "Which SMEs spun off companies?"}}]
    )


@router.post(
    "/rasa",
    operation_id="rasa",
    summary="Ask as a Rasa assistant",
    responses=errors.responses(413, 422, 503),
)
async def rasa(body: ActionCall, request: Request, parts: PartsDep) -> dict[str, Any]:
    """The responses of the action: the cited answer, then its sources as custom data.

    Where the assistant has a slot `impactqa_conversation`, the next question is a follow-up.
    """
    slots = body.tracker.slots
    try:
        answer = await answered(parts, body.tracker.latest_message.text or "", slots.get(_CONVERSATION))
    except InvalidInput as error:  # said in the chat: there, nobody sees a status
        return {"events": [], "responses": [{"text": f"{error.problem} {error.remedy}"}]}
    kept = {"event": "slot", "name": _CONVERSATION, "value": answer.conversation_id}
    responses = [{"text": shown(answer)}, {"custom": _told(answer, request)}]
    return {"events": [kept] if _CONVERSATION in slots else [], "responses": responses}


def _told(answer: Answer, request: Request) -> dict[str, Any]:
    sources = [
        {
            "number": citation.number,
            "title": title(citation),
            "quote": citation.quote,
            "url": address(request, citation),
        }
        for citation in answer.citations
    ]
    return {"answer_id": answer.id, "status": answer.status, "reason": answer.reason, "sources": sources}
