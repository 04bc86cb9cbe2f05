"""Who may ask from pages of other sites: those that the settings name, and only ask."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from service.running.rules import needed_scope


class CrossOrigin:
    """Middleware that lets browsers show answers to pages of the origins; all else stays closed to them.

    Cookies and passwords that a browser keeps are never taken: such a page sends a key of its own.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self.app = app
        self.asking = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["POST"],
            allow_headers=["authorization", "content-type"],
            expose_headers=["retry-after", "x-request-id"],
            max_age=600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and needed_scope("POST", scope["path"]) == "ask"
        await (self.asking if asks else self.app)(scope, receive, send)
