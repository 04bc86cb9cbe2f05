"""Rows about projects in words: figures, conditions, nouns, and the quotes they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from corpus.facts import Fact
from service.evidence import Figure, Quote, distinct, quote_of_fact
from service.projects.project_question import ProjectQuestion
from service.projects.project_rows import ProjectRows

MEASURES = {"contribution": "EU contribution", "cost": "total cost", "participants": "number of participants"}


def noun_of(question: ProjectQuestion) -> str:
    """The singular of the organisations that are listed or counted."""
    kinds = {"company": "company", "academic": "academic institution"}
    role = "coordinator" if question.role == "coordinate" else "participant"
    return question.label or kinds.get(question.kind, role)


def conditions_of(question: ProjectQuestion, rows: ProjectRows) -> str:
    """The conditions in words, to be read behind what is counted: " coordinated in France"."""
    parts = []
    leads = question.of_role == "coordinate"
    if question.target != "project" or question.group:
        coordinating = question.role == "coordinate" and question.target == "country"
        parts.append("coordinating projects" if coordinating and not question.projects else "")
    if question.projects:
        parts.append("of " + " and ".join(dict.fromkeys(rows.projects[key] for key in question.projects)))
    for keys in question.organisations:
        name = " or ".join(dict.fromkeys(rows.organisations[key] for key in keys))
        shared = question.target != "project"
        led = f"coordinated by {name}" if leads else f"with {name} as a participant"
        parts.append(f"of projects {led}" if shared else led)
    for place in question.places:
        led = "coordinated in" if leads else "with participants in"
        parts.append(f"{led} {place.name}" if question.target == "project" else f"in {place.name}")
    if question.period is not None:
        first, last = question.period
        when = f"in {first} to {last}"
        if first == last:
            when = f"in {first}"
        elif not (first and last):
            when = f"in {first} or later" if first else f"in {last} or earlier"
        verb = {"end": "that ended", "running": "that ran"}.get(question.date, "that started")
        parts.append(f"{verb} {when}" if question.target == "project" else f"of projects {verb} {when}")
    if question.limit is not None:
        limit = question.limit
        above = "over" if question.strict else "at least"
        below = "under" if question.strict else "at most"
        bound = f"{above} {number(limit.low)}" if limit.high is None else f"{below} {number(limit.high)}"
        counted = limit.unit or ("" if limit.money else "projects" if question.group else "participants")
        parts.append(f"with {bound} {counted}".rstrip())
    told = " ".join(part for part in parts if part)
    return f" {told}" if told else ""


def grouped(facts: Iterable[Fact], key: Callable[[Fact], str]) -> dict[str, list[Fact]]:
    """The facts by their key, in the order in which keys first occur."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[key(fact)].append(fact)
    return dict(groups)


def quotes_from(facts: Iterable[Fact]) -> tuple[Quote, ...]:
    """The quotes of the facts, each once."""
    return distinct([quote_of_fact(fact) for fact in facts])


def stated(fact: Fact) -> Figure:
    """The figure of a fact, printed."""
    printed = f"{fact.qualifier} {number(fact.value)} {fact.unit}".strip()
    return Figure(printed, fact.value, fact.unit, quotes_from([fact]), qualifier=fact.qualifier)


def number(value: float | None) -> str:
    """The figure as people write it: 5,975,589 or 8,263,202.50."""
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def ordinal(day: str) -> int | None:
    """The number of a day; that of the first day of a month or year."""
    try:
        return date.fromisoformat(day + "-01-01"[len(day) - 4 :]).toordinal()
    except ValueError:
        return None


def days_between(first: str, last: str) -> int | None:
    """The days between two dates; None when one is no date."""
    start, end = ordinal(first), ordinal(last)
    return end - start if start and end else None
