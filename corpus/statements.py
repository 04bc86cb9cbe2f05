"""What single statements say: facts of clauses, of list items and of figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

from corpus.clauses import Clause, polarity
from corpus.dates import Date, dates
from corpus.document import Document
from corpus.facts import Fact
from corpus.parsing import Parse
from corpus.passages import Passage
from corpus.places import Place, places
from corpus.quantity import Quantity, base_noun, counted_noun, growth, quantities
from corpus.reference import CONFIDENCE, Referent, Resolved
from corpus.registry import Mention, Registry
from corpus.selectors import Selector, select
from corpus.taxonomy import plain, triggers

PHRASE_CHARS_MAX = 200
_TYPES_MAX = 3  # a clause with more trigger types than this is a summary; the nearest ones are kept
_EMPTY_VERBS = {"be", "have", "do", "include", "become", "remain"}
_TOTAL = re.compile(r"\b(?:to date|in total|so far|since|overall|cumulative|altogether|in all)\b")
_TOGETHER = re.compile(r"\b(?:together|between them|combined|collectively|among them)\b(?! with)")
_YEARLY = re.compile(
    r"\b(?:per (?:year|annum)|annual(?:ly)?|each year|a year|yearly|per month|each month|monthly)\b"
)


@dataclass(frozen=True)
class Statement:
    """A passage with all that is known of its words."""

    document: Document
    passages: Sequence[Passage]
    number: int
    parse: Parse
    clauses: Sequence[Clause]
    resolved: Resolved
    registry: Registry

    @property
    def passage(self) -> Passage:
        """The passage that makes the statement."""
        return self.passages[self.number]

    @property
    def text(self) -> str:
        """Its words; offsets of clauses, mentions and figures count in them."""
        return self.passage.text

    @property
    def mentions(self) -> Sequence[Mention]:
        """Its names, in order."""
        return self.registry.by_passage.get(self.number, [])

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Its figures, in order."""
        return quantities(self.text)

    @cached_property
    def dates(self) -> list[Date]:
        """Its dates, in order."""
        return dates(self.text)

    @cached_property
    def places(self) -> list[Place]:
        """Places of the passage that are no part of a name."""
        return [
            place
            for place in places(self.text)
            if not any(mention.start <= place.start and place.end <= mention.end for mention in self.mentions)
        ]

    @cached_property
    def lead_text(self) -> str:
        """The words that introduce the list it stands in, "" when it stands in none."""
        return self.document.text[slice(*self.passage.lead)] if self.passage.lead else ""

    def name(self, key: str | None) -> str:
        """The fullest name of an entity, "" when there is no such entity."""
        return self.registry.entities[key].name if key in self.registry.entities else ""

    @property
    def home_selector(self) -> Selector | None:
        """Where the document says which institution it is from."""
        number = self.registry.home_passage
        if number is None:
            return None
        return select(self.document.text, self.passages[number].start, self.passages[number].end)

    def subject_of(self, clause: Clause) -> Referent:
        """Who acts in one of its clauses."""
        return self.resolved.subjects[self.clauses.index(clause)]

    def mention_at(self, start: int, end: int) -> Mention | None:
        """The first name inside [start, end) of the passage."""
        return next((m for m in self.mentions if m.start >= start and m.end <= end), None)

    def project(self, exclude: str | None = None) -> str:
        """The one project that the passage names or refers to, "" when there is none or several."""
        keys = [m.key for m in self.mentions] + [key for _, _, key in self.resolved.anaphora]
        found = {key for key in keys if key != exclude and self.registry.kind(key) == "project"}
        return self.name(found.pop()) if len(found) == 1 else ""

    def fact(self, *, outcome_type: str, extractor: str, **fields: Any) -> Fact:
        """A fact of this passage; fields not given are empty."""
        lead = fields.pop("lead", None)
        if lead is None and self.passage.lead:
            lead = select(self.document.text, *self.passage.lead)
        for role in ("subject", "object"):
            key = fields.get(f"{role}_key")
            if key and not fields.get(f"{role}_type"):
                fields[f"{role}_type"] = self.registry.kind(key)
        identity = [
            fields.get(name)
            for name in ("subject", "predicate", "object", "value", "value_text", "unit", "date")
        ]
        digest = sha256(
            repr((self.document.id, self.passage.start, self.passage.end, outcome_type, identity)).encode()
        ).hexdigest()[:16]
        return Fact(
            id=f"fct_{digest}",
            document_id=self.document.id,
            outcome_type=outcome_type,
            selector=select(self.document.text, self.passage.start, self.passage.end),
            lead=lead,
            page=self.passage.page,
            section=self.passage.section,
            extractor=extractor,
            **fields,
        )


def clause_facts(statement: Statement) -> Iterator[Fact]:
    """One fact per clause and outcome type that its predicate shows."""
    for clause in statement.clauses:
        if clause.subject is None and clause.predicate != "be":
            continue
        referent = statement.subject_of(clause)
        subject_text = phrase(statement, clause.subject.start, clause.subject.end) if clause.subject else ""
        for outcome_type in _clause_types(statement, clause):
            yield statement.fact(
                outcome_type=outcome_type,
                extractor="clause",
                subject=statement.name(referent.key) or subject_text,
                subject_key=referent.key,
                predicate=clause.predicate,
                object=phrase(statement, clause.object.start, clause.object.end) if clause.object else "",
                object_key=_object_key(statement, clause),
                project=statement.project(referent.key),
                place=_place(statement, clause.start, clause.end),
                date=_date(statement, clause.start, clause.end),
                polarity=polarity(clause),
                modality=clause.modality,
                confidence=CONFIDENCE[referent.how],
            )


def _clause_types(statement: Statement, clause: Clause) -> list[str]:
    """The outcome types whose trigger stands in the predicate of a clause, nearest to the verb first."""
    after = (
        clause.subject.end if clause.subject and clause.subject.start < clause.verb.start else clause.start
    )
    nearest: dict[str, int] = {}
    for outcome_type, start, _ in triggers(statement.text):
        if clause.start <= start < clause.end and (
            start >= after or clause.passive or clause.predicate == "be"
        ):
            distance = abs(start - clause.verb.start)
            nearest[outcome_type] = min(distance, nearest.get(outcome_type, distance))
    ranked = sorted(nearest, key=lambda outcome_type: (nearest[outcome_type], outcome_type))
    if not ranked and clause.predicate not in _EMPTY_VERBS:
        return ["qualitative_claim"]
    return ranked[:_TYPES_MAX]


def item_facts(statement: Statement) -> Iterator[Fact]:
    """The fact of a list item: its subject and relation are those of the lead."""
    if statement.passage.kind != "item" or not statement.lead_text:
        return
    lead_types = [outcome_type for outcome_type, _, _ in triggers(statement.lead_text)]
    own_types = [outcome_type for outcome_type, _, _ in triggers(statement.text)]
    for outcome_type in list(dict.fromkeys([*lead_types, *own_types]))[:_TYPES_MAX] or ["qualitative_claim"]:
        mention = statement.mention_at(0, len(statement.text))
        first_date = statement.dates[0].value if statement.dates else ""
        yield statement.fact(
            outcome_type=outcome_type,
            extractor="item",
            subject=_lead_subject(statement),
            predicate="list",
            object=phrase(statement, 0, len(statement.text)),
            object_key=mention.key if mention and mention.start == 0 else None,
            date=first_date,
            confidence=0.9,
        )


def quantity_facts(statement: Statement) -> Iterator[Fact]:
    """One fact per figure: what it counts, of whom, for when."""
    grown = {later.start: earlier for earlier, later in growth(statement.text)}
    for quantity in statement.quantities:
        if quantity.kind == "ordinal":
            continue
        clause = clause_at(statement, quantity.start)
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
            or _clause_subject(statement, clause)
            or _lead_subject(statement),
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
    return _clause_subject(statement, clause)


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


def clause_at(statement: Statement, offset: int) -> Clause | None:
    """The smallest clause that covers an offset."""
    covering = [clause for clause in statement.clauses if clause.start <= offset < clause.end]
    return min(covering, key=lambda clause: (clause.end - clause.start, clause.start), default=None)


def _clause_subject(statement: Statement, clause: Clause | None) -> str:
    return phrase(statement, clause.subject.start, clause.subject.end) if clause and clause.subject else ""


def _lead_subject(statement: Statement) -> str:
    """What the lead of a list speaks of: its words up to the verb, or all of a heading."""
    lead = statement.lead_text.rstrip(": ")
    match = re.match(
        r"(.+?)\s+(?:currently |now |also )?(?:include|involve|comprise|are|were|have|consist)s?\b", lead
    )
    return (match[1] if match else lead)[:PHRASE_CHARS_MAX]


def _object_key(statement: Statement, clause: Clause) -> str | None:
    if clause.object is None:
        return None
    head = clause.object.head
    inside = [m for m in statement.mentions if clause.object.start <= m.start and m.end <= clause.object.end]
    holder = next((m for m in inside if m.start < head.end and head.start < m.end), None)
    return holder.key if holder else None


def phrase(statement: Statement, start: int, end: int) -> str:
    """A phrase as printed, cut at a word when it is long."""
    phrase = statement.text[start:end].strip(" ,;:.")
    return phrase if len(phrase) <= PHRASE_CHARS_MAX else phrase[:PHRASE_CHARS_MAX].rsplit(" ", 1)[0]


def _place(statement: Statement, start: int, end: int) -> str:
    return next((place.name for place in statement.places if start <= place.start < end), "")


def _place_of(statement: Statement, quantity: Quantity, clause: Clause) -> str:
    """The place that a figure is about: before its bracket, or behind it and before the next figure.

    When there is none, the first place of the clause counts.
    """
    later = [other.start for other in statement.quantities if other.start > quantity.start]
    own = _place(statement, quantity.end, min([clause.end, *later]))
    if statement.text[: quantity.start].endswith("("):
        own = next(
            (p.name for p in reversed(statement.places) if clause.start <= p.start < quantity.start), ""
        )
    return own or _place(statement, clause.start, clause.end)


def _date(statement: Statement, start: int, end: int) -> str:
    return next((date.value for date in statement.dates if start <= date.start < end), "")


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
