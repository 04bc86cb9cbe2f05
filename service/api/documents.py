"""GET /v1/documents: the reports, and the text that every offset counts in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel
from starlette.responses import Response

from corpus.store import DocumentSummary
from service.errors import responses
from service.parts import PartsDep

router = APIRouter(prefix="/v1/documents", tags=["documents"])

DocumentId = Annotated[str, Path(max_length=100)]


class Summaries(BaseModel):
    """Every document, ordered by source name."""

    documents: list[DocumentSummary]
    total: int


class Text(BaseModel):
    """The stored text. Citations and facts count its characters (code points) from 0, ends exclusive."""

    id: str
    title: str
    text: str
    sha256: str  # of the source bytes


@router.get("", operation_id="list_documents", summary="List documents")
def list_documents(parts: PartsDep) -> Summaries:
    """Every document that answers may come from."""
    documents = parts.store.document_list()
    return Summaries(documents=documents, total=len(documents))


@router.get(
    "/{document_id}", operation_id="get_document", summary="Get one document", responses=responses(404, 422)
)
def get_document(parts: PartsDep, document_id: DocumentId) -> DocumentSummary:
    """The document without its text."""
    document = parts.store.document(document_id)
    return next(entry for entry in parts.store.document_list() if entry.id == document.id)


@router.get(
    "/{document_id}/text",
    operation_id="get_document_text",
    summary="Get a document's text",
    response_model=Text,
    responses=responses(404, 422) | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_document_text(request: Request, parts: PartsDep, document_id: DocumentId) -> Text | Response:
    """The text as JSON; as plain text for `Accept: text/plain`."""
    document = parts.store.document(document_id)
    if request.headers.get("accept", "").startswith("text/plain"):
        return Response(document.text, media_type="text/plain", headers={"vary": "Accept"})
    return Text(id=document.id, title=document.title, text=document.text, sha256=document.sha256)
