"""What an operator sees: the dashboard, the audit trail, the log, and what is wrong."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import stat
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from corpus import disk
from service.running.app import create_app
from service.running.bill import bill_of_materials
from service.running.tracing import STAGES
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


def test_traces_have_a_span_for_each_stage_and_no_question(data_dir: Path) -> None:
    received: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{collector.server_port}/v1/traces"
        with TestClient(create_app(Settings(data_dir=data_dir, model="hash", traces_url=url))) as client:
            client.post("/v1/ask", json=ASK, headers={"X-Request-ID": "trace-8"})
        collector.shutdown()
    sent = ExportTraceServiceRequest.FromString(
        gzip.decompress(received[0]) if received[0][:2] == b"\x1f\x8b" else received[0]
    )
    spans = sent.resource_spans[0].scope_spans[0].spans
    parent = next(span for span in spans if span.name == "answer")
    assert {span.name for span in spans if span.parent_span_id == parent.span_id} == set(STAGES)
    assert b"trace-8" in received[0]
    assert b"SMEs" not in b"".join(received)


def test_the_bill_of_materials_names_every_part_with_its_version() -> None:
    bill = bill_of_materials()
    listed = {part["name"]: part["version"] for part in bill["components"]}
    assert {"fastapi", "faiss-cpu", "torch", "starlette", "sqlalchemy"} <= set(listed)
    assert not {"pytest", "mypy", "impactqa"} & set(listed)
    refs = {part["bom-ref"] for part in bill["components"]} | {"impactqa"}
    assert {entry["ref"] for entry in bill["dependencies"]} == refs
    assert {ref for entry in bill["dependencies"] for ref in entry["dependsOn"]} <= refs
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text("utf-8"), re.M))
    assert listed["fastapi"] == pinned["fastapi"]


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
