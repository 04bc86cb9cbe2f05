"""Uploads and their jobs over the API: accepted means kept, followed to the end, done once."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.uploads import display_name
from service.running.app import create_app
from service.settings import Settings
from tests.hostile import pdf_whose_length_is_itself

REPORT = "Osterlund Robotics AB, a company from Sweden, was spun out of the project VEGA-7 in 2019.\n"


@pytest.fixture
def client(data_dir: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash", upload_bytes_max=50_000))) as opened:
        yield opened


def send(client: TestClient, *files: tuple[str, str], **headers: str) -> Any:
    return client.post(
        "/v1/documents", files=[("file", (name, text.encode())) for name, text in files], headers=headers
    )


def finished(client: TestClient, job_id: str) -> Any:
    """The job, once it has ended."""
    deadline = time.monotonic() + 30
    while (job := client.get(f"/v1/jobs/{job_id}").json())["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, job
        time.sleep(0.02)
    return job


def added(client: TestClient, *files: tuple[str, str]) -> Any:
    return finished(client, send(client, *files).json()["id"])


def test_an_uploaded_report_is_read_and_can_be_asked_about(client: TestClient) -> None:
    sent = send(client, ("osterlund.txt", REPORT))
    assert (sent.status_code, sent.headers["location"]) == (202, f"/v1/jobs/{sent.json()['id']}")
    job = finished(client, sent.json()["id"])
    assert (job["state"], job["files_done"], job["files"][0]["outcome"]) == ("done", 1, "added")
    assert (
        client.get(f"/v1/documents/{job['files'][0]['document_id']}").json()["source_name"] == "osterlund.txt"
    )
    answer = client.post("/v1/ask", json={"question": "Which company was spun out of VEGA-7?"}).json()
    assert "Osterlund Robotics" in answer["answer"]


def test_an_upload_that_hangs_its_reader_fails_by_name_and_the_service_goes_on(data_dir: Path) -> None:
    files = [("file", ("x.pdf", pdf_whose_length_is_itself())), ("file", ("good.txt", REPORT.encode()))]
    settings = Settings(data_dir=data_dir, model="hash", read_seconds_max=1)
    with TestClient(create_app(settings)) as client:
        job = finished(client, client.post("/v1/documents", files=files).json()["id"])
    assert [file["outcome"] for file in job["files"]] == ["failed", "added"]
    assert job["files"][0]["reason"].startswith("'x.pdf' could not be read: it took more than 1 s. Split it")


def test_a_file_that_cannot_be_read_fails_alone(client: TestClient) -> None:
    job = added(client, ("good.txt", REPORT), ("empty.txt", ""), ("table.csv", "no,columns\n"))
    assert [file["outcome"] for file in job["files"]] == ["added", "failed", "failed"]
    assert job["state"] == "done"
    assert all(file["reason"] for file in job["files"][1:])


def test_a_job_whose_files_all_fail_has_failed(client: TestClient) -> None:
    assert added(client, ("empty.txt", ""))["state"] == "failed"


def test_the_events_of_a_job_end_with_its_result(client: TestClient) -> None:
    job_id = send(client, ("osterlund.txt", REPORT)).json()["id"]
    with client.stream("GET", f"/v1/jobs/{job_id}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = [event.splitlines() for event in stream.read().decode().split("\n\n") if event]
    names = [line[7:] for event in events for line in event if line.startswith("event: ")]
    data = [json.loads(line[6:]) for event in events for line in event if line.startswith("data: ")]
    assert (names[-1], data[-1]["stage"], data[-1]["passages_embedded"]) == ("done", "finished", 1)
    assert set(names[:-1]) <= {"progress"}


def test_the_same_key_gives_the_same_job(client: TestClient) -> None:
    key = {"idempotency-key": "march"}
    first, again = (send(client, ("osterlund.txt", REPORT), **key) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    other = send(client, ("other.txt", REPORT), **key)
    assert (other.status_code, "Send a new key" in other.json()["detail"]) == (409, True)


def test_another_file_of_a_name_takes_nothing_away_unless_told_to(client: TestClient) -> None:
    added(client, ("report.txt", REPORT))
    second = added(client, ("report.txt", REPORT.replace("2019", "2020")))["files"][0]
    assert "stored as 'report (2).txt'" in second["reason"]
    third = client.post(
        "/v1/documents",
        files={"file": ("report.txt", b"Nothing else was found."[:])},
        data={"replace": "true"},
    )
    assert finished(client, third.json()["id"])["files"][0]["outcome"] == "replaced"
    names = [entry["source_name"] for entry in client.get("/v1/documents").json()["documents"]]
    assert sorted(name for name in names if name.startswith("report")) == ["report (2).txt", "report.txt"]


def test_equal_bytes_are_stored_once(client: TestClient) -> None:
    first, again = added(client, ("a.txt", REPORT)), added(client, ("a.txt", REPORT))
    assert again["files"][0]["outcome"] == "unchanged"
    assert first["files"][0]["document_id"] == again["files"][0]["document_id"]


def test_a_removed_document_is_in_no_answer(client: TestClient) -> None:
    document_id = added(client, ("osterlund.txt", REPORT))["files"][0]["document_id"]
    job = finished(client, client.delete(f"/v1/documents/{document_id}").json()["id"])
    assert (job["kind"], job["files"][0]["outcome"]) == ("remove", "removed")
    assert client.get(f"/v1/documents/{document_id}").status_code == 404
    answer = client.post("/v1/ask", json={"question": "Which company was spun out of VEGA-7?"}).json()
    assert "Osterlund" not in answer["answer"]


def test_a_document_is_read_again_from_its_original(client: TestClient, data_dir: Path) -> None:
    document_id = added(client, ("osterlund.txt", REPORT))["files"][0]["document_id"]
    job = finished(client, client.post(f"/v1/documents/{document_id}/reread").json()["id"])
    assert job["files"][0]["outcome"] == "unchanged"
    with sqlite3.connect(data_dir / "impactqa.db") as connection:
        connection.execute("UPDATE document SET extractor = 'older'")
    connection.close()
    job = finished(client, client.post(f"/v1/documents/{document_id}/reread").json()["id"])
    assert (job["kind"], job["files"][0]["outcome"]) == ("reread", "reread")
    assert job["files"][0]["document_id"] == document_id


def test_what_is_done_leaves_the_inbox(client: TestClient, data_dir: Path) -> None:
    added(client, ("osterlund.txt", REPORT))
    assert list((data_dir / "inbox").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\secret\\report.txt", "report.txt"),
        ("re\x00po\u202ert.txt", "report.txt"),
        ("x" * 4000 + ".txt", "x" * 200 + ".txt"),
        ("..", ""),
    ],
)
def test_a_name_never_becomes_a_path(name: str, shown: str) -> None:
    assert display_name(name) == shown


@pytest.mark.parametrize("name", ["program.exe", "noending", "..", "../.txt"])
def test_a_kind_that_cannot_be_read_is_refused_at_once(client: TestClient, data_dir: Path, name: str) -> None:
    refused = send(client, ("good.txt", REPORT), (name, REPORT))
    assert refused.status_code == 422
    assert "is of no known kind" in refused.json()["detail"]
    assert list((data_dir / "inbox").glob("*")) == []


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b"--y\r\nnonsense", 422),
        ("multipart/form-data; boundary=x", b"--x--\r\n", 422),
        ("multipart/form-data", b"", 422),
        ("text/plain", b"hello", 422),
        ("application/json", b'{"url": "http://127.0.0.1/"}', 403),
        ("multipart/form-data; boundary=x", b"x" * 60_000, 413),
    ],
)
def test_a_request_that_is_no_upload_is_refused(
    client: TestClient, content_type: str, body: bytes, status: int
) -> None:
    refused = client.post("/v1/documents", content=body, headers={"content-type": content_type})
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")


def test_an_unknown_job_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/jobs/job_0").status_code == client.get("/v1/jobs/job_0/events").status_code == 404


def test_an_address_in_a_private_network_fails_its_job(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, model="hash", fetch_urls=True)
    with TestClient(create_app(settings)) as client:
        sent = client.post("/v1/documents", json={"url": "http://127.0.0.1/report.html"})
        job = finished(client, sent.json()["id"])
        refused = client.post("/v1/documents", json={"url": "file:///etc/passwd"})
    assert (job["state"], job["files"][0]["outcome"]) == ("failed", "failed")
    assert "not an address of the public internet" in job["files"][0]["reason"]
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "url")
