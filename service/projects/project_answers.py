"""Answers about the projects of imported tables: listed, counted, added up and compared over all rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from corpus.sheets import is_table
from service.evidence import Draft, Member, Refusal
from service.knowledge.knowledge import Knowledge
from service.lists.list_answer import member
from service.lists.members import members
from service.projects.project_claims import dates_of, holds, profile
from service.projects.project_figures import by_group, extreme, figure_of_projects, share
from service.projects.project_matching import AskedOfRows, fitting
from service.projects.project_members import listed
from service.projects.project_question import ProjectQuestion, project_question
from service.projects.project_rows import ProjectRows
from service.projects.project_wording import conditions_of, noun_of
from service.understanding.understand import Reading


def from_project_rows(reading: Reading, knowledge: Knowledge, limit: int) -> Draft | Refusal | None:
    """The answer from rows of imported tables; None when the question is about something else."""
    rows = knowledge.project_rows
    question = project_question(reading, knowledge, rows) if rows.projects else None
    if question is None:
        return None
    found = fitting(question, rows)
    asked = AskedOfRows(question, rows, found, tuple(_from_reports(reading, knowledge)) if found else ())
    return _draft(asked, limit) or _nothing(question, rows)


def _draft(asked: AskedOfRows, limit: int) -> Draft | None:
    match asked.question.operation:
        case "holds":
            return holds(asked.question, asked.rows)
        case "profile":
            return profile(asked.question, asked.rows)
    if not asked.found:
        return None
    match asked.question.operation:
        case "date":
            return dates_of(asked)
        case "total" | "average":
            return figure_of_projects(asked, limit)
        case "most" | "least":
            return extreme(asked)
        case "share":
            return share(asked)
        case "count" if asked.question.group:
            return by_group(asked, limit)
    return listed(asked, limit)


def _nothing(question: ProjectQuestion, rows: ProjectRows) -> Refusal | None:
    """That no row fits, when the question names what the tables know; None leaves it to the reports."""
    if question.operation not in ("list", "count") or not (
        question.places or question.organisations or question.projects
    ):
        return None
    noun = "project" if question.target == "project" else noun_of(question)
    return Refusal(
        "attribute_missing",
        f"The imported tables name no {noun}{conditions_of(question, rows)}; every row was searched.",
    )


def _from_reports(reading: Reading, knowledge: Knowledge) -> Iterable[Member]:
    """The members that reports name, when they speak of what the question names."""
    in_tables = {id for id, document in knowledge.documents.items() if is_table(document.media_type)}
    named = [entity for key in reading.keys for entity in knowledge.entities[key].entities]
    if all(entity.document_id in in_tables for entity in named):
        return
    for candidate in members(replace(reading, intent="list"), knowledge):
        told = [p for p in candidate.positions if knowledge.passages[p].document_id not in in_tables]
        if told:
            yield member(replace(candidate, positions=told), knowledge)
