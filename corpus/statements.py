"""Statements: passages with all that is known of their words, and the facts that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from corpus.clauses import Clause, Span
from corpus.dates import Date, dates
from corpus.document import Document
from corpus.facts import Fact
from corpus.parsing import Parse
from corpus.passages import Passage
from corpus.places import Place, places
from corpus.quantity import Quantity, quantities
from corpus.reference import Referent, Resolved
from corpus.registry import Mention, Registry
from corpus.selectors import Selector, select

PHRASE_CHARS_MAX = 200


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

    def clause_at(self, offset: int) -> Clause | None:
        """The smallest clause that covers an offset."""
        covering = [clause for clause in self.clauses if clause.start <= offset < clause.end]
        return min(covering, key=lambda clause: (clause.end - clause.start, clause.start), default=None)

    def phrase(self, span: Span | None) -> str:
        """A phrase of a clause as printed, cut at a word when it is long; "" for none."""
        return cut_phrase(self.text[span.start : span.end]) if span else ""

    def lead_subject(self) -> str:
        """What the lead of a list speaks of: its words up to the verb, or all of a heading."""
        lead = self.lead_text.rstrip(": ")
        match = re.match(
            r"(.+?)\s+(?:currently |now |also )?(?:include|involve|comprise|are|were|have|consist)s?\b", lead
        )
        return (match[1] if match else lead)[:PHRASE_CHARS_MAX]

    def place_in(self, start: int, end: int) -> str:
        """The name of the first place in [start, end), "" when there is none."""
        return next((place.name for place in self.places if start <= place.start < end), "")

    def date_in(self, start: int, end: int) -> str:
        """The first date in [start, end), "" when there is none."""
        return next((date.value for date in self.dates if start <= date.start < end), "")

    def project(self, exclude: str | None = None) -> str:
        """The one project that the passage names or refers to, "" when there is none or several."""
        keys = [m.key for m in self.mentions] + [key for _, _, key in self.resolved.anaphora]
        found = {key for key in keys if key != exclude and self.registry.kind(key) == "project"}
        return self.name(found.pop()) if len(found) == 1 else ""

    def relation(
        self, subject: str | None, predicate: str, object_key: str, *, outcome_type: str, **fields: Any
    ) -> Fact:
        """A fact of this passage that relates two entities under their fullest names."""
        return self.fact(
            outcome_type=outcome_type,
            extractor="relation",
            subject=self.name(subject),
            subject_key=subject,
            predicate=predicate,
            object=self.name(object_key),
            object_key=object_key,
            **fields,
        )

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


def cut_phrase(phrase: str) -> str:
    """A phrase as printed, cut at a word when it is long."""
    phrase = phrase.strip(" ,;:.")
    return phrase if len(phrase) <= PHRASE_CHARS_MAX else phrase[:PHRASE_CHARS_MAX].rsplit(" ", 1)[0]
