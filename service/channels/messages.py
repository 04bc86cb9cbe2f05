"""A conversation as chat clients send it: all messages each time; the last one of the user is the question."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from service.errors import InvalidInput

# What chat front ends ask of the same model behind the user's back, and what they read in its reply.
_CHORE = re.compile(
    r"^\W*(?:task:|(?:please )?(?:generate|create|write|suggest|provide|summari[sz]e|analy[sz]e|determine)\b"
    r"[^.\n]{0,120}\b(?:titles?|tags?|follow[- ]?ups?|emojis?|search quer(?:y|ies)|chat history|conversation)\b)",
    re.IGNORECASE,
)
_CHORES = (("follow_ups", r"follow[- ]?up"), ("tags", r"\btags?\b"), ("queries", r"\bquer(?:y|ies)\b"))
_TITLE_CHARS = 60


class Message(BaseModel):
    """One message; `content` is text or parts of which some are text."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """What the message says, its pictures and files left out."""
        if isinstance(self.content, list):
            return "\n".join(str(part.get("text", "")) for part in self.content if part.get("text"))
        return self.content or ""


def questions(messages: Sequence[Message]) -> list[str]:
    """What the user has asked, oldest first. Raises InvalidInput when that is nothing."""
    asked = [message.text.strip() for message in messages if message.role == "user" and message.text.strip()]
    if not asked:
        raise InvalidInput("messages", "No message of the user holds text.", "Send one with role 'user'.")
    return asked


def chore_reply(question: str) -> str | None:
    """The reply to a front end's own request for a title, tags or the like; None for a question."""
    if not _CHORE.match(question):
        return None
    task = question[:400].lower()
    for name, pattern in _CHORES:
        if re.search(pattern, task):
            return json.dumps({name: []})
    first = re.search(r"^\W*user:\s*(.+)$", question, re.IGNORECASE | re.MULTILINE)
    title = first[1].strip() if first else "Questions to the reports"
    return json.dumps({"title": title[:_TITLE_CHARS]})
