"""Citation ids: a cited span and a digest of its quote in one string; no table is needed to check it."""

from __future__ import annotations

import hashlib
import re
from typing import Literal, NamedTuple

from corpus.document import Document

State = Literal["present", "changed", "gone"]

_ID = re.compile(r"cit_([0-9a-f]{16})_(0|[1-9][0-9]{0,9})_([1-9][0-9]{0,9})_([0-9a-f]{8})", re.ASCII)


class CitedSpan(NamedTuple):
    """What a citation id says: which characters of which document, and the digest of what stood there."""

    document_id: str
    start: int
    end: int
    quote_digest: str  # first 8 hex digits of the quote's sha256


def citation_id(document_id: str, start: int, end: int, quote: str) -> str:
    """The id of the citation of `quote`, which is text[start:end] of the document."""
    return f"cit_{document_id.removeprefix('doc_')}_{start}_{end}_{_digest(quote)}"


def parse_citation_id(citation: str) -> CitedSpan | None:
    """What `citation` points at; None when it is not a citation id."""
    match = _ID.fullmatch(citation)
    if match is None or int(match[2]) >= int(match[3]):
        return None
    return CitedSpan(f"doc_{match[1]}", int(match[2]), int(match[3]), match[4])


def citation_url(document_id: str, start: int, end: int) -> str:
    """The page that shows the document with the cited words marked."""
    return f"/documents/{document_id}?start={start}&end={end}#quote"


def state(span: CitedSpan, document: Document | None) -> State:
    """Whether the quote still stands where it was cited: present, changed, or gone with its document."""
    if document is None:
        return "gone"
    quote = document.text[span.start : span.end]
    return "present" if _digest(quote) == span.quote_digest else "changed"


def _digest(quote: str) -> str:
    return hashlib.sha256(quote.encode()).hexdigest()[:8]
