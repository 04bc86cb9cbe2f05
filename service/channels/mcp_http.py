"""The Model Context Protocol at `/mcp`: streamable HTTP, each request on its own.

Its library is loaded by the first request: that takes a third of the time and 25 MB of what the service starts with.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup, TaskStatus
from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.parts import Parts
from service.settings import Settings

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings

_LOCAL = ("127.0.0.1", "localhost", "[::1]")


class Endpoint:
    """The ASGI application at the path itself: a mounted one would redirect there, which not all clients follow."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = ROUTE  # what logs and metrics call it
        manager = await Request(scope).app.state.mcp.manager()
        await manager.handle_request(scope, receive, send)


# A stream that a client opens by GET would stay open with nothing to say: no message is sent but to a request.
ROUTE = Route("/mcp", Endpoint(), methods=["POST"], include_in_schema=False)


class OnDemand:
    """The manager of requests, which begins with the first one and ends with `tasks`."""

    def __init__(self, parts: Parts, tasks: TaskGroup) -> None:
        self._parts = parts
        self._tasks = tasks
        self._beginning = anyio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None

    async def manager(self) -> StreamableHTTPSessionManager:
        async with self._beginning:
            if self._manager is None:
                self._manager = await self._tasks.start(self._run)
        return self._manager

    async def _run(self, *, task_status: TaskStatus[StreamableHTTPSessionManager]) -> None:
        manager = await anyio.to_thread.run_sync(_manager_of, self._parts)
        async with manager.run():
            task_status.started(manager)
            await anyio.sleep_forever()


def install(app: FastAPI) -> None:
    """Registers the path; it answers while `serving` runs."""
    app.router.routes.append(ROUTE)


@asynccontextmanager
async def serving(app: FastAPI, parts: Parts) -> AsyncIterator[None]:
    """The protocol is answered while this runs."""
    async with anyio.create_task_group() as tasks:
        app.state.mcp = OnDemand(parts, tasks)
        yield
        tasks.cancel_scope.cancel()


def security(settings: Settings) -> TransportSecuritySettings:
    """Which Host and Origin headers are taken: this guards what needs no key from pages that had their name
    point at this machine."""
    from mcp.server.transport_security import TransportSecuritySettings

    public = urlsplit(settings.public_url)
    own_hosts = (*_LOCAL, _bracketed(settings.host))
    hosts = settings.allowed_hosts or (*_with_ports(*own_hosts), *filter(None, [public.netloc]))
    local = [f"{scheme}://{host}" for scheme in ("http", "https") for host in _with_ports(*_LOCAL)]
    own = [f"{public.scheme}://{public.netloc}"] if public.netloc else []
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=bool(settings.allowed_hosts) or not settings.keys_required,
        allowed_hosts=list(hosts),
        allowed_origins=[*local, *own, *settings.allowed_origins],
    )


def _manager_of(parts: Parts) -> StreamableHTTPSessionManager:
    from service.channels.mcp_tools import mcp_server

    server = mcp_server(parts, address="")
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=security(parts.settings),
        max_request_body_size=parts.settings.body_bytes_max,
    )
    return server.session_manager


def _with_ports(*hosts: str) -> list[str]:
    """The hosts without and with any port."""
    return [form for host in hosts for form in (host, f"{host}:*")]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
