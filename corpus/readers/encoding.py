"""Bytes to characters, in an encoding that leads back to the same bytes."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_CONTROLS_SHARE_MAX = 0.01


class ReadError(ValueError):
    """A file that cannot become a document; the message says which, why and what to do."""


def decoded(data: bytes, name: str) -> tuple[str, str, int]:
    """The characters of `data`, their encoding, and how many bytes of byte order mark stand before them."""
    if not data.strip():
        raise ReadError(f"{name!r} is empty. Check that it was written or downloaded completely.")
    mark, marked = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", ""))
    body = data[len(mark) :]
    candidates = [marked] if marked else ["utf-8", *_declared(data)]
    for encoding in candidates:
        text = _exactly(body, encoding)
        if text is not None:
            return _printable(text, name), encoding, len(mark)
    if marked or b"\0" in data:
        raise _binary(name)
    return _guessed(data, name)


def _guessed(data: bytes, name: str) -> tuple[str, str, int]:
    for match in from_bytes(data):
        text = _exactly(data, match.encoding)
        if text is not None:
            return _printable(text, name), match.encoding, 0
    raise ReadError(f"{name!r} is in no encoding that can be recognised. Save it as UTF-8 and read it again.")


def _declared(data: bytes) -> list[str]:
    """The encoding that an HTML page names itself, if it exists."""
    found = _DECLARED.search(data[:2048])
    try:
        return [codecs.lookup(found[1].decode("ascii")).name] if found else []
    except LookupError:
        return []


def _exactly(data: bytes, encoding: str) -> str | None:
    """The text of `data` if each character can be led back to its own bytes."""
    try:
        text = data.decode(encoding)
        if encoding == "utf-8":
            return text
        widths = {character: len(character.encode(encoding)) for character in set(text)}
        if text.encode(encoding) != data:
            return None
    except (UnicodeError, LookupError):
        return None
    return text if sum(widths[character] for character in text) == len(data) else None


def _printable(text: str, name: str) -> str:
    if "\0" in text or len(_CONTROLS.findall(text)) > _CONTROLS_SHARE_MAX * len(text):
        raise _binary(name)
    if not text.strip():
        raise ReadError(f"{name!r} is empty. Check that it was written or downloaded completely.")
    return text


def _binary(name: str) -> ReadError:
    return ReadError(f"{name!r} holds binary data, not text. Save it as text, Markdown or HTML and retry.")
