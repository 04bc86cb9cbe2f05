"""Uploads: what came over the wire is checked and lies on the disk before anything is promised."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Annotated, Any, BinaryIO, NamedTuple

from fastapi import Header, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from corpus.collections import Reach, checked
from corpus.inbox import Inbox
from corpus.jobs import Job, JobFile, new_id
from corpus.queries import NotFound
from corpus.reading import SUFFIXES
from corpus.sqlite import unusable
from service.errors import InvalidInput, NotAllowed
from service.parts import Parts
from service.running import fetching
from service.settings import Settings

FILES_MAX = 100
NAME_CHARS_MAX = 200
_CHUNK_BYTES = 1 << 20
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

Key = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        description="A name of your own for this request: sent again, it gives the same job.",
        examples=["reports-2026-03"],
    ),
]


class Address(BaseModel):
    """Where a document is to be fetched."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=2_000, examples=["https://reports.example.org/norvia.html"])
    replace: bool = Field(default=False, description="Take the place of the document that has its name.")
    collection: str = Field(default="", description="Where it goes; by default where the key's documents go.")


class Received(NamedTuple):
    """The files of a request, which lie in the inbox, the job that they lie there for, and where they go."""

    files: list[JobFile]
    job_id: str
    collection: str  # "" for where the asker's documents go


REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": f"Up to {FILES_MAX} files: {', '.join(sorted(SUFFIXES))}.",
                        },
                        "replace": {
                            "type": "boolean",
                            "default": False,
                            "description": "Take the place of the documents that have these names.",
                        },
                        "collection": {
                            "type": "string",
                            "default": "",
                            "description": "Where they go; by default where the key's documents go.",
                        },
                    },
                }
            },
            "application/json": {"schema": Address.model_json_schema()},
        },
    }
}


async def received(request: Request, settings: Settings, inbox: Inbox) -> Received:
    """What came with a request.

    Raises InvalidInput, NotAllowed, BodyTooLarge, StoreUnusable; then nothing is kept.
    """
    job_id = new_id()
    if request.headers.get("content-type", "").startswith("application/json"):
        file, collection = _address(await request.body(), settings)
        return Received([file], job_id, collection)
    try:
        async with request.form(max_files=FILES_MAX, max_fields=10) as form:
            replace, collection = _flag(form.get("replace")), str(form.get("collection") or "")
            uploads = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
            _check(uploads)
            files = await run_in_threadpool(
                _stored, uploads, replace, inbox, job_id, settings.upload_bytes_max
            )
    except HTTPException as error:
        raise InvalidInput(
            "body", f"{error.detail}.", "Send multipart/form-data with a field 'file'."
        ) from error
    return Received(files, job_id, collection)


def accepted(parts: Parts, received: Received, key: str | None) -> Job:
    """The job for these files, or the one that `key` stood for before.

    Raises OtherRequest, InvalidInput, and NotFound for a collection that the asker's documents cannot go to.
    """
    files, job_id, _ = received
    try:
        collection = _home(parts.store.reach, received.collection)
    except BaseException:
        parts.worker.inbox.discard(job_id)
        raise
    asked = [(file.name, file.sha256, file.url, file.replace) for file in files]
    request_sha256 = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    inbox = parts.worker.inbox
    shared = {file.stored: inbox.path(job_id, file.stored) for file in files if file.stored}
    contents = shared if parts.store.is_shared else None
    try:
        job = parts.store.jobs.accept("ingest", files, key, request_sha256, job_id, contents, collection)
    except BaseException:
        parts.worker.inbox.discard(job_id)
        raise
    if job.id != job_id:
        parts.worker.inbox.discard(job_id)
    parts.worker.wake()
    return job


def _home(reach: Reach, asked: str) -> str:
    """The collection that is asked for, or that documents go to where none is."""
    try:
        collection = checked(asked or reach.home)
    except ValueError as error:
        raise InvalidInput("collection", str(error), "Or leave it out.") from error
    if not reach.holds(collection):
        raise NotFound("Collection", collection, "Send one that the key is for, or leave it out.")
    return collection


def display_name(given: str) -> str:
    """What a sender calls a file, as it is shown: its last part, without signs that cannot be seen."""
    last = PurePosixPath(unicodedata.normalize("NFC", given).replace("\\", "/")).name
    shown = _UNSHOWN.sub("", last).strip(" .")
    stem, suffix = PurePosixPath(shown).stem, PurePosixPath(shown).suffix
    return f"{stem[:NAME_CHARS_MAX]}{suffix[:20]}"


def _stored(
    uploads: Sequence[UploadFile], replace: bool, inbox: Inbox, job_id: str, bytes_max: int
) -> list[JobFile]:
    files = []
    try:
        for number, upload in enumerate(uploads):
            name = display_name(upload.filename or "")
            suffix = PurePosixPath(name).suffix.lower()  # one of SUFFIXES: the rest of the path is ours
            stored = inbox.receive(job_id, number, suffix, _chunks(upload.file), bytes_max)
            files.append(JobFile(name=name, replace=replace, **stored._asdict()))
    except OSError as error:
        inbox.discard(job_id)
        raise unusable(inbox.folder, error) from error
    except BaseException:
        inbox.discard(job_id)
        raise
    return files


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk


def _check(uploads: Sequence[UploadFile]) -> None:
    if not uploads:
        raise InvalidInput("file", "No file was sent.", "Send it as the form field 'file', with its name.")
    for upload in uploads:
        name = display_name(upload.filename or "")
        if PurePosixPath(name).suffix.lower() not in SUFFIXES:
            kinds = ", ".join(sorted(SUFFIXES))
            raise InvalidInput("file", f"'{name}' is of no known kind.", f"Send one of: {kinds}.")


def _flag(given: object) -> bool:
    if given in (None, "", "false", "0"):
        return False
    if given in ("true", "1", "on"):
        return True
    raise InvalidInput("replace", "It is neither true nor false.", "Send true or false.")


def _address(body: bytes, settings: Settings) -> tuple[JobFile, str]:
    if not settings.fetch_urls:
        raise NotAllowed(
            "This service fetches no addresses. Send the file itself, or set IMPACTQA_FETCH_URLS=true."
        )
    try:
        address = Address.model_validate_json(body)
    except ValidationError as error:
        wrong = error.errors()[0]
        field = ".".join(map(str, wrong["loc"])) or "body"
        raise InvalidInput(field, f"{wrong['msg']}.", 'Send {"url": "https://…"}.') from error
    try:
        file = fetching.requested(address.url, address.replace)
    except fetching.Refused as error:
        problem, _, remedy = str(error).partition("; ")
        raise InvalidInput("url", f"{problem}.", f"{remedy or 'send the file itself'}.") from error
    return file.model_copy(update={"name": display_name(file.name) or "document"}), address.collection
