"""Slack: a slash command, mentions of the app, and what readers say of an answer by its buttons.

Each request carries Slack's signature, is acknowledged at once, and answered where Slack says. Nothing else may ask here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from html import unescape
from typing import Annotated, Any, get_args
from urllib.parse import parse_qsl, urlsplit

import anyio.to_thread
import httpx2
import structlog
from fastapi import APIRouter, Depends, Request
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, Response

from corpus.collections import Reach
from service.answer import Verdict
from service.channels.remembered import Remembered
from service.channels.slack_blocks import message
from service.channels.told import answered, base_of
from service.errors import STATUS, NoKey, NotAllowed
from service.parts import Parts
from service.running.app_parts import PartsDep
from service.settings import Settings

router = APIRouter(prefix="/slack", include_in_schema=False)

_AGE_SECONDS_MAX = 300  # of a signed request: an older one is somebody's copy
_SECONDS_MAX = 10.0  # for Slack to take an answer
_WITHOUT_QUESTION = "Ask something, for example: Which SMEs spun off companies?"
_TAG = re.compile(r"<(?:[@!][^>]*|[#@][^|>]*\|[^>]*)>")  # people, groups and channels
_LINK = re.compile(r"<(?:[^|>]*\|)?([^>]*)>")
_FORESEEN = tuple(STATUS)
_VERDICTS = get_args(Verdict)
_log = structlog.get_logger("impactqa.slack")


_events = Remembered()  # by id: Slack sends one again when it doubts that it came
_conversations = Remembered()  # of threads, so that a mention in one is a follow-up


def _parts(parts: PartsDep) -> Parts:
    """The parts that Slack's people may use: its requests bring no key."""
    return parts.within(Reach.of(parts.settings.slack_collections))


SlackPartsDep = Annotated[Parts, Depends(_parts)]


@router.post("/command")
async def command(request: Request, parts: SlackPartsDep) -> Response:
    """Takes a slash command; the answer follows at the address that came with it."""
    form = dict(parse_qsl((await _signed_body(request, parts.settings)).decode()))
    question = _asked(form.get("text", ""))
    if form.get("ssl_check") or not question:
        return JSONResponse({"response_type": "ephemeral", "text": _WITHOUT_QUESTION})
    send = BackgroundTask(_answer_command, parts, base_of(request), question, form.get("response_url", ""))
    ack = {"response_type": "ephemeral", "text": "Searching the reports …"}
    return JSONResponse(ack, background=send)


@router.post("/event")
async def event(request: Request, parts: SlackPartsDep) -> Response:
    """Takes a mention or a direct message; the answer follows in its thread."""
    told = json.loads(await _signed_body(request, parts.settings))
    if told.get("type") == "url_verification":
        return JSONResponse({"challenge": told.get("challenge", "")})
    said = told.get("event", {})
    if not _is_for_us(said) or told.get("event_id") in _events:
        return Response()
    _events[told.get("event_id", "")] = ""
    return Response(background=BackgroundTask(_answer_mention, parts, base_of(request), said))


@router.post("/action")
async def action(request: Request, parts: SlackPartsDep) -> Response:
    """Keeps what a reader says of an answer by its buttons, and thanks."""
    form = dict(parse_qsl((await _signed_body(request, parts.settings)).decode()))
    told = json.loads(form.get("payload", "{}"))
    for pressed in told.get("actions", []):
        if pressed.get("action_id") in _VERDICTS:
            judge = parts.store.conversations.judge
            await anyio.to_thread.run_sync(judge, pressed["value"], pressed["action_id"], "")
    thanks = {"response_type": "ephemeral", "replace_original": False, "text": "Thank you."}
    send = BackgroundTask(_post, parts.settings, told.get("response_url", ""), thanks)
    return Response(background=send)


async def _answer_command(parts: Parts, base: str, question: str, response_url: str) -> None:
    said = await _message(parts, base, question, None)
    await _post(parts.settings, response_url, {"response_type": "in_channel", **said})


async def _answer_mention(parts: Parts, base: str, said: Mapping[str, Any]) -> None:
    channel, thread = said.get("channel", ""), said.get("thread_ts") or said.get("ts", "")
    reply = await _message(parts, base, _asked(said.get("text", "")), f"{channel} {thread}")
    url = f"{parts.settings.slack_url.rstrip('/')}/api/chat.postMessage"
    headers = {"authorization": f"Bearer {parts.settings.slack_token.get_secret_value()}"}
    await _post(parts.settings, url, {"channel": channel, "thread_ts": thread, **reply}, headers)


async def _message(parts: Parts, base: str, question: str, thread: str | None) -> dict[str, Any]:
    """The answer as a message, or what kept it from being given."""
    if not question:
        return {"text": _WITHOUT_QUESTION}
    try:
        answer = await answered(parts, question, _conversations.get(thread or ""))
    except _FORESEEN as error:
        return {"text": str(error)}
    if thread:
        _conversations[thread] = answer.conversation_id or ""
    return message(answer, base)


def _is_for_us(said: Mapping[str, Any]) -> bool:
    """True for what a person says to the app: its own messages, edits and joins come along too."""
    to_us = said.get("type") == "app_mention" or said.get("channel_type") == "im"
    return to_us and not said.get("bot_id") and not said.get("subtype")


def _asked(text: str) -> str:
    """The words that somebody typed, without tags of people and channels."""
    return unescape(_LINK.sub(r"\1", _TAG.sub(" ", text))).strip()


async def _signed_body(request: Request, settings: Settings) -> bytes:
    """The body of a request that Slack signed. Raises NoKey for another, NotAllowed where there is no Slack app."""
    secret = settings.slack_signing_secret.get_secret_value()
    if not secret:
        raise NotAllowed("This service has no Slack app. Set IMPACTQA_SLACK_SIGNING_SECRET to let one in.")
    body = await request.body()
    sent_at = request.headers.get("x-slack-request-timestamp", "")
    given = request.headers.get("x-slack-signature", "")
    if not _is_recent(sent_at) or not hmac.compare_digest(given.encode(), _signature(secret, sent_at, body)):
        raise NoKey("The signature is not that of the Slack app. Compare IMPACTQA_SLACK_SIGNING_SECRET.")
    return body


def _is_recent(sent_at: str) -> bool:
    return sent_at.isascii() and sent_at.isdigit() and abs(time.time() - int(sent_at)) <= _AGE_SECONDS_MAX


def _signature(secret: str, sent_at: str, body: bytes) -> bytes:
    """What Slack signs a body with, version 0 of its scheme."""
    signed = b"v0:" + sent_at.encode() + b":" + body
    return b"v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()


async def _post(
    settings: Settings, url: str, said: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> None:
    """Sends a message to Slack, and nowhere else; what is not taken is logged without its words."""
    if not _is_of_slack(url, settings):
        _log.warning("slack_address_refused")
        return
    try:
        async with httpx2.AsyncClient(timeout=_SECONDS_MAX) as client:
            reply = await client.post(url, json=said, headers=headers)
        # Its API says 200 to everything, and in the body what is wrong; other addresses just say "ok".
        refused = reply.json().get("error") if headers else None
        if reply.status_code != 200 or refused:
            _log.warning("slack_refused", status=reply.status_code, error=refused)
    except (httpx2.HTTPError, ValueError) as error:
        _log.warning("slack_unreachable", error=type(error).__name__)


def _is_of_slack(url: str, settings: Settings) -> bool:
    address, own = urlsplit(url), urlsplit(settings.slack_url)
    at_slack = address.scheme == "https" and (address.hostname or "").endswith(".slack.com")
    return at_slack or (address.scheme, address.netloc) == (own.scheme, own.netloc)
