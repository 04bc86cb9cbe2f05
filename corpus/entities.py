"""Entities of a document: names merged into one thing each, with kind, aliases and evidence."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence

from corpus.abbreviations import long_form
from corpus.aliases import (
    abbreviations,
    acronyms,
    company_short_names,
    misprints,
    short_names,
    surnames,
    university_names,
)
from corpus.kinds import find_kinds
from corpus.names import Name, names
from corpus.parsing import Parse
from corpus.passages import Passage
from corpus.places import places
from corpus.registry import Evidence, Mention, Registry
from corpus.taxonomy import name_words, plain

HOME_PASSAGES = 12  # the head of a document, where it says whose it is
_HOME = re.compile(
    r"(?:submitting |lead |host |home )?(?:institution|university|organi[sz]ation)\s*:", re.IGNORECASE
)

_FILING = re.compile(
    r"(?:unit of assessment|main panel|subject area|title of (?:the )?case study)\s*:", re.IGNORECASE
)
# Two institutions that submit together: "University of A and A School of Art".
_HOMES_APART = re.compile(
    r"\s*(?:;|/|\band\b(?=[^,;/()]*\b(?:universit|school|college|institut)| (?-i:[A-Z]{3,})))\s*",
    re.IGNORECASE,
)
_HOME_NAME = re.compile(r"[A-Z](?:[^(),;\d]*[^(),;\d\s.])?")


def entity_key(name: str) -> str:
    """The name without article, legal form, accents and marks, in lower case: what merges spellings."""
    folded = unicodedata.normalize("NFKD", plain(name))
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    parts = [part.strip(".,") for part in bare.split()]
    while len(parts) > 1 and parts[0] in {"the", "a"}:
        parts = parts[1:]
    legal = {form.strip(".") for form in name_words()["legal_forms"]}
    while len(parts) > 1 and parts[-1] in legal:
        parts = parts[:-1]
    return re.sub(r"[^a-z0-9+&]", "", "".join(parts)) or "".join(parts)


def tells_home(text: str) -> bool:
    """True for a line such as "Institution: University of X", by which a document says whose it is."""
    return _HOME.match(text) is not None


def tells_filing(text: str) -> bool:
    """True for a line of a report's head that says where it belongs, such as "Unit of assessment: Chemistry"."""
    return tells_home(text) or _FILING.match(text) is not None


def recognise(passages: Sequence[Passage], parses: Sequence[Parse]) -> Registry:
    """The entities named in the passages of one document."""
    found = _all_names(passages, parses)
    entities: dict[str, Evidence] = defaultdict(Evidence)
    by_passage: dict[int, list[Mention]] = defaultdict(list)
    for number, passage_names in enumerate(found):
        for name in passage_names:
            mention = Mention(number, name.start, name.end, name.text, entity_key(name.text))
            by_passage[number].append(mention)
            evidence = entities[mention.key]
            evidence.forms[name.text] += 1
            evidence.mentions.append(mention)
    registry = Registry(dict(entities), dict(by_passage))
    _merge(registry, abbreviations(passages, registry))
    _merge(registry, misprints(registry, entity_key))
    _merge(registry, university_names(registry))
    _merge(registry, short_names(registry))
    _merge(registry, acronyms(registry))
    find_kinds(registry, passages, parses)
    _merge(registry, surnames(registry))
    _merge(registry, company_short_names(registry))
    _find_home(registry, passages)
    return registry


def _all_names(passages: Sequence[Passage], parses: Sequence[Parse]) -> list[list[Name]]:
    """Names of every passage; a name seen inside a sentence also counts at the start of others."""
    common = {word for passage in passages for word in re.findall(r"(?<![\w.])[a-z][a-z'’-]+", passage.text)}
    first = [names(parse, common) for parse in parses]
    inside = {
        beginning
        for passage, passage_names in zip(passages, first, strict=True)
        if passage.kind != "heading"
        for name in passage_names
        if name.start > 0
        for beginning in _beginnings(name.text, common)
    }
    spelt_out = _spelt_out(passages)
    home = next((i for i, passage in enumerate(passages[:HOME_PASSAGES]) if tells_home(passage.text)), None)
    found = []
    for number, (passage, parse) in enumerate(zip(passages, parses, strict=True)):
        candidates = _with_spelt_out(passage.text, names(parse, common, inside), spelt_out)
        if number == home:
            found.append(_home_names(passage.text) or candidates)
            continue
        if passage.kind == "heading":
            candidates = [name for name in candidates if plain(name.text).split()[0] in inside]
        found.append(_without_places(passage.text, candidates))
    return found


def _home_names(text: str) -> list[Name]:
    """The institutions of a line such as "Institution: King's College London", each whole: a place is part of it."""
    told = _HOME.match(text)
    found = []
    start = told.end() if told else 0
    for part in _HOMES_APART.split(text[start:]):
        at = text.index(part, start)
        start = at + len(part)
        named = _HOME_NAME.search(part)
        if named and name_words()["academic_words"] & set(plain(named[0]).split()):
            found.append(Name(at + named.start(), at + named.end(), named[0]))
    return found


def _spelt_out(passages: Sequence[Passage]) -> list[str]:
    """Capitalised long forms of abbreviations, longest first: names that may hold small words."""
    found = set()
    for passage in passages:
        for match in re.finditer(r"\(([A-Z][A-Z&-]{1,8})\)", passage.text):
            long = long_form(passage.text[: match.start()], match[1])
            capitals = [word for word in long.split() if word[0].isupper()]
            if len(capitals) >= 2 and long[0].isupper() and len(capitals) >= len(long.split()) / 2:
                found.add(long)
    return sorted(found, key=lambda long: (-len(long), long))


def _with_spelt_out(text: str, candidates: Sequence[Name], spelt_out: Sequence[str]) -> list[Name]:
    """The names of a passage with the parts of a long form replaced by the whole of it."""
    whole: list[Name] = []
    for long in spelt_out:
        start = text.find(long)
        while start >= 0:
            name = Name(start, start + len(long), long)
            longer = any(
                c.start <= start and c.end > name.end and c.text.startswith(long) for c in candidates
            )
            if not longer and not any(other.start < name.end and name.start < other.end for other in whole):
                whole.append(name)
            start = text.find(long, start + len(long))
    kept = [name for name in candidates if not any(name.start < w.end and w.start < name.end for w in whole)]
    return sorted([*kept, *whole], key=lambda name: name.start)


def _without_places(text: str, candidates: Sequence[Name]) -> list[Name]:
    """The names that are no places; an acronym stays, though a town may be spelt like it."""
    spans = [(place.start, place.end) for place in places(text)] if candidates else []
    return [
        name
        for name in candidates
        if (name.text.isupper() and len(name.text) > 3)
        or not any(start <= name.start and name.end <= end for start, end in spans)
    ]


def _beginnings(name: str, common: Collection[str]) -> list[str]:
    """What later sentences may open with when they open with this name: its first word or its first two."""
    words = plain(name).split()
    return [words[0]] if words[0] not in common else [" ".join(words[:2])] if len(words) > 1 else []


def _merge(registry: Registry, aliases: dict[str, str]) -> None:
    """Entities of the keys of `aliases` become aliases of the entities they map to."""
    for alias, key in aliases.items():
        if alias == key or alias not in registry.entities or key not in registry.entities:
            continue
        absorbed, kept = registry.entities.pop(alias), registry.entities[key]
        kept.aliases |= set(absorbed.forms) | absorbed.aliases
        for mention in absorbed.mentions:
            moved = Mention(mention.passage, mention.start, mention.end, mention.text, key)
            kept.mentions.append(moved)
            row = registry.by_passage[mention.passage]
            row[row.index(mention)] = moved
        kept.mentions.sort(key=lambda mention: (mention.passage, mention.start))


def _find_home(registry: Registry, passages: Sequence[Passage]) -> None:
    """The institution named in a line such as "Institution: University of X" at the head of a document."""
    for number, passage in enumerate(passages[:HOME_PASSAGES]):
        if tells_home(passage.text):
            mentions = registry.by_passage.get(number, [])
            if mentions:
                registry.home, registry.home_passage = mentions[0].key, number
            return
