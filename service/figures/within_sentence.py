"""Sums of what one sentence gives in parts: "activities for 253 children and a workshop for 102 children"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.places import places, within
from corpus.quantity import Quantity, quantities
from corpus.taxonomy import plain
from index.reader import Read
from service.evidence import Draft, Figure, Line, quotes_of
from service.figures.comparing import asks_together, figure_written
from service.figures.counted import counts, counts_other
from service.knowledge.knowledge import Knowledge
from service.lookups.support import Support
from service.lookups.telling import told
from service.understanding.understand import Reading

AMONG = 2  # best supported passages that are looked into
SUPPORT_MIN = 0.5
READ_ODDS_MIN = -0.5  # log-odds of the reader from which a figure is one that is asked for
PLACE_WORDS_MAX = 4  # between a figure and the place that it is for: "300 in Ireland"
# A sentence that says so itself gives the whole beside its parts.
_WHOLE = re.compile(
    r"\b(?:in total|altogether|in all|of which|of whom|of these|of them|including|between them)\b"
)
_CURRENCY = re.compile(r"[£$€¥]|[A-Z]{3} ?(?=\d)")  # as the sentence prints it


def summed_within(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """The sum of the two figures of one sentence that a question asks for together; None without such a sentence."""
    for item in ranked[:AMONG] if asks_together(reading) else ():
        parts = _parts(reading, knowledge.passages[item.position].text)
        if item.score >= SUPPORT_MIN and len(parts) == 2:
            return _drafted(parts, knowledge, item.position)
    return None


def summed_as_read(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """The same for the two figures that are read as what is asked for, whatever they are said to count."""
    for item in ranked[:AMONG] if asks_together(reading) else ():
        text = knowledge.passages[item.position].text
        parts = _read_parts(reading, text, item.read) if item.read and not _WHOLE.search(plain(text)) else []
        if item.score >= SUPPORT_MIN and len(parts) == 2:
            return _drafted(parts, knowledge, item.position)
    return None


def _parts(reading: Reading, text: str) -> list[Quantity]:
    """The figures to add: those for the places asked for, or all that count the asked thing or give money."""
    exact = [quantity for quantity in quantities(text) if quantity.value_max is None]
    if len(reading.places) > 1:
        found = [_for_place(place.name, text, exact) for place in reading.places]
        return [quantity for quantity in found if quantity is not None]
    if _WHOLE.search(plain(text)):
        return []
    if reading.asks_for == "money":
        sums = [quantity for quantity in exact if quantity.kind == "money"]
        return sums if len({quantity.unit for quantity in sums}) == 1 else []
    return [
        quantity for quantity in exact if quantity.kind == "count" and counts(reading.heads, text, quantity)
    ]


def _read_parts(reading: Reading, text: str, read: Read) -> list[Quantity]:
    """The figures of a text that are read as what is asked for, of one unit."""
    kind = "money" if reading.asks_for == "money" else "count"
    found = [
        quantity
        for quantity in quantities(text)
        if quantity.kind == kind
        and read.odds_of(quantity.start, quantity.end) >= READ_ODDS_MIN
        and not counts_other(reading.heads, text, quantity)
    ]
    return found if len({quantity.unit for quantity in found}) == 1 else []


def _for_place(name: str, text: str, given: Sequence[Quantity]) -> Quantity | None:
    """The figure that stands before a place: "300 in Ireland"."""
    for quantity in given:
        behind = " ".join(text[quantity.end :].split()[:PLACE_WORDS_MAX])
        before_next = re.split(r"[,;()]", behind)[0]
        if any(within(place.name, name) for place in places(before_next)):
            return quantity
    return None


def _drafted(parts: Sequence[Quantity], knowledge: Knowledge, position: int) -> Draft:
    amount = sum(part.value for part in parts)
    formula = f"{' + '.join(figure_written(part.value) for part in parts)} = {figure_written(amount)}"
    quotes = quotes_of(knowledge.passages[position])
    unit = parts[0].unit
    sign = _CURRENCY.search(parts[0].text)
    said = f"{sign[0] if sign and unit else ''}{figure_written(amount)} together: {formula}."
    figure = Figure(figure_written(amount), amount, unit, quotes, formula=formula)
    line = told(knowledge, position, parts[0].text)
    return Draft((Line(said, quotes, computed=formula), line), figures=(figure,), facts_matched=1)
