"""What can go wrong and what the asker is told: one table from exception to status, RFC 9457 problems."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from corpus.curation import Outdated
from corpus.database import StoreFull, StoreUnusable
from corpus.decisions import InvalidDecision
from corpus.jobs import OtherRequest
from corpus.queries import NotFound
from service.web import render


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
    RequestValidationError: HTTPStatus.UNPROCESSABLE_ENTITY,
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


def install(app: FastAPI) -> None:
    """Makes every failure of `app` a problem document, or a page where a person is reading."""
    for kind in (*STATUS, HTTPException):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, HTTPException) else retry_after(error)
    return as_response(request, problem_of(request, error), headers)


def retry_after(error: Exception) -> dict[str, str]:
    """The header that says when to come again, where waiting helps."""
    return {"retry-after": str(error.seconds)} if isinstance(error, ComeAgain) else {}


def problem_of(request: Request, error: Exception) -> Problem:
    """What to tell about `error`: everything the asker can mend, nothing about the service's inside."""
    known = error.__cause__ if isinstance(error.__cause__, BodyTooLarge | BodyTooSlow) else error
    errors = _field_problems(known)
    if isinstance(known, tuple(STATUS)):
        status = next(STATUS[kind] for kind in type(known).__mro__ if kind in STATUS)
        detail = " ".join(f"{wrong.field}: {wrong.problem} {wrong.remedy}" for wrong in errors[:3]) or str(
            known
        )
    elif isinstance(known, HTTPException):
        status = HTTPStatus(known.status_code)
        detail = _routing_detail(request, known)
    else:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        detail = "The service failed; its log says why, under this request_id. Ask again or report the id."
    return Problem(
        title=status.phrase,
        status=status,
        detail=detail,
        instance=request.url.path,
        request_id=getattr(request.state, "request_id", ""),
        errors=errors,
    )


def as_response(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as JSON; as a page when a browser asked for one."""
    is_api = request.url.path.startswith("/v1")
    if not is_api and "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(render("problem.html", problem=problem), problem.status, dict(headers or {}))
    # ASCII only: a field name with a lone surrogate could not be encoded otherwise.
    body = json.dumps(problem.model_dump())
    return Response(body, problem.status, dict(headers or {}), "application/problem+json")


def _routing_detail(request: Request, error: HTTPException) -> str:
    """What the framework found wrong before any of our code ran."""
    path = request.url.path
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return f"There is nothing at {path}. What there is stands in /openapi.json."
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return f"{path} does not take {request.method}. The Allow header says what it takes."
        case HTTPStatus.BAD_REQUEST if isinstance(error.__cause__, UnicodeDecodeError):
            return f"The body is not UTF-8 (byte {error.__cause__.start}). Send JSON encoded as UTF-8."
        case HTTPStatus.BAD_REQUEST:
            return "The body cannot be read as JSON. What to send stands in /openapi.json."
    return HTTPStatus(error.status_code).description


def _field_problems(error: BaseException) -> list[FieldProblem]:
    if isinstance(error, InvalidInput | InvalidDecision):
        return [FieldProblem(field=error.field, problem=error.problem, remedy=error.remedy)]
    if isinstance(error, RequestValidationError):
        return [_field_problem(entry) for entry in error.errors()]
    return []


_REMEDIES = {
    "missing": "Send it.",
    "extra_forbidden": "Leave it out.",
    "json_invalid": "Send valid JSON.",
    "string_type": "Send a string.",
    "string_unicode": "Send text without lone surrogates.",
    "int_parsing": "Send a whole number.",
    "model_attributes_type": "Send a JSON object with Content-Type: application/json.",
}


def _field_problem(entry: Mapping[str, Any]) -> FieldProblem:
    place: Sequence[Any] = entry["loc"]
    remedy = _REMEDIES.get(entry["type"], "See /openapi.json for what is allowed.")
    field = ".".join(str(part) for part in place)[:200]
    return FieldProblem(field=field, problem=str(entry["msg"]).rstrip(".") + ".", remedy=remedy)
