"""One figure of one named thing, most fitting to what a comparison or a sum measures."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from corpus.dates import dates
from corpus.facts import Fact, relates
from corpus.taxonomy import plain
from service.deeds.premises import bearing, is_paid
from service.evidence import Figure, Line, quotes_of
from service.figures.figure_answers import figure_answer, fitting_figures
from service.knowledge.knowledge import Knowledge
from service.lookups.dating import dated
from service.lookups.telling import told
from service.understanding.named import Named, without_names
from service.understanding.understand import Reading, understand

OWN_FIT_MIN = 0.8  # from here on a figure is the named thing's own, of the measure asked for


@dataclass(frozen=True)
class Measure:
    """What is measured, and the question that asks one thing for it."""

    asks: str
    called: str
    date: bool = False
    types: tuple[str, ...] = ()  # outcome types that its figures have, any when empty
    deeds: tuple[str, ...] = ()  # predicates that show it too

    def covers(self, fact: Fact) -> bool:
        """True when a figure may be of this measure."""
        return not self.types or fact.outcome_type in self.types or fact.predicate in self.deeds


@dataclass(frozen=True)
class Measured:
    """A thing with its figure or date, and the lines that state it."""

    name: str
    figure: Figure
    value: float
    lines: tuple[Line, ...]


@lru_cache(maxsize=1)
def _measures() -> list[dict[str, Any]]:
    text = files("service").joinpath("data/measures.toml").read_text("utf-8")
    return list(tomllib.loads(text)["measures"])


def measure_of(reading: Reading) -> Measure | None:
    """What the words of a question measure, None when they show nothing of the table."""
    asked = plain(without_names(reading.question, _placed(reading)))
    entry = next((entry for entry in _measures() if re.search(entry["shown"], asked)), None)
    if entry is None:
        return None
    types, deeds = tuple(entry.get("types", ())), tuple(entry.get("deeds", ()))
    return Measure(entry["asks"], entry["called"], entry.get("date", False), types, deeds)


def _placed(reading: Reading) -> list[Named]:
    """The names at their offsets in the question as it was put."""
    return [
        Named(name.keys, name.text, match.start(), match.end())
        for name in reading.named
        for match in re.finditer(re.escape(name.text), reading.question)
    ]


def measured(name: str, measure: Measure, years: tuple[str, ...], knowledge: Knowledge) -> Measured | None:
    """The figure of one thing, None when the reports give none of its own."""
    question = measure.asks.format(name)
    if years and not measure.date:
        question = f"{question.rstrip('?')} in {years[0][:4]}?"
    reading = understand(question, knowledge)
    if not reading.named:
        return None
    if measure.date:
        return _founded(name, reading, knowledge)
    return _figured(name, measure, reading, knowledge)


def _figured(name: str, measure: Measure, reading: Reading, knowledge: Knowledge) -> Measured | None:
    bearers = bearing(reading, knowledge)
    found = [
        item
        for item in fitting_figures(reading, knowledge)
        if item.fact.value is not None
        and measure.covers(item.fact)
        and (
            is_paid(bearers.get(item.position, ()), item.fact.value)
            if bearers is not None
            else item.fit >= OWN_FIT_MIN
        )
    ]
    if not found:
        return None
    whole = [item for item in found if item.fact.basis == "cumulative" and item.fit >= found[0].fit - 0.05]
    best = (whole or found)[0]
    draft = figure_answer(reading, knowledge, [best])
    return Measured(name, draft.figures[0], float(best.fact.value or 0.0), draft.lines)


def _founded(name: str, reading: Reading, knowledge: Knowledge) -> Measured | None:
    """The date of founding: of the fact that says so, else the first date beside the deed."""
    for fact in knowledge.facts:
        position = knowledge.passage_at(fact.document_id, fact.selector.start)
        is_birth = fact.outcome_type == "spin_out" and relates(fact) and fact.date
        if is_birth and fact.object_key in reading.keys and position is not None:
            quotes = quotes_of(knowledge.passages[position])
            figure = Figure(fact.date[:4], None, "date", quotes)
            return Measured(name, figure, float(fact.date[:4]), (told(knowledge, position, fact.date[:4]),))
    draft = dated(reading, knowledge)
    if draft is None:
        return None
    first = draft.figures[0]
    years = [float(date.value[:4]) for date in dates(first.text)]
    return Measured(name, first, years[0], draft.lines[:1]) if years else None
