"""Which code and word lists read documents: two releases that read alike have the same version."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

# What keeps and curates facts does not change what is read.
_NOT_READING = frozenset(
    (
        *("store", "schema", "database", "queries", "rows", "sources", "lock", "ingest", "originals"),
        *("curation", "decisions", "conversations", "embeddings", "jobs", "inbox", "version"),
        *("confined", "limits", "reading_process"),
    )
)
_NOT_READING_FOLDERS = frozenset({"migrations", "samples", "__pycache__"})


@lru_cache(maxsize=1)
def version() -> str:
    """12 hex digits over the modules and data files that decide what is read from a document's bytes."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and path.stem not in _NOT_READING and not _NOT_READING_FOLDERS & set(name.parts):
            digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
