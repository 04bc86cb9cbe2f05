"""The expressions that find figures with their hedge, currency, magnitude and sign."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files

from corpus.numerals import DIGITS, WORDS

_DATA = tomllib.loads(files("corpus").joinpath("data/quantity.toml").read_text("utf-8"))

CURRENCIES: dict[str, str] = {
    " ".join(name.lower().split()): code for name, code in _DATA["currencies"].items()
}
MAGNITUDES: dict[str, float] = _DATA["magnitudes"] | _DATA["magnitude_letters"]
MAGNITUDE_LETTERS = frozenset(_DATA["magnitude_letters"])
MULTIPLES = {word: float(value) for word, value in _DATA["multiples"].items()}
FRACTIONS: dict[str, int] = _DATA["fractions"]
ORDINALS: dict[str, int] = _DATA["ordinals"]
DURING = frozenset(_DATA["during"])
HEDGING = frozenset(_DATA["hedging"])


def _any_of(words: Iterable[str]) -> str:
    """An expression for the words, the longest first, any white space between their parts."""
    return "|".join(
        re.sub(r"(?:\\ )+", r"\\s+", re.escape(word)) for word in sorted(words, key=len, reverse=True)
    )


_MONEY_SIGNS = _any_of(name for name in CURRENCIES if not name[-1].isalnum() or "$" in name)
_MONEY_WORDS = _any_of(name for name in CURRENCIES if name[-1].isalnum() and "$" not in name)
_HEDGE = (
    rf"(?:(?:(?:{_any_of(_DATA['hedge_modifiers'])})\s+)?(?:{_any_of(_DATA['hedges'])})\s+(?:(?:the|further|additional)\s+)?"
    rf"|(?:{_any_of(_DATA['hedge_signs'])})\s?)"
)
_MAGNITUDE_WORD = rf"(?:{_any_of(_DATA['magnitudes'])})(?![^\W\d]|\d{{3}})"
_MAGNITUDE = (
    rf"(?:{_MAGNITUDE_WORD}(?:(?<=mio)\.|(?<=mill)\.|(?<=bn)\.(?=\s[a-z]))?"
    rf"|(?:{_any_of(MAGNITUDE_LETTERS)})(?![\w²³]))"
)
_ARTICLE = (
    r"\ba(?=\s+dozen\b)|\ba\s+quarter\s+of\s+a(?=\s+[mb]illion\b)"
    r"|\bhalf\s+an?(?=\s+(?:dozen|hundred|thousand|million|billion)\b)"
)
_COMPARING = r"more|as|the|higher|larger|greater|faster|less|lower|better|bigger|longer|that|than|its"

AMOUNT = re.compile(
    rf"(?:(?<!\w)(?P<hedge>{_HEDGE}{{1,2}}))?"
    r"(?P<sign>(?<![\w)])[+−-](?=[\d€£$]))?"
    rf"(?:(?<!\w)(?P<currency>{_MONEY_SIGNS}|(?:{_MONEY_WORDS})(?=[\s\d]))\s?)?"
    rf"(?P<figure>{DIGITS}|{_ARTICLE}|\b{WORDS})"
    rf"(?:(?P<plus_inside>\+)(?=\s?{_MAGNITUDE_WORD}))?"
    rf"(?:[\s-]?(?P<magnitude>{_MAGNITUDE}))?"
    r"(?P<plus>\+(?!\w))?"
    rf"(?:\s?(?P<percent>%|(?:per\s?cent|percentage\s+points?|pct)\b)"
    rf"|[\s-]?(?P<fold>fold)\b|\s?(?P<cross>[x×])(?!\w|\s?\d)|\s(?P<times>times)\b(?=\s+(?:{_COMPARING})\b)"
    rf"|\s?(?P<currency_after>(?:{_MONEY_WORDS})\b|{_MONEY_SIGNS}))?"
    rf"(?P<plus_after>\+(?!\w))?"
    rf"(?P<hedge_after>\s+(?:{_any_of(_DATA['hedges_after'])})\b)?",
    re.IGNORECASE,
)

HEDGE_BEFORE = re.compile(rf"(?<!\w){_HEDGE}{{1,2}}$", re.IGNORECASE)
AGO = re.compile(r"\s+(?:ago|old|earlier|before)\b", re.IGNORECASE)

_NUMBER = rf"(?:{DIGITS}|{WORDS})"
# A part of a whole; the name says how it is printed.
SHARES = {
    "out_of": re.compile(
        rf"(?<![\w.,-])(?P<part>{_NUMBER})\s+out\s+of\s+(?:every\s+)?(?P<whole>{_NUMBER})(?![\w-])", re.I
    ),
    "one_in": re.compile(
        rf"(?<![\w.,-])(?P<part>1|one)\s+in\s+(?:every\s+)?(?P<whole>{_NUMBER})(?![\w%-])", re.I
    ),
    "in_ten": re.compile(
        r"(?<![\w.,-])(?P<part>[2-9]|two|three|four|six|seven|eight|nine)\s+in\s+(?P<whole>10|ten)(?![\w%-])",
        re.I,
    ),
    "slash": re.compile(r"(?<![\w.,/-])(?P<part>[1-9]\d{0,2})/(?P<whole>[1-9]\d{0,2})(?![\w/-]|\.\d)"),
    "fraction": re.compile(
        rf"(?<![\w-])(?P<part>an?|one|two|three|four|nine|\d)[\s-](?P<whole>{_any_of(FRACTIONS)})(?=\s+of\b(?!\s+an?\b))",
        re.I,
    ),
    "half": re.compile(
        r"(?<![\w-])half(?=\s+(?:of\s+(?!an?\b)|the\b|all\b|its\b|our\b|their\b|these\b))", re.I
    ),
}
_FOLDS = "two|three|four|five|six|seven|eight|nine|ten|twenty|hundred|thousand"
MULTIPLE = re.compile(rf"\b(?:(?P<word>{_any_of(MULTIPLES)})|(?P<number>{_FOLDS})fold)\b", re.IGNORECASE)
RANK = re.compile(
    r"\b(?:(?:ranked|ranks|placed|rated)\s+(?:(?:as|joint|equal|number|no\.|#|the|at)\s+)*"
    rf"(?P<ordinal>\d+(?:st|nd|rd|th)|{_any_of(ORDINALS)})|top\s+(?P<top>{WORDS}|\d+)(?!\s?%|\s+per|,\d))\b",
    re.IGNORECASE,
)

FROM_BEFORE = re.compile(r"\bfrom\s+(?:the\s+|just\s+|only\s+)?$", re.IGNORECASE)
RANGING_BEFORE = re.compile(rf"\b(?:{_any_of(_DATA['ranging'])})\s+(?:\w+\s+)?from\s+$", re.IGNORECASE)
TO_AFTER = re.compile(r"[^.;:\n]{0,60}?\bto\s+(?:the\s+|just\s+|only\s+)?", re.IGNORECASE)
UP_FROM = re.compile(r"[^.;:]{0,40}?[\s(](?:up|down)\s+from\s+(?:just\s+|only\s+)?", re.IGNORECASE)
BETWEEN_BEFORE = re.compile(r"\bbetween\s+$", re.IGNORECASE)
JOINT = re.compile(r"-?\s?[-–—]\s?|-?\s+to\s+|\s+and\s+", re.IGNORECASE)
OF = re.compile(r"\s+of\s+", re.IGNORECASE)
NUMBER_BEFORE_NOUN = re.compile(rf"\s*{_NUMBER}(?=\s)", re.IGNORECASE)
