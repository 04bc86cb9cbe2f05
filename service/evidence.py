"""What an answer is made of before it is written: cited lines, members, figures, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.facts import Fact
from corpus.passages import Passage
from service.answer import Reason


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a stored document that an answer cites."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """A sentence of an answer with the quotes it rests on; `computed` says how, when code worked it out."""

    text: str
    quotes: tuple[Quote, ...]
    computed: str = ""


@dataclass(frozen=True)
class Member:
    """A member of a list answer."""

    label: str
    detail: str
    quotes: tuple[Quote, ...]
    fact_ids: tuple[str, ...] = ()
    computed: str = ""  # how its detail was worked out from the quotes, when code did


@dataclass(frozen=True)
class Figure:
    """A figure of an answer, printed or computed."""

    text: str
    number: float | None
    unit: str
    quotes: tuple[Quote, ...]
    qualifier: str = ""
    formula: str = ""


@dataclass(frozen=True)
class Disagreement:
    """Different figures that the reports give for the same thing."""

    about: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Draft:
    """An answer that rests on evidence, not yet checked and numbered."""

    lines: tuple[Line, ...]
    members: tuple[Member, ...] = ()
    figures: tuple[Figure, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    facts_matched: int = 0
    truncated: bool = False
    note: str = ""
    members_told: bool = True  # False when the lines themselves already enumerate the members
    confidence: float | None = None  # how likely the cited passages answer, 0..1


@dataclass(frozen=True)
class Refusal:
    """Why there is no answer, what is known instead, and the nearest passages."""

    reason: Reason
    text: str
    nearest: tuple[Quote, ...] = field(default=())


def quote_of(passage: Passage) -> Quote:
    """The quote of a whole passage."""
    return Quote(passage.document_id, passage.start, passage.end)


def quotes_of(passage: Passage) -> tuple[Quote, ...]:
    """The quotes a passage needs to be understood: itself, and before it the lead of a list item."""
    own = quote_of(passage)
    return (own, Quote(passage.document_id, *passage.lead)) if passage.lead else (own,)


def quote_of_fact(fact: Fact) -> Quote:
    """The quote of the sentence that states a fact."""
    return Quote(fact.document_id, fact.selector.start, fact.selector.end)


def distinct(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotes without repetition, in order."""
    return tuple(dict.fromkeys(quotes))
