"""A Slack workspace on this machine: it sends what Slack sends, and takes what the service sends to it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx2
from slack_sdk.signature import SignatureVerifier

from tests.chat_models import ChatModel, chat_model, respond
from tests.serving import Served

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@contextmanager
def slack_server() -> Iterator[ChatModel]:
    """A server that takes every message and says ok."""
    with chat_model(lambda handler, asked: respond(handler, b'{"ok": true}')) as slack:
        yield slack


def signed(body: str) -> dict[str, str]:
    """The headers by which Slack shows that it sent the body."""
    now = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body)
    return {"x-slack-request-timestamp": now, "x-slack-signature": signature or ""}


class Workspace(NamedTuple):
    """The service, and a Slack on this machine that takes what it is sent."""

    service: Served
    slack: ChatModel
    data_dir: Path

    @property
    def url(self) -> str:
        return self.slack.url.removesuffix("/v1")

    def send(self, path: str, body: str, kind: str, **changed: str) -> httpx2.Response:
        """What the service says to a request that is signed as Slack signs."""
        headers = signed(body) | {"content-type": kind} | changed
        return httpx2.post(f"{self.service.url}/slack/{path}", content=body, headers=headers)

    def command(self, text: str, **changed: str) -> httpx2.Response:
        form = {"command": "/impact", "text": text, "response_url": f"{self.url}/commands/1"}
        return self.send("command", urlencode(form), "application/x-www-form-urlencoded", **changed)

    def event(self, said: dict[str, Any], id: str = "Ev1") -> httpx2.Response:
        body = {"type": "event_callback", "event_id": id, "event": said}
        return self.send("event", json.dumps(body), "application/json")

    def told(self, before: int) -> dict[str, Any]:
        """The first message that the service sent after the `before` earlier ones."""
        deadline = time.monotonic() + 10
        while len(self.slack.asked) <= before:
            assert time.monotonic() < deadline, "nothing was sent to Slack"
            time.sleep(0.02)
        return self.slack.asked[before]


def plain(blocks: list[dict[str, Any]]) -> str:
    """The text of the sections, with bare marks."""
    text = "".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    return unescape(re.sub(r"<[^|>]+\|(\[\d+\])>", r"\1", text))
