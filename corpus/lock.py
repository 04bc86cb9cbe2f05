"""One ingest at a time: a lock on the data folder that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.database import StoreBusy

POLL_SECONDS = 0.05


@contextmanager
def exclusive(data_dir: Path, wait_seconds: float = 10, name: str = "ingest.lock") -> Iterator[None]:
    """Holds the folder for one writer. Raises StoreBusy when another keeps it longer than `wait_seconds`."""
    path = data_dir / name
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _acquired(handle, time.monotonic() + wait_seconds):
            raise StoreBusy(data_dir, os.pread(handle, 20, 0).decode(errors="replace").strip())
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)  # which also lets go of the lock; the file stays, since others may be waiting on it


def _acquired(handle: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True
