"""Writing that runs from right to left, put from the order it is seen in into the order it is read in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from corpus.traced import Traced, joined

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LEFT_TO_RIGHT = re.compile(r"[^\W\d_]")
_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*%?")
_LETTER_FORMS = re.compile(r"[\ufb1d-\ufdff\ufe70-\ufeff]")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def in_reading_order(seen: Traced) -> Traced:
    """The characters of a line as they are read; `seen` has them from left to right."""
    text = seen.text
    if not _RIGHT_TO_LEFT.search(text):
        return seen
    if _runs_left(text):
        return _reversed(seen)
    return joined([_reversed(part) if _runs_left(part.text) else part for part in _stretches(seen)])


def _runs_left(text: str) -> bool:
    """Whether more letters run from right to left than the other way."""
    leftward = len(_RIGHT_TO_LEFT.findall(text))
    return leftward > len(_LEFT_TO_RIGHT.findall(text)) - leftward


def _parts(seen: Traced) -> Iterator[Traced]:
    """Words and figures that run from left to right as wholes, all else character by character."""
    whole = rf"(?:{_FIGURE.pattern})|[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff](?:[\w .,'’-]*[^\W_\u0590-\u08ff])?|."
    return (seen[match.start() : match.end()] for match in re.finditer(whole, seen.text, re.DOTALL))


def _stretches(seen: Traced) -> Iterator[Traced]:
    """The stretches of a line that run from right to left, and what is between them."""
    done = 0
    letter = _RIGHT_TO_LEFT.pattern
    for match in re.finditer(rf"{letter}(?:[^A-Za-z\n]*{letter})?", seen.text):
        yield seen[done : match.start()]
        yield seen[match.start() : match.end()]
        done = match.end()
    yield seen[done:]


def _reversed(part: Traced) -> Traced:
    """The parts the other way round; brackets turn only where they were written as they look."""
    turned = joined(list(reversed(list(_parts(part)))))
    opening, closing = turned.text.find("("), turned.text.find(")")
    text = turned.text.translate(_MIRRORED) if 0 <= closing < opening else turned.text
    return Traced(_LETTER_FORMS.sub(lambda form: _letter(form.group()), text), turned.origins)


def _letter(form: str) -> str:
    """The letter that a form stands for, where it is one."""
    letter = unicodedata.normalize("NFKC", form)
    return letter if len(letter) == 1 else form
