"""Counts and durations in the Prometheus text format; one registry per app, so that two apps never mix."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
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
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._answers = Counter(
            "impactqa_answers",
            "Questions answered or declined.",
            ("status", "reason"),
            registry=self.registry,
        )
        self._stages = Histogram(
            "impactqa_stage_seconds",
            "Time that each stage of an answer takes.",
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._asks = Gauge("impactqa_asks", "Questions at this moment.", ("state",), registry=self.registry)
        self._jobs = Gauge("impactqa_jobs_unfinished", "Jobs still to be done.", registry=self.registry)
        self._index = Info("impactqa_index", "What answers come from.", registry=self.registry)
        self._corpus = Gauge("impactqa_corpus", "Records in the store.", ("kind",), registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one exchange. Labels are bounded: unknown methods share one."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answer(self, status: str, reason: str | None, timings_ms: Mapping[str, float]) -> None:
        """Counts one answer by what it said, and how long its stages took."""
        self._answers.labels(status, reason or "").inc()
        for stage, duration_ms in timings_ms.items():
            self._stages.labels(stage).observe(duration_ms / 1000)

    def asks(self, running: int, waiting: int) -> None:
        """Sets how many questions are being answered, and how many wait."""
        self._asks.labels("running").set(running)
        self._asks.labels("waiting").set(waiting)

    def jobs(self, unfinished: int) -> None:
        """Sets how many jobs are still to be done."""
        self._jobs.set(unfinished)

    def index(self, version: str) -> None:
        """Sets the version of the index and the decisions."""
        self._index.info({"version": version})

    def corpus(self, kind: str, count: int) -> None:
        """Sets the number of stored documents, facts, ..."""
        self._corpus.labels(kind).set(count)

    def text(self) -> bytes:
        """Everything counted so far, as Prometheus reads it."""
        return generate_latest(self.registry)
