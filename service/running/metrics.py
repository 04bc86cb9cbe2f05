"""Counts and durations in the Prometheus text format; one registry per app, so that two apps never mix."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """What an operator watches: requests by route and status, answers by outcome, the size of the corpus."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "impactqa_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "impactqa_request_seconds",
            "Time from request to response.",
            ("route",),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=self.registry,
        )
        self._answers = Counter(
            "impactqa_answers",
            "Questions answered or declined.",
            ("status", "reason"),
            registry=self.registry,
        )
        self._corpus = Gauge("impactqa_corpus", "Records in the store.", ("kind",), registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one exchange. Labels are bounded: unknown methods share one."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answer(self, status: str, reason: str | None) -> None:
        """Counts one answer by what it said."""
        self._answers.labels(status, reason or "").inc()

    def corpus(self, kind: str, count: int) -> None:
        """Sets the number of stored documents, facts, ..."""
        self._corpus.labels(kind).set(count)

    def text(self) -> bytes:
        """Everything counted so far, as Prometheus reads it."""
        return generate_latest(self.registry)
