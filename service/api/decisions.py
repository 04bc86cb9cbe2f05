"""Decisions of people about facts: made one by one, listed with what they hold for."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from corpus import decisions
from corpus.decisions import Decision, Verdict
from corpus.facts import Fact
from corpus.store import Store
from service.errors import responses
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/v1", tags=["curation"])

FactId = Annotated[str, Path(max_length=100)]


class Review(BaseModel):
    """What a person decides about a fact."""

    model_config = ConfigDict(extra="forbid")

    decision: Verdict = Field(examples=["accept"], description="accept, reject or correct.")
    changes: dict[str, str | float | None] = Field(
        default_factory=dict,
        max_length=len(decisions.CORRECTABLE),
        description='With "correct": the fields that change and what they say now, as {"value": 47}.',
    )
    by: str = Field(examples=["Ines Varga"], description="Who decides; shown wherever a correction is.")
    note: str = Field(default="", examples=["Checked against the annex."])
    revision: int = Field(
        default=0, ge=0, examples=[0], description="`revision` of the fact as it was seen; 0 at first."
    )


class Made(BaseModel):
    """One decision: who said what of which fact, when and why."""

    id: str
    fact_id: str
    document_id: str
    source_name: str
    decision: Verdict
    changes: dict[str, str | float | None]
    by: str
    at: str
    note: str


class CuratedFact(Fact):
    """A fact with its revision (the number of decisions it bears) and these decisions, oldest first."""

    revision: int
    history: list[Made]


class Listed(Made):
    """A decision with the facts that it holds for now; not applicable when its sentence or claim is gone."""

    state: Literal["applies", "not_applicable"]
    fact_ids: list[str]
    quote: str


class Decisions(BaseModel):
    """Every decision, oldest first."""

    decisions: list[Listed]
    total: int


@router.post(
    "/facts/{fact_id}/review",
    operation_id="review_fact",
    summary="Accept, reject or correct a fact",
    responses=responses(400, 404, 409, 413, 422, 503),
)
def review_fact(parts: PartsDep, fact_id: FactId, body: Review) -> CuratedFact:
    """The fact after the decision, which the next answer heeds and which outlives its document.

    A decision about a fact holds for the other readings of its sentence that say the same. With a `revision`
    that is not the fact's own, somebody else has decided in between: 409, and nothing is changed.
    """
    parts.store.curation.decide(fact_id, body.decision, body.by, body.changes, body.note, body.revision)
    return curated_fact(parts.store, fact_id)


@router.get("/decisions", operation_id="list_decisions", summary="List decisions")
def list_decisions(parts: PartsDep) -> Decisions:
    """Every decision that was ever made, with the facts it holds for; it is kept when there are none."""
    listed = [listed_decision(decision, fact_ids) for decision, fact_ids in parts.store.curation.decisions()]
    return Decisions(decisions=listed, total=len(listed))


def curated_fact(store: Store, fact_id: str) -> CuratedFact:
    """The fact with its history. Raises NotFound."""
    fact = store.fact(fact_id)
    history = [Made(**_told(decision)) for decision in store.curation.history(fact_id)]
    return CuratedFact(**fact.model_dump(), revision=len(fact.decisions), history=history)


def listed_decision(decision: Decision, fact_ids: list[str]) -> Listed:
    """The decision as it is listed: the facts it holds for, and the words it was made about."""
    return Listed(
        **_told(decision),
        state="applies" if fact_ids else "not_applicable",
        fact_ids=fact_ids,
        quote=decision.claim.selector.exact,
    )


def _told(decision: Decision) -> dict[str, object]:
    return decision.model_dump(exclude={"claim"})
