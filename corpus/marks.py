"""Numbers that stand in a text but do not belong to it: marks of notes, numbers of pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from corpus.normalise import FUNCTION_WORDS, word_list
from corpus.traced import Edit

_NOTE_MARK = re.compile(
    r"^[ \t]*(?P<alone>\d{1,2})[ \t]*(?:\n|\Z)"
    r"|(?:(?<=[a-z]{3})|(?<=[a-z]{3}[.,;:)’”])|(?<=\d%)|(?<=%[.,]))"
    r"(?P<glued>\d{1,2}(?:[,–-]\d{1,2})*)(?=[\s.,;:)]|\Z)(?![.,:]\d)"
    r"|(?<=\d%) (?P<spaced>\d)(?= [a-z])"
    r"|(?:(?<=[a-z]{3})|(?<=[.,;:)’”%]))(?P<raised>[⁰¹²³⁴-⁹]+(?:[,–-][⁰¹²³⁴-⁹]+)*)",
    re.MULTILINE,
)
_FROM_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTES_MIN = 3  # fewer marks are left alone: "alpha1" and "beta2" may be names
_NUMBERED = word_list("numbered")
_ADDRESS = re.compile(r"(?:://|www\.|@)\S*$")
_PAGE_LINE = re.compile(
    r"^[ \t]*(?:[Pp]age[ \t]+\d{1,4}(?:[ \t]+of[ \t]+\d+)?|[-–][ \t]*\d{1,4}[ \t]*[-–])[ \t]*$", re.MULTILINE
)
_LONE_NUMBER = re.compile(r"(?:(?<=[\n\f])|\A)[ \t]*(\d{1,3})[ \t]*(?=\n[ \t]*\n|\n?\f|\s*\Z)")
_PAGES_MIN = 3


def note_marks(text: str) -> Iterator[Edit]:
    """The numbers of notes go, but only where the marks of the whole document count 1, 2, 3 and so on."""
    chain, reached = [], 0
    for match in _candidates(text):
        values = _values(match)
        if 1 <= min(values) <= reached + 1:
            chain.append(match)
            reached = max(reached, *values)
    certain = reached >= _NOTES_MIN or all(match["alone"] and _cuts_sentence(text, match) for match in chain)
    if certain:
        yield from (Edit(match.start(), match.end()) for match in chain)


def _candidates(text: str) -> list[re.Match[str]]:
    matches = [match for match in _NOTE_MARK.finditer(text) if not match["alone"] or _reads_on(text, match)]
    numbers_of: dict[str, set[str]] = defaultdict(set)
    for match in matches:
        if match["glued"]:
            numbers_of[_word_before(text, match)].add(match["glued"])
    named = [_is_name(_word_before(text, match), numbers_of) or _in_address(text, match) for match in matches]
    return [match for match, is_name in zip(matches, named, strict=True) if not (match["glued"] and is_name)]


def _is_name(word: str, numbers_of: dict[str, set[str]]) -> bool:
    """A word that is numbered more than once, or usually, is a name with its number: "phase2"."""
    return bool(word) and (len(numbers_of[word]) > 1 or word.rstrip("s") in _NUMBERED)


def _in_address(text: str, match: re.Match[str]) -> bool:
    return bool(_ADDRESS.search(text[max(0, match.start() - 200) : match.start()]))


def _word_before(text: str, match: re.Match[str]) -> str:
    """The word that a number is glued to; "" after a stop."""
    word = re.search(r"[\w-]+$", text[max(0, match.start() - 40) : match.start()])
    return word.group().lower() if word else ""


def _values(match: re.Match[str]) -> list[int]:
    digits = match["alone"] or match["glued"] or match["spaced"] or match["raised"]
    return [int(value) for value in re.findall(r"\d+", digits.translate(_FROM_RAISED))]


def _reads_on(text: str, match: re.Match[str]) -> bool:
    """The words around a lone number read on without it."""
    before, after = _end_before(text, match)[-1:], text[match.end() :][:80].lstrip(" \t")[:1]
    at_stop = before in '.!?”’"' or after in "\n\f"
    return bool(before) and (at_stop or after.islower() or after.isdigit() or after in ".,;:)")


def _cuts_sentence(text: str, match: re.Match[str]) -> bool:
    """A lone number stands where a sentence certainly goes on."""
    last_word = re.search(r"\w+$", _end_before(text, match))
    opens_with_stop = text[match.end() :][:80].lstrip()[:1] in tuple(".,;)")
    return opens_with_stop or bool(last_word and last_word.group().lower() in FUNCTION_WORDS)


def _end_before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 80) : match.start()].rstrip()


def page_numbers(text: str) -> Iterator[Edit]:
    """Page numbers alone on a line go, if they count up by one through the document."""
    spans = {match.span() for match in _PAGE_LINE.finditer(text)}
    spans |= {match.span() for match in _counting_up(list(_LONE_NUMBER.finditer(text)))}
    yield from (Edit(start, end) for start, end in sorted(spans))


def _counting_up(matches: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The longest run of numbers each one higher than the last; none if it is short."""
    runs: dict[int, list[re.Match[str]]] = {}  # by last number
    for match in matches:
        number = int(match[1])
        run = [*runs.get(number - 1, []), match]
        if len(run) > len(runs.get(number, [])):
            runs[number] = run
    best = max(runs.values(), key=len, default=[])
    return best if len(best) >= _PAGES_MIN else []
