"""GET /v1/search: the passages and facts nearest to some words, without an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from corpus.store import STANDING, Store
from index.retriever import Ranked
from service.errors import responses
from service.running.app_parts import PartsDep
from service.writing.citations import citation_url

router = APIRouter(prefix="/v1", tags=["search"])


class SearchHit(BaseModel):
    """A passage or fact by rank; `quote` is text[start:end] of its document."""

    rank: int
    score: float
    kind: Literal["passage", "fact"]
    id: str
    document_id: str
    document_title: str
    section: str
    quote: str
    start: int
    end: int
    url: str


class SearchResults(BaseModel):
    """What was found, the nearest first."""

    q: str
    hits: list[SearchHit]


@router.get("/search", operation_id="search", summary="Search passages and facts", responses=responses(422))
def search(
    parts: PartsDep,
    q: Annotated[
        str, Query(min_length=1, max_length=1_000, description="Words or a sentence.", examples=["patents"])
    ],
    limit: Annotated[int, Query(ge=1, le=100, examples=[5])] = 10,
    kind: Annotated[Literal["passage", "fact"] | None, Query(description="Only these.")] = None,
) -> SearchResults:
    """What fits the words best, by meaning and by wording; nothing is counted or concluded from it."""
    hits = parts.assistant.retriever.ranked(q, limit, kind)
    return SearchResults(q=q, hits=_located(parts.store, hits))


def _located(store: Store, hits: Sequence[Ranked]) -> list[SearchHit]:
    """The hits with their places; what was removed or rejected since the index was built is left out."""
    spans: dict[str, tuple[str, int, int, str]] = {}
    for document_id in {hit.document_id for hit in hits}:
        for passage in store.passages(document_id):
            spans[passage.id] = passage.section, passage.start, passage.end, passage.text
        for fact in store.facts(document_id, review=STANDING):
            spans[fact.id] = fact.section, fact.selector.start, fact.selector.end, fact.selector.exact
    titles = {document.id: document.title for document in store.document_list()}
    return [_search_hit(hit, titles[hit.document_id], *spans[hit.id]) for hit in hits if hit.id in spans]


def _search_hit(hit: Ranked, title: str, section: str, start: int, end: int, quote: str) -> SearchHit:
    return SearchHit(
        rank=hit.rank,
        score=round(hit.score, 6),
        kind=hit.kind,
        id=hit.id,
        document_id=hit.document_id,
        document_title=title,
        section=section,
        quote=quote,
        start=start,
        end=end,
        url=citation_url(hit.document_id, start, end),
    )
