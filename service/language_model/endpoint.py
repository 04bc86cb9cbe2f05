"""An OpenAI-compatible chat endpoint: one question, one reply, before the deadline."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import anyio
import httpx2

from service.answer import WordingFailure
from service.settings import Settings

Message = dict[str, str]

REPLY_BYTES_MAX = 262_144  # an answer is a few sentences; what is longer is not read to its end
FAILURES_MAX = 5  # in a row, before the endpoint is left alone for a while
REST_SECONDS = 30.0


class Unanswered(Exception):
    """The endpoint gave no reply that can be read; `failure` says why."""

    def __init__(self, failure: WordingFailure, rest_seconds: float = 0) -> None:
        super().__init__(failure)
        self.failure = failure
        self.rest_seconds = rest_seconds  # for which the endpoint asks to be left alone


class Endpoint:
    """A model behind `{llm_url}/chat/completions`; it is not asked for a while after several failures in a row, or
    when it asks for that."""

    def __init__(self, settings: Settings) -> None:
        self.model = settings.llm_model
        self._url = f"{settings.llm_url.rstrip('/')}/chat/completions"
        key = settings.llm_key.get_secret_value()
        # "identity": a compressed reply could unfold to any size.
        self._headers = {"accept-encoding": "identity"} | ({"authorization": f"Bearer {key}"} if key else {})
        self._tls = httpx2.create_ssl_context()  # once: it takes 25 ms
        self._seconds = settings.llm_timeout_seconds
        self._failures = 0
        self._rests_until = 0.0

    def deadline(self) -> float:
        """By when an answer that is begun now has all its words."""
        return time.monotonic() + self._seconds

    async def reply(self, messages: Sequence[Message], deadline: float) -> str:
        """What the model says to the messages. Raises Unanswered, at the latest at the deadline."""
        if time.monotonic() < self._rests_until:
            raise Unanswered("resting")
        try:
            said = await self._asked(messages, deadline - time.monotonic())
        except Unanswered as unanswered:
            self._failures += 1
            rest_seconds = unanswered.rest_seconds
            if self._failures >= FAILURES_MAX:
                self._failures, rest_seconds = 0, REST_SECONDS
            self._rests_until = max(self._rests_until, time.monotonic() + rest_seconds)
            raise
        self._failures = 0
        return said

    async def _asked(self, messages: Sequence[Message], seconds: float) -> str:
        body = {"model": self.model, "messages": list(messages), "temperature": 0, "stream": False}
        try:
            # The clock runs over the whole exchange: timeouts of single reads let a slow drip go on for ever.
            with anyio.fail_after(max(seconds, 0)):
                return _content(await self._posted(body))
        except TimeoutError:
            raise Unanswered("timeout") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise Unanswered("unreachable") from error

    async def _posted(self, body: dict[str, Any]) -> bytes:
        """The body of the response to one request; redirects are not followed: they would take the key along."""
        async with (
            httpx2.AsyncClient(
                verify=self._tls, timeout=None, follow_redirects=False, trust_env=False
            ) as client,
            client.stream("POST", self._url, json=body, headers=self._headers) as response,
        ):
            if response.status_code != 200:
                raise Unanswered("refused", _retry_after(response))
            if response.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                raise Unanswered("bad_reply")
            read = bytearray()
            async for chunk in response.aiter_raw():
                read += chunk
                if len(read) > REPLY_BYTES_MAX:
                    raise Unanswered("too_long")
            return bytes(read)


def _retry_after(response: httpx2.Response) -> float:
    """How long the endpoint asks to be left alone; no longer than we would leave it alone by ourselves."""
    seconds = response.headers.get("retry-after", "")
    return min(float(seconds), REST_SECONDS) if seconds.isascii() and seconds.isdigit() else 0.0


def _content(body: bytes) -> str:
    """The text of the first choice of a chat completion."""
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Unanswered("bad_reply") from None
    if not isinstance(content, str):
        raise Unanswered("bad_reply")
    return content
