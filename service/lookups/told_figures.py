"""Figures that passages give for the same thing, and passages that differ in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.dates import dates
from corpus.nouns import noun_phrase
from corpus.quantity import Quantity, quantities
from corpus.vocabulary import SAME_BEGINNING, best, stems
from index.reader import Read
from service.knowledge.knowledge import Knowledge
from service.lookups.support import VALUES, Support
from service.understanding.understand import Reading

ODDS_MIN = -2.5  # log-odds of the reader from which a figure is taken for one that is asked for
COVERAGE_TOLERANCE = 0.05  # by which a passage that was not read may cover less of the question

Figures = dict[str, set[float]]  # by unit, likeliest first


def differing(
    reading: Reading, knowledge: Knowledge, best_item: Support, others: Iterable[Support]
) -> Support | None:
    """The first of `others` that gives another figure in a unit of the best passage; None when none differs."""
    figures = _told(reading, knowledge, best_item)
    for item in others:
        covers = item.read is not None or item.coverage >= best_item.coverage - COVERAGE_TOLERANCE
        told = _told(reading, knowledge, item)
        unit = next((unit for unit in figures if unit in told), None)
        if covers and unit is not None and not figures[unit] & told[unit]:
            return item
    return None


def _told(reading: Reading, knowledge: Knowledge, item: Support) -> Figures:
    """The figures of a passage that are asked for: as the reader takes them, else by their kind and noun."""
    text = knowledge.passages[item.position].text
    if reading.asks_for == "date":
        found = [(date.start, date.end, "year", float(date.value[:4])) for date in dates(text)]
    elif reading.asks_for in VALUES:
        found = [(figure.start, figure.end, _unit(figure), figure.value) for figure in quantities(text)]
    else:
        return {}
    if item.read is None:
        asked = set(_asked(reading, text))
        found = [figure for figure in found if figure[2:] in asked]
        return {unit: {value for _, _, other, value in found if other == unit} for _, _, unit, _ in found}
    return _likeliest(item.read, found)


def _likeliest(read: Read, found: Iterable[tuple[int, int, str, float]]) -> Figures:
    """Of each unit the figure that is likeliest what is asked for, unless that is unlikely."""
    odds = sorted(
        ((read.odds_of(start, end), unit, value) for start, end, unit, value in found), reverse=True
    )
    told: Figures = {}
    for likelihood, unit, value in odds:
        if likelihood >= ODDS_MIN:
            told.setdefault(unit, {value})
    return told


def _asked(reading: Reading, text: str) -> Iterator[tuple[str, float]]:
    """The figures of a text that are of the asked sort: money, shares, or counts of what is counted."""
    kinds = {"money": {"money"}, "percent": {"percent"}, "number": {"count"}}.get(reading.asks_for, set())
    for figure in quantities(text):
        counted = figure.kind != "count" or any(
            best(head, stems(noun_phrase(text, figure.end).text)) >= SAME_BEGINNING for head in reading.heads
        )
        if figure.kind in kinds and counted:
            yield _unit(figure), figure.value


def _unit(figure: Quantity) -> str:
    """The unit of a figure; sums of money are compared whatever their currency."""
    return "money" if figure.kind == "money" else figure.unit
