"""What people decided about facts, as answers heed it: rejected is not stated, corrected is said to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.facts import Correction, Fact
from service.evidence import Draft, Figure, Line, Member, Quote, Refusal
from service.knowledge.knowledge import Knowledge
from service.lists.membership import Candidate
from service.lookups.support import VALUES
from service.understanding.understand import Reading

# Fields that hold words of the report; the others say how these were read.
_PRINTED = frozenset({"subject", "object", "value_text", "project", "place", "date"})
_TOLD_BY_FIGURE = frozenset({"value", "value_max", "unit", "qualifier"})  # value_text tells them


def unrejected(found: Sequence[Candidate], reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    """The candidates without statements that a person rejected; those that have no other are left out."""
    for candidate in found:
        rejected = {i for i in candidate.positions if _is_rejected(candidate, i, reading, knowledge)}
        kept = [position for position in candidate.positions if position not in rejected]
        if kept:
            yield replace(candidate, positions=kept) if rejected else candidate


def standing(draft: Draft, reading: Reading, knowledge: Knowledge) -> Draft | Refusal:
    """The draft without figures that a person rejected; a refusal that says so when these were the answer."""
    figures = tuple(figure for figure in draft.figures if not _is_rejected_figure(figure, knowledge))
    lines = draft.lines
    if reading.asks_for in VALUES:
        lines = tuple(
            line for line in draft.lines if line.computed or not _rejected_in(line.quotes, knowledge)
        )
    if len(figures) == len(draft.figures) and len(lines) == len(draft.lines):
        return draft
    if not lines:
        return Refusal(
            "attribute_missing",
            "What the reports say of this was rejected by a person and is not used.",
            tuple(quote for line in draft.lines for quote in line.quotes[:1])[:3],
        )
    return replace(draft, lines=lines, figures=figures, disagreements=())


def marked(draft: Draft, knowledge: Knowledge) -> Draft:
    """The draft with every corrected fact in it told as corrected: by whom, when, from what."""
    told = draft.members_told and bool(draft.members)
    return replace(
        draft,
        lines=tuple(
            line if told and number == 0 else _marked_line(line, knowledge)
            for number, line in enumerate(draft.lines)
        ),
        members=tuple(_marked_member(member, knowledge) for member in draft.members),
        figures=tuple(_corrected_figure(figure, knowledge) for figure in draft.figures),
    )


def corrections_of(quotes: Sequence[Quote], knowledge: Knowledge) -> list[Correction]:
    """What people corrected in the standing facts that the quotes state, each change once."""
    found: dict[tuple[str, str], Correction] = {}
    for fact in _facts_at(quotes, knowledge.facts_at, knowledge):
        for correction in fact.corrections:
            if correction.field not in _TOLD_BY_FIGURE:
                found.setdefault((correction.was, correction.now), correction)
    changes = list(found.values())
    # A figure also stands in the object of another reading: "45" and "45 people" are one correction.
    return [change for change in changes if not any(_is_part(other, change) for other in changes)]


def _is_part(part: Correction, whole: Correction) -> bool:
    same = (part.by, part.at) == (whole.by, whole.at)
    longer = len(part.was) < len(whole.was) and bool(part.was) and bool(part.now)
    return same and longer and part.was in whole.was and part.now in whole.now


def _facts_at(quotes: Sequence[Quote], at: dict[int, list[Fact]], knowledge: Knowledge) -> Iterator[Fact]:
    for position in dict.fromkeys(knowledge.passage_at(quote.document_id, quote.start) for quote in quotes):
        if position is not None:
            yield from at.get(position, ())


def _is_rejected(candidate: Candidate, position: int, reading: Reading, knowledge: Knowledge) -> bool:
    """True when a rejected fact made the thing a member there and no other fact of the sort does."""

    def speaks_for(fact: Fact) -> bool:
        asked = not reading.outcome_types or fact.outcome_type in reading.outcome_types
        keys = {fact.subject_key, fact.object_key}
        names = {name.casefold() for name in (fact.subject, fact.object, fact.place) if name}
        return asked and ((candidate.key or "") in keys or candidate.label.casefold() in names)

    rejected = any(speaks_for(fact) for fact in knowledge.rejected_at.get(position, ()))
    return rejected and not any(speaks_for(fact) for fact in knowledge.facts_at.get(position, ()))


def _is_rejected_figure(figure: Figure, knowledge: Knowledge) -> bool:
    """True when the figure was printed in a quoted sentence whose fact with this figure was rejected."""

    def has_it(fact: Fact) -> bool:
        in_date = bool(fact.date) and figure.unit == "date" and fact.date[:4] in figure.text
        return in_date or (fact.value is not None and figure.text in {fact.value_text, fact.place})

    rejected = any(has_it(fact) for fact in _facts_at(figure.quotes, knowledge.rejected_at, knowledge))
    standing = any(has_it(fact) for fact in _facts_at(figure.quotes, knowledge.facts_at, knowledge))
    return rejected and not standing and not figure.formula


def _rejected_in(quotes: Sequence[Quote], knowledge: Knowledge) -> bool:
    """True when the first quoted sentence states a figure or date that was rejected, and no other."""

    def is_value(fact: Fact) -> bool:
        return fact.value is not None or bool(fact.date)

    rejected = any(is_value(fact) for fact in _facts_at(quotes[:1], knowledge.rejected_at, knowledge))
    return rejected and not any(
        is_value(fact) for fact in _facts_at(quotes[:1], knowledge.facts_at, knowledge)
    )


def _marked_line(line: Line, knowledge: Knowledge) -> Line:
    corrections = corrections_of(line.quotes, knowledge)
    text = _marked(line.text, corrections, verbatim=not line.computed)
    return replace(line, text=text) if corrections else line


def _marked_member(member: Member, knowledge: Knowledge) -> Member:
    corrections = corrections_of(member.quotes, knowledge)
    if not corrections:
        return member
    if member.detail:
        return replace(member, detail=_marked(member.detail, corrections, verbatim=True))
    label = member.label
    concerning = [correction for correction in corrections if label in {correction.was, correction.now}]
    return replace(
        member, detail="; ".join(f"{_who(each)}, the report says {each.was}" for each in concerning)
    )


def _marked(text: str, corrections: Sequence[Correction], verbatim: bool) -> str:
    """The text with each correction beside the words that it concerns, else at its end."""
    for correction in corrections:
        said = f"; the report says {correction.was}" if correction.was else ""
        mark = f"{correction.now or '(nothing)'} ({_who(correction)}{said})"
        was, now = _places(text, correction.was), _places(text, correction.now)
        if verbatim and correction.field in _PRINTED and was:
            text = text[: was[0]] + mark + text[was[0] + len(correction.was) :]
        elif now and not verbatim:
            text = text[: now[0]] + mark + text[now[0] + len(correction.now) :]
        else:
            name = correction.field.replace("_", " ")
            told = f"{name} {correction.now or '(nothing)'}" + (
                f", not {correction.was}" if correction.was else ""
            )
            text = f"{text} ({_who(correction)}: {told})"
    return text


def _places(text: str, words: str) -> list[int]:
    """Where the words stand in the text, whole."""
    if not words:
        return []
    return [match.start() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]


def _who(correction: Correction) -> str:
    return f"corrected by {correction.by} on {correction.at[:10]}"


def _corrected_figure(figure: Figure, knowledge: Knowledge) -> Figure:
    """The figure as corrected, where it was taken from the report's own words."""
    for correction in corrections_of(figure.quotes, knowledge):
        if correction.field in _PRINTED and figure.text == correction.was and not figure.formula:
            return replace(figure, text=correction.now)
    return figure
