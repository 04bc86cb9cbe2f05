"""The Model Context Protocol: its own client calls the tools over HTTP, over pipes and in memory."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp import Client, MCPError, StdioServerParameters, stdio_client

from service.channels.mcp_http import security
from service.channels.mcp_tools import mcp_server
from service.parts import Parts
from service.running.app import create_app
from service.settings import Settings
from tests.serving import Served, said

QUESTION = "Which SMEs spun off companies?"
TOOLS = ["ask", "search", "fetch", "list_facts", "get_citation"]
HANDSHAKE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "tests", "version": "1"},
    },
}
ACCEPT = {"accept": "application/json, text/event-stream"}


def with_client(place: Any, use: Callable[[Client], Awaitable[Any]]) -> Any:
    """What `use` makes of a client that is connected to `place`: an address, a server or a transport."""

    async def connected() -> Any:
        async with Client(place) as client:
            return await use(client)

    return anyio.run(connected)


def called(place: Any, tool: str, **arguments: Any) -> dict[str, Any]:
    """The structured result of one call, which succeeds."""

    async def call(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = with_client(place, call)
    assert not result.is_error, result.content
    found: dict[str, Any] = result.structured_content
    return found


def failure(place: Any, tool: str, **arguments: Any) -> str:
    """What a call that fails says."""

    async def call(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = with_client(place, call)
    assert result.is_error
    said: str = result.content[0].text
    return said


def read(place: Any, uri: str) -> str:
    """The text of a resource, or why there is none."""

    async def reading(client: Client) -> Any:
        try:
            return (await client.read_resource(uri)).contents[0]
        except MCPError as error:  # outside the client it would stand in a group
            return error.error

    found = with_client(place, reading)
    return str(getattr(found, "text", "") or found.message)


@pytest.fixture(params=["http", "memory"])
def place(request: pytest.FixtureRequest, running: Served, parts: Parts) -> Any:
    return f"{running.url}/mcp" if request.param == "http" else mcp_server(parts, "http://127.0.0.1:8000")


def test_the_tools_are_these_and_only_read(place: Any) -> None:
    async def listed(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = with_client(place, listed)
    assert [tool.name for tool in tools] == TOOLS
    assert all(tool.annotations.read_only_hint and tool.output_schema and tool.description for tool in tools)


def test_ask_gives_the_answer_with_citations_that_can_be_opened(place: Any, client: TestClient) -> None:
    own = client.post("/v1/ask", json={"question": QUESTION}).json()
    answer = called(place, "ask", question=QUESTION)
    assert answer["answer"] == own["answer"]
    assert [one["id"] for one in answer["citations"]] == [one["id"] for one in own["citations"]]
    assert all(one["url"].startswith("http://127.0.0.1:") for one in answer["citations"])


def test_a_follow_up_is_asked_in_its_conversation(place: Any) -> None:
    async def both(client: Client) -> Any:
        first = (await client.call_tool("ask", {"question": QUESTION})).structured_content or {}
        follow_up = {"question": "How many of them?", "conversation_id": first["conversation_id"]}
        return (await client.call_tool("ask", follow_up)).structured_content

    assert with_client(place, both)["standalone_question"] != "How many of them?"


def test_search_and_fetch_have_the_shapes_of_connectors(place: Any) -> None:
    results = called(place, "search", query="patents")["results"]
    assert all(set(one) == {"id", "title", "url"} for one in results)
    fetched = called(place, "fetch", id=results[0]["id"])
    assert set(fetched) == {"id", "title", "text", "url", "metadata"}
    assert fetched["metadata"]["quote"] in fetched["text"]


def test_facts_are_listed_page_by_page(place: Any) -> None:
    first = called(place, "list_facts", limit=1, outcome_type="spin_out")
    then = called(place, "list_facts", limit=1, outcome_type="spin_out", cursor=first["next_cursor"])
    assert first["total"] == then["total"] > 1
    assert first["facts"][0]["id"] != then["facts"][0]["id"]


def test_a_citation_is_checked(place: Any) -> None:
    citation = called(place, "ask", question=QUESTION)["citations"][0]
    state = called(place, "get_citation", citation_id=citation["id"])
    assert (state["state"], state["quote"]) == ("present", citation["quote"])


def test_facts_and_pages_are_resources(place: Any) -> None:
    fact = called(place, "list_facts", outcome_type="patent")["facts"][0]
    assert fact["selector"]["exact"] in read(place, f"document://{fact['document_id']}/page/1")
    assert fact["id"] in read(place, f"fact://{fact['id']}")
    assert fact["document_id"] in read(place, "documents://all")


def test_what_is_not_there_is_named(place: Any) -> None:
    assert "is no id of this service" in failure(place, "fetch", id="nonsense")
    assert "The question is empty" in failure(place, "ask", question=" ")
    assert "Fact 'fct_0' is not in the store" in read(place, "fact://fct_0")


def test_the_path_is_exact_and_older_clients_are_answered(running: Served) -> None:
    reply = httpx2.post(f"{running.url}/mcp", json=HANDSHAKE, headers=ACCEPT, follow_redirects=False)
    assert reply.json()["result"]["serverInfo"]["name"] == "impactqa"


def test_no_stream_is_held_open_for_nothing(running: Served) -> None:
    reply = httpx2.get(f"{running.url}/mcp", headers={"accept": "text/event-stream"}, timeout=5)
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


def test_a_page_that_had_its_name_point_here_is_refused(running: Served) -> None:
    foreign = ACCEPT | {"host": "attacker.example"}
    assert httpx2.post(f"{running.url}/mcp", json=HANDSHAKE, headers=foreign).status_code == 421
    page = ACCEPT | {"origin": "https://attacker.example"}
    assert httpx2.post(f"{running.url}/mcp", json=HANDSHAKE, headers=page).status_code == 403


def test_what_the_library_has_to_say_is_a_log_line_like_any_other(running: Served) -> None:
    httpx2.post(f"{running.url}/mcp", json=HANDSHAKE, headers=ACCEPT | {"host": "noisy.example"})
    (line,) = [line for line in said(running.log).splitlines() if "noisy.example" in line]
    assert json.loads(line)["level"] == "warning"


def test_hosts_and_origins_of_the_settings_are_allowed() -> None:
    settings = Settings(allowed_hosts=["reports.example.org"], allowed_origins=["https://www.example.org"])
    guard = security(settings)
    assert guard.allowed_hosts == ["reports.example.org"]
    assert "https://www.example.org" in guard.allowed_origins
    assert security(Settings(public_url="https://q.example.org/")).allowed_hosts[-1] == "q.example.org"
    assert not security(Settings(keys="required")).enable_dns_rebinding_protection


@contextmanager
def keyed(data_dir: Path) -> Iterator[tuple[TestClient, Callable[..., dict[str, str]]]]:
    """A service that needs keys, and the header of a new key with the scopes given."""
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash", keys="required"))) as client:
        store = client.app.state.parts.store  # type: ignore[attr-defined]

        def header(*scopes: Any) -> dict[str, str]:
            return ACCEPT | {"authorization": f"Bearer {store.keys.add('mcp', scopes)[1]}"}

        yield client, header


def test_keys_hold_as_everywhere(data_dir: Path) -> None:
    ask = {"name": "ask", "arguments": {"question": QUESTION}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ask}
    with keyed(data_dir) as (client, header):
        refused = client.post("/mcp", json=call, headers=ACCEPT)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert client.post("/mcp", json=call, headers=header("ask")).status_code == 403
        reading = client.post("/mcp", json=call, headers=header("read")).json()["result"]
        assert "this needs 'ask'" in reading["content"][0]["text"]
        both = client.post("/mcp", json=call, headers=header("ask", "read")).json()["result"]
        assert both["structuredContent"]["status"] == "answered"


def test_a_client_may_start_the_service_itself(ingested: Path, tmp_path: Path) -> None:
    data_dir = shutil.copytree(ingested, tmp_path / "data")
    environment = os.environ | {"IMPACTQA_DATA_DIR": str(data_dir), "IMPACTQA_MODEL": "hash"}
    command = StdioServerParameters(command=sys.executable, args=["-m", "service", "mcp"], env=environment)
    answer = called(stdio_client(command), "ask", question=QUESTION)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["url"].startswith("http://127.0.0.1:8000/documents/")
