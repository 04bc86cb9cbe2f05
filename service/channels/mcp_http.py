"""The Model Context Protocol at `/mcp`: streamable HTTP, each request on its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.channels.mcp_tools import mcp_server
from service.parts import Parts
from service.settings import Settings

_LOCAL = ("127.0.0.1", "localhost", "[::1]")


class Endpoint:
    """The ASGI application at the path itself: a mounted one would redirect there, which not all clients follow."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = ROUTE  # what logs and metrics call it
        manager: StreamableHTTPSessionManager = Request(scope).app.state.mcp
        await manager.handle_request(scope, receive, send)


ROUTE = Route("/mcp", Endpoint(), include_in_schema=False)


def install(app: FastAPI) -> None:
    """Registers the path; it answers while `serving` runs."""
    app.router.routes.append(ROUTE)


@asynccontextmanager
async def serving(app: FastAPI, parts: Parts) -> AsyncIterator[None]:
    """The protocol is answered while this runs."""
    server = mcp_server(parts, address="")
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=security(parts.settings),
        max_request_body_size=parts.settings.body_bytes_max,
    )
    async with server.session_manager.run():
        app.state.mcp = server.session_manager
        yield


def security(settings: Settings) -> TransportSecuritySettings:
    """Which Host and Origin headers are taken: this guards what needs no key from pages that had their name
    point at this machine."""
    public = urlsplit(settings.public_url)
    hosts = settings.allowed_hosts or (
        *_both(*_LOCAL, _bracketed(settings.host)),
        *filter(None, [public.netloc]),
    )
    local = [f"{scheme}://{host}" for scheme in ("http", "https") for host in _both(*_LOCAL)]
    own = [f"{public.scheme}://{public.netloc}"] if public.netloc else []
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=bool(settings.allowed_hosts) or not settings.keys_required,
        allowed_hosts=list(hosts),
        allowed_origins=[*local, *own, *settings.allowed_origins],
    )


def _both(*hosts: str) -> list[str]:
    """The hosts without and with any port."""
    return [form for host in hosts for form in (host, f"{host}:*")]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
