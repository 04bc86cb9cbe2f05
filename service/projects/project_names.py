"""The names of a question as the rows of imported tables have them: projects, organisations, places."""

from __future__ import annotations

import re

from corpus.places import Place
from corpus.vocabulary import words
from service.projects.project_rows import ProjectRows
from service.projects.project_words import is_plain
from service.understanding.named import Named
from service.understanding.understand import Reading

# A name that ends in a place: "University of Norvia", "Klinikum Halden".
_NAME_BEFORE = r"[A-Z][\w'-]*(?: (?:of|de|di|the|and|for|in|[A-Z][\w'-]*))* "


_Called = dict[str, tuple[str, ...]]  # the keys that an organisation's name may stand for


def named_in_rows(reading: Reading, rows: ProjectRows) -> tuple[tuple[str, ...], _Called] | None:
    """The projects named, and the organisations by their names; None when a name is neither."""
    projects: list[str] = []
    organisations: dict[str, tuple[str, ...]] = {}
    for item in reading.named:
        found = _projects_called(item, rows)
        if found:
            projects += found
        elif not is_plain(item.text):
            keys = tuple(key for key in item.keys if key in rows.organisations)
            name, keys = _longest(item.text, reading.question, keys, rows)
            if not keys:
                return None
            organisations[name] = keys
    for name in reading.unknown:
        keys = _called(name, rows)
        if keys:
            organisations[name] = keys
        elif not is_plain(name):
            return None
    return tuple(projects), organisations


def _longest(
    name: str, question: str, keys: tuple[str, ...], rows: ProjectRows
) -> tuple[str, tuple[str, ...]]:
    """The name with the capitalised words behind it that still name an organisation, and whom it names."""
    found = re.search(rf"{re.escape(name)}(?: (?:(?:of|de|for|and|the) )*[A-Z][\w'-]*)+", question)
    longer = found[0].split() if found else []
    while len(longer) > len(name.split()):
        called = _called(" ".join(longer), rows)
        if called:
            return " ".join(longer), called
        longer.pop()
    return name, keys or _called(name, rows)


def _projects_called(item: Named, rows: ProjectRows) -> list[str]:
    """The projects of a name; those that are spelt exactly so, when several differ in capitals only."""
    keys = [key for key in item.keys if key in rows.projects]
    return [key for key in keys if rows.projects[key] == item.text] or keys


def _called(name: str, rows: ProjectRows) -> tuple[str, ...]:
    """The organisations whose names hold these words in a row: "University of X" in "Scholars of the ..."."""
    asked = f" {' '.join(words(name))} "
    return tuple(
        key
        for key, full in rows.organisations.items()
        if asked.strip() and asked in f" {' '.join(words(full))} "
    )


def places_in_rows(reading: Reading, rows: ProjectRows) -> tuple[tuple[Place, ...], _Called]:
    """The places that limit the answer, and the organisations whose names end in one; never the funder."""
    limiting: list[Place] = []
    placed: dict[str, tuple[str, ...]] = {}
    for place in reading.places:
        name = re.search(_NAME_BEFORE + re.escape(place.text), reading.question)
        keys = _called(name[0], rows) if name else ()
        if name and keys:
            placed[name[0]] = keys
        elif not is_plain(place.text):
            limiting.append(place)
    return tuple(limiting), placed
