"""The running service: listens at one address until it is told to stop."""

from __future__ import annotations

import socket
import sys
import urllib.request
from collections.abc import Callable

import uvicorn

from corpus.store import Store
from service.parts import Parts
from service.running import logs
from service.running.access import check_keys
from service.running.app import create_app
from service.settings import Settings

# How long a thread computes before another has its turn: what only has to be refused waits for two that compute.
SWITCH_SECONDS = 0.001
_SHUTDOWN_SECONDS_MAX = 10  # a container's engine kills after that much, so finish before it does


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Serves until the process is told to stop; `say` is told the address once questions are answered at it.

    Raises OSError when the address cannot be listened at, NoKey when others could, and what Parts.open raises.
    """
    logs.configure(settings.log_level)
    listener = _listener(settings)
    try:
        if settings.keys_required:
            with Store.open(*settings.store_place) as store:
                check_keys(settings, store)
        parts = Parts.open(settings)
        sys.setswitchinterval(SWITCH_SECONDS)
        try:
            say(f"ImpactQA answers at {url_of(settings, listener.getsockname()[1])}")
            _server(parts).run(sockets=[listener])
        finally:
            parts.close()
    finally:
        listener.close()


def url_of(settings: Settings, port: int | None = None) -> str:
    """Where this machine reaches a service with these settings."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    host = everywhere.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port if port is None else port}"


def is_healthy(url: str, seconds_max: float = 5) -> bool:
    """True when the service at `url` says that it lives."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=seconds_max) as response:
            return bool(response.status == 200)
    except (OSError, ValueError):
        return False


def _server(parts: Parts) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(parts=parts),
        log_level="warning",
        access_log=False,  # it prints addresses, and an address may hold a question
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS_MAX,
    )
    return uvicorn.Server(config)


def free_port() -> int:
    """A port of the loopback address that nothing listened at just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _listener(settings: Settings) -> socket.socket:
    """A socket with the address, taken before anything slow is done: who cannot have it need not wait.

    It refuses connections until the server listens, so that a caller never waits for a service that starts.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        raise OSError(
            f"Address {settings.host}:{settings.port} cannot be listened at: {reason}. "
            f"Choose another with --host and --port."
        ) from error
    return listener
