"""How well an enumeration of a sentence fits a question: what introduces it, of what sort its members are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.entities import entity_key
from corpus.parsing import parse
from corpus.places import places, resolve
from corpus.taxonomy import DOERS, ORGANISATIONS, name_words, plain
from corpus.vocabulary import best, light_stems, stem, stems
from service.knowledge.knowledge import Knowledge
from service.lists.coordination import Enumeration, enumerations
from service.lists.membership import is_kind
from service.lists.name_rows import name_rows
from service.understanding.asked_nouns import party_kind
from service.understanding.topics import VERB_WORTH
from service.understanding.understand import Reading

NAMED_KINDS = ORGANISATIONS | {"person", "project", "programme", "award", "journal"}
SORT_SHARE_MIN = 0.7  # share of the members that must be of the asked sort
SIZE_WORTH = 0.07  # of each member beyond two
SIZE_COUNTED_MAX = 8
_LANGUAGE = stem("language")
_TEACHING = frozenset(map(stem, ("university", "college", "school")))
_ORGANISED = frozenset({"academic", "company", "funder", "network", "patient_organisation", "regulator"})
# Kinds that a member of the asked kind cannot be; others are too easily mistaken for one another.
_NEVER = {
    "company": frozenset({"academic", "place", "person", "project", "award", "regulator"}),
    "sme": frozenset({"academic", "place", "person", "project", "award", "regulator"}),
    "person": _ORGANISED | {"place", "project", "programme", "award", "journal", "product"},
    "journal": frozenset({"academic", "place", "person", "project", "award"}),
    "funder": frozenset({"place", "person", "award"}),
    "award": frozenset({"place", "person", "academic", "company"}),
    "project": frozenset({"place", "person", "academic", "company", "award"}),
    "patient_organisation": frozenset({"place", "person", "project", "award"}),
    "network": frozenset({"place", "person", "project", "award"}),
    "regulator": frozenset({"place", "person", "project", "award"}),
    "academic": frozenset({"place", "person", "project", "award"}),
}
_NAME = re.compile(r"(?:[a-z-]+ )*(?:\d*[A-Z]|\d\w*-)")
_GENERIC = frozenset().union(
    *(name_words()[part] for part in ("academic_words", "network_words", "funder_words"))
)
_NO_UNIVERSITY = re.compile(r"\b(?:NHS|Trust|Councils?|Hospitals?|Infirmary)\b")
_PERSON = re.compile(r"(?:(?:Dr|Prof|Professor|Sir|Dame|Mr|Mrs|Ms|Lord)s?\.? )?(?:[A-Z][\w’'.-]*\s*){1,4}")


@dataclass(frozen=True)
class Fit:
    """An enumeration of a passage with how well it fits the question."""

    position: int
    found: Enumeration
    fit: float


def asks_for_names(reading: Reading) -> bool:
    """True when the members asked for bear names: firms, people, "galleries", whoever "who" asks for."""
    return (
        reading.intent == "who"
        or bool(set(reading.kinds) & NAMED_KINDS)
        or (reading.intent in {"list", "describe"} and party_kind(reading.noun_text) != "")
    )


def fits(reading: Reading, knowledge: Knowledge, position: int) -> list[Fit]:
    """The enumerations of a passage with their fit, in reading order."""
    passage = knowledge.passages[position]
    whole = {
        form
        for key in knowledge.keys_at(position)
        for form in knowledge.entities[key].forms
        if " and " in form and form in passage.text
    }
    rows = name_rows(passage.text, whole)
    if not any(sort_level(reading, knowledge, row.labels) > 0 for row in rows):
        rows = _with_phrases(passage.text, rows)
    return [Fit(position, found, _fit(reading, knowledge, position, found)) for found in rows]


def _with_phrases(text: str, rows: Sequence[Enumeration]) -> list[Enumeration]:
    """The rows of names of a sentence, and what the parser sees enumerated that is no such row."""
    phrases = [
        found
        for found in _parsed(text)
        if not any(_meet(row, found) for row in rows if len(row.labels) >= len(found.labels))
    ]
    kept = [row for row in rows if not any(_meet(found, row) for found in phrases)]
    return sorted([*kept, *phrases], key=lambda found: found.start)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[Enumeration, ...]:
    return tuple(enumerations(parse(text)))


def _meet(one: Enumeration, other: Enumeration) -> bool:
    return one.start < other.end and other.start < one.end


def _fit(reading: Reading, knowledge: Knowledge, position: int, found: Enumeration) -> float:
    """How well an enumeration fits: its introduction names what is asked, its members are of that sort.

    Words of the question beside it count fully, elsewhere in the sentence less, and one of them among the
    members speaks against it: what the question already says is not what it asks for.
    """
    text = knowledge.passages[position].text
    near = stems(" ".join(text[: found.start].split()[-9:] + text[found.end :].split()[:7]))
    outside = stems(f"{text[: found.start]} {text[found.end :]}")
    around = [*knowledge.words.around_stems[position], *knowledge.words.section_stems[position]]
    members = stems(" ".join(found.labels))
    total = covered = inside = 0.0
    for word, worth in zip(reading.content, reading.worth, strict=True):
        if word in reading.heads or word in reading.noun:
            continue
        total += worth
        covered += worth * max(best(word, near), 0.7 * best(word, outside), 0.5 * best(word, around))
        inside += worth * (word in members)
    coverage = covered / total if total else 0.6
    typed = sort_level(reading, knowledge, found.labels)
    if typed < 0:
        return 0.0
    if set(reading.kinds) & NAMED_KINDS and not _has_deed(reading, [*outside, *around]):
        typed -= 0.2
    given = 0.8 * (inside / total) if total else 0.0
    given += 0.5 * any(name.text in label for name in reading.named for label in found.labels)
    size = SIZE_WORTH * min(len(found.labels) - 2, SIZE_COUNTED_MAX)
    announced = 0.2 if found.announced else 0.0
    headed = (0.3 if typed > 0 else 0.8) * _headed(reading, text, found)
    return headed + typed + coverage + size + announced - given


def _has_deed(reading: Reading, said: Sequence[str]) -> bool:
    """True when the words around an enumeration say what the members do: the verb of the question."""
    deeds = [
        word
        for word, worth in zip(reading.content, reading.worth, strict=True)
        if worth == VERB_WORTH and word not in light_stems()
    ]
    return not deeds or any(best(word, said) >= 0.85 for word in deeds)


def _headed(reading: Reading, text: str, found: Enumeration) -> float:
    """1 when the words that introduce an enumeration end in the asked noun, less when it stands near by."""
    before = text[: found.start].split()[-8:]
    said = stems(" ".join(before))
    shared = [stem(plain(label.split()[-1])) for label in found.labels]
    levels = [0.0]
    for head in reading.heads:
        if shared.count(shared[0]) == len(shared) and best(head, shared[:1]) >= 0.85:
            levels.append(1.0)
        ends = [label.split()[-1] for label in (found.labels[0], found.labels[-1])]
        if any(end.islower() and best(head, stems(end)) >= 0.85 for end in ends):
            levels.append(0.7)
        if best(head, said) >= 0.85:
            levels.append(1.0 if found.announced or best(head, stems(" ".join(before[-3:]))) >= 0.85 else 0.7)
    return max(levels)


def sort_level(reading: Reading, knowledge: Knowledge, labels: Sequence[str]) -> float:
    """0.5 when the members are of the asked sort, more when known to be, 0 when any may be, -1 otherwise."""
    if _LANGUAGE in reading.heads:
        return 0.5 if _share(labels, [_is_nationality(label) for label in labels]) else -1.0
    if not asks_for_names(reading) and "place" not in reading.kinds:
        return 0.0
    right = [of_sort(reading, knowledge, label) for label in labels]
    if _share(labels, right):
        known = sum(_is_known(reading, knowledge, label) for label in labels) / len(labels)
        return 0.5 + 0.3 * known
    asks_whom = bool(reading.kinds) or reading.intent == "who"
    return -1.0 if asks_whom or any(resolve(label) for label in labels) else 0.0


def known_sort(reading: Reading, knowledge: Knowledge, label: str) -> float:
    """1 for what facts know to be of the asked sort, -1 for what cannot be, 0 when nothing is known or asked."""
    if not (reading.kinds or reading.intent == "who"):
        return 0.0
    if _is_known(reading, knowledge, label):
        return 1.0
    return 0.0 if of_sort(reading, knowledge, label) else -1.0


def of_sort(reading: Reading, knowledge: Knowledge, label: str) -> bool:
    """True when a member may be one of the asked sort: a place, a name of no other kind."""
    if reading.intent == "who" and not reading.kinds:
        return _may_do(knowledge, label)
    if "place" in reading.kinds:
        return resolve(label) is not None
    if _NAME.match(label) is None or resolve(label) is not None or plain(label) in _GENERIC:
        return False
    key = knowledge.names.key_of(label) or knowledge.names.key_of(entity_key(label))
    kind = knowledge.entities[key].kind if key else ""
    if reading.kind == "academic" and _teaches(reading):
        if _NO_UNIVERSITY.search(label):
            return False
        return kind == "academic" or bool(name_words()["academic_words"] & set(plain(label).split()))
    if reading.kind == "person":
        return kind == "person" or (kind not in _NEVER["person"] and _PERSON.fullmatch(label) is not None)
    return not reading.kinds or any(kind not in _NEVER.get(asked, frozenset()) for asked in reading.kinds)


def is_of_another_sort(reading: Reading, knowledge: Knowledge, label: str) -> bool:
    """True for the name of what is known to be of a kind that no member can be."""
    key = knowledge.names.key_of(label)
    kind = knowledge.entities[key].kind if key in knowledge.entities else ""
    return bool(reading.kinds) and all(kind in _NEVER.get(asked, frozenset()) for asked in reading.kinds)


def _may_do(knowledge: Knowledge, label: str) -> bool:
    """True when a name may be that of a person or an organisation: it is known as one, or as nothing else."""
    if _NAME.match(label) is None or resolve(label) is not None or plain(label) in _GENERIC:
        return False
    key = knowledge.names.key_of(label) or knowledge.names.key_of(entity_key(label))
    if key is not None:
        return knowledge.entities[key].kind in DOERS | {"other"}
    return _PERSON.fullmatch(label) is not None


def _teaches(reading: Reading) -> bool:
    """True when the question asks for universities, not for hospitals or other institutions."""
    return bool(_TEACHING & set(reading.heads))


def _is_known(reading: Reading, knowledge: Knowledge, label: str) -> bool:
    key = knowledge.names.key_of(label)
    return key is not None and is_kind(knowledge.entities[key], reading)


def _share(labels: Sequence[str], true: Sequence[bool]) -> bool:
    return sum(true) >= SORT_SHARE_MIN * len(labels)


def _is_nationality(label: str) -> bool:
    return any(place.kind == "nationality" for place in places(label))
