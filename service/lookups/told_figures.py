"""Figures that passages give for the same thing, and passages that differ in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.dates import Date, dates
from corpus.nouns import noun_phrase
from corpus.quantity import Quantity, quantities
from corpus.vocabulary import SAME_BEGINNING, best, stems
from index.reader import UNREAD, Read
from service.knowledge.knowledge import Knowledge
from service.lookups.support import VALUES, Support
from service.understanding.understand import Reading

ODDS_MIN = -2.5  # log-odds of the reader from which a figure is taken for one that is asked for
TAKEN_ODDS_MIN = 0.5  # the same where the question need not ask for a figure: "How common is X?"
COVERAGE_TOLERANCE = 0.05  # by which a passage that was not read may cover less of the question

YEAR = "year"

Figures = dict[str, set[float]]  # by unit, likeliest first


def differing(
    reading: Reading, knowledge: Knowledge, best_item: Support, others: Iterable[Support]
) -> Support | None:
    """The one of `others` that most surely gives another figure in a unit of the best passage; None when none differs."""
    figures = _told(reading, knowledge, best_item)
    found = []
    for item in others:
        covers = item.read is not None or item.coverage >= best_item.coverage - COVERAGE_TOLERANCE
        told = _told(reading, knowledge, item) if figures and covers else {}
        unit = next((unit for unit in figures if unit in told), None)
        if unit is not None and not figures[unit] & told[unit]:
            found.append(item)
    return max(found, key=lambda item: item.read.answers if item.read else UNREAD, default=None)


def _told(reading: Reading, knowledge: Knowledge, item: Support) -> Figures:
    """The figures of a passage that are asked for: as the reader takes them, else by their kind and noun."""
    text = knowledge.passages[item.position].text
    found = [(date.start, date.end, YEAR, years) for date in dates(text) if (years := _years(date))]
    if reading.asks_for != "date":
        sums = [(figure.start, figure.end, _unit(figure), {figure.value}) for figure in quantities(text)]
        found = sums if reading.asks_for in VALUES else [*found, *sums]
    if item.read is not None:
        return _likeliest(item.read, found, ODDS_MIN if reading.asks_for in VALUES else TAKEN_ODDS_MIN)
    if reading.asks_for not in VALUES:
        return {}
    asked = set(_asked(reading, text))
    told: Figures = {}
    for _, _, unit, values in found:
        if reading.asks_for == "date" or any((unit, value) in asked for value in values):
            told.setdefault(unit, set()).update(values)
    return told


def _years(date: Date) -> set[float]:
    """The years at both ends of a date."""
    return {float(value[:4]) for value in (date.value, date.value_end) if value}


def _likeliest(read: Read, found: Iterable[tuple[int, int, str, set[float]]], odds_min: float) -> Figures:
    """Of each unit the figure that is likeliest what is asked for, unless that is unlikely."""
    odds = sorted(
        ((read.odds_of(start, end), unit, values) for start, end, unit, values in found),
        key=lambda item: -item[0],
    )
    told: Figures = {}
    for likelihood, unit, values in odds:
        if likelihood >= odds_min:
            told.setdefault(unit, values)
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
