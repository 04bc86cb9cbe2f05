"""Deeds: one thing done by one side to another, of the kinds that service/data/deeds.toml lists."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Deed:
    """One deed of a sentence: who stands on which side."""

    frame: str
    sides: Mapping[str, frozenset[str]]  # by side the keys of the names that stand on it
    negated: bool = False
    done: bool = True  # False when it is planned or only possible
    text: str = ""  # the words of its clause
    main: bool = False  # its verb governs the sentence
    things: frozenset[str] = frozenset()  # nouns on its sides that are neither names nor ask for one

    @property
    def two_sides(self) -> tuple[str, str]:
        """The names of the doer's side and of the other."""
        first, second = frames()[self.frame]["sides"]
        return first, second

    def said(self, doer: str, other: str) -> str:
        """The deed in words."""
        return str(frames()[self.frame]["said"]).format(doer, other)

    def named_sides(self) -> list[str]:
        """The two sides of the frame that names stand on."""
        return [side for side in self.two_sides if self.sides.get(side)]

    @property
    def once(self) -> bool:
        """True for a deed that is done to a thing by one party only."""
        return bool(frames()[self.frame].get("once"))

    @property
    def tells_members(self) -> bool:
        """True for a deed whose sides are read surely enough to list who stands on one of them."""
        return bool(frames()[self.frame].get("members"))

    @property
    def has_thing(self) -> bool:
        """True for a deed that passes a thing from one side to the other, beside the two."""
        return any("thing" in sides.values() for sides in frames()[self.frame]["verbs"].values())

    @property
    def strict(self) -> bool:
        """True when an answer must tell the deed with the name on the very side that is asked about."""
        return bool(frames()[self.frame].get("strict"))


@lru_cache(maxsize=1)
def frames() -> dict[str, Any]:
    """The kinds of deeds by name, with their sides and the words that tell them."""
    return tomllib.loads(files("service").joinpath("data/deeds.toml").read_text("utf-8"))
