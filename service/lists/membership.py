"""What makes a thing a member of a list: its kind, and statements that fit the whole question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.dates import dates, in_range
from corpus.facts import Fact
from corpus.taxonomy import plain, triggers
from corpus.vocabulary import best, stems
from service.evidence import Quote
from service.knowledge.knowledge import Knowledge
from service.knowledge.known import Known
from service.lookups.support import place_at, stands_in_report_on, word_level
from service.understanding.understand import Reading

TOPIC_MIN = 0.72  # share of the topic words, weighted by idf, that a statement must have
DENSE_NEAR = 0.55  # a passage this close in meaning needs fewer of the topic words
_COMPATIBLE = {
    "sme": {"company"},
    "company": {"company"},
    "project": {"project"},
    "programme": {"programme"},
    "academic": {"academic"},
    "network": {"network", "patient_organisation"},
    "funder": {"funder", "network"},
}


@dataclass
class Candidate:
    """A member in the making: label, the statements that speak for it."""

    label: str
    key: str | None
    positions: list[int] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    also: list[Quote] = field(default_factory=list)  # where its kind or place is said


@dataclass(frozen=True)
class Search:
    """What the statements about a member must hold."""

    reading: Reading
    knowledge: Knowledge
    relations: tuple[str, ...]  # outcome types that the member itself must have brought about
    themes: tuple[str, ...]  # outcome types that a statement about it must show
    topic: tuple[tuple[str, float], ...]  # further words with their worth
    children: bool  # what came out is asked for, not who brought it about
    deeds: tuple[str, ...]  # stems of the verbs that say what a member does
    dense: Mapping[int, float]  # closeness of meaning of the nearest passages

    @property
    def is_loose(self) -> bool:
        """True when nothing but a name ties a statement to the question."""
        return not (self.relations or self.themes or self.topic or self.deeds or self.reading.outcome_types)

    def done(self, position: int) -> bool:
        """True when a passage has a verb of the question, or the question has none to look for."""
        said = self.knowledge.words.passage_stems[position]
        return not self.deeds or any(best(deed, said) >= 0.85 for deed in self.deeds)

    def dated(self, position: int, fact: Fact | None) -> bool:
        """True when the statement's date lies in the asked period; a fact's own date goes first."""
        period = self.reading.period
        if period is None:
            return True
        if fact is not None and fact.date:
            return in_range(fact.date, *period)
        return fact is None and any(
            in_range(date.value, *period) for date in dates(self.knowledge.passages[position].text)
        )

    def measured(self, fact: Fact) -> bool:
        """True when the fact's figure passes the test of the question ("more than 5 million")."""
        limit = self.reading.limit
        if limit is None:
            return True
        if fact.value is None or (limit.unit and fact.unit != limit.unit):
            return False
        if limit.money != bool(re.fullmatch(r"[A-Z]{3}", fact.unit)):
            return False
        if limit.noun and not any(best(limit.noun, said) >= 0.85 for said in _counted(fact)):
            return False
        return fact.value >= limit.low if limit.high is None else fact.value <= limit.high

    def fits(self, position: int, fact: Fact | None = None) -> bool:
        """True when a statement has the names, years, themes and topic words of the question."""
        reading, knowledge = self.reading, self.knowledge
        passage = knowledge.passages[position]
        if passage.kind == "heading" or (reading.documents and passage.document_id not in reading.documents):
            return False
        for name in reading.named:
            written = (name.text, *reading.short_forms)
            if not speaks_of(name.keys, knowledge, position, fact) and not _writes(written, passage.text):
                return False
        if not self.dated(position, fact):
            return False
        if any(
            not place_at(place.name, knowledge, position) for place in reading.places if not reading.based
        ):
            return False
        if self.themes and not set(self.themes) & types_at(knowledge, position):
            return False
        share = _topic_share(self.topic, knowledge, position)
        near = self.dense.get(position, 0.0) >= DENSE_NEAR and share >= 0.4
        return share >= TOPIC_MIN or near


def _counted(fact: Fact) -> tuple[list[str], ...]:
    """The stems of what a figure counts: its noun, or the verb that makes the noun plain ("employs 40")."""
    return stems(f"{fact.object} {fact.unit}"), stems(fact.predicate)


def add_by_topic(known: Known, search: Search, candidate: Candidate) -> None:
    """The candidate speaks through every passage that names the thing and fits the question."""
    about = [position for position, key in search.knowledge.spoken_of.items() if key == known.key]
    candidate.positions += [
        position
        for position in sorted({*known.passages, *about})
        if search.fits(position)
        and search.done(position)
        and not _shares_role(known, search, position)
        and (search.reading.limit is None or _passes(known, search, position))
    ]


def _passes(known: Known, search: Search, position: int) -> bool:
    """True when a passage gives the candidate a figure that passes the test of the question."""
    facts = search.knowledge.facts_at[position]
    return any(fact.subject_key == known.key and search.measured(fact) for fact in facts)


def _shares_role(known: Known, search: Search, position: int) -> bool:
    """True when a passage puts the candidate where the question puts the name: both behind "from" or "by"."""
    asked = plain(search.reading.question)
    text = search.knowledge.passages[position].text
    for name in search.reading.named:
        asked_role = _governor(asked, plain(name.text))
        if asked_role in {"from", "by"} and any(
            _governor(plain(text), plain(form)) == asked_role for form in known.forms if form in text
        ):
            return True
    return False


def _governor(text: str, name: str) -> str:
    """The preposition that governs a name, also over the names that "and" joins to it; "" without one."""
    before = text[: text.find(name)] if name in text else ""
    match = re.search(
        r"\b(from|by|to|with|for|of|in)\s+(?:the\s+|an?\s+)?(?:[\w.&-]+\s+){0,4}(?:(?:and|,)\s+)?$", before
    )
    return match[1] if match else ""


def is_kind(known: Known, reading: Reading, children: bool = False) -> bool:
    """True when an entity is of a kind asked for; what was founded may be of several kinds."""
    if children:
        return known.kind in {"company", "other", "network", "funder", "product"}
    for kind in reading.kinds:
        if known.kind in _COMPATIBLE.get(kind, {kind}) and (
            kind != "sme" or known.sme in {"stated", "implied"}
        ):
            return True
    return reading.kind == "project" and known.kind == "programme" and len(known.passages) < 12


def _topic_share(topic: Sequence[tuple[str, float]], knowledge: Knowledge, position: int) -> float:
    """The share of the topic words that a passage or its heading has, rare words counting more."""
    weights = [knowledge.words.idf(word) * worth for word, worth in topic]
    if not sum(weights):
        return 1.0
    levels = [
        max(word_level(word, knowledge, position), 0.9 * best(word, knowledge.words.section_stems[position]))
        for word, _ in topic
    ]
    return sum(weight * level for weight, level in zip(weights, levels, strict=True)) / sum(weights)


def _writes(names: Iterable[str], text: str) -> bool:
    """True when a text has one of the names as whole words, also inside a longer name."""
    return any(name in text and re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def types_at(knowledge: Knowledge, position: int) -> set[str]:
    """The outcome types that the words of a passage, its lead or its heading show."""
    passage = knowledge.passages[position]
    text = f"{knowledge.words.lead_text(passage)} {passage.text} {passage.section}"
    return {name for name, _, _ in triggers(text)}


def speaks_of(keys: Iterable[str], knowledge: Knowledge, position: int, fact: Fact | None = None) -> bool:
    """True when a passage names one of the entities, refers to it, or stands in a report about it."""
    document_id = knowledge.passages[position].document_id
    for key in keys:
        if position in knowledge.entities[key].passages or knowledge.spoken_of.get(position) == key:
            return True
        if knowledge.main.get(document_id) == key or (
            fact is not None and key in {fact.subject_key, fact.object_key}
        ):
            return True
        is_open = fact is not None and _leaves_open(fact, knowledge.entities[key].kind)
        if is_open and stands_in_report_on((key,), knowledge, position):
            return True
    return False


def _leaves_open(fact: Fact, kind: str) -> bool:
    """True when a fact does not say which buyer, or which part of an institution, it speaks of."""
    if fact.predicate == "acquire":
        return fact.subject_key is None
    return fact.predicate == "spin out" and kind != "academic"
