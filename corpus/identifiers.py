"""Numbers that name or place something and count nothing: references, codes, labels, idioms."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from corpus.nouns import HYPHENED, MEASURE, is_stop, noun_phrase

_DATA = tomllib.loads(files("corpus").joinpath("data/identifiers.toml").read_text("utf-8"))
_SPANS = [re.compile(pattern) for pattern in _DATA["spans"].values()]
_LABELS, _LABELS_WITHOUT_PLURAL, _OPENERS, _ONE_AFTER, _ONE_BEFORE = (
    frozenset(_DATA["words"][name].split())
    for name in ("labels", "labels_without_plural", "openers", "one_after", "one_before")
)
_WORD_BEFORE = re.compile(r"([\w'’&-]*\w)\.?[ \t\n\u00a0]+$")
_WORD_AFTER = re.compile(r"[ \t\u00a0]*\n?[ \t]*([^\W\d_][\w'’-]*)")
_SENTENCE_START = re.compile(r"(?:^|\n|[.!?:;•▪–—]\s+|[(\"“])\s*$")
_GLUED_BEFORE = re.compile(
    r"""[\w#@_\\^\])]$|[\w)'’"”][/.:]$|[\w)]-$|\w[,;]$|\w[.,!?]?["”'’]$|(?<![nN ])=$"""
)
_LABEL_LIST = re.compile(r"\s*(?:,|;|&|and|or|to|/|[-–—])\s*")
_OPEN_BRACKET = re.compile(r"\([^()]*$")
_LEFT_CHARS = 48
# After a name, a smaller number belongs to it ("LUMEN 3 projects"); a larger one counts the plural after it.
_COUNTED_AFTER_NAME_MIN = 100


def without_identifiers(text: str) -> str:
    """`text` at equal length with references, addresses, codes, times and list numbers blanked out."""
    for pattern in _SPANS:
        text = pattern.sub(lambda match: "\0" * len(match.group()), text)
    return text


def glued_before(text: str, start: int) -> bool:
    """Whether what stands right before the number makes it part of a code: Q12, a/4, AB-3, (b)4."""
    return _GLUED_BEFORE.search(text[max(0, start - 3) : start]) is not None


def glued_after(text: str, start: int, end: int) -> bool:
    """Whether what stands right after the number makes it a code or a list number: 3D, 2-phenyl, 1)."""
    right = text[end : end + 24]
    if (
        right.startswith(")")
        and end - start < 3
        and not _OPEN_BRACKET.search(text, max(0, start - 80), start)
    ):
        return True
    if hyphened := re.match(r"-([^\W\d_]+)", right):
        return hyphened[1].lower() not in HYPHENED and not re.match(r"-to[ -]", right)
    if attached := re.match(r"[^\W\d_]+", right):
        return attached[0].lower() not in MEASURE
    return bool(re.match(r"\w|[./:]\w|,\d|\(\w|[-–]\d+[-–/]\d|[′\"*]|['’]-", right))


def names_something(text: str, start: int, end: int, value: float) -> bool:
    """Whether the bare number belongs to the label or name before it: "phase 3", "LUMEN 3"."""
    left = text[max(0, start - _LEFT_CHARS) : start]
    found = _WORD_BEFORE.search(left)
    if found is None:
        return False
    word, following = found[1], noun_phrase(text, end)
    if word.lower() in _LABELS or (word.lower() in _LABELS_WITHOUT_PLURAL and not following.plural):
        return True
    if not word[0].isupper() or is_stop(word) or word.lower() in _OPENERS or word.endswith("ly"):
        return False
    if not following.plural or (following.text[0].isupper() and not following.text[1:2].isupper()):
        return True
    opens_sentence = bool(_SENTENCE_START.search(left[: found.start()])) and not word[1:2].isupper()
    return not opens_sentence and value < _COUNTED_AFTER_NAME_MIN


def is_labelled(text: str, start: int) -> bool:
    """Whether the number word stands after a label: "chapter eight"."""
    found = _WORD_BEFORE.search(text[max(0, start - _LEFT_CHARS) : start])
    return found is not None and found[1].lower() in _LABELS


def continues_list(text: str, label_end: int, start: int) -> bool:
    """Whether a number goes on the list that a label began: "tables 3 and 4"."""
    return bool(_LABEL_LIST.fullmatch(text, label_end, start))


def is_idiom(text: str, start: int, end: int) -> bool:
    """Whether the number word is a pronoun or a name: "one of them", "Formula One", "One Health"."""
    left = text[max(0, start - _LEFT_CHARS) : start]
    printed = text[start:end]
    if printed[0].isupper() and not _SENTENCE_START.search(left):
        return True
    if printed.lower() != "one":
        return False
    before, after = _WORD_BEFORE.search(left), _WORD_AFTER.match(text, end)
    if (
        after is None
        or after[1].lower() in _ONE_BEFORE
        or is_stop(after[1])
        or (printed[0] == "O" and after[1].istitle())
    ):
        return True
    return before is not None and before[1].lower() in _ONE_AFTER
