"""Assistants of other makers call a webhook: Dialogflow CX, read by Google's own types, and Rasa."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from google.cloud.dialogflowcx_v3.types import WebhookRequest, WebhookResponse

QUESTION = "Which SMEs spun off companies?"


@pytest.fixture
def own(client: TestClient) -> dict[str, Any]:
    """The answer as the service's own interface gives it."""
    answer: dict[str, Any] = client.post("/v1/ask", json={"question": QUESTION}).json()
    return answer


def dialogflow(client: TestClient, text: str, **parameters: Any) -> WebhookResponse:
    """The webhook response to what Dialogflow sends, in Google's types, which refuse what they do not know."""
    request = WebhookRequest(text=text, language_code="en", detect_intent_response_id="1")
    request.session_info.session = "projects/p/locations/l/agents/a/sessions/s"
    request.session_info.parameters = parameters
    body = json.loads(WebhookRequest.to_json(request))
    response: WebhookResponse = WebhookResponse.from_json(client.post("/api/dialogflow", json=body).text)
    return response


def rasa(client: TestClient, text: str | None, **slots: Any) -> dict[str, Any]:
    call = {
        "next_action": "action_ask_reports",
        "sender_id": "somebody",
        "version": "3.1",
        "domain": {},
        "tracker": {"sender_id": "somebody", "slots": slots, "latest_message": {"text": text, "intent": {}}},
    }
    replied: dict[str, Any] = client.post("/api/rasa", json=call).json()
    return replied


def test_dialogflow_gets_the_answer_and_its_sources_as_cards(client: TestClient, own: dict[str, Any]) -> None:
    text, cards = dialogflow(client, QUESTION).fulfillment_response.messages
    assert list(text.text.text) == [own["answer"]]
    (listed,) = cards.payload["richContent"]
    assert [card["subtitle"] for card in listed] == [citation["quote"] for citation in own["citations"]]
    assert all(card["actionLink"].startswith("http://testserver/documents/") for card in listed)


def test_a_session_parameter_of_dialogflow_carries_the_conversation(client: TestClient) -> None:
    kept = dict(dialogflow(client, QUESTION).session_info.parameters)
    alone, following = (
        dialogflow(client, "How many of them?"),
        dialogflow(client, "How many of them?", **kept),
    )
    assert following.fulfillment_response.messages[0] != alone.fulfillment_response.messages[0]
    assert dict(following.session_info.parameters) == kept


def test_a_conversation_that_is_gone_is_begun_anew(client: TestClient) -> None:
    gone = dialogflow(client, QUESTION, impactqa_conversation="cnv_gone")
    assert gone.session_info.parameters["impactqa_conversation"] != "cnv_gone"


def test_what_cannot_be_asked_is_said_in_the_chat(client: TestClient) -> None:
    (said,) = dialogflow(client, " ").fulfillment_response.messages
    assert said.text.text[0].startswith("The question is empty.")
    assert rasa(client, None)["responses"][0]["text"].startswith("The question is empty.")


def test_rasa_gets_the_answer_and_its_sources(client: TestClient, own: dict[str, Any]) -> None:
    text, custom = rasa(client, QUESTION)["responses"]
    assert text == {"text": own["answer"]}
    assert [source["quote"] for source in custom["custom"]["sources"]] == [
        citation["quote"] for citation in own["citations"]
    ]


def test_a_slot_of_rasa_carries_the_conversation_where_there_is_one(client: TestClient) -> None:
    (slot,) = rasa(client, QUESTION, impactqa_conversation=None)["events"]
    following = rasa(client, "How many of them?", impactqa_conversation=slot["value"])
    alone = rasa(client, "How many of them?")
    assert alone["events"] == []
    assert following["responses"] != alone["responses"]
