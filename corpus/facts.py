"""Facts: one statement that a source makes, typed, with the place where it stands."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from corpus.selectors import Record, Selector

Modality = Literal["achieved", "planned", "potential"]
Origin = Literal["extracted", "imported", "curated"]
Review = Literal["proposed", "accepted", "rejected"]


class Correction(Record):
    """What a person changed in a fact: the report's words stay in its selector."""

    field: str
    was: str  # as extracted, "" when the report said nothing there
    now: str
    by: str
    at: str  # ISO 8601, UTC
    note: str = ""


class Fact(Record):
    """Who did what, with which quantity, where, when, how sure: DESIGN's fact, W3C selectors for its place.

    `subject` and `object` are names or noun phrases as printed; `subject_key` and `object_key` name the
    entity (Entity.key) when they are one.
    """

    id: str  # "fct_" and 16 hex digits over document id, span, predicate, subject, object, value
    document_id: str
    outcome_type: str  # one of corpus.taxonomy.OUTCOME_TYPES
    subject: str = ""
    subject_key: str | None = None
    subject_type: str = "other"  # one of corpus.taxonomy.ENTITY_KINDS
    predicate: str = ""  # lemma of the verb, or the relation's name
    object: str = ""
    object_key: str | None = None
    object_type: str = ""
    value: float | None = None
    value_max: float | None = None
    unit: str = ""  # ISO 4217 code for money, "%" for shares, else the counted noun phrase as printed
    qualifier: str = ""  # the hedge as printed: "over", "around", "+", "at least"
    value_text: str = ""  # the figure as printed, with its hedge
    project: str = ""
    place: str = ""
    date: str = ""  # ISO 8601 at the precision printed: 2015, 2015-12, 2015-12-31
    polarity: Literal["affirmed", "negated"] = "affirmed"
    modality: Modality = "achieved"
    basis: str = ""  # what the figure counts or covers: "cumulative", "per year", "first 9 Calls"
    selector: Selector
    lead: Selector | None = None  # the words that introduce a list item
    page: int | None = None
    section: str = ""
    origin: Origin = "extracted"
    extractor: str = ""  # name of the rule or mapping, with version
    confidence: float = Field(default=1.0, ge=0, le=1)
    review: Review = "proposed"
    corrections: tuple[Correction, ...] = ()
    decisions: tuple[
        str, ...
    ] = ()  # ids of the decisions that it bears, oldest first; their number is its revision


class Entity(Record):
    """A named organisation, project, person or product as one document knows it."""

    key: str  # canonical: lower-case letters and digits of the name without legal form
    document_id: str
    name: str  # the fullest form printed
    kind: str  # one of corpus.taxonomy.ENTITY_KINDS
    aliases: tuple[str, ...] = ()
    sme: Literal["stated", "implied", "no", "unknown"] = "unknown"
    mentions: tuple[tuple[int, int], ...] = ()  # spans in the stored text
    evidence: Selector | None = None  # where its kind is said
    sme_evidence: Selector | None = None  # where it is said or implied to be an SME


def relates(fact: Fact) -> bool:
    """True when a fact says in which role its subject and object stand: a row does, and some sentences do."""
    return fact.extractor == "relation" or fact.origin == "imported"


def in_words(fact: Fact) -> str:
    """The fact as one line of words, so that it can be embedded and searched."""
    parts = [
        fact.outcome_type.replace("_", " "),
        fact.subject,
        fact.predicate.replace("_", " "),
        fact.value_text,
        fact.unit if fact.unit not in fact.value_text else "",
        fact.object,
        f"in project {fact.project}" if fact.project else "",
        f"in {fact.place}" if fact.place else "",
        f"({fact.date})" if fact.date else "",
    ]
    return " ".join(part for part in parts if part)
