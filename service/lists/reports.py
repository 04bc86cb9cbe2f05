"""Members that are reports themselves, or the institutions that reports come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from corpus.entities import tells_filing
from corpus.places import places, within
from corpus.taxonomy import plain, triggers
from corpus.vocabulary import best, stem
from service.evidence import quotes_of
from service.knowledge.knowledge import Knowledge
from service.lists.membership import Candidate, types_at
from service.understanding.understand import Reading

RESEARCHERS_MAX = 3  # that a report is named after
RESEARCHER_PASSAGES_MIN = 3  # of a report, that speak of somebody whose research it is
HOMES_MAX = 2
TITLE_WORDS_MAX = 24  # of the sentence that stands for a title
_REPORTS = r"(?:case stud(?:y|ies)|reports?|documents?|submissions?|papers?|texts?)"
# "Nuffield reports" and "white papers" are not the reports that are asked.
_ASKS_FOR_REPORTS = re.compile(
    r"\bcase stud(?:y|ies)$|^(?:\w+ )?(?:documents?|submissions?|texts?)$|^(?:reports?|papers?)$"
)
# "How many universities do the case studies come from?", "the universities behind these reports".
_ORIGIN = re.compile(
    rf"\b{_REPORTS} (?:\w+ )?(?:come|came|are|were|originate|stem)(?: \w+)? (?:from|by)\b|"
    rf"\b(?:submitted|produced|wrote|written|authored|contributed|behind|from)\b.{{0,20}}\b{_REPORTS}\W*$"
)
# What a question says of a report itself: who handed it in, what it deals with.
_TELLING = frozenset(
    map(
        stem,
        (
            *("submit", "produce", "write", "author", "belong", "deal", "mention", "cover", "concern"),
            *("discuss", "describe", "involve", "include", "feature", "address", "speak", "talk"),
        ),
    )
)


def asks_for_reports(reading: Reading) -> bool:
    """True when the members asked for are the reports themselves."""
    return _ASKS_FOR_REPORTS.search(plain(reading.noun_text)) is not None


def asks_for_origin(reading: Reading) -> bool:
    """True when the institutions that the reports come from are asked for."""
    return reading.kind == "academic" and _ORIGIN.search(plain(reading.question)) is not None


def report_members(reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    """The reports of the institutions named, or about the things and topics named."""
    topic = [
        word
        for word, worth in zip(reading.content, reading.worth, strict=True)
        if word not in _TELLING and word not in reading.noun and worth >= 0.6
    ]
    if reading.places and _names_home(reading) and not topic:
        yield from _from_places(reading, knowledge)
        return
    types = () if topic else _told_types(reading)
    if not topic and not reading.named and not types:
        return
    for document in knowledge.documents.values():
        positions = [i for i, p in enumerate(knowledge.passages) if p.document_id == document.id]
        fitting = [
            i for i in positions if _bears(reading, knowledge, i, topic) and _tells(knowledge, i, types)
        ]
        if fitting:
            yield report_at(fitting[0], knowledge)


def _told_types(reading: Reading) -> tuple[str, ...]:
    """The outcome types that a report must tell of; what the asked noun shows is no such type."""
    shown = {name for name, _, _ in triggers(reading.noun_text, asked=True)}
    return tuple(name for name in reading.outcome_types if name not in shown)


def _tells(knowledge: Knowledge, position: int, types: tuple[str, ...]) -> bool:
    return not types or bool(set(types) & types_at(knowledge, position))


def _from_places(reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    """The reports of institutions whose own name says that they are in a place asked for."""
    for document in knowledge.documents.values():
        for key in sorted(knowledge.homes.get(document.id, ())):
            known = knowledge.entities[key]
            there = [place for place in places(known.name) if _lies_in(place.name, reading)]
            at = [i for i in known.passages if knowledge.passages[i].document_id == document.id]
            if there and at:
                yield report_at(min(at), knowledge)
                break


def _lies_in(name: str, reading: Reading) -> bool:
    return any(within(name, place.name) for place in reading.places)


def _bears(reading: Reading, knowledge: Knowledge, position: int, topic: list[str]) -> bool:
    """True when a passage tells that its report is from the institution named, or has all that is asked."""
    document_id = knowledge.passages[position].document_id
    homes = knowledge.homes.get(document_id, frozenset())
    for name in reading.named:
        if _names_home(reading):
            if not (homes & set(name.keys) and position in _home_passages(knowledge, name.keys)):
                return False
        elif not any(position in knowledge.entities[key].passages for key in name.keys):
            return False
    said = knowledge.words.passage_stems[position]
    return all(best(word, said) >= 0.85 for word in topic)


def _names_home(reading: Reading) -> bool:
    return (
        re.search(r"\b(?:submitted|come|came|produced|written|from|by)\b", plain(reading.question))
        is not None
    )


def _home_passages(knowledge: Knowledge, keys: tuple[str, ...]) -> set[int]:
    return set().union(*(knowledge.entities[key].passages for key in keys))


def origin_members(knowledge: Knowledge) -> Iterator[Candidate]:
    """The institutions that the reports say they come from, each with the line that says so."""
    found: dict[str, Candidate] = {}
    for document_id, keys in knowledge.homes.items():
        for key in sorted(keys):
            known = knowledge.entities[key]
            positions = [i for i in known.passages if knowledge.passages[i].document_id == document_id]
            if known.kind == "academic" and positions:
                candidate = found.setdefault(key, Candidate(known.name, key))
                candidate.positions.append(min(positions))
    yield from found.values()


def report_at(position: int, knowledge: Knowledge) -> Candidate:
    """A report as a member, by one of its passages: its title, whom it speaks of most, and where it comes from."""
    document = knowledge.documents[knowledge.passages[position].document_id]
    homes = homes_of(document.id, knowledge)
    whose = [*_researchers(document.id, knowledge), *homes[:HOMES_MAX]]
    title, at = _title(document.id, knowledge)
    names = ", ".join(knowledge.entities[key].name for key, _ in whose)
    printed = [place for place in (at, *(place for _, place in whose)) if place is not None]
    return Candidate(
        f"{title} ({names})" if names else title,
        None,
        [position],
        also=[quote for place in printed for quote in quotes_of(knowledge.passages[place])],
    )


def homes_of(document_id: str, knowledge: Knowledge) -> list[tuple[str, int]]:
    """The keys of the institutions that a report comes from, as printed, each with the passage that says so."""
    found = []
    for key in knowledge.homes.get(document_id, ()):
        known = knowledge.entities[key]
        at = min(
            (i for i in known.passages if knowledge.passages[i].document_id == document_id), default=None
        )
        if at is not None and known.kind == "academic":
            text = knowledge.passages[at].text
            found.append((min((text.find(form) for form in known.forms if form in text), default=0), key, at))
    return [(key, at) for _, key, at in sorted(found)]


def _title(document_id: str, knowledge: Knowledge) -> tuple[str, int | None]:
    """The title of a report with the passage that prints it; without one, how its first sentence begins."""
    document = knowledge.documents[document_id]
    start = document.text.find(document.title)
    if start >= 0 and not tells_filing(document.title):
        return document.title, knowledge.passage_at(document_id, start)
    first = next(
        (
            i
            for i, passage in enumerate(knowledge.passages)
            if passage.document_id == document_id
            and passage.kind != "heading"
            and not tells_filing(passage.text)
        ),
        None,
    )
    if first is None:
        return document.title, None
    return f"{' '.join(knowledge.passages[first].text.split()[:TITLE_WORDS_MAX])} …", first


def _researchers(document_id: str, knowledge: Knowledge) -> list[tuple[str, int]]:
    """The keys of the people that a report speaks of most, each with the first passage that gives the name in full."""
    inside = [i for i, passage in enumerate(knowledge.passages) if passage.document_id == document_id]
    told = Counter(
        key
        for i in inside
        for key in knowledge.keys_at(i)
        if knowledge.entities[key].kind == "person" and not knowledge.entities[key].name.isupper()
    )
    most = max(told.values(), default=0)
    found = []
    for key, passages in sorted(told.items(), key=lambda item: (-item[1], item[0]))[:RESEARCHERS_MAX]:
        name = knowledge.entities[key].name
        at = next((i for i in inside if name in knowledge.passages[i].text), None)
        if passages >= max(RESEARCHER_PASSAGES_MIN, most / 2) and at is not None:
            found.append((key, at))
    return found
