"""Collections: a key reads what it is for, and nothing tells it what else there is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient
from microsoft_agents.hosting.core.authorization import _entra_issuers as issuers
from typer.testing import CliRunner

from corpus.collections import EVERYTHING, Reach
from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import HashEmbedder
from service.answer import Answer, AskRequest, comparable
from service.cli import app as commands
from service.knowledge.indexing import rebuild
from service.parts import Parts
from service.running.app import create_app
from service.settings import Settings
from tests.chat_models import ChatModel
from tests.slack_workspace import SECRET, signed, slack_server
from tests.teams import APP, ISSUER, activity, signer
from tests.ventures import written

OPEN = {
    "norvia.md": "# The Norvia programme\n\nTarnwood Cells Ltd, an SME from Norway, has spun off a company called "
    "Tarnwood Diagnostics Ltd. The programme created 420 jobs in 2014.\n"
}
HIDDEN = {
    "norvia.md": "# The Zephyrine dossier\n\nQuorra Biotech, an SME from Malta, has spun off a company called Zephyrine "
    "Therapeutics. The programme created 77 jobs in 2014. Zephyrine filed 9 patents.\n"
}
SHARED = {"shared.md": "# What is in both\n\nHalden University filed 12 patents in 2014.\n"}
SECRETS = (
    "zephyrine",
    "quorra",
    "malta",
    "77 jobs",
    "dossier",
    "closed",
)  # words that only the hidden one has
QUESTIONS = [
    "Which SMEs spun off companies?",
    "How many jobs were created?",
    "What did Quorra Biotech do?",
    "How many patents did Zephyrine file?",
    "Which companies are from Malta?",
    "List all documents.",
    "How many patents were filed?",
]


class World(NamedTuple):
    client: TestClient
    parts: Parts
    open: dict[str, str]  # the header with a key of the open collection
    whole: dict[str, str]
    hidden: dict[str, str]  # ids of what the open key may not read
    slack: ChatModel  # what takes the answers for Slack


@pytest.fixture(scope="module")
def slack() -> Iterator[ChatModel]:
    with slack_server() as server:
        yield server


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, slack: ChatModel) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("collections")
    with Store.open(folder / "data") as store:
        for name, texts in (("open", OPEN | SHARED), ("closed", HIDDEN | SHARED)):
            reports = written(texts, folder / name)
            assert {one.outcome for one in ingest([reports], store.within(Reach.of([name])))} == {"added"}
        rebuild(store, HashEmbedder(), folder / "data" / "index")
    settings = Settings(
        data_dir=folder / "data",
        model="hash",
        keys="required",
        slack_signing_secret=SECRET,
        slack_token="xoxb-1",
        slack_url=slack.url.removesuffix("/v1"),
        slack_collections="open",
        teams_app_id=APP,
        teams_collections="open",
    )
    app = create_app(settings)
    with TestClient(app) as client:
        parts: Parts = app.state.parts
        every = ["ask", "read", "curate"]
        some, whole = (
            {"Authorization": f"Bearer {parts.store.keys.add(name, every, collections=of)[1]}"}  # type: ignore[arg-type]
            for name, of in (("open", ["open"]), ("whole", []))
        )
        closed = parts.store.within(Reach.of(["closed"]))
        fact = next(fact for fact in closed.facts() if "Quorra" in fact.subject)
        asked = client.post("/v1/ask", json={"question": QUESTIONS[0]}, headers=whole).json()
        judged = client.post(
            f"/v1/facts/{fact.id}/review", json={"decision": "accept", "by": "Zephyrine Ines"}, headers=whole
        )
        assert judged.status_code == 200
        job = client.post(
            "/v1/documents",
            files={"file": ("zephyrine.txt", b"Zephyrine filed 8 patents.")},
            data={"collection": "closed"},
            headers=whole,
        ).json()
        _finished(client, job["id"], whole)
        hidden = {
            "document_id": fact.document_id,
            "fact_id": fact.id,
            "citation_id": next(
                one["id"] for one in asked["citations"] if one["document_id"] == fact.document_id
            ),
            "answer_id": asked["id"],
            "conversation_id": asked["conversation_id"],
            "job_id": job["id"],
        }
        yield World(client, parts, some, whole, hidden, slack)


def _finished(client: TestClient, job_id: str, headers: dict[str, str]) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(f"/v1/jobs/{job_id}", headers=headers).json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def tells(text: str, asked: str = "") -> list[str]:
    """The words of the hidden collection that a reply holds, and that the question did not."""
    return [word for word in SECRETS if word in text.lower() and word not in asked.lower()]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_made_of_what_the_key_may_read(world: World, question: str) -> None:
    readable = {document.id for document in world.parts.store.within(Reach.of(["open"])).document_list()}
    answer = Answer.model_validate(
        world.client.post("/v1/ask", json={"question": question}, headers=world.open).json()
    )
    assert {one.document_id for one in (*answer.citations, *answer.nearest)} <= readable
    assert answer.coverage.documents_searched == len(readable)
    assert tells(answer.model_dump_json(exclude={"id", "conversation_id", "index_version"}), question) == []


def test_an_answer_is_that_of_a_service_without_the_other_collections(world: World, tmp_path: Path) -> None:
    reports = written(OPEN | SHARED, tmp_path / "in")
    with Store.open(tmp_path / "data") as store:
        ingest([reports], store.within(Reach.of(["open"])))
        rebuild(store, HashEmbedder(), tmp_path / "data" / "index")
        alone = Parts(Settings(data_dir=tmp_path / "data", model="hash"), store, HashEmbedder())
        for question in QUESTIONS:
            expected = comparable(alone.assistant.ask(question)) | {"index_version": ""}
            given = comparable(world.parts.within(Reach.of(["open"])).assistant.ask(question))
            assert given | {"index_version": ""} == expected


GETS = [
    *(
        "/v1/documents",
        "/v1/facts",
        "/v1/facts?format=csv",
        "/v1/facts/export/bibtex",
        "/v1/facts/export/json",
    ),
    *("/v1/facts?q=zephyrine", "/v1/facts?document_id=x%27%20OR%201=1", "/v1/decisions", "/v1/jobs"),
    *("/v1/search?q=zephyrine&limit=100", "/v1/search?q=programme&limit=100", "/openapi.json", "/v1/models"),
    *("/", "/facts", "/documents", "/?q=Which+SMEs+spun+off+companies%3F", "/version", "/readyz"),
]


@pytest.mark.parametrize("path", GETS)
def test_no_list_page_or_export_holds_a_word_of_another_collection(world: World, path: str) -> None:
    reply = world.client.get(path, headers=world.open)
    assert reply.status_code == 200
    assert tells(reply.text, path) == []
    assert not [id for id in world.hidden.values() if id in reply.text]


def _paths(world: World) -> list[tuple[str, str]]:
    """Every route that is asked for something by its id, of the API and of the pages."""
    described = world.client.get("/openapi.json", headers=world.whole).json()["paths"]
    api = [(method.upper(), path) for path, route in described.items() for method in route if "{" in path]
    pages = [
        "/documents/{document_id}",
        "/documents/{document_id}/remove",
        "/facts/{fact_id}",
        "/answers/{answer_id}",
    ]
    pages += ["/answers/{answer_id}/copy/text", "/answers/{answer_id}/sources/1", "/documents/jobs/{job_id}"]
    pages += ["/documents/{document_id}/evidence?start=0&end=5"]
    return [*api, *(("GET", path) for path in pages)]


BODIES = {
    "review": {"decision": "accept", "by": "Ines"},
    "feedback": {"verdict": "useful"},
}


def test_what_a_key_may_not_read_is_not_there(world: World) -> None:
    tried = 0
    for method, path in _paths(world):
        if "{format}" in path or path.endswith("/events"):
            continue
        body = BODIES.get(path.rpartition("/")[2]) if method == "POST" else None
        reply = world.client.request(method, path.format(**world.hidden), json=body, headers=world.open)
        if path == "/v1/citations/{citation_id}":
            assert reply.json()["state"] == "gone"
            assert reply.json()["quote"] is None
        else:
            assert reply.status_code == 404, path
        assert tells(reply.text) == [], path
        tried += 1
    assert tried > 15
    assert world.parts.store.document(world.hidden["document_id"])  # nothing was removed


def test_what_is_hidden_and_what_is_missing_look_alike(world: World) -> None:
    missing = {name: f"{id.split('_')[0]}_{'0' * len(id.split('_')[1])}" for name, id in world.hidden.items()}
    missing["citation_id"] = world.hidden["citation_id"].replace(world.hidden["document_id"][4:], "0" * 16)
    for method, path in _paths(world):
        if (
            "{format}" in path
            or path.endswith("/events")
            or (method, path) == ("POST", "/v1/answers/{answer_id}/feedback")
        ):
            continue
        hidden, none = (
            _plain(world.client.request(method, path.format(**ids), headers=world.open), ids)
            for ids in (world.hidden, missing)
        )
        assert hidden == none, path


def _plain(reply: Any, ids: dict[str, str]) -> tuple[int, str]:
    """The reply without what names the question itself."""
    text = reply.text.replace(reply.headers["x-request-id"], "")
    for id in ids.values():
        text = text.replace(id, "ID")
    return reply.status_code, text.replace(ids["document_id"][4:], "ID")


def test_a_conversation_that_saw_more_cannot_be_gone_on_with(world: World) -> None:
    body = {"question": "And how many patents?", "conversation_id": world.hidden["conversation_id"]}
    assert world.client.post("/v1/ask", json=body, headers=world.open).status_code == 404


def test_an_answer_of_a_key_is_read_by_who_may_read_more(world: World) -> None:
    asked = world.client.post("/v1/ask", json={"question": QUESTIONS[1]}, headers=world.open).json()
    for headers in (world.open, world.whole):
        assert world.client.get(f"/v1/answers/{asked['id']}", headers=headers).status_code == 200


def test_a_filter_does_not_lead_out_of_the_collection(world: World) -> None:
    body = {"question": QUESTIONS[0], "filters": {"document_ids": [world.hidden["document_id"]]}}
    answer = world.client.post("/v1/ask", json=body, headers=world.open).json()
    assert (answer["status"], answer["citations"], answer["nearest"]) == ("no_answer", [], [])


CHATS: list[tuple[str, Any]] = [
    ("/v1/chat/completions", lambda q: {"model": "impactqa", "messages": [{"role": "user", "content": q}]}),
    ("/v1/responses", lambda q: {"model": "impactqa", "input": q}),
    ("/api/chat", lambda q: {"messages": [{"role": "user", "parts": [{"type": "text", "text": q}]}]}),
    ("/api/dialogflow", lambda q: {"text": q}),
    ("/api/rasa", lambda q: {"tracker": {"latest_message": {"text": q}}, "next_action": "action_impactqa"}),
]


@pytest.mark.parametrize(("path", "body"), CHATS, ids=lambda value: value if isinstance(value, str) else "")
def test_no_chat_tells_more_than_the_key_may_read(world: World, path: str, body: Any) -> None:
    reply = world.client.post(path, json=body(QUESTIONS[0]), headers=world.open)
    assert reply.status_code == 200
    assert tells(reply.text) == []
    assert "zephyrine" in world.client.post(path, json=body(QUESTIONS[0]), headers=world.whole).text.lower()


def test_no_event_of_an_answer_tells_more_than_the_key_may_read(world: World) -> None:
    told = [
        world.client.post(
            "/v1/ask", json={"question": q}, headers=headers | {"accept": "text/event-stream"}
        ).text
        for headers in (world.open, world.whole)
        for q in QUESTIONS[:2]
    ]
    assert all(events.index("event: understood") < events.index("event: done") for events in told)
    assert [tells(events) for events in told[:2]] == [[], []]
    assert all(tells(events) for events in told[2:])


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_page_that_comes_piece_by_piece_tells_more_than_the_key_may_read(
    world: World, question: str
) -> None:
    page = world.client.get("/", params={"q": question}, headers=world.open)
    assert page.status_code == 200
    assert 'class="answer"' in page.text
    assert tells(page.text.replace(escape(question), ""), question) == []
    assert not [id for id in world.hidden.values() if id in page.text]


def test_no_page_goes_on_with_a_conversation_that_saw_more(world: World) -> None:
    asked = {"q": "And how many patents?", "c": world.hidden["conversation_id"]}
    page = world.client.get("/", params=asked, headers=world.open | {"accept": "text/html"})
    assert page.status_code == 404
    assert tells(page.text) == []


MCP_CALLS: list[tuple[str, dict[str, Any]]] = [
    ("tools/call", {"name": "ask", "arguments": {"question": QUESTIONS[0]}}),
    ("tools/call", {"name": "search", "arguments": {"query": "spun off a company"}}),
    ("tools/call", {"name": "list_facts", "arguments": {}}),
    ("tools/call", {"name": "fetch", "arguments": {"id": "{document_id}"}}),
    ("tools/call", {"name": "fetch", "arguments": {"id": "{fact_id}"}}),
    ("tools/call", {"name": "fetch", "arguments": {"id": "{citation_id}"}}),
    ("tools/call", {"name": "get_citation", "arguments": {"citation_id": "{citation_id}"}}),
    ("resources/read", {"uri": "documents://all"}),
    ("resources/read", {"uri": "fact://{fact_id}"}),
    ("resources/read", {"uri": "document://{document_id}/page/1"}),
]


@pytest.mark.parametrize(("method", "params"), MCP_CALLS, ids=lambda value: json.dumps(value)[:60])
def test_no_tool_or_resource_tells_more_than_the_key_may_read(
    world: World, method: str, params: dict[str, Any]
) -> None:
    sent = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    for name, id in world.hidden.items():
        sent = sent.replace("{" + name + "}", id)
    more = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    replies = [
        world.client.post("/mcp", content=sent, headers=headers | more).text
        for headers in (world.open, world.whole)
    ]
    assert tells(replies[0]) == []
    assert tells(replies[1]), replies[1]


def test_uploads_go_where_the_key_may_read(world: World) -> None:
    file = {"file": ("norvia.md", b"# Norvia again\n\nNorvia filed 3 patents.\n")}
    sent = world.client.post("/v1/documents", files=file, headers=world.open)
    job = _finished(world.client, sent.json()["id"], world.open)
    assert (job["collection"], job["files"][0]["outcome"]) == ("open", "added")
    assert job["files"][0]["reason"] == "stored as 'norvia (2).md', since 'norvia.md' is another document"
    added = job["files"][0]["document_id"]
    assert added != world.hidden["document_id"]
    removed = world.client.delete(f"/v1/documents/{added}", headers=world.open)
    assert removed.status_code == 202, removed.text
    assert _finished(world.client, removed.json()["id"], world.open)["files"][0]["outcome"] == "removed"
    assert world.parts.store.document(world.hidden["document_id"])


@pytest.mark.parametrize("collection", ["closed", "no-such-one", "default"])
def test_no_key_writes_into_another_collection(world: World, collection: str) -> None:
    file = {"file": ("a.txt", b"Norvia filed 12 patents.")}
    refused = world.client.post(
        "/v1/documents", files=file, data={"collection": collection}, headers=world.open
    )
    assert (refused.status_code, refused.json()["detail"].replace(collection, "X")) == (
        404,
        "Collection 'X' is not in the store. Send one that the key is for, or leave it out.",
    )


def test_a_name_in_one_collection_takes_nothing_from_another(world: World) -> None:
    names = [document.source_name for document in world.parts.store.document_list()]
    assert {"closed//norvia.md", "open//norvia.md", "closed//shared.md", "open//shared.md"} <= set(names)


def test_what_counts_everything_is_for_keys_of_everything(world: World) -> None:
    assert world.client.get("/metrics", headers=world.open).status_code == 403
    assert world.client.get("/metrics", headers=world.whole).status_code == 200


def test_a_service_without_collections_has_nothing_to_filter(parts: Parts) -> None:
    assert parts.within(EVERYTHING) is parts
    assert parts.store.within(EVERYTHING) is parts.store
    assert parts.assistant.within(EVERYTHING) is parts.assistant


def test_parts_of_some_collections_lead_to_no_others(world: World) -> None:
    limited = world.parts.within(Reach.of(["open"]))
    assert limited.within(Reach.of(["closed"])) is limited
    assert limited.within(EVERYTHING) is limited
    answer = limited.answer_now(AskRequest(question=QUESTIONS[0]))
    assert tells(answer.answer) == []


MENTION = {"type": "app_mention", "channel": "C1", "ts": "1.1", "user": "U2"}


def test_slack_is_answered_from_its_collections(world: World) -> None:
    body = json.dumps(
        {"type": "event_callback", "event_id": "Ev1", "event": MENTION | {"text": QUESTIONS[0]}}
    )
    assert world.client.post("/slack/event", content=body, headers=signed(body)).status_code == 200
    said = json.dumps(world.slack.asked)
    assert _answer(world) in said
    assert tells(said) == []


def test_teams_is_answered_from_its_collections(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with signer() as microsoft:
        monkeypatch.setitem(issuers.BOTFRAMEWORK_JWKS_URIS, ISSUER, microsoft.url)
        headers = {"authorization": f"Bearer {microsoft.token()}"}
        reply = world.client.post("/teams/messages", json=activity(QUESTIONS[0]), headers=headers)
    assert _answer(world) in reply.text
    assert tells(reply.text) == []


def _answer(world: World) -> str:
    """What a key of the open collection is answered to the first question."""
    answer: str = world.client.post("/v1/ask", json={"question": QUESTIONS[0]}, headers=world.open).json()[
        "answer"
    ]
    return answer


def test_the_command_line_puts_files_into_a_collection_and_asks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "DATA_DIR": str(tmp_path / "data"),
        "MODEL": "hash",
        "INDEX_SAMPLES": "false",
    }.items():
        monkeypatch.setenv(f"IMPACTQA_{name}", value)
    run = CliRunner()
    for name, texts in (("open", OPEN), ("closed", HIDDEN)):
        folder = written(texts, tmp_path / name)
        assert run.invoke(commands, ["ingest", str(folder), "--collection", name]).exit_code == 0
    said = run.invoke(commands, ["ask", QUESTIONS[0], "--collection", "open"]).stdout
    assert "Tarnwood" in said
    assert tells(said) == []
    again = run.invoke(commands, ["ingest", str(tmp_path / "open"), "--collection", "open"]).stdout
    assert again.startswith("unchanged")
    listed = json.loads(run.invoke(commands, ["documents", "--json"]).stdout)
    assert {one["collection"] for one in listed} == {"open", "closed"}
    wrong = run.invoke(commands, ["ask", "Who?", "--collection", "No such"])
    assert "small letters" in str(wrong.exception)
