"""What one file holds: its document and what that states. All that touches the inside of a foreign file."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path
from typing import NamedTuple

from corpus import extract, passages, readers, sheets, tables
from corpus.document import Document
from corpus.extract import Extraction
from corpus.facts import Entity, Fact
from corpus.mapping import TableFormat
from corpus.page_map import PageMap
from corpus.passages import Passage
from corpus.selectors import Record

SUFFIXES = readers.SUFFIXES | sheets.MEDIA_TYPES.keys()


class Reading(NamedTuple):
    """All that was read from one file. `reason` is what is worth knowing about it."""

    document: Document
    extraction: Extraction
    reason: str = ""
    mapped_by: str = ""  # the mapping that a table was read through


def is_table(path: Path, mapping: TableFormat | None) -> bool:
    """True for what is tried as a table of facts first."""
    return mapping is not None or path.suffix.lower() in sheets.MEDIA_TYPES


def read_file(path: Path, mapping: TableFormat | None = None) -> Reading:
    """What one file holds: a function of its bytes, its suffix and the mapping, and of nothing else.

    It touches no store: it may run anywhere. Files that others made are read by `confined.read`.
    """
    if is_table(path, mapping):
        try:
            return _read_table(path, mapping)
        except tables.UnknownColumns:
            if path.suffix.lower() not in readers.SUFFIXES:
                raise
    document = readers.read(path)
    return Reading(document, extract.extract(document, passages.split(document)), "; ".join(document.notes))


def _read_table(path: Path, mapping: TableFormat | None) -> Reading:
    table = tables.read(path, mapping)
    extraction = Extraction(passages.split(table.document), table.entities, table.facts)
    return Reading(table.document, extraction, _left_out(table), table.facts[0].extractor)


def _left_out(table: tables.FactsTable) -> str:
    """What of a table is no fact, and why; "" when all is."""
    reasons = "; ".join(
        f"{f'{row.sheet}, ' if row.sheet else ''}row {row.number}: {row.reason}" for row in table.rejected
    )
    rows = len({(row.sheet, row.number) for row in table.rejected})
    left_out = f"left out of {rows} of {table.rows} rows: {reasons}" if reasons else ""
    unread = f"sheets of other kinds, not read: {', '.join(table.unread)}" if table.unread else ""
    return "; ".join(filter(None, [left_out, unread]))


class _Packed(Record):
    """A reading as it crosses from one process to another: JSON, so that receiving it runs nothing."""

    document: Document
    page_map: str
    passages: list[Passage]
    entities: list[Entity]
    facts: list[Fact]
    reason: str
    mapped_by: str


def packed(reading: Reading) -> bytes:
    """The reading as bytes."""
    document, extraction, reason, mapped_by = reading
    page_map = b64encode(document.page_map.packed()).decode() if document.page_map else ""
    whole = _Packed(
        document=document, page_map=page_map, reason=reason, mapped_by=mapped_by, **extraction._asdict()
    )
    return whole.model_dump_json().encode()


def unpacked(data: bytes) -> Reading:
    """The reading that `data` was made of. Raises ValueError for what is none."""
    whole = _Packed.model_validate_json(data)
    page_map = PageMap.unpacked(b64decode(whole.page_map)) if whole.page_map else None
    document = whole.document.model_copy(update={"page_map": page_map})
    extraction = Extraction(whole.passages, whole.entities, whole.facts)
    return Reading(document, extraction, whole.reason, whole.mapped_by)
