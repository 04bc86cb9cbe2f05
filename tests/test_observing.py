"""What an operator sees: the dashboard, the audit trail, the log, and what is wrong."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from corpus import disk
from service.running.app import create_app
from service.settings import Settings

ROOT = Path(__file__).parent.parent
ASK = {"question": "Which SMEs spun off companies?"}


def _queries(board: Any) -> list[str]:
    """Every PromQL expression of a Grafana dashboard."""
    if isinstance(board, dict):
        own = [value for key, value in board.items() if key == "expr"]
        return own + [query for value in board.values() for query in _queries(value)]
    return [query for entry in board for query in _queries(entry)] if isinstance(board, list) else []


def test_the_dashboard_asks_for_metrics_and_labels_that_exist(client: TestClient) -> None:
    client.post("/v1/ask", json=ASK)
    client.get("/nowhere")
    known: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            known.setdefault(sample.name, set()).update(sample.labels)
    queries = _queries(json.loads((ROOT / "docker/grafana-dashboard.json").read_text("utf-8")))
    assert len(queries) >= 10
    for query in queries:
        names = re.findall(r"\bimpactqa_\w+", query)
        assert names, query
        assert set(names) <= set(known), query
        asked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", query))
        asked |= {
            label.strip() for found in re.findall(r"by \(([^)]*)\)", query) for label in found.split(",")
        }
        assert asked <= set().union(*(known[name] for name in names)), query


def test_an_audit_trail_is_kept_on_request_and_names_key_question_and_sources(
    data_dir: Path, tmp_path: Path
) -> None:
    trail = tmp_path / "trail" / "answers.jsonl"
    app = create_app(Settings(data_dir=data_dir, model="hash", keys="required", audit_file=trail))
    with TestClient(app) as client:
        key, secret = app.state.parts.store.keys.add("Ines", ["ask"])
        headers = {"Authorization": f"Bearer {secret}", "X-Request-ID": "trace-7"}
        answer = client.post("/v1/ask", json=ASK, headers=headers).json()
    (line,) = [json.loads(line) for line in trail.read_text("utf-8").splitlines()]
    assert (line["key"], line["request_id"], line["question"]) == (key.id, "trace-7", ASK["question"])
    assert line["citations"] == [citation["id"] for citation in answer["citations"]]
    assert line["answer_id"] == answer["id"]
    assert stat.S_IMODE(trail.stat().st_mode) == 0o600
    assert Settings().audit_file is None


def test_a_service_that_is_not_ready_tells_what_is_wrong(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash"))) as client:
        ready = client.get("/readyz")
        assert (ready.status_code, set(ready.json()["checks"].values())) == (200, {"ok"})
        monkeypatch.setattr(disk, "SPACE_BYTES_MIN", shutil.disk_usage(data_dir).total * 2)
        full = client.get("/readyz")
    assert full.status_code == 503
    assert "Free some space" in full.json()["checks"]["disk"]
    assert full.json()["checks"]["store"] == "ok"


def test_who_has_no_key_is_not_told_how_much_there_is(data_dir: Path) -> None:
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash", keys="required"))) as client:
        assert client.get("/readyz").json()["documents"] == 0
