"""Definitions and descriptions: what something stands for, what it is, what it did."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.entities import tells_filing
from corpus.taxonomy import plain
from corpus.vocabulary import best, stems
from service.evidence import Draft, Line, quotes_of
from service.knowledge.knowledge import Knowledge
from service.lookups.acceptance import READ_MIN
from service.lookups.clipping import clipped
from service.lookups.support import Support, topic_level
from service.lookups.telling import told
from service.understanding.understand import Reading

_ASKS_LONG_FORM = re.compile(
    r"\bstands? for\b|\bmean(?:ing)?\b|\bfull (?:name|form)\b|\bacronym\b|\babbreviat"
)
LONG_FORMS_MAX = 3
DEFINITION_WORDS_MAX = 110
DESCRIPTION_WORDS_MAX = 150
PARTICULAR_WORDS_MAX = 80  # where something particular of the thing is asked
SENTENCES_MAX = 4
TOPIC_MIN = 0.6  # share of the content words that a sentence about the named thing must have
GOING_ON_MAX = 2  # sentences after the best one that are told with it
_ASKS_PURPOSE = re.compile(
    r"\b(?:used?|good|meant|intended|needed|useful) (?:for|to)\b|\bpurpose\b|\bwhat for\b"
)
_PURPOSE = re.compile(
    r"\b(?:used (?:for|to|in|by|as|on|when)|use (?:of|in|for)|designed (?:for|to)|intended (?:for|to)|"
    r"enabl(?:es?|ing)|allow(?:s|ing)?|helps?|aids?|supports?|quantif(?:y|ies)|measures?|detects?|"
    r"for (?:the |use in )?(?:diagnosis|treatment|detection|monitoring|management|analysis|measurement|"
    r"prevention|study|early|assessment)|to (?:detect|diagnose|treat|measure|monitor|identify|prevent|assess|"
    r"improve|reduce|help|guide|teach|train|predict))\b"
)
_ASKS_BUSINESS = re.compile(r"\bwhat (?:does|do|did) .{2,60} (?:do|make|sell|offer|produce)\W*$")
_BUSINESS = re.compile(
    r"\b(?:develops?|developing|offers?|offering|provides?|providing|produces?|producing|manufactures?|manufacturing|"
    r"designs?|designing|sells?|selling|makes?|making|supplies|supplying|delivers?|specialis\w+|services)\b"
)
# What a question asks of a thing, and the words of the sentences that tell it: these go first.
_ASPECTS = ((_ASKS_PURPOSE, _PURPOSE), (_ASKS_BUSINESS, _BUSINESS))
BONUS = 0.1  # of support, for a sentence that says what the thing is or what it is for
NEAR_MIN = 0.45  # or as close in meaning to the question


def asks_long_form(reading: Reading) -> bool:
    """True when a question asks what an abbreviation or a word means."""
    return _ASKS_LONG_FORM.search(plain(reading.question)) is not None


def long_form(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """What an abbreviation of the question stands for, in each way in which the reports spell it out."""
    asked = {re.sub(r"[^\w+&-]", "", token) for token in reading.question.split()}
    upper = {token.upper() for token in asked}
    told: dict[str, Line] = {}
    for fact in knowledge.facts:
        if (
            fact.outcome_type == "definition"
            and fact.predicate == "stand for"
            and (fact.subject in asked or fact.subject.upper() in upper)
        ):
            position = knowledge.passage_at(fact.document_id, fact.selector.start)
            if position is not None:
                told.setdefault(
                    plain(fact.object),
                    Line(
                        f"{fact.subject} stands for {fact.object}.", quotes_of(knowledge.passages[position])
                    ),
                )
    lines = tuple(told.values())[:LONG_FORMS_MAX]
    return Draft(lines, facts_matched=len(lines)) if lines else None


def definition(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """What a thing is: the sentence "X is ...", or the sentences that introduce X."""
    if reading.named and (_asks_what_it_is(reading) or not any(worth >= 0.6 for worth in reading.worth)):
        if _ASKS_PURPOSE.search(plain(reading.question)):
            return description(reading, knowledge, ranked)
        return description(reading, knowledge, ranked, DEFINITION_WORDS_MAX, 3)
    for item in _defining(reading.content, knowledge, ranked):
        passage = knowledge.passages[item.position]
        lines = [Line(clipped(passage.text, words_max=60), quotes_of(passage))]
        return Draft(tuple(lines), facts_matched=1)
    return None


def _asks_what_it_is(reading: Reading) -> bool:
    """True for "What is the Norvia test by Corvane?", not for "What is the price of the Norvia test?"."""
    opening = re.match(r"\W*what (?:is|are|was|were) (?:the |an? )?", reading.question, re.IGNORECASE)
    return opening is not None and any(
        reading.question.startswith(name.text, opening.end()) for name in reading.named
    )


def _defining(term: Sequence[str], knowledge: Knowledge, ranked: Sequence[Support]) -> list[Support]:
    """Passages of the form "<term> is/are/means ...", whose subject has all words of the term."""
    found = []
    for item in ranked:
        text = plain(knowledge.passages[item.position].text)
        match = re.match(r"[^\w]*(.{2,80}?)\s+(?:is|are|means?|refers? to|describes?|stands for)\b", text)
        apposition = re.search(r"\(([^)]{3,80})\)", text)
        subject = stems(match[1]) if match else []
        is_subject = match and term and all(best(word, subject) >= 0.85 for word in term)
        is_short = len(subject) <= len(term) + 4
        is_apposition = (
            apposition and len(term) > 1 and all(best(word, stems(apposition[1])) >= 0.95 for word in term)
        )
        if (is_subject and is_short) or is_apposition:
            found.append(item)
    return found


def description(
    reading: Reading,
    knowledge: Knowledge,
    ranked: Sequence[Support],
    words_max: int = DESCRIPTION_WORDS_MAX,
    sentences_max: int = SENTENCES_MAX,
) -> Draft | None:
    """Two to four sentences about the named thing, what it is first, then what fits the question best."""
    near_by = {*_about(reading, knowledge), *(item.position for item in ranked if not item.is_elsewhere)}
    positions = sorted(at for at in near_by if not tells_filing(knowledge.passages[at].text))
    scores = {item.position: item.read.answers / 4 if item.read else item.score for item in ranked}
    read = {item.position for item in ranked if item.read is not None and item.score >= READ_MIN}
    topical = [
        position
        for position in positions
        if position in read or topic_level(reading, knowledge, position) >= TOPIC_MIN
    ]
    near = [item.position for item in ranked if item.position in positions and item.dense >= NEAR_MIN]
    pool = topical or near or ([] if _asks_something(reading) else _about(reading, knowledge))
    if not pool:
        return None
    introducing = [position for position in pool if _introduces(reading, knowledge, position)]
    asked = plain(reading.question)
    wanted = next((tells for asks, tells in _ASPECTS if asks.search(asked)), None)
    best_first = sorted(
        pool,
        key=lambda position: (
            _is_caption(knowledge.passages[position].text),
            position not in read if read else position not in introducing,
            -scores.get(position, 0.0)
            - BONUS
            * (wanted is not None and wanted.search(plain(knowledge.passages[position].text)) is not None)
            - BONUS * (position in introducing),
            position,
        ),
    )
    if _asks_something(reading):
        words_max = min(words_max, PARTICULAR_WORDS_MAX)
        best_first = list(dict.fromkeys([best_first[0], *_going_on(knowledge, best_first[0]), *best_first]))
    chosen: list[int] = []
    words = 0
    for position in best_first:
        length = min(len(knowledge.passages[position].text.split()), 45)
        if chosen and (len(chosen) >= sentences_max or words + length > words_max):
            continue
        chosen.append(position)
        words += length
    lines = tuple(told(knowledge, position, beside=chosen) for position in sorted(chosen))
    return Draft(lines, facts_matched=len(pool))


def _going_on(knowledge: Knowledge, position: int) -> list[int]:
    """The sentences of the same paragraph that follow one: an explanation goes on over them."""
    block = knowledge.passages[position].block
    return [
        following
        for following in range(position + 1, min(position + 1 + GOING_ON_MAX, len(knowledge.passages)))
        if knowledge.passages[following].block == block
        and knowledge.passages[following].document_id == knowledge.passages[position].document_id
    ]


def _is_caption(text: str) -> bool:
    return re.match(r"(?:fig(?:ure)?|table)\b", text, re.IGNORECASE) is not None


def _asks_something(reading: Reading) -> bool:
    """True when the question wants something particular of the thing, not just "tell me about"."""
    return (
        any(worth >= 0.6 for worth in reading.worth)
        and reading.intent not in {"define"}
        and not re.match(r"\s*(?:tell me|describe|who is|what is|info)", reading.question, re.IGNORECASE)
    )


def _about(reading: Reading, knowledge: Knowledge) -> list[int]:
    """The passages that name or refer to what the question names, to all of it where some do."""
    named = [
        {position for key in name.keys for position in knowledge.entities[key].passages}
        | {position for position, key in knowledge.spoken_of.items() if key in name.keys}
        for name in reading.named
    ]
    positions = set.intersection(*named) if named else set()
    positions = positions or set().union(*named)
    return sorted(position for position in positions if knowledge.passages[position].kind != "heading")


def _introduces(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when the passage says what the thing is: "X is a ...", "X, a ...", "project X ..."."""
    text = knowledge.passages[position].text
    for key in reading.keys:
        for form in knowledge.entities[key].forms:
            if re.search(
                rf"{re.escape(form)}\W{{0,3}}(?:\([^)]*\)\s*)?(?:is|are|was) (?:an?|the|now)\b|"
                rf"\b{re.escape(form)}(?:\s\([^)]*\))?(?:,|:) (?:an?|the|another)\b|"
                rf"\b{re.escape(form)}(?: \w+)? \((?:an?|the) [^)]+\)",
                text,
            ):
                return True
    return False
