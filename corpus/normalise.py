"""Rules that undo what PDF export and word processors do to a text; each one only proposes edits."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Set

from corpus.traced import Edit, Traced

# Words after which no sentence, heading or line of a list ends.
FUNCTION_WORDS = frozenset(
    """a an the of in on at by for from with within without into onto to and or nor but as than that which who whose
    where when while is are was were be been has have had its their his her our your this these those between among
    through over under about against during across towards toward via per more less including such both""".split()
)

_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    chr(code) for code in (*range(1, 9), *range(14, 32), *range(127, 133), *range(134, 160))
)
_REPLACEMENTS = {
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys(("\r\n", "\r", "\v", "\x85", "\u2028", "\u2029"), "\n"),
    **dict.fromkeys("\u2010\u2011", "-"),
    **{ligature: unicodedata.normalize("NFKC", ligature) for ligature in "ﬀﬁﬂﬃﬄﬅﬆ"},
}
_ODD_CHARACTERS = re.compile(
    r"\u00ad[ \t]*(?:\r\n?|\n)[ \t]*|\r\n|[^\W\d_][\u0300-\u036f]+|"
    + "["
    + re.escape("".join(key for key in _REPLACEMENTS if len(key) == 1))
    + "]"
)


def cleaned(source: Traced) -> Traced:
    """The text with plain characters, whole words, and without the numbers of notes and pages."""
    return source.ruled(characters, note_marks, page_numbers, broken_words)


def characters(text: str) -> Iterator[Edit]:
    """Odd spaces become plain ones, line ends "\\n", ligatures letters; invisible characters go."""
    for match in _ODD_CHARACTERS.finditer(text):
        odd = match.group()
        if odd[0] == "\u00ad":
            plain = ""
        else:
            plain = _REPLACEMENTS.get(odd, unicodedata.normalize("NFC", odd))
        if plain != odd:
            yield Edit(match.start(), match.end(), plain)


def white_space(text: str) -> Iterator[Edit]:
    """Each stretch of white space becomes one space; none is left before a stop that stood on a line of its own."""
    for match in re.finditer(r"(\s*\n\s*)(?=[.,;:)])|[\n\f]\s*| \s+", text):
        yield Edit(match.start(), match.end(), "" if match[1] else " ")


# Words cut at a line end -------------------------------------------------------------------------------------

_CUT = re.compile(r"(?<!\w)((?:\w+-)*(\w+))-([ \t]*\n(?:[ \t]*\n)?[ \t]*| )(?=(\w+)(-?))")
_SUSPENDED = frozenset("and or nor to but und et as".split())  # "pre- or non-competitive"
_KEEPS_HYPHEN_AFTER = frozenset(
    """all anti bio co counter cross de double e early eco ever ex first follow four free full half high ill in inter
    intra late lead life like long longer low macro meta micro mid multi nano near neuro new non off on one open out over
    part peer policy poly post pre pro quasi re real risk second self semi short single small socio spin start state
    sub super systems team third three trans twin two ultra under up value well wide world year zero""".split()
)
_KEEPS_HYPHEN_BEFORE = frozenset(
    """aged aided and assisted associated aware backed based bearing bound building changing cost cultural cycle
    day dependent depth derived directed down driven edge effective efficient empted end enabled exclusive faced
    facing field focused focussed free friendly funded funding generating generation going grade growing holder house
    income induced in intensive key known language led level life like line linked literate living long made makers making
    managed market minded mortem nation off on oriented out owned person phase poor powered private producing profile
    profit proof quality ranging rate rated ready related relevant resistant rich right risk role run saving scale
    sector sensitive setting side sized skilled specific spread standing star stage state style supported term the time
    to tolerant top trained turn type up user value way weighted wide winning word work year years""".split()
)


def broken_words(text: str) -> Iterator[Edit]:
    """Words cut by a hyphen at a line end (or before a stray space) are made whole.

    The hyphen stays when the document has the compound elsewhere, when both halves look like words,
    or when the document shows no sign of hyphenation; it goes when the joined word occurs.
    """
    cuts = [match for match in _CUT.finditer(text) if _is_cut(match)]
    if not cuts:
        return
    words = _words(_CUT.sub(" ", text))
    hyphenates = any((cut[2] + cut[4]).lower() in words for cut in cuts)
    for cut in cuts:
        keeps = _keeps_hyphen(cut, words, hyphenates)
        yield Edit(cut.end(1) + keeps, cut.end(3))


def _is_cut(match: re.Match[str]) -> bool:
    compound, left, gap, right, hyphen = match.groups()
    if right.lower() in _SUSPENDED and not hyphen:
        return False
    if "\n" in gap:
        return gap.count("\n") == 1 or right.islower()
    return left.isalpha() and right.islower() and right not in FUNCTION_WORDS


def _keeps_hyphen(cut: re.Match[str], words: Set[str], hyphenates: bool) -> bool:
    compound, left, _, right, hyphen = (part.lower() for part in cut.groups())
    if f"{left}-{right}" in words or f"{compound}-{right}" in words:
        return True
    if left + right in words:
        return False
    if hyphen or left != compound or not (left + right).isalpha() or not cut[4].islower() or cut[2].isupper():
        return True
    if left in _KEEPS_HYPHEN_AFTER or left.endswith("ly") or right in _KEEPS_HYPHEN_BEFORE:
        return True
    if left in words and right in words and len(right) > 3:
        return True
    return not hyphenates


def _words(text: str) -> Set[str]:
    """The words of a text in lower case: compounds whole and in their parts."""
    found = re.findall(r"\w+(?:-\w+)*", text.lower())
    return {part for word in found for part in (word, *word.split("-"))}


# Marks of notes and pages ------------------------------------------------------------------------------------

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTE_MARK = re.compile(
    r"(?P<line>^[ \t]*(?P<alone>\d{1,2})[ \t]*(?:\n|\Z))"
    r"|(?P<glued>(?<=[a-z]{3})|(?<=[a-z]{3}[.,;:)’”])|(?<=\d%)|(?<=%[.,]))"
    r"(?P<marks>\d{1,2}(?:[,–-]\d{1,2})*)(?=[\s.,;:)]|\Z)(?![.,:]\d)"
    r"|(?<=\d%) (?P<spaced>\d)(?= [a-z])"
    r"|(?:(?<=[a-z]{3})|(?<=[.,;:)’”%]))(?P<raised>[⁰¹²³⁴-⁹]+(?:[,–-][⁰¹²³⁴-⁹]+)*)",
    re.MULTILINE,
)
_NOTES_MIN = 3  # fewer marks than this are left alone: "phase1" and "phase2" are two names
# Words that carry numbers of their own.
_NUMBERED_WORD = re.compile(
    r"(?:phase|type|level|group|stage|step|tier|class|grade|category|part|section|package|call|annex|version|option"
    r"|objective|aim|task|day|week|month|year|figure|table|box|model|wave|cohort|arm|site|goal|pillar|theme|unit|round"
    r"|question|case|study|route|metres?|feet|covid)s?$",
    re.IGNORECASE,
)


def note_marks(text: str) -> Iterator[Edit]:
    """Footnote numbers go, but only where the marks of the whole document count 1, 2, 3 and so on."""
    chain, reached = [], 0
    for match in _note_candidates(text):
        values = _values(match)
        if min(values) <= reached + 1:
            chain.append(match)
            reached = max(reached, *values)
    if reached >= _NOTES_MIN or (chain and all(match["alone"] and _inside_sentence(text, match) for match in chain)):
        for match in chain:
            yield Edit(match.start(), match.end())


def _note_candidates(text: str) -> list[re.Match[str]]:
    matches = [match for match in _NOTE_MARK.finditer(text) if not match["alone"] or _interrupts(text, match)]
    numbers_of: dict[str, set[str]] = defaultdict(set)
    for match in matches:
        numbers_of[_word_before(text, match)].add(match["marks"] or "")
    return [
        match
        for match in matches
        if not (match["marks"] and text[match.start() - 1].isalpha())
        or not (len(numbers_of[_word_before(text, match)]) > 1 or _NUMBERED_WORD.search(_word_before(text, match)))
    ]


def _word_before(text: str, match: re.Match[str]) -> str:
    word = re.search(r"[\w-]+$", text[max(0, match.start() - 40) : match.start()])
    return word.group().lower() if word else ""


def _values(match: re.Match[str]) -> list[int]:
    digits = match["alone"] or match["marks"] or match["spaced"] or match["raised"]
    return [int(value) for value in re.findall(r"\d+", digits.translate(_SUPERSCRIPTS))]


def _interrupts(text: str, match: re.Match[str]) -> bool:
    """A lone number is a mark where the words around it read on without it."""
    before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip(" \t")[:1]
    finished = before in ".!?”’\"" or after in "\n\f" or after == ""
    return bool(before) and (finished or after.islower() or after in ".,;:)" or after.isdigit())


def _inside_sentence(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    last_word = re.search(r"\w+$", before[-20:])
    return after[:1] in set(".,;)") or bool(last_word and last_word.group().lower() in FUNCTION_WORDS)


_PAGE_LINE = re.compile(r"^[ \t]*(?:[Pp]age[ \t]+(\d{1,4})(?:[ \t]+of[ \t]+\d+)?|[-–][ \t]*(\d{1,4})[ \t]*[-–])[ \t]*$", re.M)
_LONE_NUMBER = re.compile(r"(?:(?<=\n)|(?<=\f)|\A)[ \t]*(\d{1,3})[ \t]*(?=\n[ \t]*\n|\n?\f|\s*\Z)")


def page_numbers(text: str) -> Iterator[Edit]:
    """Page numbers that stand alone on a line go, if they count up by one through the document."""
    lone = [match for match in _LONE_NUMBER.finditer(text) if not text[: match.start()].rstrip(" \t\n\f")[-1:] == ":"]
    counted = {match.span() for match in _counting_up(lone)}
    spans = counted | {match.span() for match in _PAGE_LINE.finditer(text)}
    yield from (Edit(start, end) for start, end in sorted(spans))


def _counting_up(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """The longest run of numbers that rises by one each time; none if it is shorter than three."""
    best: list[re.Match[str]] = []
    for first in range(len(matches)):
        run = [matches[first]]
        for match in matches[first + 1 :]:
            if int(match[1]) == int(run[-1][1]) + 1:
                run.append(match)
        best = max(best, run, key=len)
    return best if len(best) >= 3 else []
