"""What a figure counts, by the noun behind it."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.nouns import noun_phrase
from corpus.quantity import Quantity
from corpus.vocabulary import SAME_BEGINNING, best, people_stems, stems
from service.understanding.inflection import is_plural


def counts(heads: Sequence[str], text: str, figure: Quantity) -> bool:
    """True when the noun phrase behind a figure has one of the asked nouns, given by their stems; for "people" anybody."""
    counted = stems(noun_phrase(text, figure.end).text)
    anybody, people = people_stems()
    return any(
        best(head, counted) >= SAME_BEGINNING or (head in anybody and bool(people & set(counted)))
        for head in heads
    )


def counts_other(heads: Sequence[str], text: str, figure: Quantity) -> bool:
    """True when the noun behind a figure is a plural other than the asked one: "nine countries" among women.

    "People" may be whoever is asked for.
    """
    last = noun_phrase(text, figure.end).text.split()[-1:]
    is_count = figure.kind == "count" and bool(heads) and bool(last) and is_plural(last[0])
    return is_count and last != ["people"] and not counts(heads, text, figure)
