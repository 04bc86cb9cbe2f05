"""API keys: who may do what, and who may not."""

from __future__ import annotations

import base64
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from corpus.keys import SCOPES, Scope
from corpus.queries import NotFound
from corpus.store import Store
from service.cli import app as commands
from service.errors import NoKey
from service.running.access import check_keys
from service.running.app import create_app
from service.running.rules import needed_scope
from service.settings import Settings

ASK = {"question": "Which SMEs spun off companies?"}
PATHS = {"document_id": "doc_0", "fact_id": "fct_0", "answer_id": "ans_0", "job_id": "job_0"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, ingested: Path) -> Iterator[TestClient]:
    data_dir = Path(shutil.copytree(ingested, tmp_path_factory.mktemp("guarded") / "data"))
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash", keys="required"))) as client:
        yield client


@pytest.fixture(scope="module")
def store(guarded: TestClient) -> Store:
    found: Store = guarded.app.state.parts.store  # type: ignore[attr-defined]
    return found


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anybody:{secret}".encode()).decode()}


def routes(client: TestClient, secret: str) -> list[tuple[str, str]]:
    """(method, path) of every described operation."""
    paths = client.get("/openapi.json", headers=bearer(secret)).json()["paths"]
    return [(method.upper(), path) for path, route in paths.items() for method in route]


def test_every_route_is_closed_without_a_key_and_to_keys_of_other_scopes(
    guarded: TestClient, store: Store
) -> None:
    made = {scope: store.keys.add(scope, [scope]) for scope in SCOPES}
    keys = {scope: key for scope, (key, _) in made.items()}
    secrets = {scope: secret for scope, (_, secret) in made.items()}
    for method, path in routes(guarded, secrets["admin"]):
        needed = needed_scope(method, path)
        if needed is None:
            continue
        assert guarded.request(method, path).status_code == 401, path
        for scope, key in keys.items():
            if key.allows(needed):
                continue
            assert guarded.request(method, path, headers=bearer(secrets[scope])).status_code == 403, path
        if not path.endswith("/events"):
            own = guarded.request(method, path, headers=bearer(secrets[needed]))
            assert own.status_code not in (401, 403), path


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/healthz", None),
        ("GET", "/static/app.css", None),
        ("POST", "/v1/ask", "ask"),
        ("GET", "/", "ask"),
        ("GET", "/v1/facts", "read"),
        ("GET", "/metrics", "read"),
        ("POST", "/v1/documents", "ingest"),
        ("DELETE", "/v1/documents/doc_0", "ingest"),
        ("GET", "/documents/doc_0/remove", "ingest"),
        ("POST", "/v1/facts/fct_0/review", "review"),
        ("GET", "/v1/anything/new", "admin"),
        ("PUT", "/v1/facts", "admin"),
        ("GET", "/v1/facts\n", "admin"),
    ],
)
def test_a_route_needs_its_scope_and_an_unknown_one_an_admin(
    method: str, path: str, scope: Scope | None
) -> None:
    assert needed_scope(method, path) == scope


def test_wrong_keys_are_refused_alike_wherever_they_are_sent(guarded: TestClient, store: Store) -> None:
    key, secret = store.keys.add("gone", ["admin"])
    store.keys.revoke(key.id)
    _, expired = store.keys.add("late", ["admin"], days=-1)
    _, good = store.keys.add("good", ["admin"])
    wrong: list[dict[str, Any]] = [
        {},
        {"headers": {"Authorization": ""}},
        {"headers": bearer("")},
        {"headers": bearer(good[:-1])},
        {"headers": bearer(good + "x")},
        {"headers": bearer(good.swapcase())},
        {"headers": bearer(secret)},
        {"headers": bearer(expired)},
        {"headers": {"Authorization": f"Token {good}"}},
        {"headers": {"x-api-key": good}},
        {"headers": [("Authorization", f"Bearer {good}"), ("Authorization", f"Bearer {good}")]},
        {"headers": {"Authorization": b"Bearer \xff\x00"}},
        {"headers": {"Authorization": "Basic !"}},
        {"params": {"key": good, "api_key": good, "authorization": f"Bearer {good}"}},
    ]
    answers = [guarded.get("/v1/facts", **sent) for sent in wrong]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_a_key_is_revoked_at_once(guarded: TestClient, store: Store) -> None:
    key, secret = store.keys.add("short", ["ask"])
    assert guarded.post("/v1/ask", json=ASK, headers=bearer(secret)).status_code == 200
    store.keys.revoke(key.id)
    assert guarded.post("/v1/ask", json=ASK, headers=bearer(secret)).status_code == 401


def test_a_refused_change_changes_nothing(guarded: TestClient, store: Store) -> None:
    _, reading = store.keys.add("reader", ["read", "ask"])
    document, before = store.document_list()[0].id, store.fingerprint()
    assert guarded.delete(f"/v1/documents/{document}", headers=bearer(reading)).status_code == 403
    assert (store.fingerprint(), store.jobs.unfinished()) == (before, [])


def test_a_browser_asks_for_the_key_and_its_forms_work_from_our_pages_alone(
    guarded: TestClient, store: Store
) -> None:
    _, secret = store.keys.add("person", ["ask", "read", "curate"])
    assert guarded.get("/").headers["www-authenticate"].startswith("Basic ")
    assert guarded.get("/", headers=basic(secret)).status_code == 200
    foreign = basic(secret) | {"sec-fetch-site": "cross-site"}
    assert guarded.post("/v1/ask", json=ASK, headers=foreign).status_code == 403
    assert guarded.post("/v1/ask", json=ASK, headers=basic(secret)).status_code == 403
    own = basic(secret) | {"sec-fetch-site": "same-origin"}
    assert guarded.post("/v1/ask", json=ASK, headers=own).status_code == 200


def test_the_store_holds_no_secret(guarded: TestClient, store: Store, tmp_path: Path) -> None:
    _, secret = store.keys.add("hidden", ["ask"])
    store.copy_to(tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        dumped = "\n".join(copy.iterdump())
    copy.close()
    assert secret[3:11] in dumped
    assert secret[12:] not in dumped


def test_an_unknown_key_cannot_be_revoked(store: Store) -> None:
    with pytest.raises(NotFound, match="impactqa keys list"):
        store.keys.revoke("00000000")


@pytest.mark.parametrize(
    ("host", "keys", "required"),
    [
        ("127.0.0.1", "auto", False),
        ("::1", "auto", False),
        ("localhost", "auto", False),
        ("127.0.0.1", "required", True),
        ("0.0.0.0", "auto", True),
        ("::", "auto", True),
        ("192.0.2.7", "auto", True),
        ("reports.example.org", "auto", True),
        ("0.0.0.0", "off", False),
    ],
)
def test_keys_are_needed_where_others_can_ask(host: str, keys: Any, required: bool) -> None:
    assert Settings(host=host, keys=keys).keys_required is required


def test_a_public_address_is_not_served_without_a_valid_key(tmp_path: Path) -> None:
    settings = Settings(host="0.0.0.0", data_dir=tmp_path)
    with Store.open(tmp_path) as store:
        store.keys.revoke(store.keys.add("gone", ["ask"])[0].id)
        with pytest.raises(NoKey, match="impactqa keys add"):
            check_keys(settings, store)
        store.keys.add("there", ["ask"])
        check_keys(settings, store)


def test_the_command_line_makes_lists_and_revokes_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPACTQA_DATA_DIR", str(tmp_path))
    run = CliRunner()
    secret = run.invoke(commands, ["keys", "add", "Ines", "--scope", "curate", "--days", "30"]).stdout.strip()
    with Store.open(tmp_path) as store:
        key = store.keys.found(secret)
    assert key is not None
    assert (key.name, key.scopes) == ("Ines", ("curate",))
    listed = run.invoke(commands, ["keys", "list", "--json"]).stdout
    assert key.id in listed
    assert secret not in listed
    assert run.invoke(commands, ["keys", "revoke", key.id]).exit_code == 0
    with Store.open(tmp_path) as store:
        assert store.keys.found(secret) is None
