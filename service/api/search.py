"""GET /v1/search: the passages and facts nearest to some words, without an answer."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from service.errors import responses
from service.parts import PartsDep

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
    q: Annotated[str, Query(min_length=1, max_length=1_000, description="Words or a sentence.", examples=["patents"])],
    limit: Annotated[int, Query(ge=1, le=100, examples=[5])] = 10,
    kind: Annotated[Literal["passage", "fact"] | None, Query(description="Only these.")] = None,
) -> SearchResults:
    """What fits the words best, by meaning and by wording; nothing is counted or concluded from it."""
    hits = parts.assistant.retriever.search(q, limit, kind)
    return SearchResults(q=q, hits=_located(parts.store, hits))


def _located(store: Store, hits: Sequence[Hit]) -> list[SearchHit]:
    """The hits with their places; those whose document was removed since the index was built are left out."""
    documents = {document.id: document for document in store.documents() if document.id in {h.document_id for h in hits}}
