"""Numbers in digits and in English words, as they are printed."""

from __future__ import annotations

import re
import unicodedata

from text_to_num import text2num

_SPACES = " \u00a0\u202f\u2009"
_VULGAR = "¼½¾"
_GROUPED = (
    rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}}(?!\d))+|\d{{1,3}}(?:,\d{{3}}(?!\d))+|\d{{1,3}}(?:[’']\d{{3}}(?!\d))+"
)
_GROUPED_BY_POINTS = r"\d{1,3}(?:\.\d{3}(?!\d)){2,}"
_DECIMAL_COMMA = r"\d{1,3},\d{1,2}(?=\s?(?:million|billion|mio|bn|m)\b)"
DIGITS = (
    rf"(?:(?:{_GROUPED_BY_POINTS}|{_DECIMAL_COMMA}|(?:{_GROUPED}|\d+)(?:[.·]\d+)?)[{_VULGAR}]?|[{_VULGAR}])"
)

_DIGIT_WORDS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "zero|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_POWERS = "hundred|thousand|million|billion|trillion"
_SMALL = rf"(?:(?:{_TENS})(?:[ -](?:{_DIGIT_WORDS})\b)?|{_TEENS}|{_DIGIT_WORDS})"
WORDS = rf"(?:(?:an?|{_SMALL})[ -](?:{_POWERS})\b(?:[ -](?:and )?(?:{_SMALL}|{_POWERS})\b)*|{_SMALL}\b)"


def value_of(printed: str) -> float:
    """The number that `printed`, a match of DIGITS or WORDS, says; ValueError when the words make none."""
    if printed[0].isalpha():
        words = re.sub(r"^an?\b", "one", printed.lower())
        return float(text2num(words.replace("-", " "), "en"))
    fraction = unicodedata.numeric(printed[-1]) if printed[-1] in _VULGAR else 0.0
    return _value_of_digits(printed.rstrip(_VULGAR)) + fraction


def _value_of_digits(printed: str) -> float:
    if not printed:
        return 0.0
    if re.fullmatch(r"\d+,\d{1,2}", printed):
        return float(printed.replace(",", "."))
    compact = re.sub(rf"[{_SPACES},’']", "", printed).replace("·", ".")
    return float(compact if compact.count(".") < 2 else compact.replace(".", ""))
