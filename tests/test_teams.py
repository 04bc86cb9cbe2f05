"""Microsoft Teams asks with tokens, and gets the answer with its sources as citations."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi.testclient import TestClient
from microsoft_agents.activity import Activity
from microsoft_agents.hosting.core.authorization import _entra_issuers as issuers

from service.running.app import create_app
from service.settings import Settings
from tests.teams import APP, ISSUER, Signer, activity, signer
from tests.test_api import QUESTION, ask


@pytest.fixture(scope="module")
def microsoft() -> Iterator[Signer]:
    """The signer of Teams' tokens, whose keys are looked up on this machine instead of at Microsoft's."""
    with signer() as signing, pytest.MonkeyPatch.context() as patch:
        patch.setitem(issuers.BOTFRAMEWORK_JWKS_URIS, ISSUER, signing.url)
        yield signing


@pytest.fixture(scope="module")
def app(ingested: Path) -> Iterator[TestClient]:
    """A service with a Teams app, where everything else needs a key."""
    settings = Settings(
        _env_file=None,
        data_dir=ingested,
        model="hash",
        keys="required",
        teams_app_id=APP,
        teams_secret="s3cret",
    )
    with TestClient(create_app(settings)) as client:
        yield client


def sent(app: TestClient, token: str, said: object) -> httpx2.Response:
    return app.post("/teams/messages", json=said, headers={"authorization": f"Bearer {token}"})


def replies(app: TestClient, signing: Signer, said: dict[str, Any]) -> list[Activity]:
    reply = sent(app, signing.token(), said)
    assert reply.status_code == 200, reply.text
    return [Activity.model_validate(one) for one in reply.json()["activities"]]


def test_a_message_is_answered_with_its_sources_as_citations(
    app: TestClient, microsoft: Signer, client: TestClient
) -> None:
    own = ask(client, QUESTION)
    reply = sent(app, microsoft.token(), activity(QUESTION)).json()["activities"][0]
    assert (reply["type"], reply["text"], reply["textFormat"]) == ("message", own.answer, "markdown")
    entity = reply["entities"][0]
    assert (entity["type"], entity["@type"]) == ("https://schema.org/Message", "Message")
    assert entity["additionalType"] == ["AIGeneratedContent"]
    cited = [(one["position"], one["appearance"]["abstract"]) for one in entity["citation"]]
    assert cited == [(one.number, one.quote[:160]) for one in own.citations]
    assert entity["citation"][0]["appearance"]["url"].startswith("http://testserver/documents/")


def test_the_next_message_of_a_conversation_is_a_follow_up(app: TestClient, microsoft: Signer) -> None:
    replies(app, microsoft, activity("Who licensed the imaging software?", "a:2"))
    reply = replies(app, microsoft, activity("When was that?", "a:2"))[0]
    other = replies(app, microsoft, activity("When was that?", "a:3"))[0]
    assert reply.text != other.text


def test_a_mention_of_the_app_is_no_part_of_the_question(app: TestClient, microsoft: Signer) -> None:
    mention = {
        "type": "mention",
        "text": "<at>ImpactQA</at>",
        "mentioned": {"id": f"28:{APP}", "name": "ImpactQA"},
    }
    said = activity(f"<at>ImpactQA</at> {QUESTION}", "a:4", entities=[mention])
    assert "Tarnwood" in (replies(app, microsoft, said)[0].text or "")


def test_a_message_without_a_question_is_told_what_to_ask(app: TestClient, microsoft: Signer) -> None:
    assert (replies(app, microsoft, activity(" ", "a:5"))[0].text or "").startswith("Ask something")


def test_what_nobody_said_is_not_answered(app: TestClient, microsoft: Signer) -> None:
    joined = activity("", "a:6", type="conversationUpdate")
    assert replies(app, microsoft, joined) == []


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "99999999-2222-3333-4444-555555555555"},
        {"exp": 1},
        {"iss": "https://evil.example"},
        {"serviceurl": "https://evil.example/"},
    ],
)
def test_a_token_for_something_else_is_refused(
    app: TestClient, microsoft: Signer, claims: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(issuers.BOTFRAMEWORK_JWKS_URIS, "https://evil.example", microsoft.url)
    assert sent(app, microsoft.token(**claims), activity(QUESTION)).status_code == 401


def test_a_token_that_somebody_else_signed_is_refused(app: TestClient, microsoft: Signer) -> None:
    other = microsoft._replace(key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert sent(app, other.token(), activity(QUESTION)).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_what_is_no_token_is_refused(app: TestClient, token: str) -> None:
    assert sent(app, token, activity(QUESTION)).status_code == 401


def test_no_answer_goes_to_another_host(app: TestClient, microsoft: Signer) -> None:
    elsewhere = activity(QUESTION, serviceUrl="http://127.0.0.1:9/")
    token = microsoft.token(serviceurl="http://127.0.0.1:9/")
    assert sent(app, token, elsewhere).status_code == 401


@pytest.mark.parametrize("body", [{}, {"type": "message"}, [], {"type": "message", "conversation": 7}])
def test_a_message_that_is_none_is_refused(app: TestClient, microsoft: Signer, body: object) -> None:
    assert sent(app, microsoft.token(), body).status_code in (400, 422)


def test_a_service_without_an_app_says_how_to_have_one(client: TestClient) -> None:
    reply = client.post("/teams/messages", json={})
    assert reply.status_code == 403
    assert "IMPACTQA_TEAMS_APP_ID" in reply.json()["detail"]


def test_a_service_without_the_extra_says_how_to_have_it(
    app: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "service.channels.teams_agent", raising=False)
    monkeypatch.setitem(sys.modules, "microsoft_agents.activity", None)
    reply = sent(app, "", activity(QUESTION))
    assert reply.status_code == 403
    assert "pip install 'impactqa[teams]'" in reply.json()["detail"]
