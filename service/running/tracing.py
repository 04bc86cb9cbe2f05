"""Traces for OpenTelemetry: a span for each answer, with one for each of its stages, and never a word of a question."""

from __future__ import annotations

import time
from collections.abc import Callable

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_span_in_context
from structlog.contextvars import get_contextvars

from service.answer import Answer
from service.version import service_version

STAGES = ("understand", "retrieve", "compose")  # in the order they follow each other


class Traces:
    """Sends spans to a collector, in the background: one that does not answer holds up no question."""

    def __init__(self, url: str) -> None:
        resource = Resource.create({"service.name": "impactqa", "service.version": service_version()})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=5)))
        self._tracer = self._provider.get_tracer("impactqa")
        self.close: Callable[[], None] = self._provider.shutdown

    def add(self, answer: Answer) -> None:
        """Adds the span of an answer that has just been made."""
        ended = time.time_ns()
        started = ended - _ns(answer.timings_ms.get("total", 0.0))
        told: dict[str, str | int] = {
            "answer.id": answer.id,
            "answer.status": answer.status,
            "answer.reason": answer.reason or "",
            "answer.intent": answer.understood_as.intent,
            "answer.citations": len(answer.citations),
            "index.version": answer.index_version,
            "request.id": str(get_contextvars().get("request_id", "")),
        }
        span = self._tracer.start_span("answer", start_time=started, attributes=told)
        context = set_span_in_context(span)
        for stage in STAGES:
            until = started + _ns(answer.timings_ms.get(stage, 0.0))
            self._tracer.start_span(stage, context, start_time=started).end(until)
            started = until
        span.end(ended)


def _ns(milliseconds: float) -> int:
    return round(milliseconds * 1_000_000)
