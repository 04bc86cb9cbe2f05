"""What every exchange carries: a request id, a body limit, security headers, a log line and a measurement."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

import anyio
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from service.errors import BodyTooLarge, BodyTooSlow
from service.problems import as_response, problem_of

Observe = Callable[[str, str, int, float], None]  # method, route, status, seconds

# Nothing from elsewhere, nothing inline, no frame: pages quote foreign text, and this is the last line of defence.
SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; "
        "font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
BODY_SILENCE_SECONDS_MAX = 30  # between two parts of a body: who drips holds a connection for nothing
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_log = structlog.get_logger("impactqa.request")


class Envelope:
    """Middleware around the whole app, so that failures carry the same headers as answers."""

    def __init__(self, app: ASGIApp, body_bytes_max: int, upload_bytes_max: int, observe: Observe) -> None:
        self.app = app
        self.body_bytes_max = body_bytes_max
        self.upload_bytes_max = upload_bytes_max
        self.observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            with bound_contextvars(request_id=request_id):
                await self.app(scope, self._limited(scope, receive), send_dressed)
        except Exception as error:
            _log.exception("failed", request_id=request_id)
            if status:
                raise  # the response has begun: cutting it off is the only honest signal left
            request = Request(scope)
            await as_response(request, problem_of(request, error))(scope, receive, send_dressed)
        finally:
            self._report(scope, request_id, status, time.perf_counter() - started)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """`receive`, except that it stops reading at the limit, whatever length was declared, or when nothing comes."""
        declared = Headers(scope=scope).get("content-length", "")
        received, is_whole = 0, False
        bytes_max = self.upload_bytes_max if _is_upload(scope) else self.body_bytes_max

        async def receive_limited() -> Message:
            nonlocal received, is_whole
            if declared.isascii() and declared.isdigit() and int(declared) > bytes_max:
                raise BodyTooLarge(bytes_max)
            # Whoever waits behind the last part waits for the client to go, however long that takes.
            with anyio.move_on_after(None if is_whole else BODY_SILENCE_SECONDS_MAX) as waiting:
                message = await receive()
            if waiting.cancelled_caught:
                raise BodyTooSlow(f"Nothing came for {BODY_SILENCE_SECONDS_MAX} s. Send the request again.")
            is_whole = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > bytes_max:
                raise BodyTooLarge(bytes_max)
            return message

        return receive_limited

    def _report(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        """Logs and measures by route template, never by address: an address may hold a question."""
        route = getattr(scope.get("route"), "path", "") or "unmatched"
        self.observe(scope["method"], route, status, seconds)
        _log.info(
            "request",
            request_id=request_id,
            method=scope["method"],
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 1),
            key=scope["state"].get("key_id", ""),
        )


def _is_upload(scope: Scope) -> bool:
    return scope["method"] == "POST" and scope["path"] in ("/v1/documents", "/documents")


def _request_id(headers: Headers) -> str:
    """The caller's own id when it is harmless, else a new one."""
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _dress(headers: MutableHeaders, request_id: str) -> None:
    headers["x-request-id"] = request_id
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "no-store")
