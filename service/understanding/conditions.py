"""The conditions of a question: places, a period, a test on figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.counted import counted_noun
from corpus.dates import dates
from corpus.places import Place, places
from corpus.quantity import quantities
from corpus.taxonomy import plain
from corpus.vocabulary import stem, words
from service.understanding.named import Named


@dataclass(frozen=True)
class Limit:
    """A test on figures: at least `low`, or at most `high`."""

    low: float = 0.0
    high: float | None = None
    unit: str = ""  # ISO 4217 code when a currency is named
    money: bool = False
    noun: str = ""  # stem of what the figures must count, "" for money


# What is left out is a name, or what stands before a comma, an auxiliary or the end.
_EXCLUDING = re.compile(
    r"[,(]?\s*\b(?:besides|apart from|aside from|other than|except(?: for)?|excluding|not counting|"
    r"in addition to|outside(?: of)?(?= (?:[A-Z]|the [A-Z])))"
    r"\s+(?:the\s+)?(?P<what>(?-i:[A-Z][\w&.-]*(?: (?:(?:of|the|for) )*[A-Z][\w&.-]*)*)|"
    r"[^,?()]+?(?=,|\)|\s+(?:has|have|had|did|do|does|is|are|was|were|can|could)\b|\s*\?|\s*$))\)?,?",
    re.IGNORECASE,
)

_ABROAD = re.compile(
    r"\bwhere\b.*\b(?:abroad|overseas|internationally|worldwide|in the world|outside)\b|\bwhere else\b|"
    r"\b(?:outside|beyond|apart from|besides)\b.*\bwhere\b",
    re.IGNORECASE,
)


def excluded_of(text: str) -> tuple[str, str]:
    """What a question leaves out ("besides X", "apart from Y"), and the question without it."""
    match = _EXCLUDING.search(text)
    if match is None or len(match["what"].split()) > 6:
        return "", text
    rest = f"{text[: match.start()]} {text[match.end() :]}".strip()
    return match["what"], rest[:1].upper() + rest[1:]


def asks_for_places(text: str) -> bool:
    """True when "where" asks for countries: "where else", "where abroad", "outside Peru, where"."""
    return _ABROAD.search(text) is not None


def asked_places(text: str, named: Sequence[Named]) -> tuple[Place, ...]:
    """The places of a question that are not part of a name."""
    lower = not any(char.isupper() for char in text[1:])
    return tuple(
        place
        for place in places(text, ignore_case=lower)
        if not any(item.start <= place.start and place.end <= item.end for item in named)
    )


def asks_where_based(text: str, noun_text: str, found: Sequence[Place]) -> bool:
    """True when a place stands as an adjective before the asked noun, or behind "based in" or "from"."""
    lowered = plain(text)
    return any(
        place.text in noun_text
        or re.search(
            r"\b(?:based|located|headquartered|situated|seated|home|from)(?: in| at| near)?(?: the)? $",
            lowered[: place.start],
        )
        or re.match(r"-based\b", lowered[place.end :])
        for place in found
    )


def period_of(text: str) -> tuple[str | None, str | None] | None:
    """The period that a question limits its answer to: "in 2002", "before the year 2000", "since 2010"."""
    found = dates(text)
    if not found:
        return None
    date = found[0]
    before = plain(text[: date.start])
    if re.match(r"\s*or (?:later|after|since)\b|\s*onwards?\b", plain(text[date.end :])):
        return date.value, None
    if re.match(r"\s*or (?:earlier|before)\b", plain(text[date.end :])):
        return None, date.value
    if date.relation in {"before", "until", "by"} or re.search(
        r"\b(?:before|until|prior to|by|earlier than|up to)(?: the)?(?: year)? $", before
    ):
        year = date.value[:4]
        return (
            (None, str(int(year) - 1))
            if "by" not in date.relation and "until" not in date.relation
            else (None, date.value)
        )
    if date.relation in {"since", "after", "from"} or re.search(
        r"\b(?:since|after|from|later than)(?: the)?(?: year)? $", before
    ):
        return date.value, date.value_end
    return date.value, date.value_end or date.value


def limit_of(text: str) -> Limit | None:
    """The test of "more than 5 million", "at least 100", "under 10"."""
    for quantity in quantities(text):
        hedge = plain(f"{text[max(0, quantity.start - 14) : quantity.start]} {quantity.qualifier}")
        money = (
            quantity.kind == "money"
            or re.search(r"\b(?:rais|fund|invest|money|worth|cost|paid|turnover|revenue)", plain(text))
            is not None
        )
        unit = quantity.unit if quantity.kind == "money" else ""
        counted = words(counted_noun(text, quantity))
        noun = stem(counted[-1]) if counted and not money else ""
        if re.search(r"more than|over|above|at least|exceed|greater than|upwards of|>", hedge):
            return Limit(low=quantity.value, unit=unit, money=money, noun=noun)
        if re.search(r"less than|under|below|at most|fewer than|up to|<", hedge):
            return Limit(high=quantity.value, unit=unit, money=money, noun=noun)
    return None
