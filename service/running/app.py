"""The assembly: settings in, an application out that has opened its parts before the first request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from service import channels, openapi, problems
from service.answer import Answer
from service.api import ROUTERS
from service.channels import mcp_http
from service.parts import Parts
from service.running.access import Access
from service.running.audit import AuditTrail
from service.running.crossing import CrossOrigin
from service.running.envelope import Envelope
from service.running.metrics import Metrics
from service.running.rates import RateLimit
from service.settings import Settings
from service.version import service_version
from service.web import answers, explorer, library, pages
from service.web.assets import Assets

if TYPE_CHECKING:
    from service.running.tracing import Traces  # an extra

_PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf", "application/octet-stream")  # uploaded files
_log = structlog.get_logger("impactqa.answers")


def create_app(settings: Settings | None = None, parts: Parts | None = None) -> FastAPI:
    """The service as an ASGI application, ready when its start-up is over.

    Without `parts` they are opened at start-up and closed at the end; given ones stay open.
    """
    settings = settings or (parts.settings if parts else Settings())
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.parts = parts or Parts.open(settings)
        traces = _traces(settings)
        kept = [AuditTrail(settings.audit_file).add] if settings.audit_file else []
        kept += [traces.add] if traces else []
        app.state.parts.on_answer = partial(_answered, metrics, kept)
        app.state.parts.warm_up()
        app.state.parts.worker.start()
        async with mcp_http.serving(app, app.state.parts):
            yield
        app.state.parts.worker.stop()
        if traces:
            traces.close()
        if parts is None:
            app.state.parts.close()

    app = FastAPI(
        title="ImpactQA",
        version=service_version(),
        description="Questions about what research achieved, answered from impact reports and cited.",
        lifespan=lifespan,
        docs_url=None,  # its scripts come from elsewhere, which the content security policy forbids
        redoc_url=None,
        openapi_url=None,  # it is described by openapi.install
        redirect_slashes=False,  # a redirect would repeat whatever Host header it was sent
    )
    app.state.metrics = metrics
    app.add_middleware(GZipMiddleware, compresslevel=5, exclude_content_types=_PACKED)
    app.add_middleware(RateLimit, per_minute=settings.requests_per_minute)
    app.add_middleware(Access, settings=settings)
    if settings.allowed_origins:
        app.add_middleware(CrossOrigin, origins=settings.allowed_origins)
    app.add_middleware(
        Envelope,
        body_bytes_max=settings.body_bytes_max,
        upload_bytes_max=settings.upload_bytes_max,
        observe=metrics.request,
    )
    problems.install(app)
    for router in (
        *ROUTERS,
        *channels.ROUTERS,
        library.router,
        pages.router,
        answers.router,
        explorer.router,
    ):
        app.include_router(router)
    mcp_http.install(app)
    app.mount("/static", Assets())
    openapi.install(app)
    return app


def _traces(settings: Settings) -> Traces | None:
    """Where spans are sent; None without an address. Raises ValueError where the extra is missing."""
    if not settings.traces_url:
        return None
    try:
        from service.running.tracing import Traces
    except ImportError as error:
        remedy = "Install it with: pip install 'impactqa[opentelemetry]'"
        raise ValueError(f"IMPACTQA_TRACES_URL needs OpenTelemetry. {remedy}") from error
    return Traces(settings.traces_url)


def _answered(metrics: Metrics, kept: Sequence[Callable[[Answer], None]], answer: Answer) -> None:
    """Measures and logs an answer by what became of it, without a word of it or of its question."""
    for keep in kept:
        keep(answer)
    metrics.answer(answer.status, answer.reason, answer.timings_ms)
    _log.info(
        "answered",
        answer_id=answer.id,
        intent=answer.understood_as.intent,
        status=answer.status,
        reason=answer.reason or "",
        composer=answer.composer,
        citations=len(answer.citations),
        index_version=answer.index_version,
        duration_ms=answer.timings_ms.get("total", 0),
    )
