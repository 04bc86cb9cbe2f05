"""The measurements of the app that a request came to."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from service.running.metrics import Metrics


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


MetricsDep = Annotated[Metrics, Depends(_metrics)]
