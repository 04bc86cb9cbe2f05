"""Another site on this machine: one page under a strict content security policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Site(NamedTuple):
    """Where the page is; its HTML and its policy may be set later."""

    url: str
    page: list[str]  # of one element: the HTML
    policy: list[str]


@contextmanager
def site() -> Iterator[Site]:
    """A site whose every address is its page."""
    page, policy = [""], ["default-src 'none'"]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page[0].encode() if self.path == "/" else b""
            self.send_response(200 if body else 204)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", policy[0])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True).start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", page, policy)
    finally:
        server.shutdown()
        server.server_close()
