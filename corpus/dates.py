"""Dates in running text, at the precision they are printed with."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Literal

from corpus.nouns import DATED, MEASURE, noun_phrase
from corpus.remembered import remembered

Relation = Literal["", "by", "since", "before", "after", "until", "from"]


@dataclass(frozen=True, slots=True)
class Date:
    """A date or a stretch of time: text == source[start:end], "by" or "since" before it included.

    `value` is ISO 8601 at the printed precision: 2015, 2015-12 or 2015-12-31. `value_end` closes a range,
    both ends included; it is None for a single date, and for an open range (relation "since" or "from").
    """

    start: int
    end: int
    text: str
    value: str
    value_end: str | None = None
    relation: Relation = ""


@remembered
def dates(text: str) -> list[Date]:
    """Every date in `text`, in reading order and not overlapping. 03/04/2015 is read day first."""
    found: list[Date] = []
    for point in _points(text):
        if found and (joined := _joined(text, found[-1], point)):
            found[-1] = joined
        else:
            found.append(_from_its_left_end(text, point))
    spans = [_with_what_follows(text, _with_what_precedes(text, date)) for date in found]
    return [replace(date, text=text[date.start : date.end]) for date in spans]


def in_range(value: str, date_from: str | None, date_to: str | None) -> bool:
    """Whether some day of `value` is not before `date_from` and not after `date_to`."""
    if date_from is not None and _last_day(value) < _first_day(date_from):
        return False
    return date_to is None or _first_day(value) <= _last_day(date_to)


def _first_day(value: str) -> str:
    return value + "0000-01-01"[len(value) :]


def _last_day(value: str) -> str:
    return value + "0000-12-31"[len(value) :]


_DATA = tomllib.loads(files("corpus").joinpath("data/dates.toml").read_text("utf-8"))
_NAMED, _LABELLED, _SURELY_COUNTING, _COUNTING, _DATING = (
    frozenset(_DATA[name]) for name in ("named", "labelled", "surely_counting", "counting", "dating")
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "last": 4}
_QUARTERS = {1: ("01", "03"), 2: ("04", "06"), 3: ("07", "09"), 4: ("10", "12")}
_HALVES = {1: ("01", "06"), 2: ("07", "12")}

_Y = r"(?:1[5-9]|20)\d\d"
_M = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_D = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_PART = "|".join(_PARTS)

_BUSINESS = r"(?:(?:financial|fiscal|academic|tax|school)\s+years?\s+|FY\s?)"
# Longest form first. The group's name says how `_interval` reads the match.
_FORMS = {
    "iso": rf"{_Y}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)",
    "numeric": rf"(?:0?[1-9]|[12]\d|3[01])(?P<mark>[/.])(?:0?[1-9]|1[0-2])(?P=mark)(?:{_Y}|\d\d)(?!\d)",
    "day": rf"{_D}\s+(?:of\s+)?{_M},?\s+{_Y}|{_M}\s+{_D},?\s+{_Y}",
    "month": rf"{_M}(?:,?\s+(?:of\s+)?|\s?[-–/]\s?){_Y}",
    "quarter": rf"Q[1-4][\s,/-]*(?:of\s+)?{_Y}|{_Y}[\s,/-]{{0,2}}Q[1-4]"
    rf"|(?:{_PART})\s+quarter\s+(?:of\s+|in\s+)?{_Y}",
    "half": rf"H[12]\s+{_Y}|(?:first|second)\s+half\s+of\s+{_Y}",
    "years": rf"{_BUSINESS}?{_Y}\s?[/–-]\s?(?:{_Y}|\d\d?)(?![\d-])",
    "business": rf"{_BUSINESS}{_Y}",
    "decade": r"(?:the\s+)?(?:1[5-9]|20)\d0['’]?s",
    "century": r"(?:the\s+)?(?:1[5-9]|2[01])(?:th|st)[\s-]century",
    "season": rf"(?:spring|summer|autumn|winter)(?:\s+of)?,?\s+{_Y}",
    "year": _Y,
}
_POINT = re.compile(
    rf"(?<![\w$£€¥#@+])(?:{'|'.join(f'(?P<{name}>{form})' for name, form in _FORMS.items())})"
    r"(?![^\W_a-e]|_|[a-e]\w|%|[.,:/]\d)",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\s*[–—-]\s*|\s+(?:to|until|till|through)\s+(?:the\s+)?(?:end\s+of\s+)?|\s+and\s+", re.IGNORECASE
)
_SHORT_LEFT = re.compile(
    rf"(?<![\w.,/-])(?:(?P<day>{_D})(?:\s+(?P<day_month>{_M}))?|(?P<month>{_M}))"
    r"(?:\s*[–—-]\s*|\s+(?:to|until|and)\s+)$",
    re.IGNORECASE,
)
_EXTENT = (
    r"(?:the\s+)?(?:very\s+)?(?:end|beginning|start|middle|course|close|turn|summer|autumn|spring|winter)\s+of\s+"
    r"(?:the\s+)?(?:year\s+)?|(?:the\s+)?(?:early|mid|late)[\s-]+|the\s+(?:year\s+)?|year\s+"
)
_RELATIONS: dict[Relation, str] = {
    "by": r"(?:no|not)\s+later\s+than|by",
    "since": r"(?:ever\s+)?since",
    "before": r"prior\s+to|before|pre-",
    "after": r"after|post-",
    "until": r"until|till|up\s+to|up\s+until",
    "from": r"starting\s+(?:in|from)|beginning\s+in|as\s+of|as\s+from|from",
}
_BETWEEN = "between"
_RELATION = "|".join(f"(?P<{name}>{words})" for name, words in _RELATIONS.items())
_PRECEDING = re.compile(
    rf"(?<![\w-])(?:(?:{_RELATION}|{_BETWEEN})(?:(?<=-)|\s+))?(?:{_EXTENT})?$",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    r"(?P<open>\s*[–—-]\s*(?:present|today|now|date)\b|\s+to\s+(?:the\s+)?(?:present|date)(?:\s+day)?\b"
    r"|,?\s+onwards?\b)|\s+inclusive\b",
    re.IGNORECASE,
)
_LEFT_CHARS = 48  # no relation with its extent is longer


def _points(text: str) -> list[Date]:
    """The moments and periods that stand alone, years only where four digits are one."""
    points = []
    for match in _POINT.finditer(text):
        name = match.lastgroup or "year"
        if name in {"year", "years"} and not _is_year(text, match.start(), match.end()):
            continue
        value, value_end = _interval(name, match.group())
        points.append(Date(match.start(), match.end(), match.group(), value, value_end))
    return points


def _interval(name: str, printed: str) -> tuple[str, str | None]:
    """The value and value_end of what the form called `name` matched."""
    years = re.findall(r"\d{4}", printed)
    if name in {"decade", "century"}:
        return _long_interval(name, int(re.findall(r"\d+", printed)[0]))
    if name == "iso":
        return printed, None
    if name == "numeric":
        return _numeric_day(printed), None
    if name == "years":
        return _year_pair(printed)
    if name in {"day", "month"}:
        month = _month_number(re.findall(r"[A-Za-z]{3,}", printed.replace("of", ""))[0])
        days = re.findall(r"\b\d{1,2}(?!\d)", printed)
        return f"{years[0]}-{month}" + (f"-{int(days[0]):02}" if name == "day" else ""), None
    if name in {"quarter", "half"}:
        first, last = (_QUARTERS if name == "quarter" else _HALVES)[_part_number(printed)]
        return f"{years[0]}-{first}", f"{years[0]}-{last}"
    return years[0], None


def _long_interval(name: str, number: int) -> tuple[str, str]:
    return (f"{number}", f"{number + 9}") if name == "decade" else (f"{number - 1}01", f"{number}00")


def _numeric_day(printed: str) -> str:
    day, month, year = re.split(r"[/.]", printed)
    century = "" if len(year) == 4 else "20" if int(year) < 50 else "19"
    return f"{century}{year}-{int(month):02}-{int(day):02}"


def _year_pair(printed: str) -> tuple[str, str | None]:
    """2007-2013, 2012/13, 2008-12; but 2015-03 is a month, since 2003 is before 2015."""
    first, second = re.findall(r"\d+", printed)[:2]
    second = first[: 4 - len(second)] + second
    if second > first:
        return first, second
    return (f"{first}-{second[2:]}", None) if "01" <= second[2:] <= "12" else (first, None)


def _month_number(name: str) -> str:
    return f"{_MONTHS.index(name[:3].lower()) + 1:02}"


def _part_number(printed: str) -> int:
    marked = re.search(r"[QqHh]([1-4])", printed)
    return int(marked[1]) if marked else _PARTS[printed.split()[0].lower()]


def _joined(text: str, left: Date, right: Date) -> Date | None:
    """The range from `left` to `right`; None when what is between them does not join them."""
    gap = text[left.end : right.start]
    if not _JOINT.fullmatch(gap) or (left.value_end or "") > right.value:
        return None
    if gap.strip().lower() == "and" and not _is_between(text, left.start):
        return None
    if left.value >= right.value:
        return None
    return replace(left, end=right.end, value_end=right.value_end or right.value)


def _is_between(text: str, start: int) -> bool:
    found = _preceding(text, start)
    return found is not None and found.group().lower().startswith(_BETWEEN)


def _from_its_left_end(text: str, date: Date) -> Date:
    """The range that a day or month before the full date begins: "12-14 May 2012", "March to May 2012"."""
    short = _SHORT_LEFT.search(text, max(0, date.start - _LEFT_CHARS), date.start)
    if short is None or date.value_end is not None or len(date.value) < 7:
        return date
    month_printed = short["month"] or short["day_month"]
    month = _month_number(month_printed) if month_printed else date.value[5:7]
    day = f"-{int(re.findall(r'[0-9]+', short['day'])[0]):02}" if short["day"] else ""
    value = f"{date.value[:4]}-{month}{day}"
    if len(value) != len(date.value) or value >= date.value:
        return date
    return replace(date, start=short.start(), value=value, value_end=date.value)


def _preceding(text: str, start: int) -> re.Match[str] | None:
    return _PRECEDING.search(text, max(0, start - _LEFT_CHARS), start)


def _with_what_precedes(text: str, date: Date) -> Date:
    """The date with "since", "by the end of" or "early" before it in its span."""
    found = _preceding(text, date.start)
    if found is None:
        return date
    relation: Relation = next((name for name in _RELATIONS if found[name]), "")
    closed = relation == "from" and date.value_end is not None
    return replace(date, start=found.start(), relation="" if closed else relation)


def _with_what_follows(text: str, date: Date) -> Date:
    """The date with "onwards", "to date" or "inclusive" after it in its span."""
    found = _FOLLOWING.match(text, date.end)
    if found is None:
        return date
    opened: Relation = "from" if found["open"] and "onward" in found["open"] else "since"
    relation = date.relation or (opened if found["open"] else "")
    return replace(date, end=found.end(), relation=relation)


_RUN = re.compile(rf"(?:\s?(?:[–-]|to|and|or)\s?{_Y}\b)?")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[.:]?[\s(-]*$")
_SURELY_DATING = re.compile(r"\b(?:as\s+(?:of|at)|(?:later|earlier)\s+than)\s+$", re.IGNORECASE)
# Digits that hang on other signs: 12.2012, ab/2012, p<2012, 5-2012, but not mid-2012 or 2007-2012.
_GLUED_BEFORE = re.compile(rf"[<>=~≥≤]\s?$|[\w)][./]$|(?<!\D{_Y})(?<!^{_Y})(?<=\d)-$")
_GLUED_AFTER = re.compile(rf"\+|-(?=[A-Z])(?!{_M})|-\d{{3}}(?!\d)|-\d{{5}}")


def _is_year(text: str, start: int, end: int) -> bool:
    """Whether the four digits are a year and not a count, a label or part of a name."""
    left = text[max(0, start - _LEFT_CHARS) : start]
    if _GLUED_BEFORE.search(left) or _GLUED_AFTER.match(text, end):
        return False
    if _SURELY_DATING.search(left):
        return True
    found = _WORD_BEFORE.search(left)
    word = found[1] if found else ""
    if word in _NAMED or word.lower() in _LABELLED:
        return False
    return not _is_count(text, word.lower(), start, end)


def _is_count(text: str, word: str, start: int, end: int) -> bool:
    """Whether a plural noun after the digits, or a hedge before them, makes them a number."""
    printed = text[start:end]
    if not re.fullmatch(rf"{_Y}(?:.+{_Y})?", printed):  # a pair such as 2012/13 is no number
        return False
    if word in _SURELY_COUNTING:
        return True
    run = _RUN.match(text, end)
    words = noun_phrase(text, run.end() if run else end)
    first, last = (words.text.split() or [""])[0], (words.text.split() or [""])[-1]
    if first.lower() in MEASURE:
        return True
    if not words.plural or last.lower() in DATED or first.istitle():
        return False
    return word in _COUNTING or (word not in _DATING and (printed.endswith("00") or word == ""))
