"""Places in running text, and whether one lies in another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.gazetteer import DATA, Entry, PlaceKind, is_inside, key_of, known, words_max
from corpus.remembered import remembered


@dataclass(frozen=True, slots=True)
class Place:
    """A place as named: text == source[start:end], `name` in English, `country` ISO 3166-1 alpha-2 or "".

    A nationality carries its country's name and code: "French" is France, FR.
    """

    start: int
    end: int
    text: str
    name: str
    country: str
    kind: PlaceKind


def places(text: str, ignore_case: bool = False) -> list[Place]:
    """Every place named in `text`, in reading order, the longest name where several begin.

    With `ignore_case`, for questions typed in lower case, countries, nationalities and well-known cities are
    found however they are written.
    """
    return _named(text, ignore_case=True) if ignore_case else _named_as_written(text)


@remembered
def _named_as_written(text: str) -> list[Place]:
    return _named(text, ignore_case=False)


def _named(text: str, ignore_case: bool) -> list[Place]:
    found: list[Place] = []
    end = 0
    for first in _WORD.finditer(text):
        if first.start() < end:
            continue
        match = _longest(text, first, found, ignore_case)
        if match is not None:
            found.append(match)
            end = match.end
    return found


def resolve(name: str) -> Place | None:
    """The best-known place called `name`, whatever its case; None when there is none."""
    entry = _best_known(name)
    return None if entry is None else Place(0, len(name), name, entry.name, entry.country, entry.kind)


def within(place: str, region: str) -> bool:
    """Whether the place so called lies in the region so called: Berlin in Germany, French in France."""
    inner, outer = _best_known(place), _best_known(region)
    return inner is not None and outer is not None and is_inside(inner, outer)


def _best_known(name: str) -> Entry | None:
    found = known(key_of(re.sub(r"^the\s+|-based$", "", name.strip(), flags=re.IGNORECASE)))
    return found[0] if found else None


_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*")
_BETWEEN_WORDS = re.compile(r"[ \u00a0\n-]|\. ")
_SMALL_WORDS = frozenset(DATA["small_words"].split())
_RULES = DATA["ambiguous"]
_AMBIGUOUS, _NEVER, _LANGUAGE, _PRONOUN_AFTER = (
    frozenset(_RULES[name].split()) for name in ("names", "never", "language", "pronoun_after")
)
_INSTITUTION, _TITLES = frozenset(_RULES["institution"]), frozenset(_RULES["titles"])
_CONTEXT_CHARS = 40
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\.?\s+(?:the\s+)?$")
_LOCATIVE_BEFORE = re.compile(rf"\b(?:{'|'.join(_RULES['locative'])})\s+$", re.IGNORECASE)
_BODY_OF_BEFORE = re.compile(r"\b[A-Z]\w+\s+of\s+$")  # "University of", "City of"
_HYPHENED_AFTER = re.compile(r"-([^\W\d_]+)")
_TRANSLATED_BEFORE = re.compile(r"\b(?:translated|translations?)\s+(?:\w+\s+)?(?:into|in)\b[^.;]*$")
_NAME_GOES_ON = re.compile(r"-(?=[A-Z])")
_THE_BEFORE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_WORD_AFTER = re.compile(r"\s+([^\W\d_]+)")
_BASED_AFTER = re.compile(r"[- ]based\b", re.IGNORECASE)
_COMMA_NAME = re.compile(r",\s+((?:[A-Z][\w.]*)(?:\s[A-Z][\w.]*){0,2})")
_LIST_GAP = re.compile(r",\s+|,?\s+(?:and|or|&)\s+")


def _longest(text: str, first: re.Match[str], found: list[Place], ignore_case: bool) -> Place | None:
    """The place of most words that begins at `first`."""
    words = [first]
    for _ in range(words_max().get(key_of(first.group()), 1) - 1):
        gap = _BETWEEN_WORDS.match(text, words[-1].end())
        following = _WORD.match(text, gap.end()) if gap else None
        if following is None:
            break
        words.append(following)
    while words:
        start, end = words[0].start(), words[-1].end()
        key = key_of(text[start:end])
        if known(key) and _is_written_as_name(text, words, key, ignore_case):
            entry = _meant(text, start, end, key, found[-1] if found else None, ignore_case)
            if entry is not None:
                return Place(start, end, text[start:end], entry.name, entry.country, entry.kind)
        words.pop()
    return None


def _is_written_as_name(text: str, words: list[re.Match[str]], key: str, ignore_case: bool) -> bool:
    """Whether capitals, or the case flag, make the words a name; "us" is the pronoun unless shown."""
    start = words[0].start()
    printed = text[start : words[-1].end()]
    if key == "us":
        before = _word_before(text, start)
        if printed.isupper():
            pronoun = before.isupper() and before.lower() in _PRONOUN_AFTER
            return not pronoun and text[words[-1].end() : words[-1].end() + 1] != "$"
        shown = _BASED_AFTER.match(text, words[-1].end()) or _THE_BEFORE.search(text[:start][-8:])
        return ignore_case and bool(shown)
    if ignore_case:
        return True
    if len(key) <= 3:
        return printed.replace(".", "").isupper() or (key not in _ACRONYMS and printed[0].isupper())
    return all(word.group()[0].isupper() or word.group().lower() in _SMALL_WORDS for word in words)


_ACRONYMS = frozenset({"uk", "eu", "usa", "uae", "drc", "prc", "eea", "nyc"})


def _meant(
    text: str, start: int, end: int, key: str, previous: Place | None, ignore_case: bool
) -> Entry | None:
    """The one of the places with that name that the text means; None when it means none."""
    candidates = known(key)
    before = _word_before(text, start)
    if key in _NEVER or before in _TITLES or _is_part_of_a_name(text, end):
        return None
    named_after = _COMMA_NAME.match(text, end)
    if named_after and (inside := [entry for entry in candidates if _lies_in(entry, named_after[1])]):
        return inside[0]
    if (
        previous is not None and previous.kind == "city" and text[previous.end : start] == ", "
    ):  # "Atlanta, Georgia"
        candidates = tuple(sorted(candidates, key=lambda entry: entry.country != previous.country))
    entry = candidates[0]
    if entry.kind == "nationality":
        return None if _is_language(text, start, end, before) else entry
    if text[start:end].isupper() and len(key) <= 5 and entry.kind == "city":  # an abbreviation, not a city
        return None
    if entry.prominent and key not in _AMBIGUOUS:
        return entry
    lower = ignore_case and text[start].islower()
    if lower and not entry.prominent:
        return None
    return entry if _has_evidence(text, start, end, previous) else None


def _is_part_of_a_name(text: str, end: int) -> bool:
    """Whether a hyphen ties the word to another name: "EU-LUMEN", but not "US-China"."""
    if not _NAME_GOES_ON.match(text, end):
        return False
    following = _WORD.match(text, end + 1)
    return following is None or not known(key_of(following.group()))


def _has_evidence(text: str, start: int, end: int, previous: Place | None) -> bool:
    """Whether the words around say that something is there: "in Reading", "Leeds and Bath", "Bath-based"."""
    if _BASED_AFTER.match(text, end):
        return True
    after = _WORD_AFTER.match(text, end)
    if after and after[1][0].isupper() and after[1] not in _INSTITUTION:
        return False
    listed = (
        previous is not None and previous.kind == "city" and _LIST_GAP.fullmatch(text, previous.end, start)
    )
    left = text[max(0, start - _CONTEXT_CHARS) : start]
    return bool(_LOCATIVE_BEFORE.search(left) or _BODY_OF_BEFORE.search(left) or listed)


def _lies_in(entry: Entry, name: str) -> bool:
    """Whether a city lies in the state or country printed after its comma: Cambridge, MA."""
    if entry.kind not in {"city", "region"}:
        return False
    if entry.state == f"US-{name.replace('.', '')}":
        return True
    words = name.split()
    names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    outer = next((found for each in names if (found := _best_known(each)) and found.kind != "city"), None)
    if outer is None:
        return False
    return is_inside(entry, outer) or (not entry.state and entry.country == outer.country)


def _is_language(text: str, start: int, end: int, before: str) -> bool:
    """Whether the nationality is a tongue: "English language", "translated into Dutch", "in German."."""
    after = _WORD_AFTER.match(text, end) or _HYPHENED_AFTER.match(text, end)
    if after and after[1].lower() in _LANGUAGE:
        return True
    if _TRANSLATED_BEFORE.search(text, max(0, start - 2 * _CONTEXT_CHARS), start):
        return True
    return before.lower() in {"in", "into"} and after is None and text[end : end + 1] != "-"


def _word_before(text: str, start: int) -> str:
    found = _WORD_BEFORE.search(text, max(0, start - _CONTEXT_CHARS), start)
    return found[1] if found else ""
