"""When something happened: dates that stand next to the deed asked about, of the thing asked about."""

from __future__ import annotations

from corpus.dates import Date, dates
from corpus.vocabulary import best, light_stems, stem, stems
from service.evidence import Disagreement, Draft, Figure, Line, quotes_of
from service.knowledge.knowledge import Knowledge
from service.lookups.clipping import clipped
from service.lookups.support import entity_level
from service.understanding.understand import Reading

NEAR_CHARS = 60  # how far before its date a deed may stand
_TIME = frozenset(map(stem, ("year", "month", "date", "day", "time", "when")))


def dated(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The dates of what the question names, different ones beside each other; None when there is none."""
    deeds = [word for word in reading.content if word not in _TIME and word not in light_stems()]
    if not reading.named or not deeds:
        return None
    found: list[tuple[Date, int]] = []
    for position, passage in enumerate(knowledge.passages):
        if passage.kind == "heading" or entity_level(reading, knowledge, position) < 0.85:
            continue
        found += [(date, position) for date in dates(passage.text) if _beside(date, passage.text, deeds)]
    if not found:
        return None
    years = {date.value[:4] for date, _ in found}
    first = {year: next(item for item in found if item[0].value[:4] == year) for year in sorted(years)}
    shown = list(first.values())[:3]
    lines = tuple(
        dict.fromkeys(
            Line(
                clipped(knowledge.passages[position].text, date.text, 40),
                quotes_of(knowledge.passages[position]),
            )
            for date, position in shown
        )
    )
    figures = tuple(
        Figure(date.text, None, "date", quotes_of(knowledge.passages[position])) for date, position in shown
    )
    differing = len(years) > 1
    return Draft(
        lines,
        figures=figures,
        disagreements=(Disagreement(reading.question.rstrip("?. "), figures),) if differing else (),
        facts_matched=len(found),
        note="The reports give different dates; each is shown with its source." if differing else "",
    )


def _beside(date: Date, text: str, deeds: list[str]) -> bool:
    """True when every deed, or the only one, stands shortly before the date or right behind it."""
    window = stems(text[max(0, date.start - NEAR_CHARS) : date.end + 25])
    return all(best(deed, window) >= 0.85 for deed in deeds)
