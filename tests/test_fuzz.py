"""Requests made up from the OpenAPI: none fails inside, each reply is of the form that is described."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.running.app import create_app
from service.settings import Settings
from tests.fuzz import fuzzed


@pytest.fixture
def changing(data_dir: Path) -> Iterator[TestClient]:
    settings = Settings(data_dir=data_dir, model="hash")
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.slow
def test_made_up_requests_get_described_replies(changing: TestClient) -> None:
    outcome = fuzzed(changing, cases=300)
    assert outcome.faults == []
    assert max(outcome.statuses) < 500 or set(outcome.statuses) & set(range(500, 600)) <= {503, 507}
    assert len(outcome.cases) > 25
