"""Requests made up from the OpenAPI: none fails inside, each reply is of the form that is described."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.running.app import create_app
from service.settings import Settings

EXAMPLES = 10


@pytest.fixture
def changing(data_dir: Path) -> Iterator[TestClient]:
    settings = Settings(data_dir=data_dir, model="hash")
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.slow
def test_made_up_requests_get_described_replies(changing: TestClient) -> None:
    described = schemathesis.openapi.from_dict(changing.get("/openapi.json").json())
    described.app = changing.app
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path.endswith("/events"):  # they end with their job
            continue

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def check(case: Case[Any]) -> None:
            reply = case.call(session=changing)  # type: ignore[arg-type]
            # A question of spaces is a string, and no question: 422 is the right reply to it.
            case.validate_response(reply, excluded_checks=[positive_data_acceptance])

        check()
