"""What a quote rests on, ready to be looked at: its pages with the words marked, or the text around them."""

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
from service.writing.citations import State, citation_url, parse_citation_id, state

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
    """A quote in its document as the store has it now."""

    document_id: str
    title: str
    quote: str
    section: str = ""
    page: int | None = None
    state: State = "present"
    sheets: tuple[Sheet, ...] = ()
    groups: tuple[Group, ...] = ()
    text_url: str = ""
    original_url: str = ""
    language: str = "en"


def passage_url(document_id: str, start: int, end: int) -> str:
    """Where text[start:end] of the document is shown by itself, as it stands there."""
    return f"/documents/{document_id}/evidence?start={start}&end={end}"


def cited(store: Store, citation: Citation) -> Evidence:
    """The cited words where they stand; when they no longer stand there, what they were."""
    span = parse_citation_id(citation.id)
    document = _document(store, citation.document_id)
    found = state(span, document) if span else "gone"
    if document is None or found != "present":
        where = (citation.document_title, citation.quote, citation.section, citation.page)
        return Evidence(citation.document_id, *where, state=found)
    return standing(store, document, citation.start, citation.end)


def standing(store: Store, document: Document, start: int, end: int) -> Evidence:
    """text[start:end] of a stored document where it stands."""
    block = next((block for block in document.blocks if block.end > start), None)
    shown = sheets(store, document.id, start, end)
    page = shown[0].page if shown else None
    has_original = store.originals.holds(document.id)
    anchor = f"#page={page}" if page else ""
    return Evidence(
        document.id,
        document.title,
        document.text[start:end],
        block.section if block else "",
        page,
        sheets=shown,
        groups=tuple(reading.around(document, start, end, AROUND_CHARS)),
        text_url=citation_url(document.id, start, end),
        original_url=f"/v1/documents/{document.id}/original{anchor}" if has_original else "",
        language=document.language,
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
