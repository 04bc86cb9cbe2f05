"""What a question takes for granted: that the deed it asks about is told, each name on its side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.quantity import quantities
from corpus.taxonomy import plain
from service.deeds.deed_fit import asked_deeds, contradicts, deeds_at, holds, is_reversed, passages_of
from service.deeds.deed_frames import Deed
from service.evidence import Draft, Refusal, quote_of
from service.knowledge.knowledge import Knowledge
from service.understanding.understand import Reading

_PRESUPPOSES = re.compile(r"\W*(?:why|when|how|where|(?:in )?(?:what|which) (?:year|month))\b")


def bearing(reading: Reading, knowledge: Knowledge) -> Mapping[int, Sequence[Deed]] | None:
    """The deeds that bear what a question asks about, by position; None when any sentence may bear it.

    Only deeds whose words say another thing with the sides swapped are looked at ("bought", "sued").
    An amount asked for must stand in the words of the deed itself.
    """
    asked = _asked(reading, knowledge)
    describes = reading.intent == "describe" and not _PRESUPPOSES.match(plain(reading.question))
    if not asked or describes or reading.more or reading.intent in {"yes_no", "compare", "define"}:
        return None
    found: dict[int, list[Deed]] = {}
    for position in passages_of(reading, knowledge):
        for told in deeds_at(position, knowledge, asked[0].frame):
            if holds(asked[0], told) and not told.negated and (reading.asks_for != "money" or _paid(told)):
                found.setdefault(position, []).append(told)
    return found


def tells_such(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when a passage has a deed of the asked sort, whoever did it to whom."""
    return any(deeds_at(position, knowledge, asked.frame) for asked in _asked(reading, knowledge)[:1])


def _asked(reading: Reading, knowledge: Knowledge) -> list[Deed]:
    """The strict deeds of the question between names, not "pay for the licence"."""
    asked = asked_deeds(reading, knowledge) if reading.named else []
    return [deed for deed in asked if deed.strict and deed.main and not deed.things]


def _paid(told: Deed) -> set[float]:
    return {item.value for item in quantities(told.text) if item.kind == "money"}


def is_paid(told: Sequence[Deed], value: float | None) -> bool:
    """True when an amount stands in the words of a deed."""
    return any(value in _paid(deed) for deed in told)


def cites(found: Draft, positions: Mapping[int, Sequence[Deed]], knowledge: Knowledge) -> bool:
    """True when a line of the draft rests on one of the passages."""
    quoted = {
        knowledge.passage_at(quote.document_id, quote.start) for line in found.lines for quote in line.quotes
    }
    return bool(quoted & set(positions))


def unsupported(reading: Reading, knowledge: Knowledge) -> Refusal:
    """Why a deed that no report tells is not answered, with the sentence that tells it the other way."""
    asked = _asked(reading, knowledge)[0]
    doer, other = (_called(asked, side, knowledge) for side in asked.two_sides)
    told = [
        position
        for position in passages_of(reading, knowledge)
        if any(
            is_reversed(asked, deed) or contradicts(asked, deed, knowledge)
            for deed in deeds_at(position, knowledge, asked.frame)
        )
    ]
    names = " and ".join(dict.fromkeys(knowledge.entities[name.keys[0]].name for name in reading.named))
    are = "is" if len(reading.named) == 1 else "are"
    no_amount = reading.asks_for == "money" and _is_told(asked, reading, knowledge)
    presupposes = _PRESUPPOSES.match(plain(reading.question)) is not None
    return Refusal(
        "unsupported_premise" if presupposes else "attribute_missing",
        f"{names} {are} mentioned in the reports; that {asked.said(doer or 'anybody', other or 'anything')} "
        f"is not said{', the other way round it is' if told else ''}"
        f"{' with an amount' if no_amount else ''}.",
        tuple(quote_of(knowledge.passages[position]) for position in told[:3]),
    )


def _is_told(asked: Deed, reading: Reading, knowledge: Knowledge) -> bool:
    return any(
        holds(asked, deed)
        for position in passages_of(reading, knowledge)
        for deed in deeds_at(position, knowledge, asked.frame)
    )


def _called(asked: Deed, side: str, knowledge: Knowledge) -> str:
    keys = sorted(asked.sides.get(side, ()))
    return " or ".join(knowledge.entities[key].name if key in knowledge.entities else key for key in keys)
