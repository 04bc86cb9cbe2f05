"""Whether a sentence says the contrary of a claim: by words of contrary sense, or by the claim's own words negated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from corpus.taxonomy import plain

REACH_WORDS = 5  # how far before a word the negation stands that turns it round
_NEGATION = re.compile(
    r"(?:no|not|never|without|neither|nor|hardly|cannot|unable|fail(?:s|ed|ing)?|lack(?:s|ed|ing)?|little|\w+n't)"
)
_COMPARATIVE = (
    r"(?:higher|lower|greater|larger|bigger|smaller|better|worse|more|less|fewer|\w{3,}(?:ier|ger|ster|per))"
)
_ASKS_MORE = re.compile(rf"\b{_COMPARATIVE}\b.*\bthan\b")
_NO_MORE = re.compile(rf"\b(?:no|not|never|neither)\s+(?:\w+ly\s+|any\s+)?{_COMPARATIVE}\b")


def says_contrary(asked: str, text: str) -> bool:
    """True when a sentence has more words against a claim than for it."""
    asked, text = _spaced(asked), _spaced(text)
    if _ASKS_MORE.search(asked) and _NO_MORE.search(text) and not _NO_MORE.search(asked):
        return True
    against = for_it = 0
    for sort, (first, second) in ((sort, pair) for sort, pairs in _pairs().items() for pair in pairs):
        side = _side(asked, first, second)
        if side is None or (sort == "one_way" and not side):
            continue
        same, other = (first, second) if side else (second, first)
        if any(not negated for negated in _uses(text, same)):
            for_it += 1
        elif any(_uses(text, same)) or any(not negated for negated in _uses(text, other)):
            against += 1
    return against > for_it


def tells_no_change(asked: str, text: str) -> bool:
    """True when a claim is of a rise or a fall and a sentence speaks of neither."""
    asked, text = _spaced(asked), _spaced(text)
    return any(
        _side(asked, *pair) is not None and not any(words.search(text) for words in pair)
        for pair in _pairs()["changes"]
    )


def _side(text: str, first: re.Pattern[str], second: re.Pattern[str]) -> bool | None:
    """Which side of a pair a claim takes: True for the first, False for the second, None for neither or both."""
    sides = {not negated for negated in _uses(text, first)} | set(_uses(text, second))
    return sides.pop() if len(sides) == 1 else None


def _uses(text: str, words: re.Pattern[str]) -> Iterable[bool]:
    """For each use of some words, whether it is negated."""
    for match in words.finditer(text):
        before = re.split(r"[,;:]", text[: match.start()])[-1].split()[-REACH_WORDS:]
        yield any(_NEGATION.fullmatch(word) for word in before)


def _spaced(text: str) -> str:
    return re.sub(r"[\s-]+", " ", plain(text))


@lru_cache(maxsize=1)
def _pairs() -> Mapping[str, Sequence[tuple[re.Pattern[str], re.Pattern[str]]]]:
    """The two sides of each pair, by the sort of pair."""
    listed = tomllib.loads(files("service").joinpath("data/opposites.toml").read_text("utf-8"))
    return {
        name: [(_any_of(first), _any_of(second)) for first, second in pairs] for name, pairs in listed.items()
    }


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    forms = (re.escape(word).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b")
