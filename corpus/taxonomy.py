"""What a fact can be about: outcome types with their trigger words, and kinds of named things."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus.remembered import TEXTS_KEPT

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "‐": "-"})


def plain(text: str) -> str:
    """The text in lower case with plain quotes and hyphens, character for character as long as before."""
    if text.isascii():
        return text.lower()
    lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(_QUOTES)


@dataclass(frozen=True)
class OutcomeType:
    """A type of impact fact with the words that show it."""

    name: str
    label: str  # plural noun for answers: "spin-offs"
    triggers: re.Pattern[str] | None
    asked: re.Pattern[str] | None  # triggers and the further words of people who ask


def _alternatives(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


@lru_cache(maxsize=1)
def _taxonomy() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "taxonomy.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def outcome_types() -> dict[str, OutcomeType]:
    """Every outcome type by name, in the order of the data file."""
    return {
        name: OutcomeType(
            name,
            entry["label"],
            _alternatives(entry["triggers"]),
            _alternatives(entry["triggers"] + entry.get("asked", [])),
        )
        for name, entry in _taxonomy()["outcome"].items()
    }


def triggers(text: str, asked: bool = False) -> list[tuple[str, int, int]]:
    """(outcome type, start, end) of each trigger in `text`, in order; `asked` adds the words of questions."""
    return list(_triggers(text, asked))


@lru_cache(maxsize=TEXTS_KEPT)
def _triggers(text: str, asked: bool) -> tuple[tuple[str, int, int], ...]:
    lowered = plain(text)
    found = [
        (name, match.start(), match.end())
        for name, outcome in outcome_types().items()
        if (pattern := outcome.asked if asked else outcome.triggers)
        for match in pattern.finditer(lowered)
    ]
    return tuple(sorted(found, key=lambda trigger: (trigger[1], trigger[2], trigger[0])))


ENTITY_KINDS = (
    "sme", "company", "academic", "patient_organisation", "regulator", "funder", "project", "programme",
    "network", "person", "award", "product", "journal", "other",
)  # fmt: skip
ORGANISATIONS = frozenset(
    {"sme", "company", "academic", "patient_organisation", "regulator", "funder", "network"}
)
DOERS = ORGANISATIONS | {"person"}  # whom "who" asks for
OUTCOME_TYPES = tuple(outcome_types())


@lru_cache(maxsize=1)
def kind_nouns() -> dict[str, str]:
    """Kind of thing by class noun, singular and plural, lower case."""
    nouns: dict[str, str] = {}
    for kind, entry in _taxonomy()["kind"].items():
        for noun in entry["nouns"]:
            nouns.setdefault(noun, kind)
            nouns.setdefault(plural(noun), kind)
    return nouns


def plural(noun: str) -> str:
    """The English plural of a regular noun phrase."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|ch|sh)$", noun) else "s")


def singular(noun: str) -> str:
    """The singular of a regular English plural; the phrase itself when it is none."""
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if re.search(r"(?:[sx]|ch|sh)es$", noun):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun


@lru_cache(maxsize=4096)
def kind_of(phrase: str) -> str | None:
    """The kind that the last words of a phrase name: "research council" is a funder, else None."""
    words = plain(phrase).split()
    nouns = kind_nouns()
    for length in (4, 3, 2, 1):
        kind = nouns.get(" ".join(words[-length:])) if len(words) >= length else None
        if kind is not None:
            return kind
    return None


@lru_cache(maxsize=1)
def name_words() -> dict[str, frozenset[str]]:
    """What parts of a name tell of its kind: legal forms, head words, titles of persons."""
    return {key: frozenset(words) for key, words in _taxonomy()["name"].items()}
