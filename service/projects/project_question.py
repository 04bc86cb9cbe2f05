"""A question about the projects of imported tables: what it asks for, and which rows it means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from corpus.dates import dates
from corpus.places import Place
from corpus.quantity import quantities
from corpus.sheets import is_table
from corpus.taxonomy import kind_of, plain
from corpus.vocabulary import stem, stems, words
from service.knowledge.knowledge import Knowledge
from service.projects.project_names import named_in_rows, places_in_rows
from service.projects.project_rows import ProjectRows
from service.projects.project_words import asking, has, lexicon
from service.understanding.conditions import Limit
from service.understanding.understand import Reading

Target = Literal["project", "organisation", "country", "year"]
Operation = Literal["list", "count", "total", "average", "most", "least", "share", "date", "holds", "profile"]

_ASKED_NOUN = re.compile(
    r"\b(?:how many|numbers? of|count(?: of)?|which|what|list|name|(?:show|give)(?: me)?|"
    r"who (?:are|were|is|was))"
    r"((?: (?:[\w'&-]+))+)"
)
_GROUP = re.compile(r"\b(?:per|each|every|(?<!ed )(?<!ated )by) (?=(\w+))")
_AFTER_NOUN = re.compile(
    r"\b(?:of|in|from|that|which|who|with|per|by|for|each|every|across|"
    r"do|does|did|has|have|is|are|was|were|coordinat\w+|led)\b"
)


@dataclass(frozen=True)
class ProjectQuestion:
    """What is asked of which rows."""

    operation: Operation
    target: Target
    measure: str = ""  # "contribution", "cost", "participants", "duration"; what is summed or compared
    role: str = ""  # "coordinate" or "participate": of what is asked for
    of_role: str = ""  # the same, of the place or organisation that limits the projects
    label: str = ""  # the tables' name for the kind of organisation asked for
    kind: str = ""  # else its kind
    group: str = ""  # a figure for each of these
    projects: tuple[str, ...] = ()  # keys of the projects named
    organisations: tuple[tuple[str, ...], ...] = ()  # the keys that each named organisation may have
    places: tuple[Place, ...] = ()
    date: str = ""  # "start", "end" or "running": what the period or the answer is about
    period: tuple[str | None, str | None] | None = None
    limit: Limit | None = None
    strict: bool = False  # the limit itself does not pass: "more than 5"
    top: int = (
        0  # how many of the first are asked for: "top 5"; 0 for the first with all that share its place
    )


_STRICT = re.compile(
    r"\b(?:more|less|fewer|larger|greater|higher) than\b|\b(?:over|above|under|below|exceed\w*)\b|[<>]"
)
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TOP = re.compile(
    rf"\b(?:top|which|what) (?P<top>\d{{1,3}}|{'|'.join(_NUMBERS)})\b|"
    rf"\b(?P<of>\d{{1,3}}|{'|'.join(_NUMBERS)})"
    r"(?= (?:most|largest|biggest|highest|longest|smallest|lowest)\b)"
)
_PROGRAMME = re.compile(r"\b(?:h2020|horizon (?:2020|europe)|eu|framework|research) program(?:me)?\b")


def project_question(reading: Reading, knowledge: Knowledge, rows: ProjectRows) -> ProjectQuestion | None:
    """The question, None when it is not one about rows or has a word that no row explains."""
    named = named_in_rows(reading, rows)
    if named is None:
        return None
    projects, organisations = named
    places, placed = places_in_rows(reading, rows)
    names = [*(item.text for item in reading.named), *organisations, *placed]
    text = _PROGRAMME.sub(" ", plain(_without(reading.question, names, reading)))
    top = _TOP.search(text)
    text = re.sub(r"\s+", " ", _TOP.sub(" which top ", text))
    said = {stem(word) for word in words(text)}
    known = frozenset().union(*(stems for group in lexicon().values() for stems in group.values()))
    if any(word not in known and word not in asking() for word in said):
        return None
    if projects and not organisations and _asks_what_it_is(reading, said, projects, knowledge):
        return ProjectQuestion("profile", "project", projects=projects)
    question = _asked(text, said, reading, rows)
    if question is None:
        return None
    question = replace(
        question,
        projects=projects,
        organisations=(*organisations.values(), *placed.values()),
        places=places,
        limit=reading.limit,
        strict=_STRICT.search(plain(reading.question)) is not None,
        top=_number(top["top"] or top["of"]) if top else 0,
    )
    counted = _counting_groups(question, said)
    dated = _with_date(counted, said, reading) if counted else None
    return _with_roles(dated, said) if dated else None


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _NUMBERS.index(written) + 2


def _counting_groups(question: ProjectQuestion, said: set[str]) -> ProjectQuestion | None:
    """ "Which countries coordinate more than 5 projects?" counts projects for each country."""
    if question.limit is None or question.target not in ("organisation", "country") or question.group:
        return question
    if question.limit.money or not said & lexicon()["target"]["project"]:
        return None
    return replace(question, operation="count", target="project", group=question.target)


def _asks_what_it_is(reading: Reading, said: set[str], projects: Iterable[str], knowledge: Knowledge) -> bool:
    """True for "What is LUMEN-3?" when only tables know the project."""
    if reading.intent not in ("define", "describe") or said - asking() - lexicon()["target"]["project"]:
        return False
    documents = (entity.document_id for key in projects for entity in knowledge.entities[key].entities)
    return all(is_table(knowledge.documents[id].media_type) for id in documents)


def _without(text: str, named: list[str], reading: Reading) -> str:
    """The question with its names, places, dates and limits blanked."""
    spans = [(found.start, found.end) for found in dates(text)]
    if reading.limit is not None:
        spans += [(found.start, found.end) for found in quantities(text)]
    chars = list(text)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    blank = "".join(chars)
    for said in [
        *sorted(named, key=len, reverse=True),
        *reading.unknown,
        *(place.text for place in reading.places),
    ]:
        blank = re.sub(rf"(?<!\w){re.escape(said)}(?:['’]s?)?(?!\w)", " ", blank, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", blank)


def _asked(text: str, said: set[str], reading: Reading, rows: ProjectRows) -> ProjectQuestion | None:
    """The operation and the target of the question."""
    group = _group(text)
    noun = _noun(text, group)
    target = _target(noun)
    label, kind = _kind(noun, rows)
    if (label or kind) and target is None:
        target = "organisation"
    measure = next((name for name in ("cost", "contribution") if has(said, "measure", name)), "")
    counts = re.search(r"\bhow many\b|\bnumbers? of\b|\bcount\b", text) is not None
    if kind == "?":
        return None
    base = ProjectQuestion("list", target or "project", label=label, kind=kind, group=group)
    if re.match(r"\W*(?:is|are|was|were|do|does|did|has|have)\b", text):
        return replace(base, operation="holds", target="organisation") if not measure and not counts else None
    if counts and target and not _is_extreme(text, said) and not has(said, "operation", "average"):
        return replace(base, operation="count")
    extreme = _is_extreme(text, said)
    if extreme and (target or group or measure):
        return _extreme(replace(base, operation=extreme), said, measure, counts)
    if has(said, "operation", "share"):
        return replace(base, operation="share") if base.target == "project" and not measure else None
    average = has(said, "operation", "average")
    if average and not measure and has(said, "measure", "participants"):
        return replace(base, operation="average", target="project", measure="participants")
    if re.search(r"\bwhen\b|\b(?:what|which) (?:year|month|date|day)\b|\bdates?\b", text) or (
        re.search(r"\bhow long\b|\bduration\b", text)
    ):
        return replace(base, operation="date", target="project")
    if measure and (re.search(r"\bhow (?:much|large|big|high)\b", text) or target is None or measure in noun):
        operation: Operation = "average" if average else "total"
        return replace(base, operation=operation, target="project", measure=measure)
    if target is None and re.match(r"\W*(?:by )?who(?:m)?\b", text):
        return replace(base, target="organisation")
    return base if target else None


def _group(text: str) -> str:
    """What a figure is asked for each of: "per country", "how many projects does each country ..."."""
    for found in _GROUP.finditer(text):
        following = stem(found[1])
        for name in ("country", "project", "organisation", "company", "year"):
            if following in lexicon()["target"][name]:
                return "organisation" if name == "company" else name
        if following in lexicon()["label"]["university"]:
            return "organisation"
    return ""


def _noun(text: str, group: str) -> str:
    """The noun phrase asked for or counted, without what limits it."""
    for found in _ASKED_NOUN.finditer(text):
        noun = _AFTER_NOUN.split(found[1].strip())[0].strip()
        if noun:
            return noun
    return ""


def _target(noun: str) -> Target | None:
    """The class of the last word of the noun phrase that has one."""
    for word in reversed(words(noun)):
        for name in ("country", "year", "project", "organisation"):
            if stem(word) in lexicon()["target"][name]:
                return name
    return None


def _kind(noun: str, rows: ProjectRows) -> tuple[str, str]:
    """(label, kind) of the organisations asked for; ("", "?") for a kind that the rows cannot tell."""
    said = set(stems(noun))
    for label, asked in lexicon()["label"].items():
        if said & asked and label in rows.labels:
            return label, ""
    if said & lexicon()["target"]["company"]:
        return "", "company"
    kind = kind_of(noun)
    if said & lexicon()["target"]["organisation"] and "academ" not in said:
        return "", ""
    return "", "" if kind in (None, "project") else kind if kind == "academic" and "academ" in said else "?"


def _is_extreme(text: str, said: set[str]) -> Operation | None:
    if re.search(r"\b(?:more|less|fewer|larger|higher|at (?:least|most)) (?:than)?\b", text):
        return None
    for operation in ("most", "least"):
        if has(said, "operation", operation):
            return operation
    return None


def _extreme(question: ProjectQuestion, said: set[str], measure: str, counts: bool) -> ProjectQuestion | None:
    """What is compared: a figure of projects, their dates, or a number of projects or participants."""
    if question.target != "project":
        counted: Target = "project"
        if question.target == "country" and not said & lexicon()["target"]["project"]:
            if not has(said, "measure", "participants"):
                return None
            counted = "organisation"
        return replace(question, target=counted, group=question.target)
    if question.group:
        return question
    if measure:
        return replace(question, measure=measure)
    if said & {stem("longest"), stem("shortest"), stem("duration"), stem("long")}:
        return replace(question, measure="duration")
    if has(said, "measure", "participants"):
        return replace(question, measure="participants")
    if has(said, "date", "start") or has(said, "date", "end"):
        return replace(question, measure="start" if has(said, "date", "start") else "end")
    return None


def _with_date(question: ProjectQuestion, said: set[str], reading: Reading) -> ProjectQuestion | None:
    """The question with what its period is about; None when that is not said."""
    asked = [name for name in ("start", "end") if has(said, "date", name)]
    date = asked[0] if len(asked) == 1 else "both" if asked else ""
    if question.operation == "date":
        return replace(question, date=date or "both")
    if reading.period is None:
        return question
    running = bool(said & {stem("running"), stem("active"), stem("ongoing")})
    if (not date and not running and question.target != "project") or (running and None in reading.period):
        return None
    first, last = reading.period
    if (
        first
        and len(first) == 4
        and re.search(r"\b(?:after|later than) (?:the )?(?:year )?\d", reading.question)
    ):
        first, last = str(int(first) + 1), None
    return replace(question, date="running" if running else date or "start", period=(first, last))


def _with_roles(question: ProjectQuestion, said: set[str]) -> ProjectQuestion | None:
    """The question with the roles of what is asked for and of what limits it."""
    leads = has(said, "role", "coordinate")
    takes_part = bool(said & (lexicon()["role"]["participate"] - {stem("in"), stem("with"), stem("there")}))
    if question.operation == "holds":
        return replace(question, of_role="coordinate" if leads else "participate")
    if question.group in ("country", "organisation") and question.measure in ("contribution", "cost"):
        # The money of a project counts once, for its coordinator: what each participant got is in no row.
        return replace(question, role="coordinate", of_role="coordinate") if leads or not takes_part else None
    if question.target in ("organisation", "country") or question.group in ("organisation", "country"):
        role = "participate" if takes_part or not leads else "coordinate"
        of_role = "coordinate" if leads and role == "participate" else "participate"
        if question.group and leads:
            role = "coordinate"
        return replace(question, role=role, of_role=of_role)
    if question.organisations:
        if question.measure in ("contribution", "cost") and not leads and not takes_part:
            return None  # what an organisation itself got is in no row
        return replace(question, of_role="coordinate" if leads else "participate")
    if question.places:
        named_project = bool(said & lexicon()["target"]["project"])
        if (
            question.measure in ("contribution", "cost")
            and not leads
            and not takes_part
            and not named_project
        ):
            return None
        of_role = "participate" if takes_part and not leads else "coordinate"
        return replace(question, of_role=of_role)
    return question
