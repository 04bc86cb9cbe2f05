"""How many or how much: a sum, a figure that a report gives, else the count of what is named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.quantity import quantities
from corpus.taxonomy import plain
from corpus.vocabulary import people_stems
from index.retriever import Retriever
from service.deeds.deed_frames import Deed
from service.deeds.premises import is_paid
from service.evidence import Draft, Line, Refusal, distinct
from service.figures.comparing import total
from service.figures.counted import counts
from service.figures.figure_answers import figure_answer, fitting_figures
from service.figures.read_apart import sum_read
from service.figures.within_sentence import summed_as_read, summed_within
from service.knowledge.knowledge import Knowledge
from service.lists.list_answer import list_answer
from service.lists.members import members
from service.lists.reports import asks_for_reports
from service.lookups.support import Support
from service.understanding.understand import Reading

FIGURE_AMONG = 3  # best passages in which a figure may be what is asked for
FIGURE_ODDS_MIN = 0.0  # log-odds from which it is
COUNT_ODDS_MIN = 1.5  # of a passage to answer, from which its number goes before the count of what is named

_CROWD_TYPES = frozenset({"employment", "engagement", "training_and_education", "participation"})
_COUNTS = re.compile(r"\bhow many\b|\bnumber of\b")


def asks_for_count(reading: Reading) -> bool:
    """True for "how many" and "the number of"."""
    return _COUNTS.search(plain(reading.question)) is not None


def counts_crowd(reading: Reading) -> bool:
    """True for people of whom reports name a few at most: who came, watched, was trained or works somewhere."""
    anybody, people = people_stems()
    asked = set(reading.heads)
    return bool(asked & anybody) or (bool(asked & people) and bool(_CROWD_TYPES & set(reading.outcome_types)))


def figure_or_count(
    reading: Reading,
    knowledge: Knowledge,
    ranked: list[Support],
    limit: int,
    told: Mapping[int, Sequence[Deed]] | None,
    retriever: Retriever,
) -> Draft | Refusal | None:
    """A figure that a report gives; else, for things with names, the count of those named."""
    counts_names = bool(
        re.search(r"\b(?:named|mentioned|listed|described|in the reports?)\b", plain(reading.question))
    )
    summed = total(reading, knowledge)
    if not isinstance(summed, Draft):
        summed = (
            summed_within(reading, knowledge, ranked)
            or sum_read(reading, knowledge, retriever)
            or summed_as_read(reading, knowledge, ranked)
            or summed
        )
    if summed is not None:
        return summed
    found = fitting_figures(reading, knowledge)
    if told is not None and reading.asks_for == "money":
        found = [item for item in found if is_paid(told.get(item.position, ()), item.fact.value)]
    listed = (
        members(replace(reading, intent="list"), knowledge)
        if (reading.kind or asks_for_reports(reading)) and asks_for_count(reading)
        else []
    )
    counts_names |= asks_for_reports(reading)
    if listed and not found and not counts_names and states_count(reading, knowledge, ranked):
        return None
    if listed and (counts_names or not found or reading.places or _limits(reading)):
        return list_answer(reading, knowledge, listed, limit)
    if not found:
        return None
    stated = figure_answer(reading, knowledge, found)
    return _with_names(stated, list_answer(reading, knowledge, listed, limit)) if listed else stated


def states_figure(knowledge: Knowledge, ranked: Sequence[Support]) -> bool:
    """True when one of the best passages has a figure that is read as what is asked for."""
    return any(
        item.read is not None and item.read.odds_of(figure.start, figure.end) >= FIGURE_ODDS_MIN
        for item in ranked[:FIGURE_AMONG]
        for figure in quantities(knowledge.passages[item.position].text)
        if figure.kind == "count"
    )


def states_count(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> bool:
    """True when a passage that is surely read as the answer gives a number of the asked things: "in 43 countries"."""
    return any(
        item.read is not None
        and item.read.answers >= COUNT_ODDS_MIN
        and item.read.odds_of(figure.start, figure.end) >= FIGURE_ODDS_MIN
        and counts(reading.heads, text, figure)
        for item in ranked[:FIGURE_AMONG]
        for text in [knowledge.passages[item.position].text]
        for figure in quantities(text)
    )


def _limits(reading: Reading) -> bool:
    """True when a count is of some members only ("how many of them", "before 2000"): a figure counts all."""
    return reading.period is not None or re.search(r"\bhow many of\b", plain(reading.question)) is not None


def _with_names(stated: Draft, listed: Draft) -> Draft:
    """The stated figure with the members that the reports name, when these are no more than it counts."""
    number = stated.figures[0].number if stated.figures else None
    if number is None or not 1 < len(listed.members) <= number:
        return stated
    names = ", ".join(member.label for member in listed.members)
    quotes = distinct([quote for member in listed.members for quote in member.quotes[:1]])
    line = Line(
        f"The reports name {len(listed.members)} of them: {names}.",
        quotes,
        computed=f"count of {names}: {len(listed.members)}",
    )
    return replace(
        stated,
        lines=(*stated.lines, line),
        members=listed.members,
        figures=(*stated.figures, *listed.figures),
        members_told=False,
    )
