"""The members that one sentence enumerates: of its enumerations the one that fits, each as printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.entities import tells_home
from corpus.parsing import parse
from corpus.places import places, resolve
from corpus.taxonomy import ORGANISATIONS, plain
from corpus.vocabulary import best, light_stems, stem, stems
from service.coordination import Enumeration, enumerations
from service.evidence import Draft, Member, quotes_of
from service.knowledge import Knowledge
from service.support import ENTITY_MIN, Support, place_at, stands_in_report_on
from service.telling import told
from service.topics import VERB_WORTH
from service.understand import Reading

FIT_MIN = 0.9  # below it an enumeration lists something else
FIT_SHOWN_MIN = 0.2  # the same for the sentence that already answers the question
FIT_CLEAR = 1.2  # from here on the sentence says in so many words that these are the members
PASSAGES_MAX = 12  # best supported passages that are looked into
COVERAGE_MIN = 0.5  # share of the asked words that such a passage must have
COVERAGE_CLEAR_MIN = 0.3  # the same where the sentence introduces the members by the asked noun
_NAMED_KINDS = ORGANISATIONS | {"person", "project", "programme", "award", "journal"}
_LABEL_WORDS_MAX = 14
_JOINED = re.compile(r"\b(?:and|or|as well as)\b|&|\([^()]*,")
_LANGUAGE = stem("language")


@dataclass(frozen=True)
class Fit:
    """An enumeration of a passage with how well it fits the question."""

    position: int
    found: Enumeration
    fit: float


def enumeration_answer(
    reading: Reading, knowledge: Knowledge, ranked: Sequence[Support], fit_min: float = FIT_MIN
) -> Draft | None:
    """The best supported sentence that enumerates what is asked for, with its members; None without one."""
    singular = bool(reading.kind) and not reading.noun_text.endswith("s")
    if singular or not (reading.heads or reading.intent == "who"):
        return None
    found = [
        (fit.fit + item.score + 2 * item.coverage + item.entity, fit)
        for item in _near_enough(reading, knowledge, ranked)
        for fit in fits(reading, knowledge, item.position)
        if fit.fit >= fit_min
        and item.coverage >= (COVERAGE_MIN if fit.fit < FIT_CLEAR else COVERAGE_CLEAR_MIN)
    ]
    if not found:
        return None
    chosen = max(found, key=lambda pair: (pair[0], -pair[1].position))[1]
    members = _members(reading, knowledge, chosen.position, fit_min)
    line = told(knowledge, chosen.position, chosen.found.labels[0])
    return Draft((line,), members=members, facts_matched=len(members), members_told=False)


def _near_enough(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> list[Support]:
    """The best supported passages with an enumeration that are about what is asked."""
    about = [
        item
        for item in ranked
        if item.coverage >= COVERAGE_CLEAR_MIN
        and all(place_at(place.name, knowledge, item.position) for place in reading.places)
        and _JOINED.search(knowledge.passages[item.position].text)
        and not tells_home(knowledge.passages[item.position].text)
        and (
            item.entity >= ENTITY_MIN
            or all(stands_in_report_on(name.keys, knowledge, item.position) for name in reading.named)
        )
    ]
    return sorted(about, key=lambda item: (-item.score - item.coverage, item.position))[:PASSAGES_MAX]


def enumerated(reading: Reading, knowledge: Knowledge, positions: Sequence[int]) -> tuple[Member, ...]:
    """The members that the passages which answer the question enumerate; empty when they have none."""
    told = [position for position in positions if not tells_home(knowledge.passages[position].text)]
    found = [fit for position in told for fit in fits(reading, knowledge, position)]
    if not found:
        return ()
    top = max(found, key=lambda fit: (fit.fit, -fit.position))
    return _members(reading, knowledge, top.position, FIT_SHOWN_MIN)


def _members(reading: Reading, knowledge: Knowledge, position: int, fit_min: float) -> tuple[Member, ...]:
    """The members of the best enumeration, and of those beside it that the same words introduce."""
    found = fits(reading, knowledge, position)
    if not found or (top := max(found, key=lambda fit: fit.fit)).fit < fit_min:
        return ()
    text = knowledge.passages[position].text
    alike = [
        fit
        for fit in found
        if fit is top
        or (
            (_introducer(text, fit.found) == _introducer(text, top.found) != "")
            and _typed(reading, fit.found) == _typed(reading, top.found) > 0.0
        )
    ]
    labels = dict.fromkeys(
        short for fit in alike for label in fit.found.labels if (short := _short(reading, label))
    )
    excluded = set(stems(reading.excluded))
    kept = [label for label in labels if not (excluded and set(stems(label)) & excluded)]
    return tuple(Member(label, "", quotes_of(knowledge.passages[position])) for label in kept)


def _short(reading: Reading, label: str) -> str:
    """A label without the words of its class: "Norvia" of "leading companies Norvia"."""
    if set(reading.kinds) & _NAMED_KINDS and (match := re.match(r"(?:[a-z-]+ )+(?=[A-Z])", label)):
        label = label[match.end() :]
    return " ".join(label.split()[:_LABEL_WORDS_MAX])


@lru_cache(maxsize=4096)
def _enumerations(text: str) -> tuple[Enumeration, ...]:
    return tuple(enumerations(parse(text)))


def fits(reading: Reading, knowledge: Knowledge, position: int) -> list[Fit]:
    """The enumerations of a passage with their fit, in reading order."""
    passage = knowledge.passages[position]
    return [
        Fit(position, found, _fit(reading, knowledge, position, found))
        for found in _enumerations(passage.text)
    ]


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
    typed = _typed(reading, found)
    if typed < 0:
        return 0.0
    if set(reading.kinds) & _NAMED_KINDS and not _has_deed(reading, [*outside, *around]):
        typed -= 0.5
    given = 0.8 * (inside / total) if total else 0.0
    given += 0.5 * any(name.text in label for name in reading.named for label in found.labels)
    size = 0.05 * min(len(found.labels) - 2, 4)
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


def _typed(reading: Reading, found: Enumeration) -> float:
    """0.5 when the members are of the asked sort, 0 when any may be, -1 when they cannot be."""
    labels = found.labels
    if _LANGUAGE in reading.heads:
        return 0.5 if _share(labels, [_is_nationality(label) for label in labels]) else -1.0
    if "place" in reading.kinds:
        return 0.5 if _share(labels, [resolve(label) is not None for label in labels]) else -1.0
    if reading.intent == "who" or set(reading.kinds) & _NAMED_KINDS:
        capital = [re.match(r"(?:[a-z-]+ )*[A-Z]", label) is not None for label in labels]
        place = [resolve(label) is not None for label in labels]
        named = [is_capital and not is_place for is_capital, is_place in zip(capital, place, strict=True)]
        return 0.5 if _share(labels, named) else (0.0 if not any(place) and reading.intent == "who" else -1.0)
    return 0.0


def _share(labels: Sequence[str], true: Sequence[bool]) -> bool:
    return sum(true) >= 0.7 * len(labels)


def _is_nationality(label: str) -> bool:
    return any(place.kind == "nationality" for place in places(label))


def _introducer(text: str, found: Enumeration) -> str:
    """The preposition right before an enumeration, "" when it is none."""
    match = re.search(
        r"\b(with|by|from|to|in|at|for|of|including)\s+(?:the\s+)?$", plain(text[: found.start])
    )
    return match[1] if match else ""
