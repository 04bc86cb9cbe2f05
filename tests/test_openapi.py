"""OpenAPI: every route is described, and every example works as sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from service.running.app import create_app
from service.settings import Settings

OPERATIONS = [
    *("ask", "search", "list_facts", "export_facts", "get_fact", "get_citation"),
    *("get_answer", "judge_answer", "list_feedback"),
    *("review_fact", "list_decisions"),
    *("list_documents", "get_document", "get_document_text", "get_document_original"),
    *("add_documents", "reread_document", "remove_document", "list_jobs", "get_job", "follow_job"),
    *("list_models", "chat_completions", "responses", "ui_chat", "dialogflow", "rasa"),
    *("health", "ready", "version", "metrics"),
]

CHANGING = ("review_fact", "add_documents", "reread_document", "remove_document", "get_job", "follow_job")


def operation(client: TestClient, name: str) -> tuple[str, str, dict[str, Any]]:
    """(method, path, description) of the operation called `name`."""
    for path, route in client.get("/openapi.json").json()["paths"].items():
        for method, described in route.items():
            if described["operationId"] == name:
                return method, path, described
    raise AssertionError(f"no operation {name}")


def example_body(client: TestClient, described: dict[str, Any]) -> dict[str, Any]:
    reference = described["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/")[-1]
    schema = client.get("/openapi.json").json()["components"]["schemas"][reference]
    return {name: field["examples"][0] for name, field in schema["properties"].items() if "examples" in field}


def test_the_operations_are_these(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"].values()
    assert sorted(entry["operationId"] for route in paths for entry in route.values()) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in CHANGING])
def test_the_example_works_as_sent(client: TestClient, name: str) -> None:
    send_example(client, "ask")  # so that there is an answer to give as an example
    send_example(client, name)


@pytest.mark.parametrize("name", CHANGING)
def test_the_example_that_changes_something_works_as_sent(data_dir: Path, name: str) -> None:
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash"))) as client:
        assert upload(client).status_code == 202  # so that there is a job to give as an example
        if name != "add_documents":
            send_example(client, name)


def upload(client: TestClient) -> httpx2.Response:
    _, path, described = operation(client, "add_documents")
    (field,) = described["requestBody"]["content"]["multipart/form-data"]["schema"]["required"]
    response: httpx2.Response = client.post(path, files={field: ("norvia.txt", b"Norvia filed 12 patents.")})
    return response


def example_of(parameter: dict[str, Any]) -> Any:
    return parameter.get("example") or parameter["schema"]["examples"][0]


def send_example(client: TestClient, name: str) -> None:
    method, path, described = operation(client, name)
    query: dict[str, Any] = {}
    for parameter in described.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", example_of(parameter))
        elif "example" in parameter or "examples" in parameter["schema"]:
            query[parameter["name"]] = example_of(parameter)
    body = example_body(client, described) if "requestBody" in described else None
    response = client.request(method, path, params=query, json=body)
    described_status = described["responses"].get(str(response.status_code), {})
    assert response.status_code in (200, 201, 202), response.text
    assert response.headers["content-type"].split(";")[0] in described_status["content"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_described(client: TestClient, name: str) -> None:
    _, _, described = operation(client, name)
    assert described["tags"]
    assert described["summary"]
    assert described["description"]


def test_failures_are_described_as_problem_documents(client: TestClient) -> None:
    _, _, described = operation(client, "ask")
    failures = {status: entry for status, entry in described["responses"].items() if status >= "400"}
    assert set(failures) == {"400", "401", "403", "404", "413", "422", "429", "503"}
    assert all(list(entry["content"]) == ["application/problem+json"] for entry in failures.values())
