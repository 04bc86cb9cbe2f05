"""Text that remembers, character by character, where in its source it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

NOWHERE = -1  # the origin of a character that no source character stands behind


class Edit(NamedTuple):
    """Characters [start, end) give way to `replacement`."""

    start: int
    end: int
    replacement: str = ""


Rule = Callable[[str], Iterator[Edit]]  # edits come in order and do not overlap


@dataclass(frozen=True, slots=True)
class Traced:
    """A text and, for each of its characters, the index of the source character it stands for."""

    text: str
    origins: Sequence[int]

    @classmethod
    def source(cls, text: str) -> Traced:
        """The source itself: every character stands for itself."""
        return cls(text, range(len(text)))

    @classmethod
    def inserted(cls, text: str) -> Traced:
        """Text that stands nowhere in the source."""
        return cls(text, (NOWHERE,) * len(text))

    def __getitem__(self, part: slice) -> Traced:
        return Traced(self.text[part], self.origins[part])

    def __bool__(self) -> bool:
        return bool(self.text)

    def strip(self) -> Traced:
        """The same without white space at either end."""
        start = len(self.text) - len(self.text.lstrip())
        return self[start : len(self.text.rstrip())]

    def lines(self) -> Iterator[Traced]:
        """Its lines, without their line ends."""
        start = 0
        for line in self.text.split("\n"):
            yield self[start : start + len(line)]
            start += len(line) + 1

    def edited(self, edits: Iterable[Edit]) -> Traced:
        """The text after `edits`; characters that replace others stand for the first one replaced."""
        parts: list[Traced] = []
        done = 0
        for start, end, replacement in edits:
            parts.append(self[done:start])
            origin = self.origins[start] if end > start else NOWHERE
            parts.append(Traced(replacement, (origin,) * len(replacement)))
            done = end
        return joined([*parts, self[done:]]) if done or parts else self

    def ruled(self, *rules: Rule) -> Traced:
        """The text after each rule in turn."""
        traced = self
        for rule in rules:
            traced = traced.edited(rule(traced.text))
        return traced


def joined(parts: Sequence[Traced], separator: str = "") -> Traced:
    """The parts one after another, with an inserted separator between them."""
    if len(parts) == 1:
        return parts[0]
    origins: list[int] = []
    for number, part in enumerate(parts):
        if number:
            origins.extend([NOWHERE] * len(separator))
        origins.extend(part.origins)
    return Traced(separator.join(part.text for part in parts), origins)
