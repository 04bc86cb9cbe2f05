"""What a zip, as Word and Excel files are, may unpack to; told from its directory, before anything is unpacked."""

from __future__ import annotations

import io
from zipfile import BadZipFile, ZipFile

_BYTES_MAX = 300_000_000  # of the parts together: parsed, they take ten times as much
_PARTS_MAX = 10_000


class TooMuch(ValueError):
    """A small file that holds a large one; the message goes on after the file's name."""


def check(data: bytes) -> None:
    """Raises TooMuch, or BadZipFile for what is no zip. What a part has beyond its stated size is never read."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except NotImplementedError as error:  # of a version of zip that there never was
        raise BadZipFile(str(error)) from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _BYTES_MAX:
        raise TooMuch(f"unpacks to {unpacked // 1_000_000} MB")
    if len(parts) > _PARTS_MAX:
        raise TooMuch(f"has {len(parts)} parts")
