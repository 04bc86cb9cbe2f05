"""Who may do what: each request needs the scope that its route is for, or no key where nobody else can ask."""

from __future__ import annotations

import base64
import binascii

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from corpus import keys
from corpus.collections import EVERYTHING
from corpus.keys import Key
from corpus.store import Store
from service.errors import NoKey, NotAllowed, ScopeMissing, TooMany
from service.parts import Parts
from service.problems import as_response, problem_of, retry_after
from service.running.rates import Rates
from service.running.rules import OF_EVERYTHING, needed_scope
from service.settings import Settings, is_loopback

WRONG_KEYS_MAX = 10  # of one address at once, and as many a minute from there on
_SAFE = frozenset({"GET", "HEAD"})


class Access:
    """Middleware that lets a request in, or says which key it needs before its body is read."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.required = settings.keys_required
        self._guesses = Rates(WRONG_KEYS_MAX, burst=WRONG_KEYS_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.required:
            return await self.app(scope, receive, send)
        needed = needed_scope(scope["method"], scope["path"])
        if needed is None:
            return await self.app(scope, receive, send)
        request = Request(scope)
        try:
            key = await self._key(request)
            require_scope(key, needed)
            _require_reach(key, scope["path"])
        except (NoKey, ScopeMissing, NotAllowed, TooMany) as error:
            headers = (
                {"www-authenticate": _challenge(request)} if isinstance(error, NoKey) else retry_after(error)
            )
            return await as_response(request, problem_of(request, error), headers)(scope, receive, send)
        scope["state"] |= {"key": key, "key_id": key.id}
        with bound_contextvars(key=key.id):
            return await self.app(scope, receive, send)

    async def _key(self, request: Request) -> Key:
        """The key of the request. Raises NoKey for one without, with a wrong, or with more than one.

        An address that guesses is refused before its next guess is looked at. This machine's own is not: all that
        a proxy lets through comes from there.
        """
        parts: Parts = request.app.state.parts
        secret, is_kept_by_browser = _secret(request.headers)
        guesser = "" if request.client is None or is_loopback(request.client.host) else request.client.host
        self._guesses.check(guesser)
        key = await run_in_threadpool(parts.store.keys.found, secret) if secret else None
        if key is None:
            if secret and guesser:
                self._guesses.take(guesser)
            raise NoKey(
                "This service needs a valid API key. Send it as the header Authorization: Bearer iq_…; "
                "whoever runs the service makes one with: impactqa keys add NAME"
            )
        if is_kept_by_browser and request.method not in _SAFE and _is_from_elsewhere(request.headers):
            raise NotAllowed("A page of another site may change nothing here. Use this service's own pages.")
        return key


def require_scope(key: Key, needed: keys.Scope) -> None:
    """Raises ScopeMissing for a key that is for other things."""
    if not key.allows(needed):
        raise ScopeMissing(
            f"Key {key.id} is for {', '.join(key.scopes)}; this needs {needed!r}. "
            f"Make one with: impactqa keys add NAME --scope {needed}"
        )


def _require_reach(key: Key, path: str) -> None:
    """Raises ScopeMissing for a key of some collections where all are counted."""
    if path in OF_EVERYTHING and key.reach != EVERYTHING:
        raise ScopeMissing(
            f"Key {key.id} is for {key.reach.told}; {path} counts all collections. "
            f"Make a key without --collection for it."
        )


def check_keys(settings: Settings, store: Store) -> None:
    """Raises NoKey when a service with these settings could be used by nobody."""
    if settings.keys_required and not any(key.is_valid for key in store.keys.list()):
        raise NoKey(
            f"Other machines could reach this service at {settings.host}, and there is no API key. Make one with: "
            f"impactqa keys add NAME (or set IMPACTQA_KEYS=off when something else guards the service)"
        )


def _secret(headers: Headers) -> tuple[str, bool]:
    """The secret of the one Authorization header, "" without one, and whether it is a browser that sends it."""
    given = headers.getlist("authorization")
    kind, _, value = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    match kind.lower():
        case "bearer":
            return value.strip(), False
        case "basic":
            return _password(value), True
    return "", False


def _password(value: str) -> str:
    """The password of Basic authentication, whatever the name: browsers ask for it by themselves."""
    try:
        return base64.b64decode(value, validate=True).decode("ascii").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _is_from_elsewhere(headers: Headers) -> bool:
    """True unless the browser says that one of our own pages sent it."""
    return headers.get("sec-fetch-site", "") not in ("same-origin", "none")


def _challenge(request: Request) -> str:
    """Pages make the browser ask for the key; programs are told the header."""
    is_api = request.url.path.startswith(("/v1", "/api", "/mcp"))
    return "Bearer" if is_api else 'Basic realm="ImpactQA: any name, an API key as password", charset="UTF-8"'
