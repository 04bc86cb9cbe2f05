"""Readings of texts that are kept: each question looks at passages that an earlier one has looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Found = TypeVar("Found")

CHARS_MAX = 1_000  # of a text that is kept: a passage, a name, a unit; not a document
TEXTS_KEPT = 1 << 14  # some 10 MB for each function


def remembered(read: Callable[[str], list[Found]]) -> Callable[[str], list[Found]]:
    """The same function, which works out once what it finds in a short text that it is given again."""

    @lru_cache(maxsize=TEXTS_KEPT)
    def kept(text: str) -> tuple[Found, ...]:
        return tuple(read(text))

    @wraps(read)
    def found(text: str) -> list[Found]:
        return list(kept(text)) if len(text) <= CHARS_MAX else read(text)

    return found
