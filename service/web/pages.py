"""The pages for people: ask, and read a document. Plain HTML; forms are GET, so links can be kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from corpus.taxonomy import outcome_types
from service.answer import Filters
from service.api.documents import DocumentId
from service.errors import InvalidInput
from service.examples import NOT_OUTCOMES
from service.parts import Parts
from service.running.app_parts import PartsDep
from service.web import answers, charts, reading, render
from service.web.evidence import sheets, standing
from service.web.turns import ask_url

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_KINDS_SHOWN = 8  # on the start page; the page of facts has them all


@router.get("/")
async def start_or_answer(
    request: Request,
    parts: PartsDep,
    q: str = "",
    c: Annotated[str, Query(max_length=100)] = "",
    limits: Annotated[Filters, Depends(answers.filters)] = Filters(),
) -> Response:
    """The start page; with `q`, its answer in conversation `c`."""
    if not q.strip():
        return HTMLResponse(await run_in_threadpool(_start_page, parts))
    return await answers.asked(request, parts, q, c, limits)


_Offset = Annotated[int, Query(ge=0, le=10**9)]


@router.get("/documents/{document_id}")
def document(parts: PartsDep, document_id: DocumentId, start: _Offset = 0, end: _Offset = 0) -> str:
    """A document's text, with text[start:end] marked."""
    found = parts.store.document(document_id)
    return render(
        "document.html",
        document=found,
        groups=reading.groups(found, start, end),
        contents=reading.contents(found),
        quoted=start < min(end, len(found.text)),
        sheets=sheets(parts.store, document_id, start, end) if start < end else (),
    )


@router.get("/documents/{document_id}/evidence")
def passage(parts: PartsDep, document_id: DocumentId, start: _Offset, end: _Offset) -> str:
    """Where text[start:end] of the document stands: the page it is printed on, or the text around it."""
    document = parts.store.document(document_id)
    if not start < end <= len(document.text):
        raise InvalidInput(
            "end",
            f"The document has no characters {start} to {end}.",
            f"Send start < end <= {len(document.text)}.",
        )
    found = standing(parts.store, document, start, end)
    return render("evidence.html", answer=None, evidence=found, position="", previous="", next="")


@router.get("/accessibility")
def accessibility() -> str:
    """What the pages do for everybody, how that is checked, and what is known to be missing."""
    return render("accessibility.html")


def _start_page(parts: Parts) -> str:
    facts = parts.assistant.knowledge.facts
    outcomes = [fact for fact in facts if fact.outcome_type not in NOT_OUTCOMES]
    documents = parts.store.document_list()
    return render(
        "start.html",
        examples=parts.examples(),
        documents=documents,
        figures=[
            (len(documents), "document", "documents", "/documents"),
            (sum(document.passages for document in documents), "passage", "passages", ""),
            (len(facts), "fact", "facts", "/facts"),
            (
                len({fact.project for fact in facts if fact.project}),
                "project",
                "projects",
                "/facts?sort=project",
            ),
        ],
        kinds=charts.ranked(
            (fact.outcome_type for fact in outcomes),
            {name: kind.label for name, kind in outcome_types().items()},
            _KINDS_SHOWN,
        ),
        years=charts.by_year(fact.date for fact in outcomes),
        kind_url=lambda name: f"/facts?outcome_type={name}",
        year_url=lambda name: f"/facts?year={name}",
        ask_url=ask_url,
    )
