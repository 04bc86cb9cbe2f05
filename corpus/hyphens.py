"""Words that a line end cut in two are made whole again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set

from corpus.normalise import FUNCTION_WORDS, word_list
from corpus.traced import Edit

# A word, a hyphen, a line end (or a stray space, where lines were joined before us), the rest.
_CUT = re.compile(
    r"(?<!\w)(?P<left>\w++)-(?P<gap>[ \t]*+\n(?:[ \t]*+\n)?+[ \t]*+| )(?=(?P<right>\w++)(?P<more>-?))"
)
_FIRST_PARTS = re.compile(r"(?:\w+-)+$")
_COMPOUND_CHARS_MAX = 60
IsWord = Callable[[str], bool]  # of a word in lower case
_SUSPENDING = word_list("suspending")
_HYPHEN_AFTER, _HYPHEN_BEFORE = word_list("hyphen_after"), word_list("hyphen_before")


def broken_words(text: str, is_word: IsWord | None = None) -> Iterator[Edit]:
    """Cut words become whole; "pre- or post-natal" was never cut.

    The hyphen stays where the document has the compound elsewhere or both halves are words, and goes
    where it has the joined word. Undecided ones lose it only in a document that hyphenates, which
    shows in a cut word that occurs whole elsewhere. Where a dictionary is given, as for printed pages,
    whose lines are cut by a machine, it decides what the document does not.
    """
    cuts = [match for match in _CUT.finditer(text) if _is_cut(match)]
    if not cuts:
        return
    words = _words(_CUT.sub(" ", text))
    hyphenates = any((cut["left"] + cut["right"]).lower() in words for cut in cuts)
    for cut in cuts:
        kept = _keeps_hyphen(cut, words, hyphenates, is_word)
        yield Edit(cut.end("left") + kept, cut.end("gap"))


def _is_cut(match: re.Match[str]) -> bool:
    left, gap, right = match["left"], match["gap"], match["right"]
    if right.lower() in _SUSPENDING and not match["more"]:
        return False
    if "\n" in gap:
        return gap.count("\n") == 1 or right.islower()
    return left.isalpha() and right.islower() and right not in FUNCTION_WORDS


def _keeps_hyphen(cut: re.Match[str], words: Set[str], hyphenates: bool, is_word: IsWord | None) -> bool:
    left, right = cut["left"].lower(), cut["right"].lower()
    first_parts = _FIRST_PARTS.search(cut.string[max(0, cut.start() - _COMPOUND_CHARS_MAX) : cut.start()])
    if f"{left}-{right}" in words:
        return True
    if left + right in words:
        return False
    is_plain = cut["right"].islower() and cut["left"][1:].islower()
    if is_word and is_plain and is_word(left + right):
        return False
    if first_parts or cut["more"] or not is_plain:
        return True  # part of a longer compound, a name, an acronym or a figure
    if is_word:
        return len(left) > 1 and is_word(right) and (left in _HYPHEN_AFTER or is_word(left))
    if left in _HYPHEN_AFTER or left.endswith("ly") or right in _HYPHEN_BEFORE:
        return True
    both_words = left in words and right in words and len(right) > 3
    return both_words or not hyphenates


def _words(text: str) -> Set[str]:
    """The words of a text in lower case: compounds whole and in their parts."""
    found = re.findall(r"\w+(?:-\w+)*", text.lower())
    return {part for word in found for part in (word, *word.split("-"))}
