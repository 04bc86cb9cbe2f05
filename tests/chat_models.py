"""A chat model on this machine that says what a script tells it to, over real connections."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

Asked = dict[str, Any]  # the body of a request
Script = Callable[[BaseHTTPRequestHandler, Asked], None]  # writes the whole response


class ChatModel(NamedTuple):
    """Where the model listens, and the requests that it got."""

    url: str
    asked: list[Asked]
    headers: list[dict[str, str]]


@contextmanager
def chat_model(script: Script) -> Iterator[ChatModel]:
    """A model that answers each request as `script` does."""
    asked: list[Asked] = []
    headers: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append(body)
            headers.append({name.lower(): value for name, value in self.headers.items()})
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked did not wait
                script(self, body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield ChatModel(f"http://127.0.0.1:{server.server_port}/v1", asked, headers)
    finally:
        server.shutdown()
        server.server_close()


def says(content: Callable[[dict[str, Any]], object]) -> Script:
    """A script that replies with what `content` makes of the data in the request, as JSON unless it is text."""

    def script(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        said = content(json.loads(asked["messages"][-1]["content"]))
        text = said if isinstance(said, str) else json.dumps(said)
        respond(
            handler, json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
        )

    return script


def rewrites(change: Callable[[str], str]) -> Script:
    """A script that changes the text of every sentence and keeps its number and what it cites."""
    return says(
        lambda data: {"sentences": [one | {"text": change(one["text"])} for one in data["sentences"]]}
    )


def respond(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    kind: str = "application/json",
    more: tuple[tuple[str, str], ...] = (),
) -> None:
    """Writes a whole response."""
    handler.send_response(status)
    for name, value in ({"content-type": kind, "content-length": str(len(body))} | dict(more)).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
