"""Figures: how many, how much, what share; found among all figures of all reports, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.facts import Fact
from corpus.taxonomy import plain
from corpus.vocabulary import best, light_stems, people_stems, stem, stems, thing_stems, unit_stems
from service.evidence import Disagreement, Draft, Figure, quotes_of
from service.knowledge.knowledge import Knowledge
from service.lookups.support import COMPANY_LEVEL, MEASURES, is_home, is_joint, is_the_company, word_level
from service.lookups.telling import told
from service.understanding.understand import Reading

FIT_MIN = 0.62  # below it a figure is about something else
UNIT_LEVEL = 0.82  # "2 000 units a month" counts what the named maker makes, whatever it is called elsewhere
THING_LEVEL = 0.95  # "40 fibre devices" for "how many fibre lasers"
BESIDE_LEVEL = 0.8  # a word of another item of the same list: "400 papers" above "9 000 citations"
CLOSE_OWN = 0.1  # the same for figures of the one thing asked about
CLOSE = 0.03  # figures whose fit differs by less answer equally well
_MONEY = re.compile(r"^[A-Z]{3}$")


@dataclass(frozen=True)
class Fitting:
    """A figure with how well it fits the question, 0..1."""

    fact: Fact
    position: int
    fit: float
    head: float  # how well what it counts is what is asked for


@lru_cache(maxsize=1 << 16)  # every figure of a store is looked at again for each question
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stems(text))


def fitting_figures(reading: Reading, knowledge: Knowledge) -> list[Fitting]:
    """The figures of all reports that may answer the question, best first."""
    found = []
    for fact, position in knowledge.figures:
        if reading.documents and fact.document_id not in reading.documents:
            continue
        fitting = _fitting(reading, knowledge, fact, position)
        if fitting is not None and fitting.fit >= FIT_MIN:
            found.append(fitting)
    return sorted(
        found, key=lambda item: (-round(item.fit, 4), item.position, item.fact.selector.start, -item.head)
    )


def _fitting(reading: Reading, knowledge: Knowledge, fact: Fact, position: int) -> Fitting | None:
    head = _head_level(reading, fact)
    if head < 0.8:
        return None
    named = _named_level(reading, knowledge, fact, position)
    if named < 0.5:
        return None
    rest = [
        (word, worth)
        for word, worth in zip(reading.content, reading.worth, strict=True)
        if word not in MEASURES and (word not in reading.heads or reading.asks_for in {"money", "percent"})
    ]
    coverage = _coverage(rest, knowledge, fact, position)
    if coverage < 0.5:
        return None
    fit = 0.42 * head + 0.33 * coverage + 0.25 * named
    if fact.predicate == "acquire" and reading.asks_for == "money" and _is_deal(reading, fact):
        fit = 1.1
    return Fitting(fact, position, fit - _penalty(reading, knowledge, fact, position), head)


def _is_deal(reading: Reading, fact: Fact) -> bool:
    """True when the question asks what was paid, and the fact tells who bought whom, all names among them."""
    if not re.search(
        r"\b(?:pay|paid|price|cost|buy|bought|acquir\w+|purchas\w+|sold|sell|take over|took over|worth)\b",
        plain(reading.question),
    ):
        return False
    parties = {fact.subject_key, fact.object_key}
    return bool(reading.named) and all(parties & set(name.keys) for name in reading.named)


def _head_level(reading: Reading, fact: Fact) -> float:
    """1 when the figure counts what is asked for; money and shares fit by their unit."""
    if reading.asks_for == "figure":
        return (
            1.0
            if any(
                best(head, _stems(f"{fact.object} {fact.unit} {fact.subject}")) >= 0.9
                for head in reading.heads
            )
            else 0.0
        )
    is_money, is_share = bool(_MONEY.match(fact.unit)), fact.unit == "%"
    if reading.asks_for == "money":
        return 1.0 if is_money else 0.0
    if reading.asks_for == "percent":
        return 1.0 if is_share else 0.0
    if is_money or is_share:
        return 0.0
    counted = _stems(fact.object or fact.unit)
    if not counted:
        return 0.0
    asked_people, people = people_stems()
    levels = [0.0]
    for head in reading.heads:
        levels += [
            best(head, counted[-1:]),
            0.92 * best(head, counted),
            0.88 * best(head, _stems(fact.predicate)),
        ]
        if head in asked_people and people & set(counted):
            levels.append(0.95)
        if reading.named and counted[-1] in unit_stems():
            levels.append(UNIT_LEVEL)
        if counted[-1] in thing_stems() and _described_alike(head, reading, counted):
            levels.append(THING_LEVEL)
    return max(levels)


def _described_alike(head: str, reading: Reading, counted: Sequence[str]) -> bool:
    """True when a figure counts things with the very words before the noun asked for."""
    before = [word for word in reading.noun if word != head]
    return bool(before) and all(best(word, counted) >= 0.9 for word in before)


def _named_level(reading: Reading, knowledge: Knowledge, fact: Fact, position: int) -> float:
    """How surely the figure belongs to the names asked for: 1 for its own subject, 0 for somebody else's."""
    if not reading.named:
        return 1.0
    if is_joint(reading, knowledge, position):
        return 0.0
    levels = []
    for name in reading.named:
        best_level = 0.0
        for key in name.keys:
            known = knowledge.entities[key]
            if fact.subject_key == key or known.name == fact.project:
                best_level = 1.0
            elif position in known.passages:
                owner = (
                    fact.subject_key in knowledge.entities
                    and knowledge.entities[str(fact.subject_key)].kind == known.kind
                )
                best_level = max(best_level, 0.7 if owner and known.kind == "company" else 0.95)
            elif knowledge.spoken_of.get(position) == key:
                best_level = max(best_level, 0.9)
            elif is_home(known, fact.document_id, knowledge):
                best_level = max(best_level, 0.7)
            elif is_the_company(known, knowledge, position):
                best_level = max(best_level, COMPANY_LEVEL)
            elif knowledge.main.get(fact.document_id) == key:
                owned = fact.subject_key is not None and fact.subject_key != key and known.kind == "company"
                best_level = max(best_level, 0.3 if owned else 0.85)
        levels.append(best_level)
    return min(levels)


def _coverage(asked: Sequence[tuple[str, float]], knowledge: Knowledge, fact: Fact, position: int) -> float:
    """The share of the question's further words that the figure's clause, sentence, lead or heading has."""
    weighty = [(word, worth) for word, worth in asked if word not in light_stems()]
    if not weighty:
        return 1.0
    own = set(stems(f"{fact.object} {fact.unit} {fact.subject} {fact.predicate} {fact.basis}"))
    beside = _beside(knowledge, position)
    total = covered = 0.0
    for word, worth in weighty:
        weight = knowledge.words.idf(word) * worth
        level = max(
            best(word, own),
            0.95 * word_level(word, knowledge, position),
            BESIDE_LEVEL * best(word, beside),
        )
        total += weight
        covered += weight * level
    return covered / total


def _beside(knowledge: Knowledge, position: int) -> set[str]:
    """The stems of the other items of the list that a passage stands in."""
    others = (at for at in knowledge.items_beside(position) if at != position)
    return {word for at in others for word in knowledge.words.passage_stems[at]}


def _penalty(reading: Reading, knowledge: Knowledge, fact: Fact, position: int) -> float:
    """What speaks against a figure: it is scoped by a name or year not asked for, or is background."""
    penalty = 0.0
    text = knowledge.passages[position].text
    unasked = [
        key
        for key in knowledge.keys_at(position)
        if key not in reading.keys and knowledge.entities[key].kind in {"company", "project", "academic"}
    ]
    if unasked and not reading.keys & knowledge.keys_at(position):
        penalty += 0.10
    if reading.years and not any(year in text for year in reading.years):
        penalty += 0.30
    elif not reading.years and re.search(r"\b(?:for|in|during) (?:19|20)\d\d\b", text) and fact.date:
        penalty += 0.05
    if fact.outcome_type == "context_statistic":
        penalty += 0.06
    at = text.find(fact.value_text)
    after = plain(text[at + len(fact.value_text) :])[:60]
    if _KINDS_OF_THINGS.match(after.replace(plain(fact.object), "", 1) if fact.object else ""):
        penalty += 0.12
    if _ASKS_PART.search(plain(reading.question)) and _WHOLE.search(plain(text[:at])):
        penalty += 0.15
    if _is_price(reading) and _COST_BENEFIT.search(plain(text)):
        penalty += 0.1
    if (
        fact.object
        and not re.match(rf"\s*{re.escape(plain(fact.object)[:12])}", after[:40])
        and fact.unit != "%"
        and not _MONEY.match(fact.unit)
    ):
        penalty += 0.03
    penalty += _rate_penalty(reading, after[:40])
    counted = [word for word in stems(fact.object) if word not in light_stems()]
    extra = [word for word in counted if best(word, [*reading.content, *reading.noun]) < 0.85]
    return penalty + 0.015 * min(len(extra), 3)


# "Three laser series" counts series; "five of the eleven" counts a part and then the whole.
_KINDS_OF_THINGS = re.compile(r"\s*(?:series|types|models|versions|ranges|families|kinds|classes|variants)\b")
_ASKS_PART = re.compile(r"\bhow many of\b")
_WHOLE = re.compile(r"\b(?:of|out of)(?: the| its| their| all)*\s*$")
_PRICE = re.compile(r"\b(?:price|prices|priced|cost|costs|sell for|sold for|charge[sd]?|fee)\b")
_COST_BENEFIT = re.compile(r"\b(?:cost[- ](?:effective\w*|benefit\w*|utility)|incremental costs?|qaly)\b")
_PER = re.compile(r"[^,;.]{0,30}?\b(?:per|each|an?) (\w+)")


def _is_price(reading: Reading) -> bool:
    """True when a question asks what something is sold for."""
    asked = plain(reading.question)
    return _PRICE.search(asked) is not None and _COST_BENEFIT.search(asked) is None


def _rate_penalty(reading: Reading, after: str) -> float:
    """What "per thing" behind a figure tells: the price of the thing asked for, or a rate nobody asked for."""
    rate = _PER.match(after)
    if rate and _is_price(reading) and best(stem(rate[1]), reading.content) >= 0.9:
        return -0.1
    is_rate = re.match(r"[^,;.]{0,30}\bper\b", after) is not None
    asks_rate = re.search(r"\b(?:per|each|every|rate|ratio)\b", plain(reading.question)) is not None
    return 0.08 if is_rate and not asks_rate else 0.0


def figure_answer(reading: Reading, knowledge: Knowledge, found: Sequence[Fitting]) -> Draft:
    """The best figure with its sentence, and equally good ones of other values, as a conflict if they are."""
    top = found[0]
    close = [
        item
        for item in found
        if item.fit >= top.fit - (CLOSE_OWN if _own(reading, knowledge, item, top) else CLOSE)
    ]
    chosen = _distinct(close)[:3]
    lines = tuple(
        told(knowledge, item.position, item.fact.value_text, 40, _sentence(knowledge, item.position))
        for item in _by_passage(chosen)
    )
    figures = tuple(_figure(item, knowledge) for item in chosen)
    differing = len({(item.fact.value, item.fact.value_max) for item in chosen}) > 1
    same_thing = (
        differing
        and len({item.fact.modality for item in chosen}) == 1
        and len({item.position for item in chosen}) > 1
    )
    return Draft(
        lines=lines,
        figures=figures,
        disagreements=(Disagreement(_about(reading), figures),) if same_thing else (),
        facts_matched=len(found),
        note="The reports give different figures; each is shown with its source." if same_thing else "",
    )


def _own(reading: Reading, knowledge: Knowledge, item: Fitting, top: Fitting) -> bool:
    """True when both figures count the same sort of thing for the one company that the question names.

    Shares of the same asked thing are alike without a name.
    """
    if {item.fact.unit, top.fact.unit} == {"%"} and item.fact.document_id == top.fact.document_id:
        taken_of = set(stems(item.fact.object)) & set(stems(top.fact.object))
        if taken_of & set(reading.content):
            return True
    if (
        len(reading.named) != 1
        or (item.fact.unit == "%") != (top.fact.unit == "%")
        or item.fact.document_id != top.fact.document_id
    ):
        return False
    keys = set(reading.named[0].keys)
    owners = [
        entry.fact.subject_key in keys or knowledge.spoken_of.get(entry.position) in keys
        for entry in (item, top)
    ]
    return all(owners) and abs(item.head - top.head) < 0.06


def _sentence(knowledge: Knowledge, position: int) -> str:
    """The words of a passage; a list item with the words that introduce it."""
    passage = knowledge.passages[position]
    lead = knowledge.words.lead_text(passage)
    if lead:
        return f"{lead.rstrip(': ')}: {passage.text}"
    return passage.text


def _distinct(found: Sequence[Fitting]) -> list[Fitting]:
    kept: list[Fitting] = []
    for item in found:
        if all(
            (item.fact.value, item.fact.value_max) != (other.fact.value, other.fact.value_max)
            for other in kept
        ):
            kept.append(item)
    return kept


def _by_passage(found: Sequence[Fitting]) -> list[Fitting]:
    return list({item.position: item for item in reversed(found)}.values())[::-1]


def _figure(item: Fitting, knowledge: Knowledge) -> Figure:
    fact = item.fact
    return Figure(
        fact.value_text,
        fact.value,
        fact.unit,
        quotes_of(knowledge.passages[item.position]),
        qualifier=fact.qualifier,
    )


def _about(reading: Reading) -> str:
    return reading.question.rstrip("?. ")
