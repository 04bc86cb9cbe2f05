"""Follow-ups: a question that leans on the conversation becomes one that stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from service.answer import Answer
from service.knowledge import Knowledge


def standalone(question: str, history: Sequence[Answer], knowledge: Knowledge) -> str:
    """The question with what it leaves to the conversation filled in; itself when it stands alone."""
    return question
