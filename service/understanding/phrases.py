"""When two texts say the same, as judges of answers compare them: words and figures, not signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_EVIDENCE_SHARE_MIN = 0.5  # of a gold sentence's words, those that its citation must hold
_SIGNS = str.maketrans({"’": "'", "‘": "'", "\u00ad": None})
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+|[<>≤≥]")  # "<1 %" is not "1 %"
_THOUSANDS = re.compile(r"(?<=\d)[ ,](?=\d{3}(?!\d))")


def tokens(text: str) -> list[str]:
    """The words and figures of a text as they are compared: one case, figures without separators."""
    folded = unicodedata.normalize("NFKC", text.translate(_SIGNS)).lower()
    return _TOKEN.findall(_THOUSANDS.sub("", " ".join(folded.split())))


def mentions(text: str, phrase: str) -> bool:
    """True when the phrase's words stand in `text` in a row; a longer last word may go on ("-s")."""
    said, sought = tokens(text), tokens(phrase)
    starts = range(len(said) - len(sought) + 1)
    return bool(sought) and any(_agree(said[start : start + len(sought)], sought) for start in starts)


def shows(quote: str, gold: str) -> bool:
    """True when the quote holds half of the gold sentence's words, or is itself a piece of it."""
    quoted, wanted = set(tokens(quote)), set(tokens(gold))
    if not wanted:
        return False
    return len(wanted & quoted) >= _EVIDENCE_SHARE_MIN * len(wanted) or (len(quoted) > 3 and quoted <= wanted)


def _agree(said: Sequence[str], sought: Sequence[str]) -> bool:
    goes_on = sought[-1].isalpha() and len(sought[-1]) > 3 and said[-1].startswith(sought[-1])
    return said[:-1] == sought[:-1] and (goes_on or said[-1] == sought[-1])
