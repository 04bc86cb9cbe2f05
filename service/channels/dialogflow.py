"""Dialogflow CX: a webhook whose answer is a text, its sources as cards, and the conversation a session parameter."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from service import errors
from service.answer import Answer
from service.channels.told import address, answered, shown, title
from service.errors import InvalidInput
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/api", tags=["chat clients"])

_CONVERSATION = "impactqa_conversation"


class SessionInfo(BaseModel):
    """What Dialogflow keeps of a conversation."""

    model_config = ConfigDict(extra="ignore")

    parameters: dict[str, Any] = {}


class WebhookRequest(BaseModel):
    """What an end user said, typed or spoken; whatever else Dialogflow sends is ignored."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(default="", examples=["Which SMEs spun off companies?"])
    transcript: str = ""
    session_info: Annotated[SessionInfo, Field(alias="sessionInfo")] = SessionInfo()


@router.post(
    "/dialogflow",
    operation_id="dialogflow",
    summary="Ask as a Dialogflow CX webhook",
    responses=errors.responses(413, 422, 503),
)
async def dialogflow(body: WebhookRequest, request: Request, parts: PartsDep) -> dict[str, Any]:
    """A webhook response with the cited answer; its session parameter makes the next question a follow-up."""
    earlier = body.session_info.parameters.get(_CONVERSATION)
    try:
        answer = await answered(parts, body.text or body.transcript, earlier)
    except InvalidInput as error:  # said in the chat: there, nobody sees a status
        return {"fulfillmentResponse": {"messages": [_text(f"{error.problem} {error.remedy}")]}}
    messages = [_text(shown(answer)), *_cards(answer, request)]
    kept = {"parameters": {_CONVERSATION: answer.conversation_id}}
    return {"fulfillmentResponse": {"messages": messages}, "sessionInfo": kept}


def _text(text: str) -> dict[str, Any]:
    return {"text": {"text": [text]}}


def _cards(answer: Answer, request: Request) -> list[dict[str, Any]]:
    """The sources, as Dialogflow Messenger shows them."""
    cards = [
        {
            "type": "info",
            "title": f"[{citation.number}] {title(citation)}",
            "subtitle": citation.quote,
            "actionLink": address(request, citation),
        }
        for citation in answer.citations
    ]
    return [{"payload": {"richContent": [cards]}}] if cards else []
