"""What the rows say of one project, in sentences: yes or no, dates, a figure, a profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.facts import Fact
from corpus.places import within
from service.evidence import Disagreement, Draft, Figure, Line
from service.projects.project_matching import AskedOfRows, FittingProject, any_role
from service.projects.project_question import ProjectQuestion
from service.projects.project_rows import ProjectRows
from service.projects.project_wording import MEASURES, quotes_from, stated


def holds(question: ProjectQuestion, rows: ProjectRows) -> Draft | None:
    """Whether an organisation leads or takes part in a project, with the rows that say so."""
    if len(question.projects) == 1 and len(question.places) == 1 and not question.organisations:
        return _holds_place(question, rows)
    if len(question.projects) != 1 or len(question.organisations) != 1 or question.places:
        return None
    key, leads = question.projects[0], question.of_role == "coordinate"
    facts = rows.leading(key) if leads else any_role(key, rows)
    own = [fact for fact in facts if fact.subject_key in question.organisations[0]]
    project = rows.projects[key]
    if own:
        text = f"Yes: {own[0].subject} {'coordinates' if leads else 'takes part in'} {project}."
        return Draft((Line(text, quotes_from(own[:1]), computed=text),), facts_matched=len(own))
    name = rows.organisations[question.organisations[0][0]]
    if not facts or (not leads and facts == rows.leading(key)):
        return None  # a table without participants tells nothing of who took no part
    text = f"No: {name} is not among the {len(facts)} participants of {project}."
    if leads:
        text = (
            f"No: {project} is coordinated by {' and '.join(fact.subject for fact in facts)}, not by {name}."
        )
    return Draft((Line(text, quotes_from(facts), computed=text),), facts_matched=len(facts))


def _holds_place(question: ProjectQuestion, rows: ProjectRows) -> Draft | None:
    """Whether a project has a participant or its coordinator in a place."""
    key, place, leads = question.projects[0], question.places[0].name, question.of_role == "coordinate"
    facts = rows.leading(key) if leads else rows.participating(key)
    there = [fact for fact in facts if within(fact.place, place)]
    who = "the coordinator" if leads else "a participant"
    text = f"Yes: {rows.projects[key]} has {who} in {place}."
    if not there:
        text = f"No: none of the {len(facts)} participants of {rows.projects[key]} is in {place}."
        if leads:
            text = f"No: {rows.projects[key]} is coordinated in {' and '.join(f.place for f in facts)}."
    return (
        Draft((Line(text, quotes_from(there or facts), computed=text),), facts_matched=len(facts))
        if facts
        else None
    )


def profile(question: ProjectQuestion, rows: ProjectRows) -> Draft | None:
    """What the rows say of a project: who leads it, when it runs, what it gets and how many take part."""
    lines = []
    for key in question.projects:
        name = rows.projects[key]
        for leader in rows.leading(key):
            place = f" ({leader.place})" if leader.place else ""
            lines.append(_said(f"{name} is coordinated by {leader.subject}{place}.", [leader]))
        days = [fact for which in ("start", "end") if (fact := rows.dates[which].get(key))]
        if days:
            told = " and ".join(f"{fact.predicate}s on {fact.date}" for fact in days)
            lines.append(_said(f"{name} {told}.", days))
        for measure, what in MEASURES.items():
            figure = rows.figure(measure, key)
            if figure is not None:
                told = stated(figure).text if measure == "participants" else f"{what} {stated(figure).text}"
                lines.append(_said(f"{name}: {told}.", [figure]))
    return Draft(tuple(lines), facts_matched=len(lines)) if lines else None


def dates_of(asked: AskedOfRows) -> Draft | None:
    """When each project starts or ends, or both."""
    dates = ("start", "end") if asked.question.date == "both" else (asked.question.date,)
    if not asked.question.projects:
        return None
    lines, figures = [], []
    for found in asked.found:
        facts = [fact for which in dates if (fact := asked.rows.dates[which].get(found.key))]
        if not facts:
            continue
        told = ", ".join(f"{fact.predicate} {fact.date}" for fact in facts)
        lines.append(Line(f"{found.name}: {told}.", quotes_from(facts), computed=f"{found.name} {told}"))
        figures += [Figure(fact.date, None, "", quotes_from([fact])) for fact in facts]
    return Draft(tuple(lines), figures=tuple(figures), facts_matched=len(figures)) if lines else None


def single(asked: AskedOfRows, found: FittingProject, fact: Fact) -> Draft:
    """The figure of one project; all of them when tables differ."""
    every = list({f.value: f for f in asked.rows.figures[asked.question.measure][found.key]}.values())
    figures = tuple(stated(item) for item in every)
    what = MEASURES[asked.question.measure]
    lines = tuple(
        Line(
            f"{found.name}: {what} {figure.text}.",
            figure.quotes,
            computed=f"{what} {figure.text} {found.name}",
        )
        for figure in figures
    )
    about = f"{what} of {found.name}"
    differ = (Disagreement(about, figures),) if len(figures) > 1 else ()
    return Draft(lines, figures=figures, disagreements=differ, facts_matched=len(every))


def with_stated_count(draft: Draft, question: ProjectQuestion, rows: ProjectRows) -> Draft:
    """The draft with the number of participants that the projects table gives, when it is another one."""
    if question.operation != "count" or len(question.projects) != 1 or question.role != "participate":
        return draft
    fact = rows.figure("participants", question.projects[0])
    limited = question.kind or question.label or question.places
    if limited or fact is None or fact.value == draft.figures[0].number:
        return draft
    stated_figure = stated(fact)
    name = rows.projects[question.projects[0]]
    line = Line(f"{name}: {stated_figure.text}, by the projects table.", stated_figure.quotes, computed=name)
    return replace(
        draft,
        lines=(*draft.lines, line),
        figures=(*draft.figures, stated_figure),
        disagreements=(Disagreement(f"participants of {name}", (*draft.figures, stated_figure)),),
    )


def _said(text: str, facts: Sequence[Fact]) -> Line:
    return Line(text, quotes_from(facts), computed=text)
