"""What the pages load: style sheets, scripts, fonts, and what is vendored; nothing comes from elsewhere."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_DIR = Path(__file__).parent / "static"

_KEPT = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """The static files. A browser keeps what a version stands in the address of, and asks after the rest."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC_DIR)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = path.startswith("vendor/") or scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = _KEPT if versioned else "no-cache"
        if path.startswith("impact-chat/"):  # the element is there for pages of other sites
            response.headers["cross-origin-resource-policy"] = "cross-origin"
        return response


@lru_cache
def asset(name: str) -> str:
    """The address of a static file, with a digest of what is in it unless its folder names its version."""
    if name.startswith("vendor/"):
        return f"/static/{name}"
    digest = hashlib.sha256((STATIC_DIR / name).read_bytes()).hexdigest()[:8]
    return f"/static/{name}?v={digest}"
