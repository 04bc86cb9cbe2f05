"""Decisions: what a person said about a fact, and what facts become by it.

A decision is kept with the fact as it was read. It holds for whatever facts say the same in the same sentence
when the document is read again, wherever that sentence has moved to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, ValidationError

from corpus.entities import entity_key
from corpus.facts import Correction, Fact, Review
from corpus.selectors import Record, locate
from corpus.taxonomy import ENTITY_KINDS, OUTCOME_TYPES

Verdict = Literal["accept", "reject", "correct"]
Changes = Mapping[str, str | float | None]

CORRECTABLE = (
    *("outcome_type", "subject", "subject_type", "predicate", "object", "object_type"),
    *("value", "value_max", "unit", "qualifier", "value_text", "project", "place", "date"),
    *("polarity", "modality", "basis"),
)
BY_CHARS_MAX, NOTE_CHARS_MAX, CHANGE_CHARS_MAX = 100, 2000, 500
_NUMBERS = frozenset({"value", "value_max"})
_CLOSED = {"outcome_type": OUTCOME_TYPES, "subject_type": tuple(ENTITY_KINDS)}
_SAYS = ("outcome_type", "subject", "predicate", "object", "value", "value_max", "unit", "date")
_REVIEWS: dict[Verdict, Review] = {"accept": "accepted", "reject": "rejected", "correct": "accepted"}
_DATE = re.compile(r"(?:\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class InvalidDecision(ValueError):
    """A decision that cannot be taken; `field` is what is wrong with it."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem} {remedy}")
        self.field, self.problem, self.remedy = field, problem, remedy


class Decision(Record):
    """What one person decided about one fact, when and why."""

    id: str  # "dec_" and 16 hex digits
    fact_id: str
    document_id: str
    source_name: str
    decision: Verdict
    changes: dict[str, str | float | None] = Field(default_factory=dict)
    by: str
    at: str  # ISO 8601, UTC
    note: str = ""
    claim: Fact  # as it was read, before any decision


def checked_changes(fact: Fact, verdict: Verdict, changes: Changes) -> dict[str, str | float | None]:
    """The changes with what follows from them: a new figure is told in new words and drops its old hedge.

    Raises InvalidDecision for a correction without changes, changes without a correction, a field that cannot
    be corrected, or a value that its field cannot hold.
    """
    if bool(changes) != (verdict == "correct"):
        problem = "A correction changes something." if not changes else f"To {verdict} changes nothing."
        raise InvalidDecision("changes", problem, "Send changes with the decision 'correct', and only then.")
    for field, value in changes.items():
        _check_change(field, value)
    whole = _with_figure(fact, {field: _typed(field, value) for field, value in changes.items()})
    try:
        Fact.model_validate(fact.model_dump() | whole)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidDecision(
            f"changes.{first['loc'][0]}", f"{first['msg']}.", "Send such a value."
        ) from error
    return whole


def check_words(field: str, text: str, chars_max: int, required: bool = False) -> None:
    """Raises InvalidDecision for a text that is too long, holds control characters, or is missing."""
    if required and not text.strip():
        raise InvalidDecision(field, "It is empty.", "Say who decides.")
    if len(text) > chars_max:
        raise InvalidDecision(field, f"It has {len(text)} characters.", f"Send at most {chars_max}.")
    if _CONTROL.search(text):
        raise InvalidDecision(field, "It holds a control character.", "Send one line of plain text.")


def covered(decision: Decision, text: str, facts: Sequence[Fact]) -> list[Fact]:
    """The facts, as read, that a decision is about: those that say what it was made about, where it stood.

    One sentence is often read in several ways ("X employs 45 people" as a deed and as a figure); a decision
    about one of them holds for all that make the same claim, and for a row whose project got its name since.
    None when the sentence or the claim is gone.
    """
    span = locate(text, decision.claim.selector)
    if span is None:
        return []
    here = [fact for fact in facts if fact.selector.start < span[1] and span[0] < fact.selector.end]
    return [
        fact
        for fact in here
        if _says(fact) == _says(decision.claim)
        or _claims_same(fact, decision.claim)
        or (fact.origin == "imported" and fact.id == decision.fact_id)
    ]


def decided(fact: Fact, decisions: Sequence[Decision]) -> Fact:
    """The fact, as read, with the decisions about it applied, oldest first; corrections add up."""
    review, fields = fact.review, {}
    corrections: dict[str, Correction] = {}
    for decision in decisions:
        review = _REVIEWS[decision.decision]
        for field, now in _carried(decision, fact).items():
            fields[field] = now
            corrections[field] = Correction(
                field=field,
                was=_printed(getattr(fact, field)),
                now=_printed(now),
                by=decision.by,
                at=decision.at,
                note=decision.note,
            )
    kept = tuple(correction for correction in corrections.values() if correction.was != correction.now)
    for role in ("subject", "object"):
        if role in fields and (role == "subject" or fact.object_key or fields.get("object_type")):
            fields[f"{role}_key"] = entity_key(str(fields[role])) or None
    more = {
        "review": review,
        "corrections": kept,
        "decisions": tuple(decision.id for decision in decisions),
        "origin": "curated" if kept else fact.origin,
    }
    return Fact.model_validate(fact.model_dump() | fields | more)


def _check_change(field: str, value: str | float | None) -> None:
    if field not in CORRECTABLE:
        raise InvalidDecision(
            f"changes.{field}",
            "This field cannot be corrected.",
            f"Correct some of: {', '.join(CORRECTABLE)}.",
        )
    if isinstance(value, str):
        check_words(f"changes.{field}", value, CHANGE_CHARS_MAX)
    if field in _CLOSED and value not in _CLOSED[field]:
        raise InvalidDecision(
            f"changes.{field}", f"{value!r} is unknown.", f"Send one of: {', '.join(_CLOSED[field])}."
        )
    if field == "date" and not _DATE.fullmatch(str(value or "")):
        raise InvalidDecision(
            "changes.date",
            f"{value!r} is no date.",
            "Send a year, month or day: 2015, 2015-12 or 2015-12-31.",
        )


def _typed(field: str, value: str | float | None) -> str | float | None:
    """The value as its field holds it: nothing is None for a number and "" for words; "47" is a number."""
    if field not in _NUMBERS:
        return "" if value is None else value
    if isinstance(value, str):
        try:
            return float(value) if value.strip() else None
        except ValueError:
            raise InvalidDecision(
                f"changes.{field}", f"{value!r} is no number.", "Send a plain number such as 7000 or 15.8."
            ) from None
    return value


def _with_figure(fact: Fact, changes: dict[str, str | float | None]) -> dict[str, str | float | None]:
    if not changes.keys() & {"value", "value_max", "unit", "qualifier"}:
        return changes
    old = {} if "value" not in changes else {"value_max": None, "qualifier": ""}
    whole = old | changes
    figure = {
        name: whole.get(name, getattr(fact, name)) for name in ("qualifier", "value", "value_max", "unit")
    }
    return {"value_text": _figure_text(**figure)} | whole


def _figure_text(qualifier: str, value: float | None, value_max: float | None, unit: str) -> str:
    """A figure as a report would print it, without what it counts: "over 47", "GBP 3,000,000", "16 %"."""
    if value is None:
        return ""
    numbers = " to ".join(f"{number:,.12g}" for number in (value, value_max) if number is not None)
    is_money = re.fullmatch(r"[A-Z]{3}", unit) is not None
    figure = f"{unit} {numbers}" if is_money else f"{numbers} %" if unit == "%" else numbers
    return figure + qualifier if qualifier == "+" else f"{qualifier} {figure}".strip()


def _says(fact: Fact) -> tuple[object, ...]:
    return tuple(getattr(fact, field) for field in _SAYS)


def _claims_same(fact: Fact, claim: Fact) -> bool:
    """True when two readings of a sentence tell the same: one figure, or one thing of the same subject."""
    same_subject = fact.subject.casefold() == claim.subject.casefold()
    if fact.outcome_type != claim.outcome_type or not same_subject:
        return False
    if fact.value is not None and claim.value is not None:
        return _figure(fact) == _figure(claim)
    figured, other = (fact, claim) if fact.value is not None else (claim, fact)
    if figured.value is not None and figured.value_text in other.object:
        return True
    if figured.value is not None and figured.object_key is None:
        return False  # the "people" of one figure are those of another too
    one, two = fact.object.casefold(), claim.object.casefold()
    return bool(one and two) and (one in two or two in one)


def _figure(fact: Fact) -> tuple[object, ...]:
    return fact.value, fact.value_max, fact.unit


def _carried(decision: Decision, fact: Fact) -> dict[str, str | float | None]:
    """What a decision changes in a fact; another reading changes where it said what the first one did."""
    claim = decision.claim
    if _says(fact) == _says(claim):
        return dict(decision.changes)
    carried = {
        field: now
        for field, now in decision.changes.items()
        if getattr(fact, field) == getattr(claim, field) and (field not in _NUMBERS or fact.value is not None)
    }
    for field in ("value_text", "object"):
        was, now = getattr(claim, field), decision.changes.get(field)
        if now and was and was in fact.object and "object" not in carried:
            carried["object"] = fact.object.replace(was, str(now), 1)
    return carried


def _printed(value: str | float | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.15g}"
