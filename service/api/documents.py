"""/v1/documents: the reports, the text that every offset counts in, and how reports come and go."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from corpus.collections import file_name
from corpus.jobs import Job, JobFile, Kind
from corpus.queries import NotFound
from corpus.store import DocumentSummary
from service.api import uploads
from service.api.jobs import JobStatus, job_status
from service.errors import responses
from service.parts import Parts
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/v1/documents", tags=["documents"])

_KEPT = {
    "cache-control": "private, no-cache"
}  # by the reader's own browser, which asks whether it is the same

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


@router.post(
    "",
    operation_id="add_documents",
    summary="Add documents",
    status_code=202,
    responses=responses(400, 403, 404, 409, 413, 422, 503, 507),
    openapi_extra=uploads.REQUEST_BODY,
)
async def add_documents(
    request: Request, response: Response, parts: PartsDep, idempotency_key: uploads.Key = None
) -> JobStatus:
    """Accepts files (multipart, field `file`, several times for several) or the address of one.

    What is accepted is on the disk, and is read and indexed even if the service is stopped: follow the job.
    Sent again with the same `Idempotency-Key`, the same request gives the same job.
    """
    received = await uploads.received(request, parts.settings, parts.worker.inbox)
    job = await run_in_threadpool(uploads.accepted, parts, received, idempotency_key)
    return _accepted(response, job)


@router.delete(
    "/{document_id}",
    operation_id="remove_document",
    summary="Remove a document",
    status_code=202,
    responses=responses(404, 422, 503, 507),
)
def remove_document(response: Response, parts: PartsDep, document_id: DocumentId) -> JobStatus:
    """Takes the document out with all that was read from it; answers know nothing of it once the job is done."""
    return _accepted(response, removal(parts, document_id))


@router.post(
    "/{document_id}/reread",
    operation_id="reread_document",
    summary="Read a document again",
    status_code=202,
    responses=responses(404, 422, 503, 507),
)
def reread_document(response: Response, parts: PartsDep, document_id: DocumentId) -> JobStatus:
    """Reads the stored original again, by the extraction of this version; decisions about its facts hold."""
    document = parts.store.document(document_id)
    again = JobFile(name=file_name(document.source_name), document_id=document.id, replace=True)
    return _accepted(response, _queued(parts, "reread", again, document.collection))


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


@router.get(
    "/{document_id}/original",
    operation_id="get_document_original",
    summary="Get the file that a document was read from",
    response_class=Response,
    responses=responses(404, 422) | {200: {"content": {"application/octet-stream": {}}}},
)
def get_document_original(request: Request, parts: PartsDep, document_id: DocumentId) -> Response:
    """The bytes as they came; a browser opens a PDF at the cited page with `#page=N`, the rest is downloaded."""
    document = parts.store.document(document_id)
    data = parts.store.originals.data(document_id)
    if data is None:
        raise NotFound(
            "the original of document", document_id, "It was ingested by an older version: ingest it again."
        )
    etag = f'"{document.sha256}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=_KEPT | {"etag": etag})
    is_pdf = document.media_type == "application/pdf"
    name = quote(PurePosixPath(document.source_name).name, safe="")
    return Response(
        data,
        media_type="application/pdf" if is_pdf else "application/octet-stream",
        headers=_KEPT
        | {
            "content-disposition": f"{'inline' if is_pdf else 'attachment'}; filename*=UTF-8''{name}",
            "x-content-type-options": "nosniff",
            "etag": etag,
        },
    )


def removal(parts: Parts, document_id: str) -> Job:
    """The job that takes the document out. Raises NotFound."""
    document = parts.store.document(document_id)
    file = JobFile(name=file_name(document.source_name), document_id=document.id)
    return _queued(parts, "remove", file, document.collection)


def _queued(parts: Parts, kind: Kind, file: JobFile, collection: str) -> Job:
    job = parts.store.jobs.accept(kind, [file], collection=collection)
    parts.worker.wake()
    return job


def _accepted(response: Response, job: Job) -> JobStatus:
    response.headers["location"] = f"/v1/jobs/{job.id}"
    return job_status(job)
