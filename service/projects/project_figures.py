"""Figures worked out over the projects that fit: sums, means, shares, counts for each group, rankings."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.facts import Fact
from corpus.taxonomy import plural
from service.evidence import Draft, Figure, Line, Member, distinct
from service.projects.project_claims import single
from service.projects.project_matching import AskedOfRows, FittingProject, passes, people, searched
from service.projects.project_members import project_member
from service.projects.project_wording import (
    MEASURES,
    conditions_of,
    days_between,
    grouped,
    noun_of,
    number,
    ordinal,
    quotes_from,
)

_TIES_MAX = 5  # more that share the first place are told by their number
_ADDENDS_MAX = 6  # a formula shows these; of more it tells the number


def figure_of_projects(asked: AskedOfRows, limit: int) -> Draft | None:
    """A figure of one project, or the sum or mean of that of all that fit."""
    measure = asked.question.measure
    pairs = [(found, fact) for found in asked.found if (fact := asked.rows.figure(measure, found.key))]
    facts = [fact for _, fact in pairs if fact.value is not None]
    if not facts:
        return None
    if len(pairs) == 1 and asked.question.projects:
        return single(asked, pairs[0][0], facts[0])
    if asked.question.group:
        return _sums_by_group(asked, pairs, limit)
    units = {fact.unit for fact in facts}
    if len(units) > 1:
        return None
    total = sum(fact.value or 0.0 for fact in facts)
    is_mean = asked.question.operation == "average"
    value = round(total / len(facts), 2) if is_mean else total
    what = MEASURES[measure]
    addends = (
        " + ".join(number(fact.value) for fact in facts)
        if len(facts) <= _ADDENDS_MAX
        else f"{len(facts)} values"
    )
    formula = f"{'mean' if is_mean else 'sum'} of {what} over {len(facts)} projects: {addends}"
    printed = f"{number(value)} {units.pop()}"
    told = conditions_of(asked.question, asked.rows)
    members = [
        Member(
            found.name,
            f"{number(fact.value)} {fact.unit}",
            quotes_from([fact, *found.facts]),
            (fact.id, *(other.id for other in found.facts)),
        )
        for found, fact in pairs
    ]
    quotes = distinct([quote for member in members for quote in member.quotes])
    verb = "on average" if is_mean else "in all"
    counted = f"{len(facts)} project{'' if len(facts) == 1 else 's'}"
    lead = Line(
        f"The {what} of the {counted}{told} is {printed} {verb}:",
        quotes,
        computed=f"{formula} = {printed}{told}",
    )
    return Draft(
        lines=(lead,),
        members=tuple(members[:limit]),
        figures=(Figure(printed, value, facts[0].unit, quotes, formula=formula),),
        facts_matched=len(facts),
        truncated=len(members) > limit,
        note=searched(asked),
    )


def by_group(asked: AskedOfRows, limit: int) -> Draft | None:
    """How many there are for each country, organisation, project or year."""
    groups = sorted(_groups(asked).items(), key=lambda item: (-len(item[1]), item[0]))
    if asked.question.group == "year":
        groups.sort()
    counted = "project" if asked.question.target == "project" else noun_of(asked.question)
    members = [
        _counted(asked, label, facts, counted)
        for label, facts in groups
        if asked.question.limit is None or passes(len(facts), asked.question)
    ]
    if not members:
        return None
    quotes = distinct([quote for member in members for quote in member.quotes])
    kinds = f"{len(members)} {asked.question.group if len(members) == 1 else plural(asked.question.group)}"
    role = {"coordinate": " coordinated", "participate": " taken part in"}.get(asked.question.role, "")
    role = role if counted == "project" and asked.question.group != "year" else ""
    text = f"The tables name {plural(counted)}{role}{conditions_of(asked.question, asked.rows)} for {kinds}:"
    return Draft(
        lines=(Line(text, quotes, computed=f"count of rows by {asked.question.group}: {text}"),),
        members=tuple(members[:limit]),
        figures=tuple(
            Figure(
                f"{len(facts)} {counted if len(facts) == 1 else plural(counted)} ({label})",
                float(len(facts)),
                plural(counted),
                quotes_from(facts),
                formula="count of the rows cited",
            )
            for label, facts in groups[:limit]
        ),
        facts_matched=sum(len(facts) for _, facts in groups),
        truncated=len(members) > limit,
        note=searched(asked),
    )


def share(asked: AskedOfRows) -> Draft:
    """How many of all projects fit, in percent."""
    count, total = len(asked.found), len(asked.rows.projects)
    share = round(100 * count / total, 1)
    members = [project_member(asked, found) for found in asked.found]
    quotes = distinct([quote for member in members for quote in member.quotes])
    formula = f"{count} of {total} projects = {share} %"
    text = f"{share} % of the projects are{conditions_of(asked.question, asked.rows)}: {count} of {total}."
    figure = Figure(f"{share} %", share, "%", quotes, formula=formula)
    line = Line(text, quotes[:_TIES_MAX], computed=f"{formula} {text}")
    return Draft(
        (line,), tuple(members), (figure,), facts_matched=count, note=searched(asked), members_told=False
    )


def extreme(asked: AskedOfRows) -> Draft | None:
    """The first of the projects, countries or organisations by what is compared."""
    most = asked.question.operation == "most"
    if asked.question.group:
        counted = _groups(asked)
        scored = [(float(len(facts)), label, facts) for label, facts in counted.items() if facts]
        what = plural("project" if asked.question.target == "project" else noun_of(asked.question))
    else:
        scored = [item for found in asked.found if (item := _score(asked, found)) is not None]
        what = MEASURES.get(asked.question.measure, asked.question.measure)
    if not scored:
        return None
    if asked.question.top:
        return _ranked(asked, scored, what)
    top = (max if most else min)(value for value, _, _ in scored)
    first = [(label, facts) for value, label, facts in scored if value == top]
    printed = _printed(asked, top, first[0][1])
    formula = f"{'largest' if most else 'smallest'} of {len(scored)} by {what}: {printed}"
    names = [label for label, _ in first]
    told = ", ".join(names[:_TIES_MAX])
    told += f" and {len(names) - _TIES_MAX} more" if len(names) > _TIES_MAX else ""
    quotes = distinct([quote for _, facts in first[:_TIES_MAX] for quote in quotes_from(facts[:_TIES_MAX])])
    each = " each" if len(names) > 1 else ""
    members = tuple(
        Member(label, printed, quotes_from(facts), tuple(f.id for f in facts), computed=formula)
        for label, facts in first
    )
    return Draft(
        lines=(Line(f"{told}: {printed}{each}.", quotes, computed=f"{formula} {told}"),),
        members=members,
        figures=(Figure(printed, top, "", quotes, formula=formula),),
        facts_matched=len(scored),
        members_told=False,
        note=searched(asked),
    )


def _ranked(asked: AskedOfRows, scored: Sequence[tuple[float, str, list[Fact]]], what: str) -> Draft:
    """The first of a ranking, as many as are asked for, and all that share the last place."""
    sign = -1 if asked.question.operation == "most" else 1
    ordered = sorted(scored, key=lambda item: (sign * item[0], item[1]))
    last = ordered[min(asked.question.top, len(ordered)) - 1][0]
    shown = [item for item in ordered if sign * item[0] <= sign * last]
    members = []
    for value, label, facts in shown:
        printed = _printed(asked, value, facts)
        ids = tuple(fact.id for fact in facts)
        members.append(Member(label, printed, quotes_from(facts), ids, computed=f"{what}: {printed}"))
    quotes = distinct([quote for member in members for quote in member.quotes])
    end = "largest" if asked.question.operation == "most" else "smallest"
    text = f"The {len(members)} {end} of {len(ordered)} by {what}:"
    return Draft(
        (Line(text, quotes, computed=text),),
        tuple(members),
        facts_matched=len(ordered),
        note=searched(asked),
    )


def _score(asked: AskedOfRows, found: FittingProject) -> tuple[float, str, list[Fact]] | None:
    measure, rows = asked.question.measure, asked.rows
    start, end = rows.dates["start"].get(found.key), rows.dates["end"].get(found.key)
    if measure == "duration":
        if start is None or end is None or (days := days_between(start.date, end.date)) is None:
            return None
        return float(days), found.name, [start, end]
    if measure in ("start", "end"):
        fact = start if measure == "start" else end
        day = ordinal(fact.date) if fact else None
        return (float(day), found.name, [fact]) if fact and day else None
    if measure == "participants" and rows.figure(measure, found.key) is None:
        people = rows.participating(found.key)
        return (float(len(people)), found.name, people) if people else None
    fact = rows.figure(measure, found.key)
    return (fact.value, found.name, [fact]) if fact is not None and fact.value is not None else None


def _printed(asked: AskedOfRows, value: float, facts: Sequence[Fact]) -> str:
    if asked.question.group:
        noun = "project" if asked.question.target == "project" else noun_of(asked.question)
        return f"{int(value)} {noun if value == 1 else plural(noun)}"
    if asked.question.measure == "duration":
        return f"from {facts[0].date} to {facts[-1].date}"
    if asked.question.measure in ("start", "end"):
        return f"{asked.question.measure} {facts[0].date}"
    return f"{number(value)} {facts[0].unit or 'participants'}".strip()


def _groups(asked: AskedOfRows) -> dict[str, list[Fact]]:
    """One fact for each project or participant, by what they are counted for."""
    question = asked.question
    if question.group == "year":
        starts = [fact for found in asked.found if (fact := asked.rows.dates["start"].get(found.key))]
        return dict(sorted(grouped(starts, lambda fact: fact.date[:4]).items()))
    if question.group == "project":
        return {found.name: asked.rows.participating(found.key) for found in asked.found}
    facts = people(asked)
    if question.group == "organisation":
        return grouped(facts, lambda fact: fact.subject)
    if question.target == "project":  # a country counts once for a project
        facts = list({(fact.place, fact.object_key): fact for fact in reversed(facts)}.values())[::-1]
    elif question.target == "organisation":
        facts = list({fact.subject_key: fact for fact in reversed(facts)}.values())[::-1]
    return grouped([fact for fact in facts if fact.place], lambda fact: fact.place)


def _counted(asked: AskedOfRows, label: str, facts: Sequence[Fact], noun: str) -> Member:
    told = f"{len(facts)} {noun if len(facts) == 1 else plural(noun)}"
    ids = tuple(fact.id for fact in facts)
    return Member(label, told, quotes_from(facts), ids, computed=f"count of the rows cited: {told}")


def _sums_by_group(
    asked: AskedOfRows, pairs: Sequence[tuple[FittingProject, Fact]], limit: int
) -> Draft | None:
    figure_of = {found.key: fact for found, fact in pairs}
    sums: dict[str, list[Fact]] = {}
    if asked.question.group == "project":
        sums = {found.name: [fact] for found, fact in pairs}
    else:
        for label, facts in _groups(asked).items():
            keys = dict.fromkeys(fact.object_key or fact.subject_key or "" for fact in facts)
            sums[label] = [figure_of[key] for key in keys if key in figure_of]
    what = MEASURES[asked.question.measure]
    members = []
    for label, facts in sorted(sums.items(), key=lambda item: (-sum(f.value or 0 for f in item[1]), item[0])):
        if facts:
            total = f"{number(sum(fact.value or 0 for fact in facts))} {facts[0].unit}"
            formula = f"sum of {what} over {len(facts)} rows: {total}"
            members.append(
                Member(label, total, quotes_from(facts), tuple(f.id for f in facts), computed=formula)
            )
    if not members:
        return None
    quotes = distinct([quote for member in members for quote in member.quotes])
    text = f"The {what}{conditions_of(asked.question, asked.rows)} by {asked.question.group}:"
    return Draft(
        (Line(text, quotes, computed=text),),
        members=tuple(members[:limit]),
        facts_matched=len(pairs),
        truncated=len(members) > limit,
        note=searched(asked),
    )
