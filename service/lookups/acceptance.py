"""Whether a passage answers: names, words, places and values that it must have, and what the reader makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.places import Place
from corpus.quantity import quantities
from corpus.taxonomy import plain
from corpus.vocabulary import best, people_stems, unit_stems
from service.knowledge.knowledge import Knowledge
from service.lists.membership import is_kind
from service.lookups.reranking import ABOUT_ODDS_MIN
from service.lookups.support import (
    ENTITY_MIN,
    MEASURES,
    NOUN_WORTH,
    ONLY_DOCUMENT_LEVEL,
    VALUES,
    Support,
    is_joint,
    place_at,
    weakest_name,
)
from service.understanding.conditions import limit_of
from service.understanding.inflection import is_plural
from service.understanding.understand import Reading

ANSWER_MIN = 0.5  # support from which a passage answers
# A passage may have a name in another form ("the CFP") if it is read as the answer and has enough of the other words:
ABOUT_MIN = ((ABOUT_ODDS_MIN, 0.75), (3.0, 0.45))  # log-odds of the reader, and share of the words
# Log-odds of the reader below which a passage does not answer that lacks an asked noun, and how far it must have it.
ANSWER_ODDS_MIN, NOUN_MIN = -1.5, 0.3
ODDS_LEAST = -3.5  # log-odds of the reader below which a passage does not answer, whatever words it has
READ_ODDS_MIN = 0.5  # log-odds of the reader that it needs besides
UNCOUNTED_ODDS_MIN = (
    4.0  # the same where a passage does not speak of what is counted: 40 students are no nurses
)
READ_MIN = 0.75  # support from which one that was read with the question answers, whatever words it uses
COVERAGE_MIN = 0.45  # share of the asked words that a passage about the named thing must have
WHY_COVERAGE_MIN = 0.8  # share that a passage must have which says why, unless it is well supported
WHY_ODDS_MIN = 3.0  # log-odds of the reader from which it need not, for the end of something
COVERAGE_UNNAMED_MIN = 0.35  # the same for questions that name nothing
COVERAGE_ONLY_DOCUMENT_MIN = 0.75  # the same for passages of the one document that speaks of a name
CLAIM_NAME_MIN = 0.7  # how surely a passage must speak of each name of a yes-or-no question
# Why something ended is told only where its end is told.
_UNDONE = re.compile(
    r"\b(?:taken (?:off|away|down)|withdr\w+|remov\w+|bann\w+|stopp\w+|dropp\w+|cancel\w+|scrapp\w+|abandon\w+|"
    r"clos(?:e|ed|ing|ure)|shut|fail\w*|reject\w*|refus\w*|revok\w+|retract\w*|recall\w*|discontinu\w+|"
    r"(?:give|gave|given|giving) up|(?:pull|back|drop)(?:s|ed|ing)? out|quit\w*|leav(?:e|es|ing)|left|los(?:e|t|ing))\b"
)
# The same for when something was taken back.
_TAKEN_BACK = re.compile(
    r"\b(?:taken (?:off|down)|withdr\w+|bann\w+|cancel\w+|scrapp\w+|abandon\w+|reject\w*|revok\w+|retract\w*|recall\w*|"
    r"discontinu\w+)\b"
)
_WHY, _WHEN = re.compile(r"\W*why\b"), re.compile(r"\W*(?:when\b|in (?:which|what) year\b)")
DENSE_CLOSE = 0.6  # a passage so close in meaning may use other words
# The same by the encoder of questions: of 60 that only their words refused, 17 of 46 with an answer pass, 2 of 14 others.
# Support from which a question that names nothing may be put in quite other words: of 17 that only their words
# refused, 12 had an answer, and none of the others this much support.
FREE_WORDING_MIN = 0.65
SOUGHT_CLOSE, SCORE_CLOSE = 0.42, 0.85
SURE_KIND_MIN = 0.9  # support from which a passage need not name a thing of the kind that is asked for


def accepted(reading: Reading, knowledge: Knowledge, item: Support) -> bool:
    """True when a passage has the names, attribute, places and kind of value that the question needs.

    The attribute rule is what tells "not recorded" from "said near by": on a grid of hard negatives it
    refused 95 % where the score alone refused 46 %.
    """
    if item.score < ANSWER_MIN or not _is_about(reading, item):
        return False
    if item.read is not None and item.read.answers < ODDS_LEAST:
        return False
    asked, text = plain(reading.question), plain(knowledge.passages[item.position].text)
    if _WHY.match(asked) and _UNDONE.search(asked):
        return _tells_why_undone(text, item)
    if _WHEN.match(asked) and _TAKEN_BACK.search(asked) and not _TAKEN_BACK.search(text):
        return False
    elsewhere = not are_near(reading.places, knowledge, item.position)
    if _is_read_so(reading, knowledge, item) and not elsewhere:
        return True
    lacks_noun = item.parts["weakest"] < NOUN_MIN
    if item.read is not None and lacks_noun and item.read.answers < ANSWER_ODDS_MIN:
        return False
    if reading.asks_for in VALUES and (item.type < 0.9 or is_joint(reading, knowledge, item.position)):
        return False
    near = item.parts["sought"] >= SOUGHT_CLOSE and item.score >= SCORE_CLOSE
    counted = reading.asks_for == "number" and reading.heads
    if counted and not (near and item.read is None) and not _counts(reading, knowledge, item.position):
        return False
    # Many a name is tagged as nothing, and people most of all; for several things names must be there.
    several = any(is_plural(word) for word in reading.noun_text.split())
    sure = not several and item.score >= (SCORE_CLOSE if reading.kind == "person" else SURE_KIND_MIN)
    if not sure and not _holds_kind(reading, knowledge, item.position):
        return False
    if reading.intent in {"yes_no", "compare"} and not _bears_claim(reading, knowledge, item.position):
        return False
    close = item.dense >= DENSE_CLOSE or near
    if reading.named and item.coverage < COVERAGE_MIN and not (close and len(reading.content) >= 2):
        return False
    if not reading.named and item.coverage < COVERAGE_UNNAMED_MIN and not close:
        return _is_freely_worded(reading) and item.score >= FREE_WORDING_MIN
    if elsewhere:
        return False
    if _WHY.match(asked):
        return _tells_why(reading, knowledge, item)
    return True


def _is_read_so(reading: Reading, knowledge: Knowledge, item: Support) -> bool:
    """True when a passage was read as the answer; one that does not speak of what is counted, quite surely."""
    if item.read is None or item.score < READ_MIN:
        return False
    counted = reading.asks_for == "number" and reading.heads
    sure = not counted or _counts(reading, knowledge, item.position)
    return item.read.answers >= (READ_ODDS_MIN if sure else UNCOUNTED_ODDS_MIN)


def _is_freely_worded(reading: Reading) -> bool:
    """True for a question that ties itself to nothing, so that the sense of its words is all there is."""
    tied = reading.places or reading.years or reading.kind
    return not tied and reading.intent not in {"list", "compare"}


def _tells_why(reading: Reading, knowledge: Knowledge, item: Support) -> bool:
    """True when a passage says what is asked about and why."""
    told = item.coverage >= WHY_COVERAGE_MIN and _gives_reason(knowledge.passages[item.position].text)
    return told or item.score >= SCORE_CLOSE


def _tells_why_undone(text: str, item: Support) -> bool:
    """True when a passage tells the end of something as such, and why, in the asked words or surely read so."""
    sure = item.read is not None and item.read.answers >= WHY_ODDS_MIN
    said = item.coverage >= WHY_COVERAGE_MIN or sure
    return said and _UNDONE.search(text) is not None and _gives_reason(text)


def _is_about(reading: Reading, item: Support) -> bool:
    """True when a passage speaks of the asked names, or says the rest in the one document that does.

    The rest must be more than that money or a number is asked for.
    """
    if item.entity >= ENTITY_MIN:
        return True
    if item.named_otherwise and item.read is not None and _has_the_rest(item.read.answers, item.coverage):
        return True
    says_more = any(
        worth >= NOUN_WORTH and word not in MEASURES and word not in reading.heads
        for word, worth in zip(reading.content, reading.worth, strict=True)
    )
    return says_more and item.entity >= ONLY_DOCUMENT_LEVEL and item.coverage >= COVERAGE_ONLY_DOCUMENT_MIN


def _has_the_rest(odds: float, coverage: float) -> bool:
    """True when a passage with another form of the asked name is read as the answer and has enough other words."""
    return any(odds >= odds_min and coverage >= share for odds_min, share in ABOUT_MIN)


def _bears_claim(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when a passage speaks of every name of a claim and has its figures: "Does X employ 80 people?".

    For "more than 80" any figure will do: whether it is more is weighed by service/lookups/judging.py.
    """
    if weakest_name(reading, knowledge, position) < CLAIM_NAME_MIN:
        return False
    claimed = {quantity.value for quantity in quantities(reading.question) if quantity.kind == "count"}
    stated = {quantity.value for quantity in quantities(knowledge.passages[position].text)}
    return claimed <= stated or (limit_of(reading.question) is not None and bool(stated))


def _counts(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when the passage speaks of the thing that is counted."""
    asked_people, people = people_stems()
    said = knowledge.words.passage_stems[position]
    return any(
        best(head, said) >= 0.85
        or (head in asked_people and people & said)
        or (head in people and asked_people & said)
        or (bool(reading.named) and unit_stems() & said)
        for head in reading.heads
    )


def _holds_kind(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True unless a kind is asked for ("In which project ...?") and the passage names or means none of it."""
    if reading.intent not in {"list", "who"} or reading.kind in {"", "award", "product", "place", "journal"}:
        return True
    keys = knowledge.keys_at(position) | (
        {knowledge.spoken_of[position]} if position in knowledge.spoken_of else set()
    )
    return any(
        is_kind(knowledge.entities[key], reading)
        for key in keys - reading.keys
        if not knowledge.pervades(key)
    )


def are_near(asked: Iterable[Place], knowledge: Knowledge, position: int) -> bool:
    """True when a passage, or a neighbour in its document, names a place in each of those asked for."""
    return all(_near_place(place.name, knowledge, position) for place in asked)


def _near_place(name: str, knowledge: Knowledge, position: int) -> bool:
    """True when the passage, or a neighbour in its document, names a place that lies in the one asked for."""
    document_id = knowledge.passages[position].document_id
    return any(
        place_at(name, knowledge, near)
        for near in range(max(0, position - 2), min(len(knowledge.passages), position + 2))
        if knowledge.passages[near].document_id == document_id
    )


def _gives_reason(text: str) -> bool:
    return (
        re.search(
            r"\b(?:because|due to|since|as a result|in order to|so that|thanks to|therefore|owing to|to )\b",
            text,
        )
        is not None
    )
