"""The parts of the service that a request was sent to, for the routes that answer it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from corpus.keys import Key
from service.parts import Parts


def parts_for(request: Request) -> Parts:
    """The parts of the service as the request's key may use them; all of them where no key is needed."""
    parts: Parts = request.app.state.parts
    key: Key | None = getattr(request.state, "key", None)
    return parts if key is None else parts.within(key.reach)


PartsDep = Annotated[Parts, Depends(parts_for)]
