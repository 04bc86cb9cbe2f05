"""Microsoft Teams as the service sees it: messages with tokens that Microsoft's key, here one of our own, has signed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

APP = "11111111-2222-3333-4444-555555555555"
ISSUER = "https://api.botframework.com"
SERVICE_URL = "https://smba.trafficmanager.net/emea/"


class Signer(NamedTuple):
    """A key that tokens are signed with, and where its public half is published."""

    key: rsa.RSAPrivateKey
    url: str

    def token(self, **claims: Any) -> str:
        """A token for the app, with some claims otherwise."""
        told = {"iss": ISSUER, "aud": APP, "serviceurl": SERVICE_URL, "exp": int(time.time()) + 600}
        return jwt.encode(told | claims, self.key, algorithm="RS256", headers={"kid": "one"})


@contextmanager
def signer() -> Iterator[Signer]:
    """A signer whose public key is served on this machine."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "one", "use": "sig"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"keys": [public]}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Signer(key, f"http://127.0.0.1:{server.server_port}/keys")
    finally:
        server.shutdown()
        server.server_close()


def activity(text: str, conversation: str = "a:1", **more: Any) -> dict[str, Any]:
    """A message to the app whose reply is expected in the response."""
    return {
        "type": "message",
        "id": "1",
        "channelId": "msteams",
        "locale": "en-GB",
        "serviceUrl": SERVICE_URL,
        "deliveryMode": "expectReplies",
        "conversation": {"id": conversation},
        "from": {"id": "29:person"},
        "recipient": {"id": f"28:{APP}", "name": "ImpactQA"},
        "text": text,
    } | more
