"""/v1/answers: an answer as it was given then, and what people say of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from service.answer import Answer, Verdict
from service.dialogue import kept_answer
from service.errors import responses
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/v1/answers", tags=["answers"])

AnswerId = Annotated[str, Path(max_length=100)]
NOTE_CHARS_MAX = 2_000


class Judgement(BaseModel):
    """What somebody says of an answer."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict = Field(examples=["wrong_source"], description="useful, not_useful or wrong_source.")
    note: str = Field(
        default="", max_length=NOTE_CHARS_MAX, examples=["Source 2 is about another programme."]
    )


class KeptJudgement(Judgement):
    """A judgement as it was kept."""

    given_at: str


class Judgements(BaseModel):
    """Everything that was said of an answer, oldest first."""

    feedback: list[KeptJudgement]


@router.get(
    "/{answer_id}", operation_id="get_answer", summary="Get an answer again", responses=responses(404)
)
def get_answer(parts: PartsDep, answer_id: AnswerId) -> Answer:
    """The answer as it was given then, whatever the reports say by now."""
    return kept_answer(parts.store, answer_id)


@router.post(
    "/{answer_id}/feedback",
    operation_id="judge_answer",
    summary="Say whether an answer is right",
    status_code=201,
    responses=responses(400, 404, 413, 422, 503, 507),
)
def judge_answer(parts: PartsDep, answer_id: AnswerId, body: Judgement) -> KeptJudgement:
    """Keeps the judgement with the answer. It changes no answer: facts are corrected one by one."""
    given = parts.store.conversations.judge(answer_id, body.verdict, body.note)
    return KeptJudgement.model_validate(given._asdict())


@router.get(
    "/{answer_id}/feedback",
    operation_id="list_feedback",
    summary="List what was said of an answer",
    responses=responses(404),
)
def list_feedback(parts: PartsDep, answer_id: AnswerId) -> Judgements:
    """Every judgement of the answer, oldest first."""
    said = parts.store.conversations.feedback(answer_id)
    return Judgements(feedback=[KeptJudgement.model_validate(one._asdict()) for one in said])
