"""How long a question may take: whoever works on it looks at the clock where work is repeated."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from service.errors import TakesTooLong

_ends_at: ContextVar[float] = ContextVar("ends_at", default=float("inf"))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is done inside the block, in threads it starts too, ends within so many seconds or raises TakesTooLong."""
    token = _ends_at.set(min(time.monotonic() + seconds, _ends_at.get()))
    try:
        yield
    finally:
        _ends_at.reset(token)


def check() -> None:
    """Raises TakesTooLong when the time is over."""
    if time.monotonic() > _ends_at.get():
        raise late()


def late() -> TakesTooLong:
    """What to tell who waited in vain."""
    return TakesTooLong(
        "The question could not be answered in time. Ask it in fewer words, about fewer documents, or again later.",
        seconds=5,
    )
