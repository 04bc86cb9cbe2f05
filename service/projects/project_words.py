"""The words of questions about projects in tables, by what they ask for."""

from __future__ import annotations

import tomllib
from collections.abc import Set
from functools import cache
from importlib.resources import files

from corpus.vocabulary import stem, words
from service.understanding.question_words import QUESTION_WORDS


@cache
def lexicon() -> dict[str, dict[str, frozenset[str]]]:
    """The stems of each class of words, by group and class."""
    data = tomllib.loads(files("service").joinpath("data/projects.toml").read_text("utf-8"))
    return {
        group: {name: frozenset(stem(word) for word in said.split()) for name, said in classes.items()}
        for group, classes in data.items()
    }


@cache
def asking() -> frozenset[str]:
    """The stems of words that ask or join."""
    return frozenset(stem(word) for word in QUESTION_WORDS)


def has(said: Set[str], group: str, name: str) -> bool:
    """True when one of the stems is of a class."""
    return bool(said & lexicon()[group][name])


def is_plain(name: str) -> bool:
    """True for names that say nothing more, such as the funder's."""
    return all(stem(word) in lexicon()["plain"]["words"] for word in words(name))
