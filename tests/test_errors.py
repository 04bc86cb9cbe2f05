"""Errors: every failure is a problem document that helps, with the same headers as an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from service.parts import Parts
from service.running.app import create_app


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document, checked for its form."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["detail"]
    assert document["request_id"] == response.headers["x-request-id"]
    return document


def post(client: TestClient, body: bytes, content_type: str = "application/json") -> httpx.Response:
    return client.post("/v1/ask", content=body, headers={"content-type": content_type})


@pytest.mark.parametrize("question", ["", "   ", "\t\n", "a\x00b", "bell \x07", "\x9f", "y" * 4001])
def test_a_question_nobody_could_mean_is_refused(client: TestClient, question: str) -> None:
    [error] = problem(client.post("/v1/ask", json={"question": question}), 422)["errors"]
    assert error["field"] == "question"
    assert error["problem"].endswith(".")
    assert error["remedy"].endswith((".", "?"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b"7",
        b'{"question": 7}',
        b'{"question": null}',
        b'{"question": "\\ud800"}',
        b'{"question": "x", "\\ud800": 1}',
        b'{"question": "x", "limit": 0}',
        b'{"question": "x", "limit": 1e999}',
        b'{"question": "x", "limit": NaN}',
        b'{"question": "x", "is_admin": true}',
        b'{"question": "x", "conversation_id": "\\udfff"}',
        b'{"question": "x", "filters": {"places": ["\\ud800"]}}',
        b'{"question": "x", "filters": {"date_from": "yesterday"}}',
        b'{"question": "x", "filters": {"colour": ["red"]}}',
    ],
)
def test_a_body_of_the_wrong_form_is_422_and_names_the_field(client: TestClient, body: bytes) -> None:
    assert problem(post(client, body), 422)["errors"]


@pytest.mark.parametrize(
    "body", [b'{"question": "\xff"}', b"[" * 100_000, b'{"limit":' + b"9" * 10_000 + b"}"]
)
def test_a_body_that_is_no_json_is_400(client: TestClient, body: bytes) -> None:
    assert "body" in str(problem(post(client, body), 400)["detail"])


def test_json_under_another_type_is_422_and_says_what_to_send(client: TestClient) -> None:
    document = problem(post(client, b'{"question": "x"}', "text/plain"), 422)
    assert "application/json" in str(document["detail"])


def test_a_body_over_the_limit_is_413(client: TestClient) -> None:
    document = problem(post(client, json.dumps({"question": "y" * 1_000_000}).encode()), 413)
    assert "262,144" in str(document["detail"])


def test_a_body_over_the_limit_without_a_declared_length_is_413(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(300):
            yield b" " * 1024

    headers = {"content-type": "application/json"}
    problem(client.post("/v1/ask", content=chunks(), headers=headers), 413)


def test_too_many_filter_values_are_refused(client: TestClient) -> None:
    body = {"question": "Who?", "filters": {"places": ["x"] * 1_001}}
    assert problem(client.post("/v1/ask", json=body), 422)["errors"]


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/v1/facts/fct_0",
        "/v1/documents/doc_0",
        "/v1/documents/doc_0/text",
        "/v1/documents/%00/text",
    ],
)
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    problem(client.get(path), 404)


def test_an_unknown_conversation_is_404(client: TestClient) -> None:
    body = {"question": "Who was trained?", "conversation_id": "cnv_0"}
    assert "cnv_0" in str(problem(client.post("/v1/ask", json=body), 404)["detail"])


def test_a_method_that_a_route_does_not_take_is_405(client: TestClient) -> None:
    response = client.delete("/v1/ask")
    problem(response, 405)
    assert response.headers["allow"] == "POST"


def test_a_failure_inside_is_500_and_leaks_nothing(parts: Parts) -> None:
    app = create_app(parts=parts)

    @app.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("the password is hunter2")

    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/v1/broken")
    problem(response, 500)
    assert "hunter2" not in response.text
    assert "RuntimeError" not in response.text
    assert response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/v1/facts", "/static/style.css", "/nowhere", "/openapi.json"])
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("sent", "kept"), [("trace-1.a", True), ("a b", False), ("x" * 65, False), ("é", False)]
)
def test_a_harmless_request_id_comes_back(client: TestClient, sent: str, kept: bool) -> None:
    returned = client.get("/healthz", headers=[(b"x-request-id", sent.encode())]).headers["x-request-id"]
    assert (returned == sent) is kept


def test_a_person_gets_a_page_instead_of_json(client: TestClient) -> None:
    response = client.get("/documents/doc_0", headers={"accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "doc_0" in response.text
