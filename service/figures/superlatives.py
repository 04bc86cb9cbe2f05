"""Which one is the most: the member with the largest or smallest figure, the first or last founded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.facts import Fact, relates
from corpus.taxonomy import kind_of, plain
from corpus.vocabulary import best, stems
from service.evidence import Draft, Figure, Line, Member, distinct, quotes_of
from service.figures.comparing import compared_noun, measured_in
from service.figures.measures import measure_of
from service.knowledge.knowledge import Knowledge
from service.lists.membership import is_kind
from service.lookups.clipping import clipped
from service.understanding.understand import Reading

_LATEST = re.compile(r"\b(?:newest|youngest|latest|most recent(?:ly)?|last)\b")
_LEAST = re.compile(r"\b(?:smallest|lowest|fewest|least|cheapest|shortest)\b")
_KIND = re.compile(r"\bthe (?:\w+est|(?:very )?first|most \w+) ([\w-]+(?: [\w-]+)?)")


@dataclass(frozen=True)
class _Entry:
    """One member with its figure and where it stands."""

    key: str
    value: float
    position: int
    printed: str
    unit: str = ""


def superlative(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The member with the largest or smallest figure, or the first or last founded; None if none has one.

    All facts of the store are compared, those of the same unit with each other.
    """
    lowered = plain(reading.question)
    match = _KIND.search(lowered)
    if not (reading.kind or (match and kind_of(match[1]))):
        return None
    measure = measure_of(reading)
    if measure is not None and measure.date:
        return _by_founding(reading, knowledge, latest=bool(_LATEST.search(lowered)))
    least = bool(_LEAST.search(lowered))
    entries = (
        _prices(reading, knowledge)
        if measure is not None and measure.called == "price"
        else _figures(reading, knowledge, least)
    )
    return _extreme(_of_one_unit(entries, least), knowledge, "smallest" if least else "largest")


def _figures(reading: Reading, knowledge: Knowledge, least: bool) -> list[_Entry]:
    """By member the figure that counts most (or least) of what is compared."""
    measured, heads = measured_in(reading), compared_noun(reading)[-1:]
    if measured == "number" and not heads:
        heads = ("staff",)  # "the largest company"
    best_of: dict[str, _Entry] = {}
    for fact in knowledge.facts:
        key = fact.subject_key
        if key is None or fact.value is None or fact.modality != "achieved" or key not in knowledge.entities:
            continue
        position = knowledge.passage_at(fact.document_id, fact.selector.start)
        if position is None or not _is_asked(key, reading, knowledge):
            continue
        kept = best_of.get(key)
        better = kept is None or (fact.value < kept.value if least else fact.value > kept.value)
        if better and _measures(fact, reading, measured, heads):
            best_of[key] = _Entry(key, fact.value, position, fact.value_text, _currency(fact))
    return list(best_of.values())


def _prices(reading: Reading, knowledge: Knowledge) -> list[_Entry]:
    """What was paid for each company that was bought."""
    found: dict[str, _Entry] = {}
    for fact in knowledge.facts:
        position = knowledge.passage_at(fact.document_id, fact.selector.start)
        key, is_deal = fact.object_key, relates(fact) and fact.predicate == "acquire"
        if not is_deal or fact.value is None or position is None or key not in knowledge.entities:
            continue
        if _is_asked(key, reading, knowledge):
            found.setdefault(key, _Entry(key, fact.value, position, fact.value_text, _currency(fact)))
    return list(found.values())


def _currency(fact: Fact) -> str:
    return fact.unit if re.fullmatch(r"[A-Z]{3}", fact.unit) else ""


def _is_asked(key: str, reading: Reading, knowledge: Knowledge) -> bool:
    """True for a member of the kind asked for; for a spin-off when "spin-off" or "start-up" is asked."""
    spun_out = re.search(r"\b(?:spin|start-?up)", plain(reading.question))
    if spun_out and key not in knowledge.children:
        return False
    return not reading.kind or is_kind(knowledge.entities[key], reading)


def _measures(fact: Fact, reading: Reading, measured: str, heads: tuple[str, ...]) -> bool:
    """True when a fact's figure is of the sort that a superlative compares."""
    if measured == "money":
        types = set(reading.outcome_types) or {"funding_contribution"}
        return bool(_currency(fact)) and (fact.outcome_type in types or fact.predicate == "raise")
    return bool(heads) and any(best(head, stems(f"{fact.object} {fact.unit}")) >= 0.85 for head in heads)


def _of_one_unit(entries: list[_Entry], least: bool) -> list[_Entry]:
    """The entries of the unit that most have, in order; then those of other currencies."""
    units = [entry.unit for entry in entries]
    unit = max(sorted(set(units)), key=units.count, default="")
    kept = [entry for entry in entries if entry.unit == unit]
    ranked = sorted(kept, key=lambda entry: (entry.value if least else -entry.value, entry.key))
    return ranked + [entry for entry in entries if entry.unit != unit]


def _extreme(ranked: list[_Entry], knowledge: Knowledge, which: str) -> Draft | None:
    """The first of the ranked entries, with those that tie with it; the note says what was compared."""
    if not ranked:
        return None
    first = ranked[0]
    compared = [entry for entry in ranked if entry.unit == first.unit]
    tied = [entry for entry in compared if entry.value == first.value]
    formula = f"{which} of {len(compared)} figures: {first.printed}"
    names = [knowledge.entities[entry.key].name for entry in tied]
    quotes = [quotes_of(knowledge.passages[entry.position]) for entry in tied]
    lead = Line(
        f"{' and '.join(names)}: {first.printed}.",
        distinct([quote for some in quotes for quote in some]),
        computed=f"{formula} {' '.join(names)}",
    )
    lines = [
        Line(clipped(knowledge.passages[entry.position].text, entry.printed, 40), some)
        for entry, some in zip(tied, quotes, strict=True)
    ]
    members = tuple(
        Member(name, entry.printed, some) for name, entry, some in zip(names, tied, quotes, strict=True)
    )
    figure = Figure(first.printed, first.value, first.unit, lead.quotes, formula=formula)
    return Draft(
        (lead, *dict.fromkeys(lines)),
        members=members,
        figures=(figure,),
        facts_matched=len(ranked),
        members_told=False,
        note=_note(ranked, compared, tied),
    )


def _note(ranked: list[_Entry], compared: list[_Entry], tied: list[_Entry]) -> str:
    said = f"Compared are the {len(compared)} whose figure or date the reports give."
    parts = [said, f"{len(tied)} of them are equal."] if len(tied) > 1 else [said]
    others = [entry for entry in ranked if entry not in compared]
    if others:
        told = ", ".join(dict.fromkeys(entry.printed for entry in others[:3]))
        parts.append(f"{len(others)} in other currencies are not converted: {told}.")
    return " ".join(parts)


def _by_founding(reading: Reading, knowledge: Knowledge, latest: bool) -> Draft | None:
    """The one that was founded first or last, among those whose founding date is stated."""
    found: dict[str, _Entry] = {}
    for fact in knowledge.facts:
        key = fact.object_key
        is_birth = fact.outcome_type == "spin_out" and relates(fact) and fact.date
        position = knowledge.passage_at(fact.document_id, fact.selector.start)
        if not is_birth or key not in knowledge.entities or position is None:
            continue
        if not _is_asked(key, reading, knowledge):
            continue
        entry = _Entry(key, float(fact.date[:4]), position, fact.date[:4])
        kept = found.get(key)
        if kept is None or entry.value < kept.value:
            found[key] = entry
    ranked = sorted(found.values(), key=lambda entry: (-entry.value if latest else entry.value, entry.key))
    return _extreme(ranked, knowledge, "latest" if latest else "earliest")
