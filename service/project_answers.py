"""Answers about the projects of imported tables: listed, counted, added up and compared over all rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.dates import in_range
from corpus.entities import entity_key
from corpus.facts import Fact
from corpus.places import within
from corpus.sheets import is_table
from corpus.taxonomy import plural
from service.evidence import (
    Disagreement,
    Draft,
    Figure,
    Line,
    Member,
    Quote,
    Refusal,
    distinct,
    quote_of_fact,
)
from service.knowledge import Knowledge
from service.list_answer import member
from service.members import members
from service.project_question import ProjectQuestion, project_question
from service.project_rows import ProjectRows
from service.understand import Reading

MEASURES = {"contribution": "EU contribution", "cost": "total cost", "participants": "number of participants"}
_TIES_MAX = 5  # more that share the first place are told by their number


@dataclass(frozen=True)
class Found:
    """A project that fits, with the facts that make it fit."""

    key: str
    name: str
    facts: tuple[Fact, ...]


def from_project_rows(reading: Reading, knowledge: Knowledge, limit: int) -> Draft | Refusal | None:
    """The answer from rows of imported tables; None when the question is about something else."""
    rows = knowledge.project_rows
    if not rows.projects:
        return None
    question = project_question(reading, knowledge, rows)
    if question is None:
        return None
    if question.operation == "holds":
        return _holds(question, rows)
    if question.operation == "profile":
        return _profile(question, rows)
    found = _fitting(question, rows)
    if not found:
        return _nothing(question, rows)
    draft = _Answer(question, rows, found, tuple(_from_reports(reading, knowledge))).draft(limit)
    return draft or _nothing(question, rows)


def _fitting(question: ProjectQuestion, rows: ProjectRows) -> list[Found]:
    """The projects that meet every condition of the question, in the order of the tables."""
    keys = question.projects or _of_organisations(question, rows)
    return [found for key in keys if (found := _fits(key, question, rows)) is not None]


def _of_organisations(question: ProjectQuestion, rows: ProjectRows) -> Iterable[str]:
    """The projects that may fit: those of the organisations named, else all."""
    if not question.organisations:
        return rows.projects
    own = {key for name in question.organisations for org in name for key in rows.of_organisation[org]}
    return [key for key in rows.projects if key in own]


def _fits(key: str, question: ProjectQuestion, rows: ProjectRows) -> Found | None:
    facts: list[Fact] = []
    in_role = rows.leading(key) if question.of_role == "coordinate" else _any_role(key, rows)
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
    return Found(key, rows.projects[key], (*facts, *dated, *figure))


def _any_role(key: str, rows: ProjectRows) -> list[Fact]:
    """One fact for each organisation of the project."""
    facts = [*rows.participating(key), *rows.leading(key)]
    return list({fact.subject_key: fact for fact in reversed(facts)}.values())[::-1]


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
    return (fact,) if _passes(fact.value, question) else None


def _nothing(question: ProjectQuestion, rows: ProjectRows) -> Refusal | None:
    """That no row fits, when the question names what the tables know; None leaves it to the reports."""
    if question.operation not in ("list", "count") or not (
        question.places or question.organisations or question.projects
    ):
        return None
    noun = "project" if question.target == "project" else _noun(question)
    return Refusal(
        "attribute_missing",
        f"The imported tables name no {noun}{_conditions(question, rows)}; every row was searched.",
    )


def _noun(question: ProjectQuestion) -> str:
    """The singular of the organisations that are listed or counted."""
    kinds = {"company": "company", "academic": "academic institution"}
    role = "coordinator" if question.role == "coordinate" else "participant"
    return question.label or kinds.get(question.kind, role)


def _from_reports(reading: Reading, knowledge: Knowledge) -> Iterable[Member]:
    """The members that reports name, when they speak of what the question names: a list is of all documents."""
    in_tables = {id for id, document in knowledge.documents.items() if is_table(document.media_type)}
    named = [entity for key in reading.keys for entity in knowledge.entities[key].entities]
    if all(entity.document_id in in_tables for entity in named):
        return
    for candidate in members(replace(reading, intent="list"), knowledge):
        told = [p for p in candidate.positions if knowledge.passages[p].document_id not in in_tables]
        if told:
            yield member(replace(candidate, positions=told), knowledge)


@dataclass(frozen=True)
class _Answer:
    question: ProjectQuestion
    rows: ProjectRows
    found: list[Found]
    told: tuple[Member, ...]  # members that reports name

    def draft(self, limit: int) -> Draft | None:
        question = self.question
        match question.operation:
            case "date":
                return self._dates()
            case "total" | "average":
                return self._figure(limit)
            case "most" | "least":
                return self._extreme()
            case "share":
                return self._share()
        if question.group and question.operation == "count":
            return self._by_group(limit)
        if question.target == "project":
            return self._list([self._project(found) for found in self.found], "project", limit)
        if question.target == "country":
            return self._list(list(self._countries()), "country", limit)
        if question.target == "organisation":
            return self._organisations(limit)
        return None

    def _project(self, found: Found) -> Member:
        facts = found.facts or tuple(_any_role(found.key, self.rows)[:1]) or self._any_figure(found.key)
        return Member(found.name, "", _quotes(facts), tuple(fact.id for fact in facts))

    def _any_figure(self, key: str) -> tuple[Fact, ...]:
        figures = (self.rows.figure(measure, key) for measure in MEASURES)
        facts = [*figures, *(dates.get(key) for dates in self.rows.dates.values())]
        return tuple(fact for fact in facts if fact is not None)[:1]

    def _people(self) -> list[Fact]:
        """The rows of the organisations asked for, in all projects that fit."""
        question, asked = self.question, []
        named = {key for keys in question.organisations for key in keys}
        for found in self.found:
            leads = question.role == "coordinate"
            asked += self.rows.leading(found.key) if leads else self.rows.participating(found.key)
        return [
            fact
            for fact in asked
            if self.rows.is_kind(fact, question.kind, question.label)
            and fact.subject_key not in named
            and all(within(fact.place, place.name) for place in question.places)
        ]

    def _organisations(self, limit: int) -> Draft | None:
        people = _grouped(self._people(), lambda fact: fact.subject_key or fact.subject)
        members = [
            Member(facts[0].subject, "", _quotes(facts), tuple(fact.id for fact in facts))
            for facts in people.values()
        ]
        draft = self._list(members, _noun(self.question), limit)
        return _with_stated_count(draft, self.question, self.rows) if draft else None

    def _countries(self) -> Iterable[Member]:
        for place, facts in _grouped(self._people(), lambda fact: fact.place).items():
            if place:
                yield Member(place, "", _quotes(facts), tuple(fact.id for fact in facts))

    def _list(self, members: list[Member], noun: str, limit: int) -> Draft | None:
        if not members:
            return None
        named = {entity_key(member.label) for member in members}
        told = [member for member in self.told if entity_key(member.label) not in named]
        members += told
        who = "The tables and reports name" if told else "The tables name"
        shown = members[:limit]
        counted = f"{len(members)} {noun if len(members) == 1 else plural(noun)}"
        conditions = _conditions(self.question, self.rows)
        quotes = distinct([quote for member in shown for quote in member.quotes])
        formula = f"count of the {counted} listed"
        lead = Line(f"{who} {counted}{conditions}:", quotes, computed=f"{formula}{conditions}")
        return Draft(
            lines=(lead,),
            members=tuple(shown),
            figures=(Figure(str(len(members)), float(len(members)), plural(noun), quotes, formula=formula),),
            facts_matched=len({id for member in members for id in member.fact_ids}),
            truncated=len(shown) < len(members),
            note=self._searched(),
        )

    def _searched(self) -> str:
        return f"Every row of the imported tables was searched: {len(self.rows.projects)} projects."

    def _figure(self, limit: int) -> Draft | None:
        """A figure of one project, or the sum or mean of that of all that fit."""
        measure = self.question.measure
        pairs = [(found, fact) for found in self.found if (fact := self.rows.figure(measure, found.key))]
        facts = [fact for _, fact in pairs if fact.value is not None]
        if not facts:
            return None
        if len(pairs) == 1 and self.question.projects:
            return self._single(pairs[0][0], facts[0])
        if self.question.group:
            return self._sums_by_group(pairs, limit)
        units = {fact.unit for fact in facts}
        if len(units) > 1:
            return None
        total = sum(fact.value or 0.0 for fact in facts)
        is_mean = self.question.operation == "average"
        value = round(total / len(facts), 2) if is_mean else total
        what = MEASURES[measure]
        addends = (
            " + ".join(_number(fact.value) for fact in facts) if len(facts) <= 6 else f"{len(facts)} values"
        )
        formula = f"{'mean' if is_mean else 'sum'} of {what} over {len(facts)} projects: {addends}"
        printed = f"{_number(value)} {units.pop()}"
        told = _conditions(self.question, self.rows)
        members = [
            Member(
                found.name,
                f"{_number(fact.value)} {fact.unit}",
                _quotes([fact, *found.facts]),
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
            note=self._searched(),
        )

    def _single(self, found: Found, fact: Fact) -> Draft:
        """The figure of one project; all of them when tables differ."""
        every = list({f.value: f for f in self.rows.figures[self.question.measure][found.key]}.values())
        figures = tuple(_stated(item) for item in every)
        what = MEASURES[self.question.measure]
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

    def _groups(self) -> dict[str, list[Fact]]:
        """One fact for each project or participant, by what they are counted for."""
        question = self.question
        if question.group == "year":
            starts = [fact for found in self.found if (fact := self.rows.dates["start"].get(found.key))]
            return dict(sorted(_grouped(starts, lambda fact: fact.date[:4]).items()))
        if question.group == "project":
            return {found.name: self.rows.participating(found.key) for found in self.found}
        facts = self._people()
        if question.group == "organisation":
            return _grouped(facts, lambda fact: fact.subject)
        if question.target == "project":  # a country counts once for a project
            facts = list({(fact.place, fact.object_key): fact for fact in reversed(facts)}.values())[::-1]
        elif question.target == "organisation":
            facts = list({fact.subject_key: fact for fact in reversed(facts)}.values())[::-1]
        return _grouped([fact for fact in facts if fact.place], lambda fact: fact.place)

    def _by_group(self, limit: int) -> Draft | None:
        groups = sorted(self._groups().items(), key=lambda item: (-len(item[1]), item[0]))
        if self.question.group == "year":
            groups.sort()
        counted = "project" if self.question.target == "project" else _noun(self.question)
        members = [
            self._counted(label, facts, counted)
            for label, facts in groups
            if self.question.limit is None or _passes(len(facts), self.question)
        ]
        if not members:
            return None
        quotes = distinct([quote for member in members for quote in member.quotes])
        kinds = f"{len(members)} {self.question.group if len(members) == 1 else plural(self.question.group)}"
        role = {"coordinate": " coordinated", "participate": " taken part in"}.get(self.question.role, "")
        role = role if counted == "project" and self.question.group != "year" else ""
        text = f"The tables name {plural(counted)}{role}{_conditions(self.question, self.rows)} for {kinds}:"
        return Draft(
            lines=(Line(text, quotes, computed=f"count of rows by {self.question.group}: {text}"),),
            members=tuple(members[:limit]),
            figures=tuple(
                Figure(
                    f"{len(facts)} {counted if len(facts) == 1 else plural(counted)} ({label})",
                    float(len(facts)),
                    plural(counted),
                    _quotes(facts),
                    formula="count of the rows cited",
                )
                for label, facts in groups[:limit]
            ),
            facts_matched=sum(len(facts) for _, facts in groups),
            truncated=len(members) > limit,
            note=self._searched(),
        )

    def _counted(self, label: str, facts: Sequence[Fact], noun: str) -> Member:
        told = f"{len(facts)} {noun if len(facts) == 1 else plural(noun)}"
        ids = tuple(fact.id for fact in facts)
        return Member(label, told, _quotes(facts), ids, computed=f"count of the rows cited: {told}")

    def _sums_by_group(self, pairs: Sequence[tuple[Found, Fact]], limit: int) -> Draft | None:
        figure_of = {found.key: fact for found, fact in pairs}
        sums: dict[str, list[Fact]] = {}
        if self.question.group == "project":
            sums = {found.name: [fact] for found, fact in pairs}
        else:
            for label, facts in self._groups().items():
                keys = dict.fromkeys(fact.object_key or fact.subject_key or "" for fact in facts)
                sums[label] = [figure_of[key] for key in keys if key in figure_of]
        what = MEASURES[self.question.measure]
        members = []
        for label, facts in sorted(
            sums.items(), key=lambda item: (-sum(f.value or 0 for f in item[1]), item[0])
        ):
            if facts:
                total = f"{_number(sum(fact.value or 0 for fact in facts))} {facts[0].unit}"
                formula = f"sum of {what} over {len(facts)} rows: {total}"
                members.append(
                    Member(label, total, _quotes(facts), tuple(f.id for f in facts), computed=formula)
                )
        if not members:
            return None
        quotes = distinct([quote for member in members for quote in member.quotes])
        text = f"The {what}{_conditions(self.question, self.rows)} by {self.question.group}:"
        return Draft(
            (Line(text, quotes, computed=text),),
            members=tuple(members[:limit]),
            facts_matched=len(pairs),
            truncated=len(members) > limit,
            note=self._searched(),
        )

    def _extreme(self) -> Draft | None:
        """The first of the projects, countries or organisations by what is compared."""
        most = self.question.operation == "most"
        if self.question.group:
            counted = self._groups()
            scored = [(float(len(facts)), label, facts) for label, facts in counted.items() if facts]
            what = plural("project" if self.question.target == "project" else _noun(self.question))
        else:
            scored = [item for found in self.found if (item := self._score(found)) is not None]
            what = MEASURES.get(self.question.measure, self.question.measure)
        if not scored:
            return None
        if self.question.top:
            return self._ranked(scored, what)
        top = (max if most else min)(value for value, _, _ in scored)
        first = [(label, facts) for value, label, facts in scored if value == top]
        printed = self._printed(top, first[0][1])
        formula = f"{'largest' if most else 'smallest'} of {len(scored)} by {what}: {printed}"
        names = [label for label, _ in first]
        told = ", ".join(names[:_TIES_MAX])
        told += f" and {len(names) - _TIES_MAX} more" if len(names) > _TIES_MAX else ""
        quotes = distinct([quote for _, facts in first[:_TIES_MAX] for quote in _quotes(facts[:_TIES_MAX])])
        each = " each" if len(names) > 1 else ""
        members = tuple(
            Member(label, printed, _quotes(facts), tuple(f.id for f in facts), computed=formula)
            for label, facts in first
        )
        return Draft(
            lines=(Line(f"{told}: {printed}{each}.", quotes, computed=f"{formula} {told}"),),
            members=members,
            figures=(Figure(printed, top, "", quotes, formula=formula),),
            facts_matched=len(scored),
            members_told=False,
            note=self._searched(),
        )

    def _ranked(self, scored: Sequence[tuple[float, str, list[Fact]]], what: str) -> Draft:
        """The first of a ranking, as many as are asked for, and all that share the last place."""
        sign = -1 if self.question.operation == "most" else 1
        ordered = sorted(scored, key=lambda item: (sign * item[0], item[1]))
        last = ordered[min(self.question.top, len(ordered)) - 1][0]
        shown = [item for item in ordered if sign * item[0] <= sign * last]
        members = []
        for value, label, facts in shown:
            printed = self._printed(value, facts)
            ids = tuple(fact.id for fact in facts)
            members.append(Member(label, printed, _quotes(facts), ids, computed=f"{what}: {printed}"))
        quotes = distinct([quote for member in members for quote in member.quotes])
        end = "largest" if self.question.operation == "most" else "smallest"
        text = f"The {len(members)} {end} of {len(ordered)} by {what}:"
        return Draft(
            (Line(text, quotes, computed=text),),
            tuple(members),
            facts_matched=len(ordered),
            note=self._searched(),
        )

    def _share(self) -> Draft:
        """How many of all projects fit, in percent."""
        count, total = len(self.found), len(self.rows.projects)
        share = round(100 * count / total, 1)
        members = [self._project(found) for found in self.found]
        quotes = distinct([quote for member in members for quote in member.quotes])
        formula = f"{count} of {total} projects = {share} %"
        text = f"{share} % of the projects are{_conditions(self.question, self.rows)}: {count} of {total}."
        figure = Figure(f"{share} %", share, "%", quotes, formula=formula)
        line = Line(text, quotes[:_TIES_MAX], computed=f"{formula} {text}")
        return Draft(
            (line,), tuple(members), (figure,), facts_matched=count, note=self._searched(), members_told=False
        )

    def _score(self, found: Found) -> tuple[float, str, list[Fact]] | None:
        measure, rows = self.question.measure, self.rows
        start, end = rows.dates["start"].get(found.key), rows.dates["end"].get(found.key)
        if measure == "duration":
            if start is None or end is None or (days := _days(start.date, end.date)) is None:
                return None
            return float(days), found.name, [start, end]
        if measure in ("start", "end"):
            fact = start if measure == "start" else end
            day = _ordinal(fact.date) if fact else None
            return (float(day), found.name, [fact]) if fact and day else None
        if measure == "participants" and rows.figure(measure, found.key) is None:
            people = rows.participating(found.key)
            return (float(len(people)), found.name, people) if people else None
        fact = rows.figure(measure, found.key)
        return (fact.value, found.name, [fact]) if fact is not None and fact.value is not None else None

    def _printed(self, value: float, facts: Sequence[Fact]) -> str:
        if self.question.group:
            noun = "project" if self.question.target == "project" else _noun(self.question)
            return f"{int(value)} {noun if value == 1 else plural(noun)}"
        if self.question.measure == "duration":
            return f"from {facts[0].date} to {facts[-1].date}"
        if self.question.measure in ("start", "end"):
            return f"{self.question.measure} {facts[0].date}"
        return f"{_number(value)} {facts[0].unit or 'participants'}".strip()

    def _dates(self) -> Draft | None:
        """When each project starts or ends, or both."""
        asked = ("start", "end") if self.question.date == "both" else (self.question.date,)
        if not self.question.projects:
            return None
        lines, figures = [], []
        for found in self.found:
            facts = [fact for which in asked if (fact := self.rows.dates[which].get(found.key))]
            if not facts:
                continue
            told = ", ".join(f"{fact.predicate} {fact.date}" for fact in facts)
            lines.append(Line(f"{found.name}: {told}.", _quotes(facts), computed=f"{found.name} {told}"))
            figures += [Figure(fact.date, None, "", _quotes([fact])) for fact in facts]
        return Draft(tuple(lines), figures=tuple(figures), facts_matched=len(figures)) if lines else None


def _holds(question: ProjectQuestion, rows: ProjectRows) -> Draft | None:
    """Whether an organisation leads or takes part in a project, with the rows that say so."""
    if len(question.projects) == 1 and len(question.places) == 1 and not question.organisations:
        return _holds_place(question, rows)
    if len(question.projects) != 1 or len(question.organisations) != 1 or question.places:
        return None
    key, leads = question.projects[0], question.of_role == "coordinate"
    facts = rows.leading(key) if leads else _any_role(key, rows)
    own = [fact for fact in facts if fact.subject_key in question.organisations[0]]
    project = rows.projects[key]
    if own:
        text = f"Yes: {own[0].subject} {'coordinates' if leads else 'takes part in'} {project}."
        return Draft((Line(text, _quotes(own[:1]), computed=text),), facts_matched=len(own))
    name = rows.organisations[question.organisations[0][0]]
    if not facts or (not leads and facts == rows.leading(key)):
        return None  # a table without participants tells nothing of who took no part
    text = f"No: {name} is not among the {len(facts)} participants of {project}."
    if leads:
        text = (
            f"No: {project} is coordinated by {' and '.join(fact.subject for fact in facts)}, not by {name}."
        )
    return Draft((Line(text, _quotes(facts), computed=text),), facts_matched=len(facts))


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
        Draft((Line(text, _quotes(there or facts), computed=text),), facts_matched=len(facts))
        if facts
        else None
    )


def _profile(question: ProjectQuestion, rows: ProjectRows) -> Draft | None:
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
                told = _stated(figure).text if measure == "participants" else f"{what} {_stated(figure).text}"
                lines.append(_said(f"{name}: {told}.", [figure]))
    return Draft(tuple(lines), facts_matched=len(lines)) if lines else None


def _said(text: str, facts: Sequence[Fact]) -> Line:
    return Line(text, _quotes(facts), computed=text)


def _with_stated_count(draft: Draft, question: ProjectQuestion, rows: ProjectRows) -> Draft:
    """The draft with the number of participants that the projects table gives, when it is another one."""
    if question.operation != "count" or len(question.projects) != 1 or question.role != "participate":
        return draft
    fact = rows.figure("participants", question.projects[0])
    limited = question.kind or question.label or question.places
    if limited or fact is None or fact.value == draft.figures[0].number:
        return draft
    stated = _stated(fact)
    name = rows.projects[question.projects[0]]
    line = Line(f"{name}: {stated.text}, by the projects table.", stated.quotes, computed=name)
    return Draft(
        lines=(*draft.lines, line),
        members=draft.members,
        figures=(*draft.figures, stated),
        disagreements=(Disagreement(f"participants of {name}", (*draft.figures, stated)),),
        facts_matched=draft.facts_matched,
        truncated=draft.truncated,
        note=draft.note,
    )


def _conditions(question: ProjectQuestion, rows: ProjectRows) -> str:
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
        bound = f"{above} {_number(limit.low)}" if limit.high is None else f"{below} {_number(limit.high)}"
        counted = limit.unit or ("" if limit.money else "projects" if question.group else "participants")
        parts.append(f"with {bound} {counted}".rstrip())
    told = " ".join(part for part in parts if part)
    return f" {told}" if told else ""


def _passes(value: float, question: ProjectQuestion) -> bool:
    limit = question.limit
    if limit is None:
        return True
    if limit.high is None:
        return value > limit.low or (value == limit.low and not question.strict)
    return value < limit.high or (value == limit.high and not question.strict)


def _grouped(facts: Iterable[Fact], key: Callable[[Fact], str]) -> dict[str, list[Fact]]:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[key(fact)].append(fact)
    return dict(groups)


def _quotes(facts: Iterable[Fact]) -> tuple[Quote, ...]:
    return distinct([quote_of_fact(fact) for fact in facts])


def _stated(fact: Fact) -> Figure:
    printed = f"{fact.qualifier} {_number(fact.value)} {fact.unit}".strip()
    return Figure(printed, fact.value, fact.unit, _quotes([fact]), qualifier=fact.qualifier)


def _number(value: float | None) -> str:
    """The figure as people write it: 5,975,589 or 8,263,202.50."""
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def _ordinal(day: str) -> int | None:
    """The number of a day; that of the first day of a month or year."""
    try:
        return date.fromisoformat(day + "-01-01"[len(day) - 4 :]).toordinal()
    except ValueError:
        return None


def _days(first: str, last: str) -> int | None:
    start, end = _ordinal(first), _ordinal(last)
    return end - start if start and end else None
