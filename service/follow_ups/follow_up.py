"""A question in its conversation: what it leans on, and what it brings itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answer import Answer
from service.follow_ups.referents import Turn
from service.follow_ups.wording import Wording, worded
from service.knowledge.knowledge import Knowledge

_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|also|ok(?:ay)?|then|now)\b[, ]*)+(?:(?:what|how) about |also |then )?|"
    r"^(?:what|how) about |"
    r"^(?:the )?same (?:question )?(?=for )|^any (?=[\w -]+s\?*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FollowUp:
    """A question in its conversation."""

    asked: Wording  # without "and", "what about"
    led: bool  # it had one of them
    marked: bool  # it ends with a question mark
    turns: Sequence[Turn]  # the earlier turns that bring something up, the last one first
    frame: Wording  # the last question proper
    knowledge: Knowledge

    @property
    def answer(self) -> str:
        """The one thing that the last turn was answered with, "" when there were none or several."""
        members = self.turns[0].members if self.turns else ()
        return members[0].text if len(members) == 1 else ""

    def of(self, text: str) -> Wording:
        return worded(text, self.knowledge)


def follow_up(question: str, history: Sequence[Answer], knowledge: Knowledge) -> FollowUp | None:
    """The question with the turns it may lean on, None when nothing proper was asked before."""
    proper = [answer for answer in history if answer.reason not in {"not_a_question", "off_topic"}]
    if not proper:
        return None
    text = question.strip()
    bare = _LEAD.sub("", text, count=1)
    turns = [Turn(answer, knowledge) for answer in reversed(proper)]
    return FollowUp(
        asked=worded(bare, knowledge),
        led=bare != text,
        marked=text.endswith("?"),
        turns=[turn for turn in turns if turn.answer.status == "answered" or turn.names] or turns,
        frame=turns[0].wording,
        knowledge=knowledge,
    )
