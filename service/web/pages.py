"""The pages for people: ask and read, documents, facts. Plain HTML; forms are GET, so links can be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from corpus.facts import Fact
from corpus.store import STANDING
from corpus.taxonomy import outcome_types
from service.answer import Filters
from service.api.documents import DocumentId
from service.api.facts import FactQueryDep
from service.api.measured import MetricsDep
from service.errors import InvalidInput
from service.examples import NOT_OUTCOMES, example_questions
from service.knowledge.fact_query import FactQuery, page
from service.parts import Parts, PartsDep
from service.web import answers, reading, render
from service.web.evidence import sheets, standing
from service.web.turns import ask_url
from service.writing.citations import citation_url

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_FACTS_A_PAGE = 50
_KINDS_SHOWN = 12  # on the start page; the page of facts has them all


@dataclass(frozen=True)
class Kind:
    """An outcome type as people read it, with the number of facts of it."""

    name: str
    label: str
    count: int
    percent: float  # of the commonest type


@router.get("/")
async def start_or_answer(
    parts: PartsDep,
    metrics: MetricsDep,
    q: str = "",
    c: Annotated[str, Query(max_length=100)] = "",
    limits: Annotated[Filters, Depends(answers.filters)] = Filters(),
) -> Response:
    """The start page; with `q`, its answer in conversation `c`."""
    if not q.strip():
        return HTMLResponse(await run_in_threadpool(_start_page, parts))
    return await answers.asked(parts, metrics, q, c, limits)


@router.get("/documents")
def documents(parts: PartsDep) -> str:
    """The list of documents."""
    return render("documents.html", documents=parts.store.document_list())


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


@router.get("/facts")
def facts(parts: PartsDep, query: FactQueryDep, cursor: Annotated[str, Query(max_length=100)] = "") -> str:
    """The facts that meet the filters, a page at a time."""
    found, total, next_cursor = page(parts.store, query, cursor, _FACTS_A_PAGE)
    documents = parts.store.document_list()
    return render(
        "facts.html",
        facts=found,
        total=total,
        query=query,
        kinds=_kinds(parts.store.facts(review=STANDING)),
        documents=documents,
        titles={document.id: document.title for document in documents},
        labels={name: kind.label for name, kind in outcome_types().items()},
        fact_link=_fact_link,
        csv_url=f"/v1/facts?{_query_string(query, format='csv')}",
        next_url=f"/facts?{_query_string(query, cursor=next_cursor)}" if next_cursor else "",
    )


def _start_page(parts: Parts) -> str:
    facts = parts.store.facts(review=STANDING)
    return render(
        "start.html",
        examples=example_questions(facts),
        documents=parts.store.document_list(),
        facts=len(facts),
        kinds=[kind for kind in _kinds(facts) if kind.name not in NOT_OUTCOMES][:_KINDS_SHOWN],
        ask_url=ask_url,
    )


def _kinds(facts: Iterable[Fact]) -> list[Kind]:
    counts = Counter(fact.outcome_type for fact in facts).most_common()
    known = outcome_types()
    return [
        Kind(name, known[name].label if name in known else name, count, round(100 * count / counts[0][1], 1))
        for name, count in sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    ]


def _fact_link(fact: Fact) -> str:
    return citation_url(fact.document_id, fact.selector.start, fact.selector.end)


def _query_string(query: FactQuery, **more: str | None) -> str:
    return urlencode({name: value for name, value in (query._asdict() | more).items() if value})
