"""Whether a question in other words asks the same: only verbs and the like that nobody here knows gave way to known ones."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from corpus.parsing import Parse, parse_all
from corpus.vocabulary import light_stems, stem, words
from service.knowledge.knowledge import Knowledge
from service.language_model.plain_words import rewording
from service.understanding.question_words import QUESTION_WORDS
from service.understanding.understand import understand
from service.writing.grounding import names_in

_NUMBER = re.compile(r"\d[\d.,]*")
_ASKING = re.compile(r"\b(?:who|whom|whose|which|what|when|where|why|how|much|many)\b", re.IGNORECASE)
_TURNS = re.compile(
    r"\bup (?!to\b)|\b(?:can|could|would|will) you\b", re.IGNORECASE
)  # turns nothing: "bought up"
_SENTENCE = re.compile(r"[^?!.]*(?:\.\w[^?!.]*)*\?")  # one, that asks
_MAY_CHANGE = frozenset({"VERB", "AUX", "ADJ", "ADV", "ADP", "PART"})  # who and what is asked about stays


def reads_alike(written: str, question: str, knowledge: Knowledge) -> bool:
    """True when `written` is the question with unknown verbs, adjectives or adverbs put otherwise, and nothing else.

    Nouns, names, numbers, negations, hedges, question words, what is said to end or fail, and every word that the
    reports or our lexicons know are the question's own. What comes in are words of the reports, no more than
    went, none of them a noun; and it asks for an answer of the same kind.
    """
    if not _SENTENCE.fullmatch(written) or not _same_marks(written, question):
        return False
    dropped, added = _difference(written, question)
    if not dropped or len(added) > len(dropped):
        return False
    if dropped & knowledge.words.known_stems or not added <= set(knowledge.words.frequency):
        return False
    own, new = parse_all([question, written])
    if not (_may_change(dropped, own) and _may_change(added, new)):
        return False
    ours, theirs = understand(question, knowledge), understand(written, knowledge)
    return ours.understood_as().intent == theirs.understood_as().intent


def _same_marks(written: str, question: str) -> bool:
    """True when both have the same names, numbers, question words, and words that turn or end something."""
    return all(mark(written) == mark(question) for mark in (_names, _numbers, _asking, _turning, _adverse))


def _names(text: str) -> Counter[str]:
    """What is written like a name; a sentence begins with a capital whatever its word is."""
    found = Counter(names_in(text))
    first = re.match(r"\w+", text)
    if first and first[0].lower() in QUESTION_WORDS:
        found[first[0]] -= 1
    return +found


def _numbers(text: str) -> Counter[str]:
    return Counter(match[0].rstrip(".,") for match in _NUMBER.finditer(text))


def _asking(text: str) -> Counter[str]:
    return Counter(match[0].lower() for match in _ASKING.finditer(text))


def _turning(text: str) -> Counter[str]:
    return Counter(word for word in words(_TURNS.sub(" ", text)) if word in rewording()["turning"])


def _adverse(text: str) -> int:
    return sum(stem(word) in _adverse_stems() for word in words(text))


@lru_cache(maxsize=1)
def _adverse_stems() -> frozenset[str]:
    return frozenset(map(stem, rewording()["adverse"]))


def _difference(written: str, question: str) -> tuple[set[str], set[str]]:
    """The stems that went and those that came, without words that only ask or join."""
    idle = QUESTION_WORDS | light_stems()
    old, new = (
        {stem(word) for word in words(text) if word not in idle and stem(word) not in idle}
        for text in (question, written)
    )
    return old - new, new - old


def _may_change(stems: set[str], parse: Parse) -> bool:
    """True when each of the stems is only how something is said, wherever it stands."""
    return all(
        token.pos in _MAY_CHANGE
        for token in parse.tokens
        if not stems.isdisjoint(map(stem, words(token.text)))
    )
