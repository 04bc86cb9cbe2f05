"""/v1/jobs: how far is what was accepted, asked for or told as it goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import APIRouter, Path
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from corpus.jobs import Job, Kind, Stage, State
from service.errors import responses
from service.parts import Parts
from service.running.app_parts import PartsDep

router = APIRouter(prefix="/v1/jobs", tags=["documents"])

JobId = Annotated[str, Path(max_length=100)]
POLL_SECONDS = 0.25
KEEPALIVE_SECONDS = 15.0  # proxies close a connection that is silent for longer


class FileStatus(BaseModel):
    """One file; `outcome` is added, replaced, reread, unchanged, removed or failed, "" until it is known."""

    name: str
    bytes: int
    sha256: str
    url: str
    outcome: str
    document_id: str
    passages: int
    facts: int
    reason: str


class JobStatus(BaseModel):
    """A job and how far it is. A failed file does not fail its job, unless all of them have failed."""

    id: str
    kind: Kind
    collection: str
    state: State
    stage: Stage
    files: list[FileStatus]
    files_done: int
    files_total: int
    passages_embedded: int
    passages_to_embed: int
    note: str
    created_at: str
    updated_at: str


class JobStatuses(BaseModel):
    """The jobs accepted last, newest first."""

    jobs: list[JobStatus]


@router.get("", operation_id="list_jobs", summary="List jobs")
def list_jobs(parts: PartsDep) -> JobStatuses:
    """The last hundred jobs, newest first."""
    return JobStatuses(jobs=[job_status(job) for job in parts.store.jobs.newest()])


@router.get("/{job_id}", operation_id="get_job", summary="Get one job", responses=responses(404, 422))
def get_job(parts: PartsDep, job_id: JobId) -> JobStatus:
    """How far the job is."""
    return job_status(parts.store.jobs.get(job_id))


@router.get(
    "/{job_id}/events",
    operation_id="follow_job",
    summary="Follow a job",
    response_class=StreamingResponse,
    responses=responses(404, 422) | {200: {"content": {"text/event-stream": {}}, "description": "Events"}},
)
def follow_job(parts: PartsDep, job_id: JobId) -> StreamingResponse:
    """The job as server-sent events: `progress` whenever it moves, `done` or `failed` at its end.

    The data of each is what `GET /v1/jobs/{job_id}` answers, so nothing is missed by connecting late.
    """
    job = parts.store.jobs.get(job_id)
    return StreamingResponse(_events(parts, job), media_type="text/event-stream")


def job_status(job: Job) -> JobStatus:
    """The job without what concerns the service alone."""
    files = [FileStatus(**file.model_dump(include=set(FileStatus.model_fields))) for file in job.files]
    told = job.model_dump(include=set(JobStatus.model_fields) - {"files"})
    return JobStatus(files=files, files_done=job.files_done, files_total=len(files), **told)


async def _events(parts: Parts, job: Job) -> AsyncIterator[bytes]:
    told, silent_seconds = "", 0.0
    while True:
        if job.updated_at != told:
            name = job.state if job.is_finished else "progress"
            yield format_sse_event(event=name, id=job.updated_at, data_str=job_status(job).model_dump_json())
            told, silent_seconds = job.updated_at, 0.0
        elif silent_seconds >= KEEPALIVE_SECONDS:
            yield KEEPALIVE_COMMENT
            silent_seconds = 0.0
        if job.is_finished:
            return
        await anyio.sleep(POLL_SECONDS)
        silent_seconds += POLL_SECONDS
        job = await run_in_threadpool(parts.store.jobs.get, job.id)
