"""The same 30 questions get the same text and the same citations through every channel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
from fastapi.testclient import TestClient
from microsoft_agents.hosting.core.authorization._entra_issuers import BOTFRAMEWORK_JWKS_URIS
from playwright.sync_api import Browser

from service.parts import Parts
from service.running.app import create_app
from service.settings import Settings
from tests import channels
from tests.browser import needs_chromium, opened
from tests.node_clients import NodeClients, Said
from tests.serving import served
from tests.slack_workspace import SECRET, Workspace, slack_server
from tests.teams import APP, ISSUER, signer

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parent / "data" / "sample_questions.jsonl"
QUESTIONS = [json.loads(line)["question"] for line in SAMPLES.read_text("utf-8").splitlines()][:30]


class Asked(NamedTuple):
    """A service over the samples with a Slack app, and what its own interface answers."""

    workspace: Workspace
    own: list[dict[str, Any]]

    @property
    def url(self) -> str:
        return self.workspace.service.url


@pytest.fixture(scope="module")
def asked(samples: Parts) -> Iterator[Asked]:
    folder = samples.settings.data_dir
    with slack_server() as slack:
        settings = {"slack_signing_secret": SECRET, "slack_url": slack.url.removesuffix("/v1")}
        with served(folder, model="all-MiniLM-L6-v2", **settings) as service:
            own = [
                httpx2.post(f"{service.url}/v1/ask", json={"question": question}, timeout=30).json()
                for question in QUESTIONS
            ]
            yield Asked(Workspace(service, slack, folder), own)


def differences(asked: Asked, said: list[Said]) -> list[str]:
    """The questions to which a channel says something else, or of which it shows other sources."""
    found = []
    for own, told in zip(asked.own, said, strict=True):
        if told.text != own["answer"]:
            found.append(f"{own['question']}: {told.text!r} is not {own['answer']!r}")
        cited = [citation["url"] for citation in own["citations"]]
        shown = [url.removeprefix(asked.url) for url in told.urls]
        if sorted(shown) != sorted(cited):
            found.append(f"{own['question']}: shows {shown}, cited are {cited}")
    return found


def test_most_of_the_questions_have_an_answer(asked: Asked) -> None:
    answered = [own for own in asked.own if own["citations"]]
    assert len(asked.own) == 30
    assert len(answered) > 20


@pytest.mark.parametrize("channel", channels.HTTP_CHANNELS)
def test_a_channel_says_the_same(asked: Asked, channel: str) -> None:
    ask = channels.HTTP_CHANNELS[channel]
    assert differences(asked, [ask(asked.url, question) for question in QUESTIONS]) == []


def test_slack_says_the_same(asked: Asked) -> None:
    assert differences(asked, [channels.as_slack(asked.workspace, each) for each in QUESTIONS]) == []


def test_teams_says_the_same(asked: Asked) -> None:
    settings = Settings(
        _env_file=None, data_dir=asked.workspace.data_dir, teams_app_id=APP, public_url=asked.url
    )
    with signer() as signing, pytest.MonkeyPatch.context() as patch:
        patch.setitem(BOTFRAMEWORK_JWKS_URIS, ISSUER, signing.url)
        with TestClient(create_app(settings)) as app:
            said = [channels.as_teams(app, signing, each) for each in QUESTIONS]
    assert differences(asked, said) == []


@needs_chromium
def test_the_element_says_the_same(asked: Asked, browser: Browser) -> None:
    said = []
    for question in QUESTIONS:  # each on a page of its own, since a second one would be a follow-up
        with opened(browser, asked.url) as page:
            page.goto("/static/impact-chat/demo.html")
            said.append(channels.as_widget(page, question))
    blanks_left_out = [
        own | {"answer": "\n".join(line for line in own["answer"].split("\n") if line.strip())}
        for own in asked.own
    ]
    assert differences(asked._replace(own=blanks_left_out), said) == []


def test_the_clients_of_node_say_the_same(asked: Asked, node_clients: NodeClients) -> None:
    said = node_clients.said(asked.url, QUESTIONS)
    assert sorted(said) == [
        *("ai", "mcp", "openai chat", "openai chat stream", "openai responses", "openai responses stream")
    ]
    assert [found for told in said.values() for found in differences(asked, told)] == []
