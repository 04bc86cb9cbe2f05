"""What figures say: one fact for each, of what it counts, of whom and for when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.clauses import Clause, polarity
from corpus.counted import base_noun, counted_noun
from corpus.facts import Fact
from corpus.quantity import Quantity, growth
from corpus.reference import CONFIDENCE, Referent
from corpus.statements import Statement
from corpus.taxonomy import plain, triggers

_TOTAL = re.compile(r"\b(?:to date|in total|so far|since|overall|cumulative|altogether|in all)\b")
_TOGETHER = re.compile(r"\b(?:together|between them|combined|collectively|among them)\b(?! with)")
_YEARLY = re.compile(
    r"\b(?:per (?:year|annum)|annual(?:ly)?|each year|a year|yearly|per month|each month|monthly)\b"
)


def quantity_facts(statement: Statement) -> Iterator[Fact]:
    """One fact per figure: what it counts, of whom, for when."""
    grown = {later.start: earlier for earlier, later in growth(statement.text)}
    for quantity in statement.quantities:
        if quantity.kind == "ordinal":
            continue
        clause = statement.clause_at(quantity.start)
        referent = statement.subject_of(clause) if clause else Referent(None, "none")
        referent = _firm_beside(statement, clause, referent)
        joint = _joint_owners(statement, clause, quantity)
        referent = Referent(None, "none") if joint else referent
        unit = counted_noun(statement.text, quantity)
        earlier = grown.get(quantity.start)
        yield statement.fact(
            outcome_type=_quantity_type(statement, quantity, clause),
            extractor="quantity",
            subject=joint
            or statement.name(referent.key)
            or statement.phrase(clause.subject if clause else None)
            or statement.lead_subject(),
            subject_key=referent.key,
            predicate=clause.predicate if clause else "",
            object=base_noun(statement.text, quantity) if quantity.kind == "percent" else unit,
            value=quantity.value,
            value_max=quantity.value_max,
            unit=quantity.unit or unit,
            qualifier=quantity.qualifier,
            value_text=quantity.text,
            project=statement.project(referent.key),
            place=_place_of(statement, quantity, clause) if clause else "",
            date=_date_near(statement, quantity.start),
            polarity=polarity(clause) if clause else "affirmed",
            modality=clause.modality if clause else "achieved",
            basis="; ".join(
                filter(None, ["together" if joint else "", _basis(statement, quantity, earlier)])
            ),
            confidence=CONFIDENCE[referent.how] if clause else 0.9,
        )


def _firm_beside(statement: Statement, clause: Clause | None, referent: Referent) -> Referent:
    """The firm of "Professor A and firm B raised ...": the money and the staff are its, not the person's."""
    if clause is None or statement.registry.kind(referent.key) != "person":
        return referent
    mentions = [m for m in statement.mentions if clause.start <= m.start and m.end <= clause.verb.start]
    for person, firm in pairwise(mentions):
        joined = re.fullmatch(r"\s+(?:and|&)\s+(?:the\s+)?", statement.text[person.end : firm.start])
        if joined and person.key == referent.key and statement.registry.kind(firm.key) == "company":
            return Referent(firm.key, referent.how)
    return referent


def _joint_owners(statement: Statement, clause: Clause | None, quantity: Quantity) -> str:
    """The names that own a figure together ("A and B together employ 40"), "" when one owns it alone."""
    if clause is None or not _TOGETHER.search(plain(statement.text[clause.start : quantity.start])):
        return ""
    owners = [m for m in statement.mentions if clause.start <= m.start and m.end <= clause.verb.start]
    if len({owner.key for owner in owners}) > 1:
        return statement.text[owners[0].start : owners[-1].end]
    return statement.phrase(clause.subject)


def _quantity_type(statement: Statement, quantity: Quantity, clause: Clause | None) -> str:
    """The outcome type of the trigger nearest to a figure; what stands behind it counts first."""
    found = triggers(statement.text)
    if any(outcome_type == "context_statistic" for outcome_type, _, _ in found):
        return "context_statistic"
    if quantity.kind == "percent" and any(
        outcome_type == "funding_indicator" for outcome_type, _, _ in found
    ):
        return "funding_indicator"
    scored = [
        (start - quantity.end if start >= quantity.start else 2 * (quantity.start - end), outcome_type)
        for outcome_type, start, end in found
        if clause is None or clause.start <= start < clause.end
    ]
    if scored:
        return min(scored)[1]
    lead_types = [outcome_type for outcome_type, _, _ in triggers(statement.lead_text)]
    return lead_types[0] if lead_types else "qualitative_claim"


def _place_of(statement: Statement, quantity: Quantity, clause: Clause) -> str:
    """The place that a figure is about: before its bracket, or behind it and before the next figure.

    When there is none, the first place of the clause counts.
    """
    later = [other.start for other in statement.quantities if other.start > quantity.start]
    own = statement.place_in(quantity.end, min([clause.end, *later]))
    if statement.text[: quantity.start].endswith("("):
        own = next(
            (p.name for p in reversed(statement.places) if clause.start <= p.start < quantity.start), ""
        )
    return own or statement.place_in(clause.start, clause.end)


def _date_near(statement: Statement, offset: int) -> str:
    """The date nearest to a figure within its part of the sentence."""
    near = [
        date
        for date in statement.dates
        if not re.search(r"[;]", statement.text[min(offset, date.start) : max(offset, date.end)])
    ]
    return min(near, key=lambda date: (abs(date.start - offset), date.start)).value if near else ""


def _basis(statement: Statement, quantity: Quantity, earlier: Quantity | None) -> str:
    """What a figure covers: its base noun, "cumulative" or "per year", what it grew from."""
    lowered = plain(statement.text)
    parts = []
    if quantity.kind == "percent" and (base := base_noun(statement.text, quantity)):
        parts.append(base)
    if _YEARLY.search(lowered[quantity.end : quantity.end + 60]) or _YEARLY.search(
        lowered[max(0, quantity.start - 30) : quantity.start]
    ):
        parts.append("per year" if "month" not in lowered else "per month")
    elif _TOTAL.search(lowered):
        parts.append("cumulative")
    if earlier is not None:
        parts.append(f"from {earlier.text}")
    return "; ".join(parts)
