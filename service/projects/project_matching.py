"""The projects of imported tables that meet every condition of a question, and the rows that say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.dates import in_range
from corpus.facts import Fact
from corpus.places import within
from service.evidence import Member
from service.projects.project_question import ProjectQuestion
from service.projects.project_rows import ProjectRows


@dataclass(frozen=True)
class FittingProject:
    """A project that fits, with the facts that make it fit."""

    key: str
    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class AskedOfRows:
    """A question with the rows it is asked of, the projects that fit, and members that reports name."""

    question: ProjectQuestion
    rows: ProjectRows
    found: list[FittingProject]
    told: tuple[Member, ...] = ()


def fitting(question: ProjectQuestion, rows: ProjectRows) -> list[FittingProject]:
    """The projects that meet every condition of the question, in the order of the tables."""
    keys = question.projects or _of_organisations(question, rows)
    return [found for key in keys if (found := _fits(key, question, rows)) is not None]


def people(asked: AskedOfRows) -> list[Fact]:
    """The rows of the organisations asked for, in all projects that fit."""
    question, rows = asked.question, asked.rows
    every: list[Fact] = []
    named = {key for keys in question.organisations for key in keys}
    for found in asked.found:
        leads = question.role == "coordinate"
        every += rows.leading(found.key) if leads else rows.participating(found.key)
    return [
        fact
        for fact in every
        if rows.is_kind(fact, question.kind, question.label)
        and fact.subject_key not in named
        and all(within(fact.place, place.name) for place in question.places)
    ]


def searched(asked: AskedOfRows) -> str:
    """How much was searched, as the coverage of an answer says it."""
    return f"Every row of the imported tables was searched: {len(asked.rows.projects)} projects."


def any_role(key: str, rows: ProjectRows) -> list[Fact]:
    """One fact for each organisation of the project."""
    facts = [*rows.participating(key), *rows.leading(key)]
    return list({fact.subject_key: fact for fact in reversed(facts)}.values())[::-1]


def passes(value: float, question: ProjectQuestion) -> bool:
    """True when a figure passes the test of the question."""
    limit = question.limit
    if limit is None:
        return True
    if limit.high is None:
        return value > limit.low or (value == limit.low and not question.strict)
    return value < limit.high or (value == limit.high and not question.strict)


def _of_organisations(question: ProjectQuestion, rows: ProjectRows) -> Iterable[str]:
    """The projects that may fit: those of the organisations named, else all."""
    if not question.organisations:
        return rows.projects
    own = {key for name in question.organisations for org in name for key in rows.of_organisation[org]}
    return [key for key in rows.projects if key in own]


def _fits(key: str, question: ProjectQuestion, rows: ProjectRows) -> FittingProject | None:
    facts: list[Fact] = []
    in_role = rows.leading(key) if question.of_role == "coordinate" else any_role(key, rows)
    for keys in question.organisations:
        own = [fact for fact in in_role if fact.subject_key in keys]
        if not own:
            return None
        facts += own[:1]
    if question.target == "project" and question.group == "":
        for place in question.places:
            there = [fact for fact in in_role if within(fact.place, place.name)]
            if not there:
                return None
            facts += there
    dated = _in_period(key, question, rows)
    figure = _within_limit(key, question, rows)
    if dated is None or figure is None:
        return None
    return FittingProject(key, rows.projects[key], (*facts, *dated, *figure))


def _in_period(key: str, question: ProjectQuestion, rows: ProjectRows) -> tuple[Fact, ...] | None:
    """The facts that put the project into the period asked for; None when it is outside."""
    if question.period is None:
        return ()
    first, last = question.period
    start, end = rows.dates["start"].get(key), rows.dates["end"].get(key)
    if question.date == "running":
        runs = start and end and start.date <= f"{last or '9999'}~" and end.date >= (first or "")
        return (start, end) if runs and start and end else None
    fact = end if question.date == "end" else start
    return (fact,) if fact is not None and in_range(fact.date, first, last) else None


def _within_limit(key: str, question: ProjectQuestion, rows: ProjectRows) -> tuple[Fact, ...] | None:
    """The figure of the project that passes the test of the question; None when it does not."""
    limit = question.limit
    if limit is None or question.target != "project" or question.group:
        return ()
    measure = question.measure or ("contribution" if limit.money or limit.unit else "participants")
    fact = rows.figure(measure, key)
    if fact is None or fact.value is None:
        return None
    return (fact,) if passes(fact.value, question) else None
