"""Facts decided about over the API and the command line, beside a service that runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from corpus.store import Store
from service import cli
from service.running.app import create_app
from service.settings import Settings

SPIN_OFFS = {"question": "Which SMEs spun off companies?"}


@pytest.fixture
def client(data_dir: Path) -> Iterator[TestClient]:
    """A service over reports whose facts may be decided about."""
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash"))) as opened:
        yield opened


def fact_with(client: TestClient, words: str, **fields: object) -> dict[str, Any]:
    """The first fact that holds the words and has these fields."""
    facts = client.get("/v1/facts", params={"q": words, "review": "any"}).json()["facts"]
    return next(fact for fact in facts if all(fact[name] == value for name, value in fields.items()))


def review(client: TestClient, fact: dict[str, Any], decision: str, **more: object) -> Any:
    body = {"decision": decision, "by": "Ines Varga", **more}
    return client.post(f"/v1/facts/{fact['id']}/review", json=body)


def command(data_dir: Path, *arguments: str) -> Result:
    settings = {"IMPACTQA_DATA_DIR": str(data_dir), "IMPACTQA_MODEL": "hash"}
    return CliRunner().invoke(cli.app, list(arguments), env=settings)


def test_a_decision_is_told_with_its_history(client: TestClient) -> None:
    fact = fact_with(client, "420 jobs", value=420.0)
    answered = review(client, fact, "correct", changes={"value": 430}, note="Annex 2").json()
    (change,) = answered["history"]
    assert (answered["value"], answered["revision"], answered["selector"]) == (430.0, 1, fact["selector"])
    assert (change["by"], change["note"], change["changes"]["value"]) == ("Ines Varga", "Annex 2", 430)
    assert client.get(f"/v1/facts/{fact['id']}").json() == answered


def test_the_next_answer_of_a_running_service_heeds_a_decision(client: TestClient) -> None:
    before = client.post("/v1/ask", json=SPIN_OFFS).json()
    spun = fact_with(client, "Tarnwood Diagnostics", outcome_type="spin_out", extractor="relation")
    assert review(client, spun, "reject").json()["review"] == "rejected"
    after = client.post("/v1/ask", json=SPIN_OFFS).json()
    assert "Tarnwood Cells Ltd" in [item["label"] for item in before["items"]]
    assert "Tarnwood Cells Ltd" not in [item["label"] for item in after["items"]]
    assert after["index_version"] != before["index_version"]


def test_a_decision_of_another_process_is_heeded_too(client: TestClient, data_dir: Path) -> None:
    spun = fact_with(client, "Tarnwood Diagnostics", outcome_type="spin_out", extractor="relation")
    assert command(data_dir, "review", spun["id"], "reject", "--by", "Ines Varga").exit_code == 0
    answer = client.post("/v1/ask", json=SPIN_OFFS).json()
    assert "Tarnwood Cells Ltd" not in [item["label"] for item in answer["items"]]


def test_rejected_facts_are_listed_found_and_exported_on_demand_only(client: TestClient) -> None:
    fact = fact_with(client, "420 jobs", value=420.0)
    review(client, fact, "reject")
    by_default = client.get("/v1/facts").json()["facts"]
    assert fact["id"] not in {each["id"] for each in by_default}
    assert fact["id"] not in client.get("/v1/facts", params={"format": "csv"}).text
    hits = client.get("/v1/search", params={"q": "420 jobs created", "kind": "fact"}).json()["hits"]
    assert fact["id"] not in {hit["id"] for hit in hits}
    rejected = client.get("/v1/facts", params={"review": "rejected"}).json()["facts"]
    assert fact["id"] in {each["id"] for each in rejected}


def test_a_second_curator_who_saw_an_older_state_is_told_so(client: TestClient) -> None:
    fact = fact_with(client, "420 jobs", value=420.0)
    review(client, fact, "accept")
    refused = review(client, fact, "reject")
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert "revision 1; Ines Varga decided 'accept'" in refused.json()["detail"]
    assert review(client, fact, "reject", revision=1).json()["review"] == "rejected"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"decision": "forget", "by": "Ines"}, "body.decision"),
        ({"decision": "accept"}, "body.by"),
        ({"decision": "correct", "by": "Ines", "changes": {"value": "many"}}, "changes.value"),
    ],
)
def test_a_decision_that_cannot_be_taken_is_a_problem(
    client: TestClient, body: dict[str, Any], field: str
) -> None:
    fact = fact_with(client, "420 jobs")
    response = client.post(f"/v1/facts/{fact['id']}/review", json=body)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field)


def test_a_fact_that_is_unknown_cannot_be_decided_about(client: TestClient) -> None:
    assert review(client, {"id": "fct_0"}, "accept").status_code == 404


def test_the_page_of_facts_says_what_was_corrected(client: TestClient) -> None:
    fact = fact_with(client, "420 jobs", value=420.0)
    review(client, fact, "correct", changes={"value": 430})
    page = client.get("/facts", params={"q": "430"}).text
    assert "corrected by Ines Varga" in page
    assert "the report says over 420" in page


def test_a_fact_is_corrected_on_the_command_line(data_dir: Path) -> None:
    with Store.open(data_dir) as store:
        fact = next(fact for fact in store.facts() if fact.value == 420)
    options = ["--set", "value=430", "--set", "place=Bergen", "--by", "Ines Varga", "--note", "Annex 2"]
    result = command(data_dir, "review", fact.id, "correct", *options)
    assert result.exit_code == 0, result.output
    assert "value_text: '430', not 'over 420'" in result.stdout
    with Store.open(data_dir) as store:
        assert (store.fact(fact.id).value, store.fact(fact.id).place) == (430.0, "Bergen")


def test_decisions_are_listed_on_the_command_line_also_when_their_document_is_gone(data_dir: Path) -> None:
    with Store.open(data_dir) as store:
        fact = next(fact for fact in store.facts() if fact.value == 420)
        store.curation.decide(fact.id, "reject", by="Ines Varga")
        store.remove(fact.document_id)
    (listed,) = json.loads(command(data_dir, "decisions", "--json").stdout)
    assert (listed["fact_id"], listed["state"], listed["by"]) == (fact.id, "not_applicable", "Ines Varga")


def test_the_index_holds_no_words_of_a_rejected_fact(data_dir: Path) -> None:
    with Store.open(data_dir) as store:
        fact = next(fact for fact in store.facts() if fact.value == 420)
    command(data_dir, "review", fact.id, "reject", "--by", "Ines Varga")
    generation = (data_dir / "index" / "current").read_text().strip()
    assert fact.id not in (data_dir / "index" / "generations" / generation / "entries.jsonl").read_text()
