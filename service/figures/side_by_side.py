"""Two things of a comparison that no typed figures decide: what the reports say of each, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.dates import dates
from corpus.nouns import noun_phrase
from corpus.quantity import quantities
from corpus.taxonomy import plain
from corpus.vocabulary import best, stems
from service.evidence import Draft, Figure, Line, quotes_of
from service.figures.comparing import asks_for_less, compared
from service.knowledge.knowledge import Knowledge
from service.lookups.support import Support
from service.lookups.telling import told
from service.understanding.understand import Reading

SUPPORT_MIN = 0.5
SAME_NOUN_MIN = 0.85
_WORDS_MAX = 40
_IN_TIME = re.compile(
    r"\b(?:older|oldest|younger|youngest|earlier|earliest|later|latest|first|before|longer ago)\b"
)
# Directly before the year in which something began.
_BEGAN = re.compile(
    r"\b(?:founded|established|formed|set up|created|launched|started|began|begun|opened|incorporated|spun out|built|born)"
    r"(?:\s+\w+){0,5}\s+(?:in|since)\s*$",
    re.IGNORECASE,
)


def side_by_side(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """The best supported sentence about each of two things, and which of them has more where both give a figure."""
    names = compared(reading)
    found = [_best(name, names, reading, knowledge, ranked) for name in names]
    positions = [position for position in found if position is not None]
    if len(names) != 2 or len(positions) != 2:
        return None
    figures = [_figure(reading, knowledge, position) for position in positions]
    first, second = figures
    lines = [told(knowledge, position, words_max=_WORDS_MAX) for position in dict.fromkeys(positions)]
    if first is None or second is None or first.number is None or second.number is None:
        return Draft(tuple(lines), facts_matched=len(lines))
    return Draft(
        (_verdict(reading, names, (first, second)), *lines), figures=(first, second), facts_matched=2
    )


def _verdict(reading: Reading, names: Sequence[str], figures: tuple[Figure, Figure]) -> Line:
    less = asks_for_less(reading)
    ordered = sorted(
        zip(names, figures, strict=True), key=lambda pair: pair[1].number or 0.0, reverse=not less
    )
    (winner, more), (loser, fewer) = ordered
    quotes = (*more.quotes, *fewer.quotes)
    if more.number == fewer.number:
        return Line(f"Neither: both have {more.text}.", quotes, computed=f"{more.text} = {fewer.text}")
    sign = "<" if less else ">"
    return Line(
        f"{winner}: {more.text} against {fewer.text} ({loser}).",
        quotes,
        computed=f"{more.text} {sign} {fewer.text}",
    )


def _best(
    name: str, names: Sequence[str], reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]
) -> int | None:
    """The position of the best supported passage about one thing, with a figure of the asked sort if any has."""
    keys = {key for named in reading.named if named.text in name or name in named.text for key in named.keys}
    printing = set(knowledge.words.printing(name)) | {
        position for key in keys for position in knowledge.entities[key].passages
    }
    about = [
        item.position
        for item in ranked
        if item.score >= SUPPORT_MIN
        and (item.position in printing or knowledge.spoken_of.get(item.position) in keys)
    ]
    alone = [position for position in about if not _names_other(name, names, knowledge, position)]
    pool = alone or about
    return next(
        (position for position in pool if _figure(reading, knowledge, position)), pool[0] if pool else None
    )


def _names_other(name: str, names: Sequence[str], knowledge: Knowledge, position: int) -> bool:
    text = plain(knowledge.passages[position].text)
    return any(plain(other) in text for other in names if other != name)


def _figure(reading: Reading, knowledge: Knowledge, position: int) -> Figure | None:
    """The one figure of a passage that the question compares: a year, or what its nouns count."""
    passage = knowledge.passages[position]
    if _IN_TIME.search(plain(reading.question)):
        years = {date.value[:4] for date in dates(passage.text) if _BEGAN.search(passage.text[: date.start])}
        year = next(iter(years), "")
        return Figure(year, float(year), "", quotes_of(passage)) if len(years) == 1 else None
    counted = [
        quantity
        for quantity in quantities(passage.text)
        if quantity.kind == "count"
        and any(
            best(word, stems(noun_phrase(passage.text, quantity.end).text)) >= SAME_NOUN_MIN
            for word, worth in zip(reading.content, reading.worth, strict=True)
            if worth >= 1
        )
    ]
    if len({quantity.value for quantity in counted}) != 1:
        return None
    return Figure(counted[0].text, counted[0].value, "", quotes_of(passage), counted[0].qualifier)
