"""Slack asks: signed as its own library signs, acknowledged at once, answered where it says."""

from __future__ import annotations

import json
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier

from corpus.store import Store
from service.answer import UnderstoodAs
from service.channels.slack_blocks import message
from tests.answers import answer_of
from tests.chat_models import chat_model, respond
from tests.serving import Served, served
from tests.slack_workspace import SECRET, Workspace, plain, slack_server

QUESTION = "Which SMEs spun off companies?"
ACK_SECONDS_MAX = 3


@pytest.fixture(scope="module")
def workspace(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    data_dir = Path(shutil.copytree(ingested, tmp_path_factory.mktemp("slack") / "data"))
    with Store.open(data_dir) as store:
        store.keys.add("somebody", ["ask"])
    with slack_server() as slack:
        settings = {"slack_signing_secret": SECRET, "slack_token": "xoxb-1", "keys": "required"}
        own = slack.url.removesuffix("/v1")
        with served(data_dir, slack_url=own, **settings) as service:
            yield Workspace(service, slack, data_dir)


def mention(text: str, **more: str) -> dict[str, Any]:
    return {"type": "app_mention", "text": f"<@U1> {text}", "channel": "C1", "ts": "1.1", "user": "U2"} | more


def test_a_command_is_acknowledged_and_answered_in_blocks(workspace: Workspace) -> None:
    before, started = len(workspace.slack.asked), time.monotonic()
    assert workspace.command(QUESTION).json()["response_type"] == "ephemeral"
    assert time.monotonic() - started < ACK_SECONDS_MAX
    said = workspace.told(before)
    assert said["response_type"] == "in_channel"
    assert "Tarnwood Cells Ltd" in plain(said["blocks"])
    sources = [block for block in said["blocks"] if block["type"] == "context"]
    assert f"<{workspace.service.url}/documents/" in sources[0]["elements"][0]["text"]
    assert "authorization" not in workspace.slack.headers[before]
    assert [block.type for block in Block.parse_all(said["blocks"])] == [b["type"] for b in said["blocks"]]


def test_a_slow_answer_is_acknowledged_in_time_all_the_same(data_dir: Path) -> None:
    slow_seconds = ACK_SECONDS_MAX + 1
    with slack_server() as slack, chat_model(lambda handler, asked: time.sleep(slow_seconds)) as model:
        settings = {
            "slack_signing_secret": SECRET,
            "slack_url": slack.url.removesuffix("/v1"),
            "llm_url": model.url,
            "llm_model": "slow",
            "llm_timeout_seconds": str(slow_seconds),
        }
        with served(data_dir, **settings) as service:
            workspace = Workspace(service, slack, data_dir)
            started = time.monotonic()
            assert workspace.command("How many patents did Halden University file?").status_code == 200
            assert time.monotonic() - started < ACK_SECONDS_MAX
            assert "12 patents" in plain(workspace.told(0)["blocks"])
            assert time.monotonic() - started > ACK_SECONDS_MAX


def test_an_answer_that_slack_does_not_take_is_logged_without_its_words(data_dir: Path) -> None:
    with chat_model(lambda handler, asked: respond(handler, b"no", 500)) as slack:
        own = slack.url.removesuffix("/v1")
        with served(data_dir, slack_signing_secret=SECRET, slack_url=own) as service:
            workspace = Workspace(service, slack, data_dir)
            workspace.command(QUESTION)
            workspace.told(0)
            workspace.command("Who licensed the imaging software?")
            workspace.told(1)
            log = service.stop(signal.SIGTERM)
    assert "slack_refused" in log or "slack_unreachable" in log
    assert "Tarnwood" not in log


def test_a_mention_is_answered_in_its_thread_where_the_next_is_a_follow_up(workspace: Workspace) -> None:
    before = len(workspace.slack.asked)
    assert workspace.event(mention(QUESTION), "Ev2").status_code == 200
    first = workspace.told(before)
    assert (first["channel"], first["thread_ts"]) == ("C1", "1.1")
    assert workspace.slack.headers[before]["authorization"] == "Bearer xoxb-1"
    workspace.event(mention("How many of them?", ts="1.2", thread_ts="1.1"), "Ev3")
    assert "Tarnwood" in plain(workspace.told(before + 1)["blocks"])


def test_an_event_that_comes_twice_is_answered_once(workspace: Workspace) -> None:
    before = len(workspace.slack.asked)
    for _ in range(2):
        assert workspace.event(mention(QUESTION), "Ev4").status_code == 200
    workspace.event(mention("What is Norvia?", channel="C2"), "Ev5")
    channels = [workspace.told(before)["channel"], workspace.told(before + 1)["channel"]]
    assert sorted(channels) == ["C1", "C2"]


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"type": "message"}])
def test_what_nobody_asked_the_app_is_left_alone(workspace: Workspace, more: dict[str, str]) -> None:
    before = len(workspace.slack.asked)
    assert workspace.event(mention(QUESTION, **more), f"Ev-{more}").status_code == 200
    time.sleep(0.3)
    assert len(workspace.slack.asked) == before


def test_slack_can_check_the_address(workspace: Workspace) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c0ffee"})
    assert workspace.send("event", body, "application/json").json() == {"challenge": "c0ffee"}


def test_a_button_keeps_what_a_reader_says(workspace: Workspace) -> None:
    before = len(workspace.slack.asked)
    workspace.command(QUESTION)
    (buttons,) = [block for block in workspace.told(before)["blocks"] if block["type"] == "actions"]
    pressed = buttons["elements"][2]
    payload = json.dumps({"actions": [pressed], "response_url": f"{workspace.url}/actions/1"})
    sent = urlencode({"payload": payload})
    assert workspace.send("action", sent, "application/x-www-form-urlencoded").status_code == 200
    assert workspace.told(before + 1)["text"] == "Thank you."
    with Store.open(workspace.data_dir) as store:
        assert [one.verdict for one in store.conversations.feedback(pressed["value"])] == ["wrong_source"]


@pytest.mark.parametrize(
    "changed",
    [
        {"x-slack-signature": "v0=" + 64 * "0"},
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0="},
        {"x-slack-request-timestamp": "1"},
        {"x-slack-request-timestamp": str(int(time.time()) - 10)},
        {"x-slack-request-timestamp": "now"},
    ],
)
def test_what_slack_did_not_sign_is_refused(workspace: Workspace, changed: dict[str, str]) -> None:
    before = len(workspace.slack.asked)
    assert workspace.command(QUESTION, **changed).status_code == 401
    assert len(workspace.slack.asked) == before


def test_an_old_request_is_refused_even_when_it_was_signed(workspace: Workspace) -> None:
    then, body = str(int(time.time()) - 301), urlencode({"text": QUESTION})
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=then, body=body)
    stale = {"x-slack-request-timestamp": then, "x-slack-signature": signature or ""}
    assert workspace.send("command", body, "application/x-www-form-urlencoded", **stale).status_code == 401


def test_nothing_is_sent_to_another_address(workspace: Workspace) -> None:
    before = len(workspace.slack.asked)
    form = {"text": QUESTION, "response_url": "http://127.0.0.1:1/elsewhere"}
    assert workspace.send("command", urlencode(form), "application/x-www-form-urlencoded").status_code == 200
    workspace.command("")
    time.sleep(0.3)
    assert len(workspace.slack.asked) == before


def test_a_service_without_an_app_says_how_to_have_one(running: Served) -> None:
    reply = httpx2.post(f"{running.url}/slack/command", content="text=x")
    assert reply.status_code == 403
    assert "IMPACTQA_SLACK_SIGNING_SECRET" in reply.json()["detail"]


def test_words_of_reports_cannot_call_anybody_or_lead_elsewhere() -> None:
    hostile = "<!channel> see <https://evil.example|this> & <@U1> [1]"
    read_as = UnderstoodAs(intent="describe", asks_for="text")
    said = json.dumps(message(answer_of(hostile, read_as, hostile), "http://127.0.0.1:8000"))
    assert set(re.findall(r"<([^|>]*)", said)) <= {"http://127.0.0.1:8000", "http://127.0.0.1:8000/answers/"}


def test_a_long_answer_keeps_to_slacks_limits() -> None:
    text = "\n".join(
        f"- Member {n}: so it is said of it at some length, {'and more ' * 20} [{n}]" for n in range(1, 200)
    )
    answer = answer_of(text, UnderstoodAs(intent="list", asks_for="organisation"), *["A quote. " * 50] * 200)
    blocks = message(answer, "http://127.0.0.1:8000")["blocks"]
    assert len(blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3_000 for block in blocks if block["type"] == "section")
    for block in Block.parse_all(blocks):
        block.validate_json()
