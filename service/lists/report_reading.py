"""Members that are the research reported on: of each report, the passage about what is named that answers best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from corpus.aliases import initials
from corpus.taxonomy import plain
from index.reader import PassageReader
from service.evidence import Draft, quotes_of
from service.knowledge.knowledge import Knowledge
from service.lists.list_answer import list_answer
from service.lists.membership import Candidate
from service.lists.reports import homes_of, report_at
from service.lookups.reranking import read_at
from service.lookups.support import place_at
from service.understanding.inflection import is_plural
from service.understanding.named import Named
from service.understanding.understand import Reading

READ_MAX = 120  # passages that name what is asked about, which takes less than a second
READ_OF_REPORT_MAX = 8
ODDS_MIN = -5.0  # log-odds below which a passage is about something else
ODDS_BEHIND_MAX = 7.0  # how far in log-odds a report may be behind the likeliest one
HOMES_SHARE_MIN = 0.5  # of the reports, that have to say whose research they report
REPORTS_MIN = 2

_RESEARCH = re.compile(
    r"^\W*(?:in |for )?(?:which|what|whose|name|list|how many)(?: of)?(?: the| these| all the)? (?:[\w-]+ ){0,2}?"
    r"(?:research|work|projects?|studies|findings|documents)\b"
    r"(?! (?:groups?|cent(?:re|er)s?|teams?|institutes?|councils?|partners?|grants?|funds?|money|areas?|papers?))"
)
_INSTITUTIONS = re.compile(
    r"^\W*(?:which|what|how many)(?: of the)? (?:uk |british )?(?:universit(?:y|ies)|institutions)\b"
)
_ORIGIN = re.compile(r"\b(?:come|comes|came|submitted|produced|written|authored) (?:from|by)\b")


def asks_for_research(reading: Reading, knowledge: Knowledge) -> bool:
    """True when the members asked for are pieces of research, each the matter of one report, or whose they are.

    Only where most reports say which institution they come from, as case studies do: others report on many projects.
    """
    told = len(knowledge.homes)
    if told < REPORTS_MIN or told < HOMES_SHARE_MIN * len(knowledge.documents):
        return False
    question = plain(reading.question)
    asked = _RESEARCH.search(question) or _INSTITUTIONS.search(question)
    if _ORIGIN.search(question):
        return False
    names = bool(reading.named or reading.places) and not _names_home(reading, knowledge)
    return asked is not None and names and reading.intent in {"list", "who", "quantity"}


def _names_home(reading: Reading, knowledge: Knowledge) -> bool:
    """True when the question names an institution that a report comes from: its partners are no such members."""
    return bool(reading.keys & frozenset().union(*knowledge.homes.values()))


def research_answer(
    reading: Reading, knowledge: Knowledge, reader: PassageReader | None, limit: int
) -> Draft | None:
    """The list of the research that what is asked is true of; None for fewer than two pieces."""
    bearing = _bearing(reading, knowledge)
    found = _members(reading, knowledge, bearing[:READ_MAX], reader) if reader and bearing else []
    if len(found) < REPORTS_MIN:
        return None
    told = reading if is_plural(reading.noun_text) else replace(reading, noun_text="pieces of research")
    reports, read = (
        len({knowledge.passages[at].document_id for at in some}) for some in (bearing, bearing[:READ_MAX])
    )
    note = f"Of {reports} reports that name this, {read} were read." if read < reports else ""
    return replace(list_answer(told, knowledge, found, limit), note=note)


def _members(
    reading: Reading, knowledge: Knowledge, positions: Sequence[int], reader: PassageReader
) -> list[Candidate]:
    """The reports, or their institutions, that what is asked is true of, in the order of the documents."""
    best: dict[str, tuple[float, int]] = {}
    for position, read in zip(
        positions, read_at(reading.question, knowledge, positions, reader), strict=True
    ):
        document_id = knowledge.passages[position].document_id
        if document_id not in best or read.answers > best[document_id][0]:
            best[document_id] = (read.answers, position)
    top = max(odds for odds, _ in best.values())
    least = max(ODDS_MIN, top - ODDS_BEHIND_MAX)
    told = sorted(position for odds, position in best.values() if odds >= least)
    if _INSTITUTIONS.search(plain(reading.question)):
        return _of_homes(told, knowledge)
    return [report_at(at, knowledge) for at in told]


def _bearing(reading: Reading, knowledge: Knowledge) -> list[int]:
    """The passages that name all that the question names: first one of each report, then a second of each, and so on."""
    named = [_passages_naming(name, knowledge) for name in reading.named]
    of_report: Counter[str] = Counter()
    found: list[tuple[int, int]] = []
    for position, passage in enumerate(knowledge.passages):
        if passage.kind == "heading" or of_report[passage.document_id] >= READ_OF_REPORT_MAX:
            continue
        if all(position in naming for naming in named) and all(
            place_at(place.name, knowledge, position) for place in reading.places
        ):
            found.append((of_report[passage.document_id], position))
            of_report[passage.document_id] += 1
    return [position for _, position in sorted(found)]


def _passages_naming(name: Named, knowledge: Knowledge) -> set[int]:
    """The passages with any form of a name, its initials, or the name that it is the initials of.

    "BBC2" and "BBC Radio 4" are the BBC.
    """
    known = [knowledge.entities[key] for key in name.keys]
    forms = {name.text, *(form for entity in known for form in entity.forms)}
    short = {form for form in forms if re.fullmatch(r"[A-Z]{2,6}", form)}
    short |= {initials(form) for form in forms} - {""}
    found = set().union(*(entity.passages for entity in known))
    if not short:
        return found
    printed = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(short)))})\d?(?!\w)")
    for other in knowledge.entities.values():
        if any(form in short or initials(form) in short for form in other.forms):
            found |= other.passages
    return found | {i for i, passage in enumerate(knowledge.passages) if printed.search(passage.text)}


def _of_homes(positions: Sequence[int], knowledge: Knowledge) -> list[Candidate]:
    """The institutions that the reports of some passages come from."""
    found: dict[str, Candidate] = {}
    for position in positions:
        for key, at in homes_of(knowledge.passages[position].document_id, knowledge):
            candidate = found.setdefault(key, Candidate(knowledge.entities[key].name, key))
            candidate.positions.append(position)
            candidate.also += quotes_of(knowledge.passages[at])
    return list(found.values())
