"""When two words mean the same: stems and concept classes of everyday impact words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import snowballstemmer

from corpus.taxonomy import plain

SAME_STEM, SAME_CONCEPT, SAME_BEGINNING = 1.0, 0.9, 0.85  # answering notes, word levels
_WORD = re.compile(r"\d{1,3}(?:[ ,\u202f\u00a0]\d{3})+|[^\W_]+(?:['-][^\W_]+)*")
_stemmer = snowballstemmer.stemmer("english")


def words(text: str) -> list[str]:
    """The words of a text in lower case without accents; numbers split by thousands are one word."""
    folded = unicodedata.normalize("NFKD", plain(text))
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return [re.sub(r"(?<=\d)\D(?=\d{3})", "", word).removesuffix("'s") for word in _WORD.findall(bare)]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one lower-case word; hyphens do not count, words the stemmer wrongly merges stay apart."""
    return _data()["stems"].get(word) or str(_stemmer.stemWord(word.replace("-", "")))


def stems(text: str) -> list[str]:
    """The stems of a text; a hyphenated word also counts as its parts."""
    found = []
    for word in words(text):
        found.append(stem(word))
        if "-" in word:
            found.extend(stem(part) for part in word.split("-"))
    return found


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "concepts.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _concepts() -> dict[str, frozenset[int]]:
    classes: dict[str, set[int]] = {}
    for number, members in enumerate(_data()["classes"]):
        for word in members:
            classes.setdefault(stem(word), set()).add(number)
    return {key: frozenset(numbers) for key, numbers in classes.items()}


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """The words of all concept classes, as written."""
    return frozenset(word for members in _data()["classes"] for word in members) | frozenset(_data()["light"])


@lru_cache(maxsize=1)
def light_stems() -> frozenset[str]:
    """Stems of question words that need not stand in an answer."""
    return frozenset(stem(word) for word in _data()["light"])


@lru_cache(maxsize=1)
def people_stems() -> tuple[frozenset[str], frozenset[str]]:
    """The stems that ask for people of any sort, and the stems of the sorts that figures count."""
    return (
        frozenset(stem(word) for word in _data()["people"]),
        frozenset(stem(word.lower()) for word in _data()["people_counted"]),
    )


@lru_cache(maxsize=262144)
def similarity(asked: str, said: str) -> float:
    """How well two stems agree: 1 same, 0.9 same concept, 0.85 same beginning, else 0."""
    if asked == said:
        return SAME_STEM
    concepts = _concepts()
    if asked in concepts and said in concepts and concepts[asked] & concepts[said]:
        return SAME_CONCEPT
    if len(asked) >= 6 and len(said) >= 6 and asked[:6] == said[:6]:
        return SAME_BEGINNING
    return 0.0


def best(asked: str, said: Iterable[str]) -> float:
    """The best agreement of a stem with any of `said`; 0 when there is none."""
    return max((similarity(asked, stem_said) for stem_said in said), default=0.0)
