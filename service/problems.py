"""What the asker is told about what went wrong: a problem document (RFC 9457), or a page where a person reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from corpus.decisions import InvalidDecision
from service.errors import STATUS, BodyTooLarge, BodyTooSlow, ComeAgain, FieldProblem, InvalidInput, Problem
from service.web import render

_STATUS = STATUS | {RequestValidationError: HTTPStatus.UNPROCESSABLE_ENTITY}


def install(app: FastAPI) -> None:
    """Makes every failure of `app` a problem document, or a page where a person is reading."""
    for kind in (*_STATUS, HTTPException):
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
    if isinstance(known, tuple(_STATUS)):
        status = next(_STATUS[kind] for kind in type(known).__mro__ if kind in _STATUS)
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
        again = (headers or {}).get("retry-after") if request.method == "GET" else None
        page = render("problem.html", problem=problem, again_seconds=again)
        return HTMLResponse(page, problem.status, dict(headers or {}))
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
