"""What figures count, and what shares are taken of."""

from __future__ import annotations

import re

from corpus import quantity_grammar as grammar
from corpus.nouns import noun_phrase, without_determiner
from corpus.quantity import Quantity

_PRONOUN = re.compile(r"\b(?:these|those)\s*$", re.IGNORECASE)  # "25 % of these die"


def counted_noun(text: str, quantity: Quantity) -> str:
    """The noun phrase right after the figure ("part-time posts", "SMEs"), "" when none follows.

    Of "five of the eleven posts" it is what the whole counts.
    """
    hyphened = text[quantity.end : quantity.end + 1] == "-"
    singular = hyphened or (quantity.kind == "count" and quantity.value == 1 and not quantity.qualifier)
    own = noun_phrase(text, quantity.end + hyphened, singular).text
    is_part = not own and quantity.kind == "count" and quantity.value != 1
    return base_noun(text, quantity) if is_part else own


def base_noun(text: str, quantity: Quantity) -> str:
    """What a share or part is taken of: "project funding" for "15 % of the project funding", else ""."""
    found = grammar.OF.match(text, quantity.end)
    if found is None:
        return ""
    start = without_determiner(text, found.end())
    number = grammar.NUMBER_BEFORE_NOUN.match(text, start)
    phrase = noun_phrase(text, number.end() if number else start)
    return "" if _PRONOUN.search(text[found.end() : start]) and not phrase.plural else phrase.text
