"""What can go wrong: one table from exception to status, and the problem (RFC 9457) that tells of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from corpus.curation import Outdated
from corpus.database import StoreFull, StoreUnusable
from corpus.decisions import InvalidDecision
from corpus.jobs import OtherRequest
from corpus.queries import NotFound


class InvalidInput(ValueError):
    """A field of a well-formed request cannot be used as it is."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem} {remedy}")
        self.field, self.problem, self.remedy = field, problem, remedy


class BodyTooLarge(ValueError):
    """The request's body passes the limit; it was not read to its end."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"The body is larger than {bytes_max:,} bytes. Send less at once.")


class NotAllowed(PermissionError):
    """What the settings of the service switch off."""


class NoKey(PermissionError):
    """A request without a valid API key."""


class ScopeMissing(PermissionError):
    """A request with a key that is for other things."""


class ComeAgain(RuntimeError):
    """What could be done later: in so many seconds."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Busy(ComeAgain):
    """More is asked than can be answered in time."""


class TakesTooLong(ComeAgain):
    """A question that was not answered within its time."""


class TooMany(ComeAgain):
    """One asker sends more than the settings allow."""


class BodyTooSlow(TimeoutError):
    """The rest of a request did not come."""


class NotReady(RuntimeError):
    """The service runs but cannot answer yet."""


STATUS: dict[type[Exception], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Outdated: HTTPStatus.CONFLICT,
    InvalidDecision: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    TakesTooLong: HTTPStatus.SERVICE_UNAVAILABLE,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    BodyTooSlow: HTTPStatus.REQUEST_TIMEOUT,
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    OtherRequest: HTTPStatus.CONFLICT,
    NoKey: HTTPStatus.UNAUTHORIZED,
    ScopeMissing: HTTPStatus.FORBIDDEN,
    NotAllowed: HTTPStatus.FORBIDDEN,
    StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
    StoreUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
}


class FieldProblem(BaseModel):
    """One field that was wrong, and what to send instead."""

    field: str = Field(examples=["body.question"])
    problem: str = Field(examples=["The question is empty."])
    remedy: str = Field(examples=["Ask something, for example: Which SMEs spun off companies?"])


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no fact 'fct_0'. List what there is with GET /v1/facts."])
    instance: str = Field(examples=["/v1/facts/fct_0"])
    request_id: str = ""
    errors: list[FieldProblem] = []


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of a route that can fail with these statuses."""
    return {status: {"model": Problem, "description": HTTPStatus(status).phrase} for status in statuses}
