"""What a citation rests on, ready to be looked at: its pages with the words marked, or the text around them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from corpus.document import Document
from corpus.page_map import Rectangle, Size
from corpus.queries import NotFound
from corpus.store import Store
from service.answer import Citation
from service.web import reading
from service.web.reading import Group
from service.writing.citations import State, parse_citation_id, state

SHEETS_MAX = 3  # pages shown of a quote that runs over many
AROUND_CHARS = 700  # of text shown before and behind a quote


@dataclass(frozen=True)
class Sheet:
    """A page of a PDF as it is shown, and where the quote stands on it, in points from its top left corner."""

    page: int
    size: Size
    rectangles: tuple[Rectangle, ...]


@dataclass(frozen=True)
class Evidence:
    """A citation in its document as the store has it now."""

    state: State
    sheets: tuple[Sheet, ...] = ()
    groups: tuple[Group, ...] = ()
    original_url: str = ""
    language: str = "en"


def evidence(store: Store, citation: Citation) -> Evidence:
    """The cited words where they stand; when they no longer stand there, only that they do not."""
    span = parse_citation_id(citation.id)
    document = _document(store, citation.document_id)
    if document is None or span is None:
        return Evidence("gone")
    found = state(span, document)
    if found != "present":
        return Evidence(found)
    has_original = store.originals.holds(document.id)
    page = f"#page={citation.page}" if citation.page else ""
    return Evidence(
        found,
        sheets(store, document.id, citation.start, citation.end),
        tuple(reading.around(document, citation.start, citation.end, AROUND_CHARS)),
        f"/v1/documents/{document.id}/original{page}" if has_original else "",
        document.language,
    )


def sheets(store: Store, document_id: str, start: int, end: int) -> tuple[Sheet, ...]:
    """The pages that text[start:end] is printed on, in order; none for a document without pages."""
    page_map = store.originals.page_map(document_id)
    if page_map is None or not store.originals.holds(document_id):
        return ()
    places = sorted(page_map.rectangles(start, end), key=lambda place: place.page)
    found = (
        Sheet(page, page_map.sizes[page - 1], tuple(run))
        for page, run in groupby(places, lambda place: place.page)
    )
    return tuple(found)[:SHEETS_MAX]


def _document(store: Store, document_id: str) -> Document | None:
    try:
        return store.document(document_id)
    except NotFound:
        return None
