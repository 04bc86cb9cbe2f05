"""The noun phrase after a figure, read from the surface of the text."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from itertools import takewhile
from typing import NamedTuple

_DATA = tomllib.loads(files("corpus").joinpath("data/nouns.toml").read_text("utf-8"))
_STOP = frozenset(_DATA["stop"].split())
_PLURAL = frozenset(_DATA["plural"].split())
_SINGULAR = frozenset(_DATA["singular"].split())
_NOUNS_IN_ING = frozenset(_DATA["ing"].split())
_CONTINUING = frozenset(_DATA["continuing"].split())
_DETERMINER = frozenset(_DATA["determiner"].split())
MEASURE = frozenset(_DATA["measure"].split())
HYPHENED = frozenset(_DATA["hyphened"].split())
DURATION = frozenset(_DATA["duration"].split())
DATED = frozenset(_DATA["dated"].split())

_JOINED = "|".join(re.escape(expression) for expression in _DATA["joined"])
# A word, apart from the one before by spaces or a single line break and nothing else.
_NEXT_WORD = re.compile(
    rf"(?:[ \t\u00a0\u202f]*\n?[ \t\u00a0\u202f]*)(?P<word>(?i:{_JOINED})\b|[^\W\d_][\w'’&/.-]*[\w]|[^\W\d_])"
)
_WORDS_MAX = 7  # longer phrases than this were never one
_BRACKET = re.compile(r"\s\([^()\n]{1,40}\)(?=\s[a-z])")


class Phrase(NamedTuple):
    """text[start:end], its words, and whether its head is a plural."""

    start: int
    end: int
    text: str
    plural: bool


def noun_phrase(text: str, start: int, singular: bool = False) -> Phrase:
    """The noun phrase that begins at `start`, up to its head; empty when none does.

    It ends before a preposition, a conjunction, a verb form or punctuation, and after the first plural
    unless another follows ("health sciences courses"). With `singular`, as after "one", a word in -s is
    taken for a verb ("one company employs").
    """
    words = _words(text, start, singular)
    if not singular and words and not is_plural(words[-1]["word"]):  # "14 Norwegian hired part-time"
        words = list(takewhile(lambda found: found is words[0] or not found["word"].endswith("ed"), words))
    while words and _verbal(words[-1]["word"]) and not is_plural(words[-1]["word"]):
        words.pop()
    if not words:
        return Phrase(start, start, "", False)
    begin, end = words[0].start("word"), words[-1].end("word")
    return Phrase(begin, end, text[begin:end], is_plural(words[-1]["word"]))


def is_plural(word: str) -> bool:
    """Whether the form of `word` is that of a plural noun."""
    lower = word.lower().rpartition("-")[2] if word.lower() not in _PLURAL else word.lower()
    if lower in _PLURAL:
        return True
    if lower in _SINGULAR or len(lower) < 3 or (word.isupper() and len(word) < 6):  # NHS, AIDS
        return False
    return lower.endswith("s") and not lower.endswith(("ss", "'s", "’s", "ous", "sis", "itis"))


def is_stop(word: str) -> bool:
    """Whether `word` cannot stand inside a counted noun phrase."""
    return word.lower() in _STOP


def without_determiner(text: str, start: int) -> int:
    """Where the noun phrase at `start` goes on after "the", "all the", "its"."""
    while (found := _NEXT_WORD.match(text, start)) and found["word"].lower() in _DETERMINER:
        start = found.end()
    return start


def _words(text: str, start: int, singular: bool) -> list[re.Match[str]]:
    words: list[re.Match[str]] = []
    headed = False
    while len(words) < _WORDS_MAX and (found := _NEXT_WORD.match(text, start)):
        word = found["word"]
        if _ends_phrase(text, found, words, headed, singular):
            break
        headed = headed or is_plural(word)
        words.append(found)
        start = found.end()
        if not headed and (bracket := _BRACKET.match(text, start)):  # "in silico (simulated) assays"
            start = bracket.end()
    return words


def _ends_phrase(
    text: str, found: re.Match[str], words: list[re.Match[str]], headed: bool, singular: bool
) -> bool:
    word = found["word"]
    if singular and words and is_plural(word):
        return True
    if headed:
        return not is_plural(word)
    if not words:
        return is_stop(word) and word.lower() not in _CONTINUING
    if word.lower() in {"and", "or"} and words[-1]["word"].islower() and not singular:
        return not _is_short_plural(noun_phrase(text, found.end()))  # "small and medium-sized firms"
    return is_stop(word)


def _is_short_plural(phrase: Phrase) -> bool:
    return phrase.plural and len(phrase.text.split()) <= 3


def _verbal(word: str) -> bool:
    return word.lower().endswith(("ed", "ing", "ly")) and word.lower() not in _NOUNS_IN_ING
