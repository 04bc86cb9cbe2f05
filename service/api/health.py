"""What an operator asks: does it live, can it answer, which version is it, how is it doing."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.errors import responses
from service.running.app_parts import PartsDep
from service.running.metrics import CONTENT_TYPE, Metrics
from service.version import service_version

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    status: str


class Readiness(BaseModel):
    status: str
    documents: int
    index_version: str


class Version(BaseModel):
    name: str
    version: str
    model: str
    index_version: str


@router.get("/healthz", operation_id="health", summary="Does the process live?")
async def health() -> Health:
    """Always ok: who reads it knows that the process answers."""
    return Health(status="ok")


@router.get("/readyz", operation_id="ready", summary="Can it answer?", responses=responses(503))
def ready(parts: PartsDep) -> Readiness:
    """Ok when the store can be read and the index holds what the store holds."""
    parts.check_ready()
    documents = len(parts.store.document_list())
    return Readiness(status="ok", documents=documents, index_version=parts.index_version)


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
    metrics.asks(running=parts.asks_running, waiting=parts.asks_waiting)
    metrics.index(parts.index_version)
    return Response(metrics.text(), headers={"content-type": CONTENT_TYPE})
