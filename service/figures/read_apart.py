"""Two things compared or added up by what is read of each, where no typed facts give both figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from corpus.dates import dates
from corpus.quantity import Quantity, quantities
from corpus.vocabulary import stems
from index.reader import Read
from index.retriever import Retriever
from service.evidence import Draft, Figure, quotes_of
from service.figures.comparing import decided, summed
from service.figures.counted import counts_other
from service.figures.measures import Measured, measure_of
from service.figures.put_apart import Apart, compared_apart, summed_apart
from service.knowledge.knowledge import Knowledge
from service.lookups.lookup import candidates
from service.lookups.reranking import reranked
from service.lookups.support import Support
from service.lookups.telling import told
from service.understanding.understand import Reading, understand

AMONG = 4  # passages likeliest to answer, in which the figure is looked for
ANSWER_ODDS_MIN = -1.0  # of the passage to answer
SURE_ODDS_MIN = 1.0  # from which a passage need not name the thing
SAME_UNIT_ODDS = 2.0
FIGURE_ODDS_MIN = -1.5  # of the figure to be what is asked for
NEAR_ODDS = 2.0  # for a figure beside which the thing is named, of a passage that tells of both
BESIDE_WORDS_MAX = 6
NAMED_SHARE_MIN = 0.6  # of a thing's own words, that its passage, the one before or the title must have


class _Told(NamedTuple):
    """A figure that a passage may give of one thing, with the log-odds of both."""

    odds: float
    position: int
    measured: Measured

    def differs(self, other: _Told) -> bool:
        """True unless both are one figure of one passage."""
        return (self.position, self.measured.figure.text) != (other.position, other.measured.figure.text)


def comparison_read(reading: Reading, knowledge: Knowledge, retriever: Retriever) -> Draft | None:
    """Which of two things has more, by the figure read of each; None when one has none."""
    found = _both(compared_apart(reading.question), reading, knowledge, retriever)
    return decided(reading, found) if found else None


def sum_read(reading: Reading, knowledge: Knowledge, retriever: Retriever) -> Draft | None:
    """The sum of the figures read of two things; None when one has none."""
    found = _both(summed_apart(reading.question), reading, knowledge, retriever)
    return summed(found) if found else None


def _both(
    apart: Sequence[Apart], reading: Reading, knowledge: Knowledge, retriever: Retriever
) -> list[Measured]:
    """The figure of each, of the same unit: of all pairs of two figures the one that is read most surely."""
    measure = measure_of(reading)
    told_of = []
    for own, other in zip(apart, reversed(apart), strict=True):
        if measure is not None and measure.date == own.in_time:
            own = own._replace(question=measure.asks.format(own.name))
        told_of.append(_told(own, other.name, knowledge, retriever))
    pairs = [
        pair for pair in product(*told_of) if len(pair) == 2 and pair[0].differs(pair[1]) and _alike(pair)
    ]
    best = max(pairs, key=_odds_of_both, default=())
    return [item.measured for item in best]


def _odds_of_both(pair: Sequence[_Told]) -> float:
    """The log-odds of two figures together; those of one currency are likelier about the same thing."""
    same = len({item.measured.figure.unit for item in pair}) == 1
    return sum(item.odds for item in pair) + (SAME_UNIT_ODDS if same else 0.0)


def _alike(pair: Sequence[_Told]) -> bool:
    """True for two figures of one unit; money is money in any currency."""
    return len({_sort(item.measured.figure.unit) for item in pair}) == 1


def _sort(unit: str) -> str:
    return "money" if re.fullmatch(r"[A-Z]{3}", unit) else unit


def _told(own: Apart, other: str, knowledge: Knowledge, retriever: Retriever) -> list[_Told]:
    """The figures that may be what is asked of one thing, of the passages that are likeliest about it."""
    named = knowledge.naming([own.question])
    reading = understand(own.question, named)
    ranked = reranked(reading, named, candidates(reading, named, retriever), retriever.embedder.reader)
    return [
        found
        for item in ranked[:AMONG]
        if item.read is not None
        and item.read.answers >= ANSWER_ODDS_MIN
        and _is_about(own.name, other, knowledge, item)
        for found in _figures(
            own,
            knowledge,
            item.position,
            item.read,
            reading.heads,
            other,
            _names(other, own.name, knowledge, item.position),
        )
    ]


def _figures(
    own: Apart,
    knowledge: Knowledge,
    position: int,
    read: Read,
    heads: Sequence[str],
    other: str,
    holds_both: bool,
) -> Iterator[_Told]:
    """The figure or year of a passage that is likeliest what is asked for; several where it tells of both things."""
    passage = knowledge.passages[position]
    quotes = quotes_of(passage)
    found: list[tuple[float, Figure, float]] = []
    if own.in_time:
        for date in dates(passage.text):
            year = date.value[:4]
            found.append(
                (read.odds_of(date.start, date.end), Figure(year, float(year), "date", quotes), float(year))
            )
    else:
        for figure in quantities(passage.text):
            if figure.kind == "percent" and " how many " in own.question:
                continue
            if counts_other(heads, passage.text, figure):
                continue
            said = Figure(figure.text, figure.value, figure.unit, quotes, figure.qualifier)
            near = NEAR_ODDS if holds_both and _is_beside(own.name, other, passage.text, figure) else 0.0
            found.append((read.odds_of(figure.start, figure.end) + near, said, figure.value))
    likely = sorted((item for item in found if item[0] >= FIGURE_ODDS_MIN), key=lambda item: -item[0])
    for odds, said, value in likely if holds_both else likely[:1]:
        measured = Measured(own.name, said, value, (told(knowledge, position, said.text),))
        yield _Told(read.answers + odds, position, measured)


def _is_beside(name: str, other: str, text: str, figure: Quantity) -> bool:
    """True when what only one thing is called stands right behind a figure, or right before it."""
    own = set(stems(name)) - set(stems(other))
    behind = re.split(r"[,;()]|\d", text[figure.end :], maxsplit=1)[0].split()[:BESIDE_WORDS_MAX]
    before = re.split(r"[,;)]|\d", text[: figure.start])[-1].split()[-BESIDE_WORDS_MAX:]
    return bool(own & set(stems(" ".join(behind))) or own & set(stems(" ".join(before))))


def _is_about(name: str, other: str, knowledge: Knowledge, item: Support) -> bool:
    """True when a passage, the one before it or the title of its report has the words that only one thing has.

    One that is surely read as the answer may name neither, in a report that names the thing: "In all 24,295 people came."
    """
    if _names(name, other, knowledge, item.position):
        return True
    passage = knowledge.passages[item.position]
    own = set(stems(name)) - set(stems(other))
    around = set(stems(knowledge.documents[passage.document_id].title))
    if item.position and knowledge.passages[item.position - 1].document_id == passage.document_id:
        around |= knowledge.words.passage_stems[item.position - 1]
    if len(own & around) >= NAMED_SHARE_MIN * len(own):
        return True
    sure = item.read is not None and item.read.answers >= SURE_ODDS_MIN
    return (
        sure
        and not _names(other, name, knowledge, item.position)
        and any(
            _names(name, other, knowledge, at)
            for at, inside in enumerate(knowledge.passages)
            if inside.document_id == passage.document_id
        )
    )


def _names(name: str, other: str, knowledge: Knowledge, position: int) -> bool:
    """True when a passage has most of the words that only one of the things has."""
    own = set(stems(name)) - set(stems(other))
    return not own or len(own & knowledge.words.passage_stems[position]) >= NAMED_SHARE_MIN * len(own)
