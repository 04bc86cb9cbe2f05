"""When two words mean the same: stems, concept classes of impact words, a thesaurus of other fields."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import snowballstemmer

from corpus.numerals import WORDS, value_of
from corpus.remembered import remembered
from corpus.taxonomy import plain

SAME_STEM, SAME_CONCEPT, SAME_BEGINNING = 1.0, 0.9, 0.85  # answering notes, word levels
# Below 0.85, from which on two nouns are taken for one thing: a synonym supports a passage, it names nothing.
SAME_MEANING = 0.8
_WORD = re.compile(r"\d{1,3}(?:[ ,\u202f\u00a0]\d{3})+|[^\W_]+(?:['-][^\W_]+)*")
_THOUSANDS = re.compile(r"(?<=\d)\D(?=\d{3})")
_DATA = Path(__file__).parent / "data"
# "one" is a pronoun more often than a number.
_COUNT = re.compile(rf"(?!one$){WORDS}")
_stemmer = snowballstemmer.stemmer("english")


def words(text: str) -> list[str]:
    """The words of a text in lower case without accents; numbers split by thousands are one word."""
    bare = plain(text)
    if not bare.isascii():  # most texts are, and need no more
        folded = unicodedata.normalize("NFKD", bare)
        bare = "".join(char for char in folded if not unicodedata.combining(char))
    found = _WORD.findall(bare)
    return [word if word.isalpha() else _THOUSANDS.sub("", word).removesuffix("'s") for word in found]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one lower-case word; hyphens do not count, "ten" and "10" are the same.

    Words the stemmer wrongly merges stay apart, irregular forms meet.
    """
    if _COUNT.fullmatch(word):
        return str(int(value_of(word)))
    regular = _data()["irregular"].get(word, word).replace("-", "")
    return _data()["stems"].get(word) or str(_stemmer.stemWord(regular))


@remembered
def stems(text: str) -> list[str]:
    """The stems of a text; a hyphenated word also counts as its parts, two words also as an expression."""
    found: list[str] = []
    before = ""
    for word in words(text):
        whole = stem(word)
        parts = [whole] if "-" not in word or whole.isdigit() else [stem(part) for part in word.split("-")]
        if len(parts) > 1:
            found.append(whole)
        for part in parts:
            if pair := expression(before, part):
                found.append(pair)
            found.append(part)
            before = part
    return found


def expression(first: str, second: str) -> str:
    """The stem of two words that the thesaurus knows as one expression ("heart attack"), "" for others."""
    pair = f"{first} {second}"
    return pair if pair in _meanings() else ""


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((_DATA / "concepts.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def synonym_sets() -> tuple[tuple[str, ...], ...]:
    """The sets of the thesaurus, their members as written."""
    fields = tomllib.loads((_DATA / "thesaurus.toml").read_text("utf-8"))
    return tuple(tuple(line.split(", ")) for field in fields.values() for line in field.splitlines())


@lru_cache(maxsize=1)
def _meanings() -> dict[str, set[str]]:
    return _sharing(synonym_sets())


@lru_cache(maxsize=1)
def _concepts() -> dict[str, set[str]]:
    return _sharing(_data()["classes"])


def _sharing(groups: Iterable[Sequence[str]]) -> dict[str, set[str]]:
    """By stem, the stems that stand in a group with it."""
    sharing: dict[str, set[str]] = {}
    for members in groups:
        keys = {key for member in members for key in _keys(member)}
        for key in keys:
            sharing.setdefault(key, set()).update(keys)
    return sharing


def _keys(member: str) -> list[str]:
    """What `stems` makes of a member: its stem, and the pair of stems of two words or a hyphenated word."""
    parts = re.split("[ -]", member)
    pair = [" ".join(stem(part) for part in parts)] if len(parts) == 2 else []
    return pair if " " in member else [stem(member), *pair]


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """The words of all concept classes and of the thesaurus, as written."""
    listed = {word for members in _data()["classes"] for word in members} | set(_data()["light"])
    return frozenset(listed.union(*(member.split(" ") for members in synonym_sets() for member in members)))


@lru_cache(maxsize=1)
def light_stems() -> frozenset[str]:
    """Stems of question words that need not stand in an answer."""
    return frozenset(stem(word) for word in _data()["light"])


@lru_cache(maxsize=1)
def unit_stems() -> frozenset[str]:
    """The stems of nouns that count things of any sort: "units", "pieces"."""
    return frozenset(stem(word) for word in _data()["units"])


@lru_cache(maxsize=1)
def thing_stems() -> frozenset[str]:
    """The stems of nouns that stand for made things of any sort: "devices", "systems"."""
    return frozenset(stem(word) for word in _data()["things"])


@lru_cache(maxsize=1)
def people_stems() -> tuple[frozenset[str], frozenset[str]]:
    """The stems that ask for people of any sort, and the stems of the sorts that figures count."""
    return (
        frozenset(stem(word) for word in _data()["people"]),
        frozenset(stem(word.lower()) for word in _data()["people_counted"]),
    )


def best(asked: str, said: Collection[str]) -> float:
    """The best agreement of a stem with any of `said`.

    1 same, 0.9 same concept, 0.85 same beginning, 0.8 synonyms, 0 when there is none.
    """
    if asked in said:
        return SAME_STEM
    agreeing = _agreeing(asked)
    level = max((agreeing[other] for other in agreeing.keys() & said), default=0.0)
    # Numbers and expressions that begin alike say different things.
    if level < SAME_BEGINNING and len(asked) >= 6 and asked.isalpha():
        beginning = asked[:6]
        if any(other.startswith(beginning) and other.isalpha() for other in said):
            return SAME_BEGINNING
    return level


@lru_cache(maxsize=65536)
def _agreeing(asked: str) -> dict[str, float]:
    """Every stem that agrees with one, save by its beginning, with the level."""
    levels: dict[str, float] = {}
    for sharing, level in ((_meanings(), SAME_MEANING), (_concepts(), SAME_CONCEPT)):
        levels |= dict.fromkeys(sharing.get(asked, ()), level)
    return levels | {asked: SAME_STEM}
