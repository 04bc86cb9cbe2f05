"""Lists over the projects that fit: projects, organisations, countries; each member cites its rows."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.entities import entity_key
from corpus.facts import Fact
from corpus.taxonomy import plural
from service.evidence import Draft, Figure, Line, Member, distinct
from service.projects.project_claims import with_stated_count
from service.projects.project_matching import AskedOfRows, FittingProject, any_role, people, searched
from service.projects.project_wording import MEASURES, conditions_of, grouped, noun_of, quotes_from


def listed(asked: AskedOfRows, limit: int) -> Draft | None:
    """The list that is asked for, None when it has no member."""
    match asked.question.target:
        case "project":
            return _list(asked, [project_member(asked, found) for found in asked.found], "project", limit)
        case "country":
            return _list(asked, list(_countries(asked)), "country", limit)
        case "organisation":
            return _organisations(asked, limit)
    return None


def project_member(asked: AskedOfRows, found: FittingProject) -> Member:
    """The project with the rows that make it fit."""
    facts = found.facts or tuple(any_role(found.key, asked.rows)[:1]) or _any_figure(asked, found.key)
    return Member(found.name, "", quotes_from(facts), tuple(fact.id for fact in facts))


def _any_figure(asked: AskedOfRows, key: str) -> tuple[Fact, ...]:
    figures = (asked.rows.figure(measure, key) for measure in MEASURES)
    facts = [*figures, *(dates.get(key) for dates in asked.rows.dates.values())]
    return tuple(fact for fact in facts if fact is not None)[:1]


def _organisations(asked: AskedOfRows, limit: int) -> Draft | None:
    named = grouped(people(asked), lambda fact: fact.subject_key or fact.subject)
    members = [
        Member(facts[0].subject, "", quotes_from(facts), tuple(fact.id for fact in facts))
        for facts in named.values()
    ]
    draft = _list(asked, members, noun_of(asked.question), limit)
    return with_stated_count(draft, asked.question, asked.rows) if draft else None


def _countries(asked: AskedOfRows) -> Iterable[Member]:
    for place, facts in grouped(people(asked), lambda fact: fact.place).items():
        if place:
            yield Member(place, "", quotes_from(facts), tuple(fact.id for fact in facts))


def _list(asked: AskedOfRows, members: list[Member], noun: str, limit: int) -> Draft | None:
    if not members:
        return None
    named = {entity_key(member.label) for member in members}
    told = [member for member in asked.told if entity_key(member.label) not in named]
    members += told
    who = "The tables and reports name" if told else "The tables name"
    shown = members[:limit]
    counted = f"{len(members)} {noun if len(members) == 1 else plural(noun)}"
    conditions = conditions_of(asked.question, asked.rows)
    quotes = distinct([quote for member in shown for quote in member.quotes])
    formula = f"count of the {counted} listed"
    lead = Line(f"{who} {counted}{conditions}:", quotes, computed=f"{formula}{conditions}")
    return Draft(
        lines=(lead,),
        members=tuple(shown),
        figures=(Figure(str(len(members)), float(len(members)), plural(noun), quotes, formula=formula),),
        facts_matched=len({id for member in members for id in member.fact_ids}),
        truncated=len(shown) < len(members),
        note=searched(asked),
    )
