"""The wire types: what is asked, what is understood, what is answered and what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from corpus.facts import Correction
from corpus.page_map import Rectangle

Intent = Literal[
    "list",
    "count",
    "quantity",
    "who",
    "yes_no",
    "compare",
    "describe",
    "define",
    "when",
    "where",
    "aggregate",
]
WordingFailure = Literal["timeout", "unreachable", "refused", "bad_reply", "too_long", "resting"]
Verdict = Literal["useful", "not_useful", "wrong_source"]  # what a reader says of an answer
Reason = Literal["off_topic", "unknown_entity", "attribute_missing", "unsupported_premise", "not_a_question"]


class Wire(BaseModel):
    """A value of the public API; unknown fields are refused so that a typo is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Filters(Wire):
    """Limits what facts and passages an answer may use; empty fields limit nothing."""

    document_ids: tuple[str, ...] = ()
    outcome_types: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    date_from: str | None = Field(default=None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", examples=["2010"])
    date_to: str | None = Field(default=None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", examples=["2015"])


class Constraint(Wire):
    """One condition that was read from the question, e.g. subject_type is sme."""

    field: str
    op: str
    value: str


class UnderstoodAs(Wire):
    """How the question was read, so that a wrong reading is visible."""

    intent: Intent
    asks_for: str
    outcome_types: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()


class Citation(Wire):
    """A verbatim span of a stored document: text[start:end] == quote."""

    number: int
    id: str
    document_id: str
    document_title: str
    page: int | None = None
    section: str = ""
    quote: str
    prefix: str = ""
    suffix: str = ""
    start: int
    end: int
    url: str
    # Where it is printed: page, x0, top, x1, bottom in points from the top left corner of the page as shown.
    rectangles: tuple[Rectangle, ...] = ()
    document_sha256: str
    # What people corrected in facts that this span states; left out where there is none.
    corrections: tuple[Correction, ...] = Field(default=(), exclude_if=lambda value: not value)


class Item(Wire):
    """A member of a list answer."""

    label: str
    detail: str = ""
    fact_ids: tuple[str, ...] = ()
    citations: tuple[int, ...] = ()


class Value(Wire):
    """A figure of the answer, as printed and as a number."""

    value: str
    number: float | None = None
    unit: str = ""
    qualifier: str | None = None
    formula: str | None = None
    citations: tuple[int, ...] = ()


class Conflict(Wire):
    """Two or more different values that the reports give for the same thing."""

    about: str
    values: tuple[Value, ...]


class Coverage(Wire):
    """What was searched and whether anything was cut."""

    facts_matched: int
    documents_searched: int
    truncated: bool = False
    note: str = ""


class Wording(Wire):
    """What a language model did to the words of an answer; its members, figures and sources are never touched."""

    model: str
    sentences_sent: int
    reworded: tuple[str, ...] = ()  # the sentences that the model wrote and the cited passages bear
    rejected: int = 0  # sentences that it wrote and that do not say what ours say
    failure: WordingFailure | None = None  # why it wrote nothing
    own_text: str | None = None  # the answer in our own words, where the model's stand in it


class Answer(Wire):
    """The cited answer, or what is missing and why."""

    id: str
    conversation_id: str | None = None
    question: str
    standalone_question: str
    understood_as: UnderstoodAs
    status: Literal["answered", "no_answer"]
    reason: Reason | None = None
    answer: str
    # How likely the cited passages hold what is asked, 0..1; None without an answer.
    confidence: float | None = Field(default=None, ge=0, le=1)
    items: tuple[Item, ...] = ()
    values: tuple[Value, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    coverage: Coverage
    citations: tuple[Citation, ...] = ()
    related_questions: tuple[str, ...] = ()
    # What the asker limited it to; left out where there was no limit.
    filters: Filters = Field(default=Filters(), exclude_if=lambda value: value == Filters())
    nearest: tuple[Citation, ...] = ()
    composer: str = "extractive"
    # Left out where no language model was asked.
    wording: Wording | None = Field(default=None, exclude_if=lambda value: value is None)
    # The language model that put the question as it stands in standalone_question; left out where our rules did.
    restated_by: str | None = Field(default=None, exclude_if=lambda value: value is None)
    index_version: str = ""
    timings_ms: dict[str, float] = Field(default_factory=dict)


class Understood(Wire):
    """How a question was read: what can be said before its answer is there."""

    id: str  # of the answer to come
    question: str
    standalone_question: str
    understood_as: UnderstoodAs
    filters: Filters = Filters()
    restated_by: str | None = None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """What was understood of the question of an answer that is there."""
        return cls(**{name: getattr(answer, name) for name in cls.model_fields})


Hear = Callable[[Understood], None]  # is told what is understood while the answer is still made


def unheard(understood: Understood) -> None:
    """For those who wait for the whole answer."""


class AskRequest(BaseModel):
    """The body of POST /v1/ask."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(examples=["Which SMEs spun off companies?"])
    conversation_id: str | None = None
    filters: Filters = Filters()
    limit: int = Field(default=1000, ge=1, le=1000)


def comparable(answer: Answer) -> dict[str, Any]:
    """The parts of an answer that are the same whenever the same corpus is asked the same question."""
    return answer.model_dump(mode="json", exclude={"id", "conversation_id", "timings_ms"})
