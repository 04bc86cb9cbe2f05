"""The page of documents: what was found in each, how reports come and go, and how far that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from corpus.jobs import Job, JobFile
from corpus.reading import SUFFIXES
from corpus.store import DocumentSummary
from service.api import uploads
from service.api.documents import DocumentId, removal
from service.api.jobs import JobId
from service.errors import InvalidInput
from service.parts import Parts
from service.running.app_parts import PartsDep
from service.web import render
from service.web.forms import SENT_FROM_HERE

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_JOBS_LOOKED_AT = 5  # a failure is told until as many jobs came later
_LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
}
_DOING = {"ingest": "Adding", "reread": "Reading again", "remove": "Removing"}
_DONE = {"ingest": "added", "reread": "read again", "remove": "removed"}


@dataclass(frozen=True)
class Listed:
    """A document as the list shows it."""

    summary: DocumentSummary
    pages: int  # 0 for a document without pages
    language: str
    is_ready: bool  # answers come from it
    notes: tuple[str, ...]  # what of it could not be read
    has_original: bool


@dataclass(frozen=True)
class Work:
    """A job as people read it."""

    job: Job

    @property
    def heading(self) -> str:
        files = self.job.files
        names = files[0].name if len(files) == 1 else f"{len(files)} files"
        if not self.job.is_finished:
            return f"{_DOING[self.job.kind]} {names}"
        if self.job.state == "failed":
            return f"{names} could not be {_DONE[self.job.kind]}"
        if done := len(files) - len(self.failures) if self.failures else 0:
            return f"{done} of {names} {'is' if done == 1 else 'are'} {_DONE[self.job.kind]}"
        return f"{names} {'is' if len(files) == 1 else 'are'} {_DONE[self.job.kind]}"

    @property
    def stage(self) -> str:
        match self.job.stage:
            case "waiting":
                return "Waiting for its turn"
            case "fetching":
                return "Fetching the file"
            case "reading" if len(self.job.files) > 1:
                return f"Reading file {min(self.job.files_done + 1, len(self.job.files))} of {len(self.job.files)}"
            case "reading":
                return "Reading the file"
            case "indexing":
                return "Making it searchable"
            case _:
                return "Finished"

    @property
    def percent(self) -> int:
        """How far it is: reading is the first half, indexing the second."""
        if self.job.is_finished:
            return 100
        read = 50 * self.job.files_done / max(1, len(self.job.files))
        return round(read + 50 * self.job.passages_embedded / max(1, self.job.passages_to_embed))

    @property
    def failures(self) -> list[tuple[str, str]]:
        """(file, what is wrong with it) of what could not be read."""
        return [(file.name, _wrong(file)) for file in self.job.files if file.outcome == "failed"]


@router.get("/documents")
def documents(parts: PartsDep) -> str:
    """The list of documents, with the form to add some."""
    return _page(parts)


@router.post("/documents", dependencies=[SENT_FROM_HERE])
async def upload(request: Request, parts: PartsDep) -> Response:
    """Takes the files and leads to how far they are; says on the page why some cannot be taken."""
    try:
        received = await uploads.received(request, parts.settings, parts.worker.inbox)
    except InvalidInput as error:
        page = await run_in_threadpool(_page, parts, f"{error.problem} {error.remedy}")
        return HTMLResponse(page, status_code=422)
    job = await run_in_threadpool(uploads.accepted, parts, received, None)
    return _leads_to(job)


@router.get("/documents/jobs/{job_id}")
def job_page(parts: PartsDep, job_id: JobId) -> str:
    """How far a job is, and what became of each file."""
    return render("job.html", work=Work(parts.store.jobs.get(job_id)), wrong=_wrong)


@router.get("/documents/{document_id}/remove")
def removal_page(parts: PartsDep, document_id: DocumentId) -> str:
    """Whether the document is really to be removed, and what goes with it."""
    parts.store.document(document_id)
    summary = next(entry for entry in parts.store.document_list() if entry.id == document_id)
    return render("removal.html", document=summary)


@router.post("/documents/{document_id}/remove", dependencies=[SENT_FROM_HERE])
def remove(parts: PartsDep, document_id: DocumentId) -> Response:
    """Takes the document out and leads to how far that is."""
    return _leads_to(removal(parts, document_id))


def _leads_to(job: Job) -> Response:
    return RedirectResponse(f"/documents/jobs/{job.id}", status_code=303)


def _page(parts: Parts, wrong: str = "") -> str:
    known = parts.assistant.knowledge.documents
    pages, held = parts.store.originals.pages(), parts.store.originals.held()
    listed = [
        Listed(
            summary,
            pages.get(summary.id, 0),
            _LANGUAGES.get(summary.language, summary.language),
            is_ready=summary.id in known,
            notes=known[summary.id].notes if summary.id in known else (),
            has_original=summary.id in held,
        )
        for summary in parts.store.document_list()
    ]
    return render(
        "documents.html",
        documents=listed,
        passages=sum(one.summary.passages for one in listed),
        facts=sum(one.summary.facts for one in listed),
        has_pages=bool(pages),
        works=list(_notices(parts.store.jobs.newest(_JOBS_LOOKED_AT))),
        suffixes=sorted(SUFFIXES),
        upload_megabytes_max=parts.settings.upload_bytes_max // 1_000_000,
        wrong=wrong,
    )


def _notices(jobs: Sequence[Job]) -> Iterator[Work]:
    """What is going on, and what failed of late and has not been done since; `jobs` are the newest first."""
    done: set[str] = set()
    for work in map(Work, jobs):
        if not work.job.is_finished or any(name not in done for name, _ in work.failures):
            yield work
        done |= {file.name for file in work.job.files if file.outcome != "failed"}


def _wrong(file: JobFile) -> str:
    """What is wrong with a file, to be read on from its name."""
    named = f"'{file.name}' "
    if file.reason.startswith(named):
        return file.reason.removeprefix(named)
    return f"could not be read: {file.reason}"
