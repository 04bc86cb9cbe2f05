"""One way in: any readable file becomes a Document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from corpus.assembly import Source
from corpus.document import Document
from corpus.readers import html, markdown, plain, records
from corpus.readers.encoding import ReadError, decoded

__all__ = ["SUFFIXES", "ReadError", "read", "read_bytes"]


class Format(NamedTuple):
    media_type: str
    read: Callable[[Source], Document]
    begins: bytes = b""  # how every file of this format begins; only formats that are not text have it


def _pdf(source: Source) -> Document:
    from corpus.readers import pdf  # half a second that reading text, and asking, need not wait for

    return pdf.read(source)


def _word(source: Source) -> Document:
    from corpus.readers import word

    return word.read(source)


_PLAIN = Format("text/plain", plain.read)
_MARKDOWN = Format("text/markdown", markdown.read)
_HTML = Format("text/html", html.read)
_PDF = Format("application/pdf", _pdf, b"%PDF-")
_WORD = Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word, b"PK")
_LINES = Format("application/jsonl", records.read)
_FORMATS = {
    ".pdf": _PDF,
    ".docx": _WORD,
    ".txt": _PLAIN,
    ".text": _PLAIN,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".htm": _HTML,
    ".html": _HTML,
    ".xhtml": _HTML,
    ".json": Format("application/json", records.read),
    ".jsonl": _LINES,
    ".ndjson": _LINES,
}
_BEGINNING_BYTES = 512

SUFFIXES = frozenset(_FORMATS)


def read(path: Path, name: str | None = None) -> Document:
    """The document in a file, stored under `name` (default: the file's own name).

    Raises ReadError for a file that is missing, empty, of an unknown kind, encrypted, damaged, or scanned.
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
    text, encoding, mark_bytes = ("", "utf-8", 0) if form.begins else decoded(data, name)
    document = form.read(Source(data, name, form.media_type, text, encoding, mark_bytes))
    if not document.text:
        raise ReadError(f"{name!r} has no text to read. Check that it is the file you meant.")
    return document


def _format(data: bytes, name: str) -> Format:
    beginning = data[:_BEGINNING_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not beginning:
        raise ReadError(f"{name!r} is empty. Check that it was written or downloaded completely.")
    if beginning.startswith(_PDF.begins):
        return _PDF  # whatever it is called
    suffix = Path(name).suffix.lower()
    if suffix in _FORMATS:
        return _named(_FORMATS[suffix], beginning, name)
    if suffix and suffix[1:].isalpha() and len(suffix) <= 6:
        known = ", ".join(_FORMATS)
        raise ReadError(f"{name!r} is a {suffix} file, which no reader reads. Convert it to one of: {known}.")
    if beginning.startswith(_WORD.begins):
        return _WORD
    return _HTML if beginning.lower().startswith((b"<!doctype html", b"<html")) else _PLAIN


def _named(form: Format, beginning: bytes, name: str) -> Format:
    """The format that a name stands for. Raises ReadError for another format under this name."""
    is_page = beginning.lower().startswith((b"<!doctype html", b"<html"))
    if form.begins and is_page:
        raise ReadError(f"{name!r} holds a web page, not what its name says. Download the file itself again.")
    return form
