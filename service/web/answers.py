"""The pages of answers: asked now, at their own address, with their evidence, to copy and to judge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Header, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from corpus.conversations import Feedback
from corpus.queries import NotFound
from corpus.taxonomy import outcome_types
from service.answer import Answer, AskRequest, Filters, Understood, Verdict
from service.api.answers import NOTE_CHARS_MAX, AnswerId
from service.channels.events import stages, streamed
from service.dialogue import earlier_answers, kept_answer
from service.parts import Parts
from service.problems import problem_of, retry_after
from service.running.app_parts import PartsDep
from service.web import pieces, render
from service.web.evidence import cited
from service.web.forms import SENT_FROM_HERE
from service.web.turns import Opening, Turn, ask_url, citation_link, passage_evidence_url
from service.writing import prose
from service.writing.copies import MEDIA_TYPES, Format, copied

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_DOCUMENTS_OFFERED_MAX = 50  # to choose from; more would be most of the page

_Name = Annotated[str, Query(max_length=500)]
_Day = Annotated[str, Query(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]
_ByScript = Annotated[str, Header(alias="hx-request")]
_log = structlog.get_logger("impactqa.pages")


def filters(
    outcome_type: _Name = "",
    project: _Name = "",
    place: _Name = "",
    document_id: _Name = "",
    date_from: _Day = "",
    date_to: _Day = "",
) -> Filters:
    """The limits of the query string."""
    return Filters(
        document_ids=_given(document_id),
        outcome_types=_given(outcome_type),
        projects=_given(project),
        places=_given(place),
        date_from=date_from or None,
        date_to=date_to or None,
    )


async def asked(
    request: Request, parts: Parts, question: str, conversation: str, limits: Filters
) -> Response:
    """The page with the answer, asked now unless it is the newest of its conversation already.

    A page is sent as it comes to be: how the question is understood first, then what answers it.
    """
    earlier = await run_in_threadpool(earlier_answers, parts.store, conversation) if conversation else []
    last = earlier[-1] if earlier else None
    if last and (last.question, last.filters) == (question.strip(), limits):  # the page was loaded again
        again = Turn(last, await run_in_threadpool(_said, parts, last.id))
        return HTMLResponse("".join(await run_in_threadpool(_pieces, parts, again, earlier[:-1])))
    body = AskRequest(question=question, conversation_id=conversation or None, filters=limits)
    await run_in_threadpool(parts.check_request, body)  # what cannot be answered has a page that says so
    written = _page_as_it_comes(request, parts, body, earlier)
    return streamed(written, {"cache-control": "no-store"}, media_type="text/html")


async def _page_as_it_comes(
    request: Request, parts: Parts, body: AskRequest, earlier: Sequence[Answer]
) -> AsyncIterator[str]:
    """The pieces of the page, each as soon as what it says is known."""
    opening: Opening | None = None
    try:
        async for stage in stages(partial(parts.answer, body)):
            if stage is None:
                yield "\n"  # the connection lives
            elif isinstance(stage, Understood):
                opening = Opening(stage)
                yield (await run_in_threadpool(_pieces, parts, opening, earlier))[0]
            else:
                found = await run_in_threadpool(_pieces, parts, Turn(stage), earlier, opening)
                for piece in found[1 if opening else 0 :]:
                    yield piece
    except Exception as error:  # the page has begun: it has to say so itself
        _log.exception("failed", request_id=request.state.request_id)
        problem = problem_of(request, error)
        if opening:
            yield render("failed.html", problem=problem)
        else:
            again = retry_after(error).get("retry-after")
            yield render("problem.html", problem=problem, again_seconds=again)


@router.get("/answers/{answer_id}")
def answer_page(parts: PartsDep, answer_id: AnswerId) -> str:
    """The answer as it was given then, under what was said before it."""
    turn = parts.store.conversations.turn(answer_id)
    answer = Answer.model_validate_json(turn.answer)
    earlier = earlier_answers(parts.store, answer.conversation_id or "")[: turn.turns_before]
    outdated = answer.index_version != parts.index_version
    return "".join(_pieces(parts, Turn(answer, _said(parts, answer.id), turn.asked_at, outdated), earlier))


@router.get("/answers/{answer_id}/sources/{number}")
def source_page(parts: PartsDep, answer_id: AnswerId, number: int) -> str:
    """A cited source in its report: the page it is printed on, or the text around it."""
    answer = kept_answer(parts.store, answer_id)
    citation = next((one for one in answer.citations if one.number == number), None)
    if citation is None:
        raise NotFound("Source", f"{answer_id}/{number}", f"The answer has {len(answer.citations)} sources.")
    urls = ["", *map(Turn(answer).evidence_url, answer.citations), ""]
    at = answer.citations.index(citation)
    return render(
        "evidence.html",
        answer=answer,
        evidence=cited(parts.store, citation),
        position=f"Source {number} of {len(answer.citations)}",
        previous=urls[at],
        next=urls[at + 2],
    )


@router.get("/answers/{answer_id}/copy/{format}")
def copy_of(request: Request, parts: PartsDep, answer_id: AnswerId, format: Format) -> Response:
    """The answer with its numbered sources, to take along."""
    url = f"{request.base_url}answers/{answer_id}"
    text = copied(kept_answer(parts.store, answer_id), format, url)
    return Response(text, media_type=f"{MEDIA_TYPES[format]}; charset=utf-8")


@router.post("/answers/{answer_id}/feedback", dependencies=[SENT_FROM_HERE])
def feedback(
    parts: PartsDep,
    answer_id: Annotated[str, Path(max_length=100)],
    verdict: Annotated[Verdict, Form()],
    note: Annotated[str, Form(max_length=NOTE_CHARS_MAX)] = "",
    by_script: _ByScript = "",
) -> Response:
    """Keeps what the reader says of the answer; a page of another site cannot say it for them."""
    said = parts.store.conversations.judge(answer_id, verdict, note.strip())
    if by_script:
        return HTMLResponse(render("feedback.html", turn=Turn(kept_answer(parts.store, answer_id), said)))
    return RedirectResponse(f"/answers/{answer_id}#{answer_id}-feedback", status_code=303)


def _pieces(
    parts: Parts, shown: Turn | Opening, earlier: Sequence[Answer], told: Opening | None = None
) -> list[str]:
    """The page of an answer: what stands above it, what it says, and all else; of an opening only the first is whole.

    `told` is how the question was understood at first, where that has been sent.
    """
    turn = shown if isinstance(shown, Turn) else None
    documents = parts.store.document_list()
    return pieces(
        "answer.html",
        turn=turn,
        opening=told or (shown.opening if isinstance(shown, Turn) else shown),
        earlier=[Turn(one) for one in earlier],
        before=prose.words_before,
        after=prose.words_after,
        link=citation_link,
        evidence_link=passage_evidence_url,
        ask_url=ask_url,
        model=parts.settings.llm_model,
        kinds=[(name, kind.label) for name, kind in outcome_types().items()],
        documents=documents if len(documents) <= _DOCUMENTS_OFFERED_MAX else [],
    )


def _said(parts: Parts, answer_id: str) -> Feedback | None:
    """What was said of the answer last."""
    return next(reversed(parts.store.conversations.feedback(answer_id)), None)


def _given(value: str) -> tuple[str, ...]:
    return (value.strip(),) if value.strip() else ()
