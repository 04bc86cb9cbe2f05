"""The words of a sentence without what changes nothing: articles, connecting phrases, other spellings of a word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

_SPACES = re.compile(r"\s+")
_PERCENT = re.compile(r"(?<=\d)\s?%")
_NOT = re.compile(r"(?<=[a-z])n[’']t\b")
_AROUND_WORDS = " ,.;:"  # what punctuates a sentence without being part of a word
_LED = re.compile(r"(?P<lead>yes|no|no, not yet)[:,]\s+", re.IGNORECASE)


def lead_and_rest(text: str) -> tuple[str, str]:
    """The "yes", "no" or "no, not yet" that a sentence begins with, and the rest, each in plain spelling."""
    led = _LED.match(text)
    lead, rest = (led["lead"].lower(), text[led.end() :]) if led else ("", text)
    return lead, _spelt(rest)


def plain_word(word: str) -> str:
    """One word in its plain spelling: "Ten" is "10", "The" is "the"; "US" and "us" stay apart."""
    lower = word.lower() if word[1:] == word[1:].lower() else word
    return _same_words().get(lower, lower)


def words(spelt: str) -> list[str]:
    """The words of a sentence in plain spelling, in order, with the signs that belong to them, without articles."""
    found = [plain_word(part) for part in _parts(spelt)]
    return [word for i, word in enumerate(found) if not _is_idle_article(found, i)]


def turns(spelt: str) -> list[tuple[str, str]]:
    """Each word that may turn a claim (a hedge, a negation), with the word that it stands before."""
    turning = rewording()["turning"]
    return [(word, behind) for word, behind in pairwise([*words(spelt), "."]) if word in turning]


def is_article(word: str) -> bool:
    """True for a word that may come and go, unless it stands where it matters."""
    return word.lower() in rewording()["articles"]


@lru_cache(maxsize=1)
def rewording() -> Mapping[str, Any]:
    """The lists of service/data/rewording.toml."""
    listed = tomllib.loads(files("service").joinpath("data/rewording.toml").read_text("utf-8"))
    return {name: frozenset(words) if name in _AS_SETS else words for name, words in listed.items()}


_AS_SETS = {"turning", "articles", "article_matters_before", "adverse", "pointing", "joining"}


def _parts(text: str) -> Iterator[str]:
    return (part for part in (part.strip(_AROUND_WORDS) for part in text.split()) if part)


def _is_idle_article(found: Sequence[str], i: int) -> bool:
    behind = found[i + 1] if i + 1 < len(found) else ""
    return is_article(found[i]) and behind not in rewording()["article_matters_before"]


def _spelt(text: str) -> str:
    """The text with one spelling for phrases that say the same, and without those that only connect."""
    text = _NOT.sub(" not", _PERCENT.sub(" %", _SPACES.sub(" ", text)))
    for pattern, replacement in _same_phrases():
        text = pattern.sub(replacement, text)
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=1)
def _same_phrases() -> list[tuple[re.Pattern[str], str]]:
    connecting = re.compile(rf"(?<![^\s]){_any_of(rewording()['connecting'])}(?:,|(?=\s))", re.IGNORECASE)
    same = [
        (re.compile(rf"(?<![^\s]){_any_of(others)}(?![\w-])", re.IGNORECASE), first)
        for first, *others in rewording()["phrases"]
    ]
    return [(connecting, ""), *same]


def _any_of(phrases: Sequence[str]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(phrase) for phrase in longest_first)})"


@lru_cache(maxsize=1)
def _same_words() -> dict[str, str]:
    return {word: first for first, *others in rewording()["words"] for word in others}
