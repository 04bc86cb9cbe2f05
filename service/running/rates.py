"""How much one asker may send in a minute, by key or by address: one asker never takes the service from the others."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import TooMany
from service.problems import as_response, problem_of, retry_after
from service.running.rules import needed_scope
from service.settings import is_loopback

_ASKERS_MAX = 10_000  # remembered; the one that was silent longest is forgotten first
_BURST_SECONDS = 10  # what may come at once: a page and all that it shows


class Rates:
    """What every asker has left; it fills up steadily, and a wait is as long as it takes to have one again."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic, burst: float | None = None
    ) -> None:
        self.per_second = per_minute / 60
        self.burst = max(1.0, self.per_second * _BURST_SECONDS) if burst is None else burst
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # by asker: how many, at what time

    def take(self, asker: str) -> None:
        """Counts one request. Raises TooMany when the asker has none left."""
        now, left = self._clock(), self._left_of(asker)
        self._left.pop(asker, None)
        self._left[asker] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _ASKERS_MAX:
            self._left.popitem(last=False)
        self._require_one(left)

    def check(self, asker: str) -> None:
        """Raises TooMany when the asker has none left, and counts nothing."""
        if asker in self._left:
            self._require_one(self._left_of(asker))

    def _left_of(self, asker: str) -> float:
        now = self._clock()
        left, since = self._left.get(asker, (self.burst, now))
        return min(self.burst, left + (now - since) * self.per_second)

    def _require_one(self, left: float) -> None:
        if left < 1:
            seconds = math.ceil((1 - left) / self.per_second)
            raise TooMany(
                f"More than {self.per_second * 60:.0f} requests a minute came from here. "
                f"Wait {seconds} s, then send fewer at once.",
                seconds,
            )


class RateLimit:
    """Middleware that refuses what passes the rate of its key, or of its address where no key was needed."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self.app = app
        self.rates = Rates(per_minute) if per_minute else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if self.rates and scope["type"] == "http" and (asker := _asker(scope)):
                self.rates.take(asker)
        except TooMany as error:
            request = Request(scope)
            response = as_response(request, problem_of(request, error), retry_after(error))
            return await response(scope, receive, send)
        return await self.app(scope, receive, send)


def _asker(scope: Scope) -> str:
    """Whose request it is; "" where none are counted.

    This machine's own requests are not, since a proxy's visitors may stand behind them; nor is what is open to all.
    """
    if needed_scope(scope["method"], scope["path"]) is None:
        return ""
    if key_id := scope["state"].get("key_id"):
        return f"key {key_id}"
    host = scope["client"][0] if scope["client"] else ""
    return "" if is_loopback(host) else host
