"""What an operator asks: does it live, can it answer, which version is it, how is it doing."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from service.running.app_parts import PartsDep
from service.running.metrics import CONTENT_TYPE, Metrics
from service.version import service_version

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    status: str


class Readiness(BaseModel):
    """Whether it can answer; `checks` says "ok", or what is wrong, of each thing that answers depend on."""

    status: Literal["ok", "not_ready"] = Field(examples=["ok"])
    documents: int = Field(description="0 where keys are needed: whoever asks has none.")
    index_version: str
    checks: dict[str, str] = Field(examples=[{"store": "ok", "index": "ok"}])


class Version(BaseModel):
    name: str
    version: str
    model: str
    index_version: str


@router.get("/healthz", operation_id="health", summary="Does the process live?")
async def health() -> Health:
    """Always ok: who reads it knows that the process answers."""
    return Health(status="ok")


@router.get(
    "/readyz",
    operation_id="ready",
    summary="Can it answer?",
    responses={503: {"model": Readiness, "description": "Something that answers depend on does not work"}},
)
def ready(response: Response, parts: PartsDep) -> Readiness:
    """Ok when store, index, model, disk and the worker that reads uploads are; else 503 and what is wrong."""
    checks = parts.readiness()
    is_ready = set(checks.values()) == {"ok"}
    response.status_code = 200 if is_ready else 503
    is_told = checks["store"] == "ok" and not parts.settings.keys_required
    return Readiness(
        status="ok" if is_ready else "not_ready",
        documents=len(parts.store.document_list()) if is_told else 0,
        index_version=parts.index_version if checks["store"] == checks["index"] == "ok" else "",
        checks=checks,
    )


@router.get("/version", operation_id="version", summary="Which version is it?")
def get_version(parts: PartsDep) -> Version:
    """The versions of what an answer depends on."""
    return Version(
        name="impactqa",
        version=service_version(),
        model=parts.embedder.name,
        index_version=parts.index_version,
    )


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="How is it doing?",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_metrics(request: Request, parts: PartsDep) -> Response:
    """Counts and durations in the Prometheus text format."""
    metrics: Metrics = request.app.state.metrics
    documents = parts.store.document_list()
    metrics.corpus("documents", len(documents))
    metrics.corpus("facts", sum(document.facts for document in documents))
    metrics.jobs(len(parts.store.jobs.unfinished()))
    metrics.asks(running=parts.asks_running, waiting=parts.asks_waiting)
    metrics.index(parts.index_version)
    return Response(metrics.text(), headers={"content-type": CONTENT_TYPE})
