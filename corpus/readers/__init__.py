"""One way in: any readable file becomes a Document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from corpus.assembly import Source
from corpus.document import Document
from corpus.readers import html, markdown, plain
from corpus.readers.encoding import ReadError, decoded

__all__ = ["SUFFIXES", "ReadError", "read", "read_bytes"]


class Format(NamedTuple):
    media_type: str
    read: Callable[[Source], Document]
    is_text: bool = True


def _pdf(source: Source) -> Document:
    from corpus.readers import pdf  # half a second that reading text, and asking, need not wait for

    return pdf.read(source)


_PLAIN = Format("text/plain", plain.read)
_MARKDOWN = Format("text/markdown", markdown.read)
_HTML = Format("text/html", html.read)
_PDF = Format("application/pdf", _pdf, is_text=False)
_FORMATS = {
    ".pdf": _PDF,
    ".txt": _PLAIN,
    ".text": _PLAIN,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".htm": _HTML,
    ".html": _HTML,
    ".xhtml": _HTML,
}

SUFFIXES = frozenset(_FORMATS)


def read(path: Path, name: str | None = None) -> Document:
    """The document in a file, stored under `name` (default: the file's own name).

    Raises ReadError for a file that is missing, empty, binary, of an unknown kind, or not decodable.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{str(path)!r} cannot be opened: {reason}. Check the path and its permissions."
        raise ReadError(message) from error
    return read_bytes(data, name or path.name)


def read_bytes(data: bytes, name: str) -> Document:
    """The document in `data`; its format follows from the suffix of `name`, or from how it begins."""
    form = _format(data, name)
    text, encoding, mark_bytes = decoded(data, name) if form.is_text else ("", "utf-8", 0)
    document = form.read(Source(data, name, form.media_type, text, encoding, mark_bytes))
    if not document.text:
        raise ReadError(f"{name!r} has no text to read. Check that it is the file you meant.")
    return document


def _format(data: bytes, name: str) -> Format:
    suffix = Path(name).suffix.lower()
    if suffix in _FORMATS:
        return _FORMATS[suffix]
    if suffix and suffix[1:].isalpha() and len(suffix) <= 6:
        known = ", ".join(_FORMATS)
        raise ReadError(f"{name!r} is a {suffix} file, which no reader reads. Convert it to one of: {known}.")
    beginning = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return _HTML if beginning.startswith((b"<!doctype html", b"<html")) else _PLAIN
