"""Follow-ups: a question that leans on the conversation becomes one that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.dates import dates
from corpus.taxonomy import kind_of, plain
from service.answer import Answer
from service.follow_ups.ellipsis import completed, corrected, elliptic
from service.follow_ups.follow_up import FollowUp, follow_up
from service.follow_ups.mentions import Mention, mentions
from service.follow_ups.narrowing import some_of, with_question_word
from service.follow_ups.referents import Referent, place_spoken_of, referent, topic
from service.follow_ups.reframing import who_or_what, with_constraint
from service.follow_ups.wording import Wording, closed, is_fragment
from service.knowledge.knowledge import Knowledge
from service.understanding.inflection import AUXILIARIES, in_number, is_plural, possessive

_MORE = re.compile(
    r"(?:(?:please )?(?:can|could) you )?(?:please )?(?:tell me|give me|show me|say|i want to know)? ?"
    r"(?:some |a bit )?more(?: details?| information)?(?: (?:about|on) (?:it|that|this|them))?(?: please)?"
)
_MODAL = re.compile(r"\b(?:did|had|can|could|will|would|may|should) $", re.IGNORECASE)
# "Who set the Norvia Centre up": the particle goes back to its verb, where it is understood.
_PARTED = re.compile(
    r"\b(set|spun|took|bought|sold|built|wound|shut|closed|opened) (.+?) (up|out|off|over|down)$"
)
_EVENT = re.compile(
    r"(?P<wh>when|why|how|where|(?:in|since) (?:which|what) (?:year|month)|(?:which|what) year)"
    r" (?:(?:was|is) (?:that|this)|did (?:that|this|it) (?:happen|occur|take place|come about))"
)


def standalone(question: str, history: Sequence[Answer], knowledge: Knowledge) -> str:
    """The question with what it leaves to the conversation filled in; itself when it stands alone.

    What has a name or enough words of its own stays as it is, byte for byte. Only what the knowledge or the
    answers have names for is filled in: known names fit three times as often as words of earlier turns.
    """
    asked = follow_up(question, history, knowledge)
    if asked is None:
        return question
    for rewritten in (corrected, some_of, _more, _of_event, _resolved, elliptic, completed):
        found = rewritten(asked)
        if found:
            return closed(found)
    return question


# "It", "their", "that company"


def _more(follow_up: FollowUp) -> str | None:
    found = topic(follow_up.turns)
    return f"Tell me about {found.text}" if found and _MORE.fullmatch(plain(follow_up.asked.text)) else None


def _of_event(follow_up: FollowUp) -> str | None:
    """What the last question spoke of, asked for its time or cause: "When was that?"."""
    match = _EVENT.fullmatch(plain(follow_up.asked.text))
    if match is None:
        return None
    wh = re.sub(r"^(which|what) year$", r"in \1 year", match["wh"])
    return with_question_word(follow_up.frame, wh.capitalize(), follow_up.answer)


def _resolved(follow_up: FollowUp) -> str | None:
    """The question with what its pronouns stand for."""
    asked = follow_up.asked
    text, there = asked.text, _there(follow_up)
    if there:
        return there
    found: list[tuple[Mention, Referent]] = []
    for mention in mentions(asked):
        new = _said(mention, follow_up, [each.text for _, each in found])
        if new is not None:
            found.append((mention, new))
    if not found:
        return None
    for mention, new in reversed(found):
        text = _put(text, mention, new)
    text = _PARTED.sub(r"\1 \3 \2", text)
    new_wording = follow_up.of(text)
    return _as_question(new_wording, follow_up) if is_fragment(new_wording) else text


def _there(follow_up: FollowUp) -> str | None:
    """The question with the place, or the organisation, that "there" stands for."""
    match = re.search(r"(?<!is )(?<!are )(?<!was )(?<!were ) there$", follow_up.asked.text)
    if match is None or follow_up.asked.own_names:
        return None
    place = place_spoken_of(follow_up.turns)
    found = topic(follow_up.turns)
    where = place or (f"at {found.text}" if found and found.kind != "person" else "")
    return f"{follow_up.asked.text[: match.start()]} {where}" if where else None


def _said(mention: Mention, follow_up: FollowUp, taken: Sequence[str]) -> Referent | None:
    """What a mention stands for, with its noun for "those patents"."""
    if not mention.noun:
        return referent(mention.wanted, follow_up.turns, () if mention.owns else taken)
    if mention.noun in {"year", "month", "date", "period"}:
        found = [date for turn in follow_up.turns[:1] for date in dates(turn.answer.answer)]
        return Referent(found[0].value) if found else None
    turn = follow_up.turns[0]
    plural = mention.wanted.number == "many"
    if turn.listed and plain(turn.wording.noun).endswith(plain(mention.noun)):
        return turn.listed
    if len(turn.members) == 1 and turn.members[0].kind == kind_of(mention.noun):
        return turn.members[0]
    owner = topic(follow_up.turns)
    return Referent(f"{possessive(owner.text)} {mention.noun}", plural=plural) if owner else None


def _put(text: str, mention: Mention, new: Referent) -> str:
    """The text with the mention said out; the auxiliary beside it follows its number."""
    before, after = text[: mention.start], text[mention.end :]
    if mention.owns:
        return f"{before}{possessive(new.text)}{after}"
    auxiliary = re.search(r"(\w+) $", before)
    if auxiliary and plain(auxiliary[1]) in AUXILIARIES:
        before = f"{before[: auxiliary.start()]}{in_number(auxiliary[1], new.plural)} "
    elif (
        not new.plural and mention.wanted.number == "many" and not mention.noun and not _MODAL.search(before)
    ):
        after = re.sub(r"^ (\w+)", lambda match: f" {in_number(match[1], plural=False)}", after)
    return f"{before}{new.text}{after}"


def _as_question(new: Wording, follow_up: FollowUp) -> str | None:
    """The fragment as a question: "What is LUMEN-3's budget"; one like "to LUMEN-3" in the last question."""
    if new.tokens and new.tokens[0].pos == "ADP":
        return with_constraint(follow_up.frame, new, follow_up.knowledge)
    if re.match(r"(?:how|which|what|who|when|where|why)\b", plain(new.text)):
        return new.text
    return f"{who_or_what(_head(new.text))} {'are' if is_plural(new.text) else 'is'} {new.text}"


def _head(phrase: str) -> str:
    return re.split(r" (?:of|in|for|from|at)\b", phrase)[0]
