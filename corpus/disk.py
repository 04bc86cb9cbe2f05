"""Files as they lie on the disk: which bytes they hold, and that they are there for good."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path


def sha256(path: Path) -> str:
    """The sha256 of a file, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """The file, or the names in the folder, are on the disk, not only in the system's memory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


SPACE_BYTES_MIN = 50_000_000  # an upload, its vectors and a new index of a small corpus


def check_space(folder: Path) -> None:
    """Raises OSError when nothing more can be stored in the folder."""
    free = shutil.disk_usage(folder).free
    if free < SPACE_BYTES_MIN:
        raise OSError(f"The disk of '{folder}' has {free / 1e6:.0f} MB left. Free some space on it.")
