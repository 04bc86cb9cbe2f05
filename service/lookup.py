"""Look-ups: the one or two sentences that support an answer, or the reason why none does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.vocabulary import light_stems
from index.retriever import Retriever
from service.evidence import Draft, Line, Refusal, quote_of, quotes_of
from service.knowledge import Knowledge
from service.listing import clipped
from service.support import ENTITY_MIN, Support, missing_words, rank
from service.understand import Reading

CANDIDATES = 40
ANSWER_MIN = 0.68  # support from which a passage answers
CLOSE_MIN = 0.88  # a second sentence needs this share of the best one's support
DENSE_MIN = 0.28  # below it nothing in the corpus is about the question (answering notes, section 3)


def candidates(reading: Reading, knowledge: Knowledge, retriever: Retriever) -> list[Support]:
    """The passages that may answer, best supported first."""
    hits = retriever.search(reading.question, limit=CANDIDATES, kind="passage")
    also = sorted(
        {position for key in reading.keys if len(knowledge.entities[key].passages) <= 60 for position in knowledge.entities[key].passages}
        | {position for position, key in knowledge.spoken_of.items() if key in reading.keys}
    )
    return rank(reading, knowledge, hits, also)


def lookup(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """The best supported sentence, with a second one when it is nearly as good; None below the threshold."""
    if not ranked or not accepted(reading, knowledge, ranked[0]):
        return None
    chosen = [ranked[0]]
    for item in ranked[1:4]:
        if item.score >= CLOSE_MIN * ranked[0].score and accepted(reading, knowledge, item):
            chosen.append(item)
            break
    lines = tuple(
        Line(clipped(knowledge.passages[item.position].text, words_max=45), quotes_of(knowledge.passages[item.position]))
        for item in chosen
    )
    return Draft(lines=lines, facts_matched=len(chosen))


def accepted(reading: Reading, knowledge: Knowledge, item: Support) -> bool:
    """True when a passage has the names, the words and the kind of value that the question needs."""
    if item.score < ANSWER_MIN or item.entity < ENTITY_MIN:
        return False
    if reading.asks_for in {"money", "percent", "number", "figure", "date"} and item.type < 0.9:
        return False
    if re.match(r"\s*why\b", reading.question, re.IGNORECASE) and not _gives_reason(knowledge.passages[item.position].text):
        return False
    missing = missing_words(reading, knowledge, item.position)
    telling = [word for word in reading.content if word not in light_stems()]
    allowed = 0 if len(telling) <= 2 else 1 if len(telling) <= 5 else 2
    if item.dense >= 0.62:
        allowed += 1
    return len(missing) <= allowed


def _gives_reason(text: str) -> bool:
    return re.search(r"\b(?:because|due to|since|as a result|in order to|so that|thanks to|therefore|owing to|to )\b", text) is not None


def refusal(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Refusal:
    """The reason why nothing answers, read off what is missing, and the nearest passages."""
    nearest = tuple(quote_of(knowledge.passages[item.position]) for item in ranked[:3])
    if reading.unknown:
        name = reading.unknown[0]
        return Refusal("unknown_entity", f"The reports do not mention {name}.", nearest)
    if not ranked or max(item.dense for item in ranked) < DENSE_MIN:
        return Refusal("off_topic", "The reports do not deal with this question.", nearest)
    if reading.named:
        names = " and ".join(dict.fromkeys(knowledge.entities[name.keys[0]].name for name in reading.named))
        if re.match(r"\s*(?:why|when|how)\b", reading.question, re.IGNORECASE) and reading.intent in {"describe", "when"}:
            return Refusal("unsupported_premise", f"{names} is mentioned in the reports, but nothing in them supports what the question assumes.", nearest)
        return Refusal("attribute_missing", f"{names} is mentioned in the reports; what is asked about it is not.", nearest)
    return Refusal("attribute_missing", "The reports do not say this. The nearest passages are shown instead.", nearest)
