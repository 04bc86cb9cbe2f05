"""The inbox: bytes that were sent, on the disk before their job is accepted and until it is done.

Files bear numbers here; what a sender calls them is data and never becomes a path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from corpus.disk import sync

ORPHAN_SECONDS = 3600  # after which a folder without a job is no upload that is just arriving


class Received(NamedTuple):
    """A file of the inbox: its name below the job's folder, its length and its sha256."""

    stored: str
    bytes: int
    sha256: str


class TooLong(ValueError):
    """More bytes came than are taken."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"the file is larger than {bytes_max:,} bytes; split it, or raise the limit")


class Inbox:
    """The files of all unfinished jobs of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "inbox"

    def path(self, job_id: str, stored: str) -> Path:
        """Where a received file lies."""
        return self.folder / job_id / stored

    def receive(
        self, job_id: str, number: int, suffix: str, chunks: Iterable[bytes], bytes_max: int
    ) -> Received:
        """The file of these bytes, which is on the disk when this returns. Raises TooLong, OSError."""
        folder = self.folder / job_id
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{number:04}{suffix}"
        digest, length = hashlib.sha256(), 0
        with path.open("wb") as file:
            for chunk in chunks:
                length += len(chunk)
                if length > bytes_max:
                    raise TooLong(bytes_max)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        for each in (folder, self.folder, self.folder.parent):
            sync(each)
        return Received(path.name, length, digest.hexdigest())

    def discard(self, job_id: str) -> None:
        """Removes what was received for a job."""
        shutil.rmtree(self.folder / job_id, ignore_errors=True)

    def clean_up(self, unfinished: Collection[str], finished: Collection[str]) -> None:
        """Removes what no job waits for, left behind when the service was stopped; jobs are given by id."""
        for folder in self.folder.glob("*"):
            is_arriving = folder.stat().st_mtime > time.time() - ORPHAN_SECONDS
            if folder.name not in unfinished and (folder.name in finished or not is_arriving):
                shutil.rmtree(folder, ignore_errors=True)
