"""Every channel as its client sees it: one question in, the text and the addresses of its sources out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import anyio
import httpx2
import openai
from fastapi.testclient import TestClient
from mcp import Client as McpClient
from playwright.sync_api import Page

from service.client import Client
from tests.node_clients import Said
from tests.slack_workspace import Workspace, plain
from tests.teams import Signer, activity

Channel = Callable[[str, str], Said]  # the service's address and a question


def as_events(url: str, question: str) -> Said:
    """Server-sent events."""
    reply = httpx2.post(
        f"{url}/v1/ask", json={"question": question}, headers={"accept": "text/event-stream"}, timeout=30
    )
    events = [
        dict(line.split(": ", 1) for line in block.split("\n")) for block in reply.text.split("\n\n") if block
    ]
    told = [(event["event"], json.loads(event["data"])) for event in events]
    text = "".join(data["delta"] for name, data in told if name == "text")
    return Said(text, [data["url"] for name, data in told if name == "citation"])


def as_chat(url: str, question: str) -> Said:
    """A chat completion of the OpenAI client."""
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        sent: Any = [{"role": "user", "content": question}]
        message = client.chat.completions.create(model="impactqa", messages=sent).choices[0].message
    return Said(message.content or "", [each.url_citation.url for each in message.annotations or ()])


def as_chat_stream(url: str, question: str) -> Said:
    """The same, streamed."""
    text, urls = "", []
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        sent: Any = [{"role": "user", "content": question}]
        for chunk in client.chat.completions.create(model="impactqa", messages=sent, stream=True):
            delta = chunk.choices[0].delta
            text += delta.content or ""
            urls += [each["url_citation"]["url"] for each in getattr(delta, "annotations", None) or ()]
    return Said(text, urls)


def as_markdown(url: str, question: str) -> Said:
    """The model whose text ends in a list of sources."""
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        sent: Any = [{"role": "user", "content": question}]
        created = client.chat.completions.create(model="impactqa-markdown", messages=sent)
    text, _, sources = (created.choices[0].message.content or "").partition("\n\n**Sources**\n")
    return Said(text, re.findall(r"\]\((http[^)]+)\)", sources))


def as_response(url: str, question: str) -> Said:
    """A response of the OpenAI client."""
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        return _said_in(client.responses.create(model="impactqa", input=question))


def as_response_stream(url: str, question: str) -> Said:
    """The same, streamed."""
    with (
        openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client,
        client.responses.stream(model="impactqa", input=question) as stream,
    ):
        return _said_in(stream.get_final_response())


def as_ui_messages(url: str, question: str) -> Said:
    """The UI message stream of the AI SDK."""
    body = {"messages": [{"role": "user", "parts": [{"type": "text", "text": question}]}]}
    reply = httpx2.post(f"{url}/api/chat", json=body, timeout=30).text.removesuffix("data: [DONE]\n\n")
    parts = [json.loads(block.removeprefix("data: ")) for block in reply.split("\n\n") if block]
    text = "".join(part["delta"] for part in parts if part["type"] == "text-delta")
    return Said(text, [part["url"] for part in parts if part["type"] == "source-url"])


def as_tool(url: str, question: str) -> Said:
    """The tool `ask` of the Model Context Protocol."""

    async def called() -> Any:
        async with McpClient(f"{url}/mcp") as client:
            return (await client.call_tool("ask", {"question": question})).structured_content

    answer = anyio.run(called)
    return Said(answer["answer"], [citation["url"] for citation in answer["citations"]])


def as_python(url: str, question: str) -> Said:
    """The Python client."""
    with Client(url) as client:
        answer = client.ask(question)
    return Said(answer.answer, [citation.url for citation in answer.citations])


def as_dialogflow(url: str, question: str) -> Said:
    """The webhook of Dialogflow CX."""
    replied = httpx2.post(f"{url}/api/dialogflow", json={"text": question}, timeout=30).json()
    text, *cards = replied["fulfillmentResponse"]["messages"]
    listed = [card for one in cards for card in one["payload"]["richContent"][0]]
    return Said(text["text"]["text"][0], [card["actionLink"] for card in listed])


def as_rasa(url: str, question: str) -> Said:
    """The action server of Rasa."""
    call = {"tracker": {"latest_message": {"text": question}}}
    text, custom = httpx2.post(f"{url}/api/rasa", json=call, timeout=30).json()["responses"]
    return Said(text["text"], [source["url"] for source in custom["custom"]["sources"]])


def as_slack(workspace: Workspace, question: str) -> Said:
    """The slash command of Slack."""
    before = len(workspace.slack.asked)
    assert workspace.command(question).status_code == 200
    blocks = workspace.told(before)["blocks"]
    contexts = [block["elements"] for block in blocks if block["type"] == "context"]
    sources = [re.match(r"<([^|]+)\|\[\d+\] ", element["text"]) for some in contexts for element in some]
    return Said(plain(blocks), [source[1] for source in sources if source])


def as_teams(app: TestClient, signing: Signer, question: str) -> Said:
    """A message in Microsoft Teams, each in a conversation of its own."""
    headers = {"authorization": f"Bearer {signing.token()}"}
    sent = app.post("/teams/messages", json=activity(question, question), headers=headers)
    reply = sent.json()["activities"][0]
    return Said(reply["text"], [one["appearance"]["url"] for one in reply["entities"][0]["citation"]])


def as_widget(page: Page, question: str) -> Said:
    """<impact-chat> on a page."""
    turns = page.locator(".turn").count()
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    turn = page.locator(".turn").nth(turns)
    turn.wait_for()
    return Said("\n".join(turn.evaluate(_LINES)), turn.evaluate(_SOURCES))


HTTP_CHANNELS: Mapping[str, Channel] = {
    "server-sent events": as_events,
    "chat completion": as_chat,
    "chat completion stream": as_chat_stream,
    "markdown model": as_markdown,
    "response": as_response,
    "response stream": as_response_stream,
    "UI messages": as_ui_messages,
    "MCP": as_tool,
    "Python client": as_python,
    "Dialogflow": as_dialogflow,
    "Rasa": as_rasa,
}

# The lines of an answer as the element shows them, its buttons written as the marks that they stand for.
_LINES = """turn => [...turn.querySelectorAll(':scope > p:not(.quiet), :scope > ul > li')].map((line) =>
  (line.localName === "li" ? "- " : "") + [...line.childNodes].map((node) =>
    node.localName === "button" ? `[${node.textContent}]` : node.textContent).join(""))"""

_SOURCES = """turn => [...turn.querySelectorAll('.sources a')]
  .filter((link) => link.textContent.startsWith("[")).map((link) => link.href)"""


def _said_in(response: Any) -> Said:
    (part,) = response.output[0].content
    return Said(response.output_text, [each.url for each in part.annotations])
