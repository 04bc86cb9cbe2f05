"""GET /v1/citations: is the quote of an earlier answer still where it was?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from corpus.document import Document
from corpus.queries import NotFound
from corpus.store import Store
from service.errors import InvalidInput, responses
from service.running.app_parts import PartsDep
from service.writing.citations import State, citation_url, parse_citation_id, state

router = APIRouter(prefix="/v1/citations", tags=["citations"])


class CitationState(BaseModel):
    """What has become of a citation."""

    id: str
    state: State = Field(description="`gone`: its document was removed, or replaced by other bytes.")
    document_id: str
    document_title: str | None = None
    start: int
    end: int
    quote: str | None = Field(default=None, description="The words that stand there now.")
    url: str | None = None


@router.get(
    "/{citation_id}", operation_id="get_citation", summary="Check a citation", responses=responses(422)
)
def get_citation(parts: PartsDep, citation_id: Annotated[str, Path(max_length=100)]) -> CitationState:
    """Whether the cited words still stand where they were cited: present, changed or gone."""
    span = parse_citation_id(citation_id)
    if span is None:
        raise InvalidInput(
            "citation_id", "It is not a citation id.", "Send an `id` out of an answer's `citations`."
        )
    document = _document(parts.store, span.document_id)
    found = CitationState(
        id=citation_id,
        state=state(span, document),
        document_id=span.document_id,
        start=span.start,
        end=span.end,
    )
    if document is None:
        return found
    return found.model_copy(
        update={
            "document_title": document.title,
            "quote": document.text[span.start : span.end],
            "url": citation_url(span.document_id, span.start, span.end),
        }
    )


def _document(store: Store, document_id: str) -> Document | None:
    try:
        return store.document(document_id)
    except NotFound:
        return None
