"""Whether a sentence says what another one says: the same words, in the same relations to each other."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from corpus.parsing import Parse, Token, parse_all
from service.language_model.plain_words import is_article, lead_and_rest, plain_word, turns, words

Fault = Literal["form", "words", "hedges", "structure"]
Shape = tuple[object, ...]

CHARS_MAX = 600  # of a sentence that is compared; a parse of more takes too long
_GROWTH_CHARS_MAX = 60  # by how much a rewording may be longer
_ORDINARY = re.compile(r"[A-Za-z0-9 ,.;:'-]*")  # any other sign must stand in our own sentence
# Phrases that may stand before or behind the rest of their clause without changing what it says.
_MOVABLE = {"prep", "npadvmod", "advmod", "advcl"}


def fault_of(written: str, own: str) -> Fault | None:
    """Why `written` may not stand for our own sentence; None when it says the same in an order of its own.

    No word may come or go but articles and phrases that only connect; negations and hedges stay before their
    words; and the parses agree in who does what to whom, phrases of time, place and manner moving as a whole.
    What cannot be compared is at fault: our own sentence is at hand.
    """
    if not _is_well_formed(written, own):
        return "form"
    (lead, spelt), (own_lead, own_spelt) = lead_and_rest(written), lead_and_rest(own)
    if lead != own_lead or Counter(words(spelt)) != Counter(words(own_spelt)):
        return "words"
    if Counter(turns(spelt)) != Counter(turns(own_spelt)):
        return "hedges"
    shape, own_shape = (_shape(parse) for parse in parse_all([spelt, own_spelt]))
    return None if shape == own_shape else "structure"


def _is_well_formed(written: str, own: str) -> bool:
    if not written or max(len(own), len(written)) > CHARS_MAX or len(written) > len(own) + _GROWTH_CHARS_MAX:
        return False
    ends_alike = (written[-1] in ".!?:;") == (own[-1] in ".!?:;")
    return ends_alike and set(_ORDINARY.sub("", written)) <= set(own)


def _shape(parse: Parse) -> Shape:
    """Who governs whom, the same for any order of movable phrases."""
    return tuple(_governed(token, parse) for token in parse.tokens if token.head == token.i)


def _governed(token: Token, parse: Parse) -> Shape:
    """A word, its relation, what stands around it in order, and its movable phrases in any order."""
    fixed: list[Shape] = []
    moving: list[Shape] = []
    behind = False
    for child in (parse.tokens[i] for i in parse.children[token.i]):
        if child.i > token.i and not behind:
            fixed.append(())  # where the word itself stands among them
            behind = True
        if child.dep == "punct" or (child.dep == "det" and is_article(child.text)):
            continue
        moves = child.dep in _MOVABLE and token.pos in {"VERB", "AUX"}
        (moving if moves else fixed).append(_governed(child, parse))
    return (plain_word(token.text), token.dep, tuple(fixed), tuple(sorted(moving, key=repr)))
