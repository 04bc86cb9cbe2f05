"""Microsoft Teams: messages to the app of this service, each with its token; the SDK of the extra `teams` checks and answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from corpus.collections import Reach
from service.channels.told import base_of
from service.errors import NotAllowed
from service.parts import Parts
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/teams", include_in_schema=False)


def _parts(parts: PartsDep) -> Parts:
    """The parts that the people of Teams may use: its messages bring no key."""
    return parts.within(Reach.of(parts.settings.teams_collections))


TeamsPartsDep = Annotated[Parts, Depends(_parts)]


@router.post("/messages")
async def messages(request: Request, parts: TeamsPartsDep) -> Response:
    """Takes an activity of the Bot Framework; the answer follows in its conversation, or in the reply where that is expected."""
    if not parts.settings.teams_app_id:
        raise NotAllowed("This service has no Teams app. Set IMPACTQA_TEAMS_APP_ID to let one in.")
    take = await run_in_threadpool(_agent)
    return await take(request, parts, base_of(request))


def _agent() -> Callable[[Request, Parts, str], Awaitable[Response]]:
    """What takes activities: loaded with the first one, since that is a second's work, and only where the extra is."""
    try:
        from service.channels.teams_agent import take
    except ModuleNotFoundError as error:
        raise NotAllowed("Teams needs an extra. Install it with: pip install 'impactqa[teams]'") from error
    return take
