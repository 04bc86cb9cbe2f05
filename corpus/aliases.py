"""Different names of one thing: abbreviations, short forms, acronyms and surnames.

Each finder maps the key of the alias to the key of the entity that it is another name of.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

from corpus.passages import Passage
from corpus.places import places
from corpus.registry import Registry
from corpus.taxonomy import name_words, plain

INITIALS_MIN = 3  # fewer stand for too many things
_SMALL = frozenset({"the", "of", "for", "and", "in"})


def abbreviations(passages: Sequence[Passage], registry: Registry) -> dict[str, str]:
    """Long form's key by abbreviation's key, from "Long Name (LN)" whose letters are its initials."""
    aliases = {}
    for number, mentions in registry.by_passage.items():
        text = passages[number].text
        for long, short in pairwise(mentions):
            between = text[long.end : short.start]
            bracketed = (
                between.strip() in {"(", '("', "('"}
                and text[short.end : short.end + 2].lstrip("\"'")[:1] == ")"
            )
            if bracketed and _are_initials(short.text, long.text):
                aliases[short.key] = long.key
            elif (
                re.fullmatch(r",?\s+(?:the\s+)?", between)
                and "," in between
                and _are_initials(long.text, short.text)
            ):
                aliases[long.key] = short.key
    return aliases


def initials(name: str) -> str:
    """ "MRC" of "Medical Research Council", "GSK" of "GlaxoSmithKline"; "" for a name of fewer than three such parts."""
    words = [word for word in re.findall(r"[^\W_]+", name) if word.lower() not in _SMALL]
    if len(words) == 1 and len(capitals := re.findall(r"[A-Z](?=[a-z])", words[0])) >= INITIALS_MIN:
        return "".join(capitals)
    spelt = len(words) >= INITIALS_MIN and all(word[0].isupper() and not word.isupper() for word in words)
    return "".join(word[0] for word in words) if spelt else ""


def _are_initials(short: str, long: str) -> bool:
    """True when the capitals of `short` are the first letters of words of `long`, in order."""
    letters = [char for char in short if char.isalpha()]
    if not 2 <= len(letters) <= 10 or len(short) >= len(long) or sum(char.isupper() for char in letters) < 2:
        return False
    initials = [match[0][0].lower() for match in re.finditer(r"[^\W_]+", long)]
    position = 0
    for letter in (char.lower() for char in letters if char.isupper()):
        try:
            position = initials.index(letter, position) + 1
        except ValueError:
            return False
    return initials[0] == letters[0].lower()


def short_names(registry: Registry) -> dict[str, str]:
    """Full name's key by short name's key, where the words left out only say "company" and fit one name."""
    filler = name_words()["company_words"] | name_words()["legal_forms"]
    forms = {key: plain(evidence.name).split() for key, evidence in registry.entities.items()}
    aliases = {}
    for key, short in forms.items():
        longer = [
            other
            for other, words in forms.items()
            if other != key
            and len(words) > len(short)
            and words[: len(short)] == short
            and all(word in filler for word in words[len(short) :])
        ]
        if len(longer) == 1:
            aliases[key] = longer[0]
    return aliases


_NOTE_MARK = re.compile(r"(?<=[a-z.])(?:\d{1,2}(?:[-–,]\d{1,2})*|[A-Z])$")
_OF_PLACE = re.compile(r"university of (?:the )?(.+)|(.+) university")


def misprints(registry: Registry, key_of: Callable[[str], str]) -> dict[str, str]:
    """Name's key by the key of the same name with a note mark glued to it: "Ferrow Ltd7"."""
    aliases = {}
    for key, evidence in registry.entities.items():
        bare = _NOTE_MARK.sub("", evidence.name)
        if bare != evidence.name and key_of(bare) in registry.entities:
            aliases[key] = key_of(bare)
    return aliases


def university_names(registry: Registry) -> dict[str, str]:
    """Key of "University of X" by the key of "X University", where a document prints both."""
    by_place: dict[str, list[str]] = defaultdict(list)
    for key, evidence in registry.entities.items():
        match = _OF_PLACE.fullmatch(plain(evidence.name))
        if match:
            by_place[match[1] or match[2]].append(key)
    return {
        min(pair): max(pair) if max(pair).startswith("universityof") else min(pair)
        for pair in by_place.values()
        if len(pair) == 2
    }


def company_short_names(registry: Registry) -> dict[str, str]:
    """Full name's key by the first word or words of it, where exactly one name of the document begins so.

    "Ferrow Optics Ltd ... Ferrow": the full name is that of a company, and the short one is nothing else.
    """
    forms = {key: plain(evidence.name).split() for key, evidence in registry.entities.items()}
    company_ends = name_words()["legal_forms"] | name_words()["company_words"] - {"group", "bank"}
    aliases = {}
    for key, short in forms.items():
        if registry.kind(key) not in {"other", "company", "product", "project"}:
            continue
        longer = [
            other for other, words in forms.items()
            if other != key and len(words) > len(short) and words[: len(short)] == short
        ]  # fmt: skip
        if len(longer) == 1 and forms[longer[0]][-1] in company_ends:
            rest = registry.entities[longer[0]].name.split()[len(short) :]
            if not places(" ".join(rest)):  # "Ferrow Norway Ltd" is a branch of Ferrow
                aliases[key] = longer[0]
    return aliases


def acronyms(registry: Registry) -> dict[str, str]:
    """Full name's key by acronym's key, where the initials fit exactly one academic name of the document."""
    academic = name_words()["academic_words"]
    initials: dict[str, set[str]] = defaultdict(set)
    for key, evidence in registry.entities.items():
        capitals = "".join(word[0] for word in evidence.name.split() if word[0].isupper())
        if len(capitals) >= 3 and set(plain(evidence.name).split()) & academic:
            initials[capitals].add(key)
    return {
        key: next(iter(initials[evidence.name]))
        for key, evidence in registry.entities.items()
        if evidence.name in initials and len(initials[evidence.name]) == 1
    }


def surnames(registry: Registry) -> dict[str, str]:
    """Person's key by surname's key, where exactly one person of the document bears it."""
    persons: dict[str, set[str]] = defaultdict(set)
    for key, evidence in registry.entities.items():
        if evidence.kind == "person" and len(evidence.name.split()) > 1:
            persons[plain(evidence.name).split()[-1]].add(key)
    return {
        key: next(iter(persons[key]))
        for key, evidence in registry.entities.items()
        if key in persons
        and len(persons[key]) == 1
        and " " not in evidence.name
        and evidence.kind in {"other", "person"}
    }
