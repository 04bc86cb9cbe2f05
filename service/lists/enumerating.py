"""The members that one sentence enumerates: of its enumerations the one that fits, each as printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.entities import tells_filing
from corpus.places import within
from corpus.taxonomy import plain
from corpus.vocabulary import best, stems
from index.reader import UNREAD, PassageReader, Read
from service.evidence import Draft, Line, Member, quotes_of
from service.knowledge.knowledge import Knowledge
from service.lists.coordination import Enumeration
from service.lists.enumeration_fit import Fit, asks_for_names, fits, of_sort, sort_level
from service.lists.membership import types_at
from service.lookups.reranking import read_at
from service.lookups.support import ENTITY_MIN, Support, place_at, stands_in_report_on, word_level
from service.lookups.telling import told
from service.understanding.asked_nouns import is_mass
from service.understanding.inflection import is_plural
from service.understanding.understand import Reading

FIT_MIN = 0.9  # below it an enumeration lists something else
FIT_SHOWN_MIN = 0.2  # the same for the sentence that already answers the question
FIT_CLEAR = 1.2  # from here on the sentence says in so many words that these are the members
ROW_MIN = 3  # so many names of the asked sort in a row are seldom there by chance
STRENGTH_MIN = 3.0  # support from which such a row answers, whatever its own words
SUPPORT_SHARE_MIN = 0.3  # of the best passage's support: below it that passage answers
PASSAGES_MAX = 30  # best supported passages that are looked into
CONTINUED_MAX = 8  # the first of these may go on in the next sentence: "They include A, B and C"
COVERAGE_MIN = 0.5  # share of the asked words that such a passage must have
COVERAGE_CLEAR_MIN = 0.3  # the same where the sentence introduces the members by the asked noun
COVERAGE_ROW_MIN = 0.3  # the same for a row of names, which a passage may have by chance
SUPPORT_ROW_MIN = 0.8  # support from which it need not
TITLE_WORTH = 0.5  # a word that only the title of the report has
BEFORE_WORTH = 0.75
# What a log-odds of the reader counts for: of the passage to answer, and of the members to be what is asked for.
BY_PASSAGE, BY_MEMBERS = 0.2, 0.8
ASKED_MIN = -2.0  # log-odds of members below which the sentence that answers lists something else
ODDS_MIN = -1.5  # log-odds below which a passage answers nothing
_LABEL_WORDS_MAX = 14
_JOINED = re.compile(r"\b(?:and|or|as well as)\b|&|;|,[^,]*,|\([^()]*,")


@dataclass(frozen=True)
class _Choice:
    """An enumeration with all that speaks for it."""

    fit: Fit
    strength: float
    coverage: float
    support: float
    odds: float  # log-odds of its passage to answer, as it is read; 0 when nothing is read

    @property
    def is_clear(self) -> bool:
        """True when the words of its passage or its support make it an answer."""
        if self.odds < ODDS_MIN:
            return False
        if self.fit.fit >= FIT_MIN and self.coverage >= _coverage_min(self.fit.fit):
            return True
        about = self.coverage >= COVERAGE_ROW_MIN or self.support >= SUPPORT_ROW_MIN
        is_row = len(self.fit.found.labels) >= ROW_MIN and self.fit.fit >= 0.5
        return about and is_row and self.strength >= STRENGTH_MIN


def _coverage_min(fit: float) -> float:
    return COVERAGE_MIN if fit < FIT_CLEAR else COVERAGE_CLEAR_MIN


def enumeration_answer(
    reading: Reading, knowledge: Knowledge, ranked: Sequence[Support], reader: PassageReader | None
) -> Draft | None:
    """The best supported sentence that enumerates what is asked for, with its members; None without one."""
    if is_singular(reading) or not (reading.heads or reading.intent == "who"):
        return None
    top = max((item.score for item in ranked if item.entity >= ENTITY_MIN), default=0.0)
    found = [
        choice
        for choice in choices(reading, knowledge, ranked, reader)
        if choice.is_clear and choice.support >= SUPPORT_SHARE_MIN * top
    ]
    if not found:
        return None
    chosen = max(found, key=lambda choice: (choice.strength, -choice.fit.position)).fit
    members = _members(reading, knowledge, chosen)
    if not members:
        return None
    return Draft(_lines(knowledge, chosen), members=members, facts_matched=len(members), members_told=False)


def is_singular(reading: Reading) -> bool:
    """True when one thing is asked for: "Which project ...", "Which vet ..."."""
    one_of_many = re.match(r"\W*(?:which|what)\b", plain(reading.question)) is not None
    several = is_plural(reading.noun_text) or is_mass(reading.noun_text)
    return (bool(reading.kind) or one_of_many) and bool(reading.noun_text) and not several


def _lines(knowledge: Knowledge, chosen: Fit) -> tuple[Line, ...]:
    """The sentence that enumerates, behind the one that it goes on from."""
    line = told(knowledge, chosen.position, chosen.found.labels[0])
    goes_on = re.match(
        r"(?:These|They|Those|It|Among them|Examples)\b", knowledge.passages[chosen.position].text
    )
    if goes_on and _follows(knowledge, chosen.position):
        return (told(knowledge, chosen.position - 1), line)
    return (line,)


def choices(
    reading: Reading, knowledge: Knowledge, ranked: Sequence[Support], reader: PassageReader | None
) -> list[_Choice]:
    """The enumerations of the best supported passages, and of the sentences that go on from these."""
    near = _near_enough(reading, knowledge, ranked)
    positions = [item.position for item in near]
    reads = read_at(reading.question, knowledge, positions, reader) if reader else [None] * len(near)
    found = []
    for item, read in zip(near, reads, strict=True):
        covered = _topic(reading, knowledge, item.position)
        typed = 0.6 if set(reading.outcome_types) & types_at(knowledge, item.position) else 0.0
        for fit in fits(reading, knowledge, item.position):
            strength = fit.fit + 0.7 * item.score + 1.5 * covered + item.entity + typed + item.dense
            strength += _as_read(fit, knowledge, read) if read else 0.0
            found.append(_Choice(fit, strength, item.coverage, item.score, read.answers if read else 0.0))
    return found


def _as_read(fit: Fit, knowledge: Knowledge, read: Read) -> float:
    """What the reader adds: that the passage answers, and that the members are what is asked for."""
    return BY_PASSAGE * max(min(read.answers, 4.0), -4.0) + BY_MEMBERS * _asked(fit, knowledge, read)


def _asked(fit: Fit, knowledge: Knowledge, read: Read) -> float:
    """The log-odds of the members to be what is asked for, on average; kept between -4 and 2."""
    text = knowledge.passages[fit.position].text
    inside = [
        read.odds_of(at, at + len(label)) for label in fit.found.labels if (at := text.find(label)) >= 0
    ]
    return max(min(sum(inside) / len(inside) if inside else UNREAD, 2.0), -4.0)


def _topic(reading: Reading, knowledge: Knowledge, position: int) -> float:
    """The share of the asked words that a passage, the one before it or the title of its report has."""
    passage = knowledge.passages[position]
    title = stems(knowledge.documents[passage.document_id].title)
    before = knowledge.words.passage_stems[position - 1] if _follows(knowledge, position) else frozenset()
    weights, levels = [], []
    for word, worth in zip(reading.content, reading.worth, strict=True):
        if word in reading.heads:
            continue
        weights.append(knowledge.words.idf(word) * worth)
        levels.append(
            max(
                word_level(word, knowledge, position),
                BEFORE_WORTH * best(word, before),
                TITLE_WORTH * best(word, title),
            )
        )
    total = sum(weights)
    return sum(w * level for w, level in zip(weights, levels, strict=True)) / total if total else 0.6


def _follows(knowledge: Knowledge, position: int) -> bool:
    """True when a passage has one before it in its report that is no heading."""
    if position == 0:
        return False
    before = knowledge.passages[position - 1]
    return before.document_id == knowledge.passages[position].document_id and before.kind != "heading"


def _near_enough(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> list[Support]:
    """The best supported passages with an enumeration that are about what is asked."""
    about = [item for item in _continued(knowledge, ranked) if _is_about(reading, knowledge, item)]
    return sorted(about, key=lambda item: (-item.score - item.coverage, item.position))[:PASSAGES_MAX]


def _continued(knowledge: Knowledge, ranked: Sequence[Support]) -> list[Support]:
    """The passages, and those that go on from the first of them, with the support of these."""
    seen = {item.position: item for item in ranked}
    for item in ranked[:CONTINUED_MAX]:
        after = item.position + 1
        if after >= len(knowledge.passages) or not _follows(knowledge, after):
            continue
        own = seen.get(after)
        if own is None or own.score < 0.8 * item.score:
            coverage = max(0.8 * item.coverage, own.coverage if own else 0.0)
            seen[after] = Support(
                after, 0.8 * item.score, {**item.parts, "coverage": coverage, "dense": 0.8 * item.dense}
            )
    return list(seen.values())


def _is_about(reading: Reading, knowledge: Knowledge, item: Support) -> bool:
    text = knowledge.passages[item.position].text
    named = item.entity >= ENTITY_MIN or all(
        stands_in_report_on(name.keys, knowledge, item.position)
        or any(
            knowledge.entities[key].documents == {knowledge.passages[item.position].document_id}
            for key in name.keys
        )
        for name in reading.named
    )
    return (
        named
        and _JOINED.search(text) is not None
        and not tells_filing(text)
        and all(place_at(place.name, knowledge, item.position) for place in reading.places)
    )


def enumerated(
    reading: Reading, knowledge: Knowledge, positions: Sequence[int], reader: PassageReader | None
) -> tuple[Member, ...]:
    """The members that the passages which answer the question enumerate; empty when they have none."""
    told = [position for position in positions if not tells_filing(knowledge.passages[position].text)]
    reads = read_at(reading.question, knowledge, told, reader) if reader else [None] * len(told)
    found = [
        (fit, _asked(fit, knowledge, read) if read else 0.0)
        for position, read in zip(told, reads, strict=True)
        for fit in fits(reading, knowledge, position)
    ]
    likely = [(fit, asked) for fit, asked in found if fit.fit >= FIT_SHOWN_MIN and asked >= ASKED_MIN]
    top = max(likely, key=lambda item: (item[0].fit + BY_MEMBERS * item[1], -item[0].position), default=None)
    return _members(reading, knowledge, top[0]) if top is not None else ()


def _members(reading: Reading, knowledge: Knowledge, top: Fit) -> tuple[Member, ...]:
    """The members of an enumeration, and of those beside it that the same words introduce."""
    passage = knowledge.passages[top.position]
    level = sort_level(reading, knowledge, top.found.labels)
    alike = [
        fit
        for fit in fits(reading, knowledge, top.position)
        if fit.found == top.found
        or (
            (_introducer(passage.text, fit.found) == _introducer(passage.text, top.found) != "")
            and sort_level(reading, knowledge, fit.found.labels) > 0.0 < level
        )
    ]
    labels = dict.fromkeys(
        short for fit in alike for label in fit.found.labels if (short := _short(reading, label))
    )
    kept = [label for label in labels if not _is_left_out(reading, knowledge, label)]
    return tuple(Member(label, "", quotes_of(passage)) for label in kept)


def _is_left_out(reading: Reading, knowledge: Knowledge, label: str) -> bool:
    """True for what the question excludes or names itself, and for a place or a name of another sort."""
    excluded = set(stems(reading.excluded))
    if excluded & set(stems(label)) or (excluded and within(label, reading.excluded)):
        return True
    if any(plain(name.text) == plain(label) for name in reading.named):
        return True
    strict = "place" in reading.kinds or reading.kind in {"academic", "company", "person", "sme"}
    return strict and not of_sort(reading, knowledge, label)


def _short(reading: Reading, label: str) -> str:
    """A label without the words of its class: "Norvia" of "leading companies Norvia"."""
    if asks_for_names(reading) and (match := re.match(r"(?:[a-z-]+ )+(?=[A-Z])", label)):
        label = label[match.end() :]
    return " ".join(label.split()[:_LABEL_WORDS_MAX])


def _introducer(text: str, found: Enumeration) -> str:
    """The preposition right before an enumeration, "" when it is none."""
    match = re.search(
        r"\b(with|by|from|to|in|at|for|of|including)\s+(?:the\s+)?$", plain(text[: found.start])
    )
    return match[1] if match else ""
