"""The bytes of documents as they were received, and where their words are printed."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from sqlalchemy import Connection, func, insert, select

from corpus import schema
from corpus.database import Database, asked_again
from corpus.document import Document
from corpus.page_map import HEAD_BYTES, PageMap

_MAPS_MAX = 64  # kept unpacked: an answer cites few documents, a large one's map takes some megabytes


class Originals:
    """The bytes and the page maps of stored documents; they go when their document goes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unpacked = lru_cache(_MAPS_MAX)(PageMap.unpacked)

    @asked_again
    def data(self, document_id: str) -> bytes | None:
        """The bytes that the document was read from; None for one that is not stored, or came without."""
        original = schema.original.c
        with self._database.reading() as connection:
            found = connection.scalar(select(original.data).where(original.document_id == document_id))
        return None if found is None else bytes(found)

    @asked_again
    def holds(self, document_id: str) -> bool:
        """Whether the bytes of the document are there."""
        original = schema.original.c
        with self._database.reading() as connection:
            query = select(original.document_id).where(original.document_id == document_id)
            return connection.scalar(query) is not None

    def held(self) -> frozenset[str]:
        """The ids of the documents whose bytes are there."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(schema.original.c.document_id)))

    @asked_again
    def page_map(self, document_id: str) -> PageMap | None:
        """Where the document is printed; None for one without pages."""
        page_map = schema.page_map.c
        with self._database.reading() as connection:
            packed = connection.scalar(select(page_map.data).where(page_map.document_id == document_id))
        return None if packed is None else self._unpacked(packed)

    @asked_again
    def pages(self) -> dict[str, int]:
        """How many pages each document has, by its id; without those that have none."""
        page_map = schema.page_map.c
        head = func.substr(page_map.data, 1, HEAD_BYTES)
        with self._database.reading() as connection:
            found = connection.execute(select(page_map.document_id, head))
            return {id: PageMap.packed_pages(packed) for id, packed in found}


def keep(connection: Connection, document: Document, data: bytes | None) -> None:
    """Stores the bytes of a document that has just been stored, and its page map.

    Raises ValueError for bytes that it was not read from.
    """
    if data is not None:
        if hashlib.sha256(data).hexdigest() != document.sha256:
            raise ValueError(f"{document.source_name!r} changed while it was read. Ingest it again.")
        connection.execute(insert(schema.original), {"document_id": document.id, "data": data})
    if document.page_map is not None:
        row = {"document_id": document.id, "data": document.page_map.packed()}
        connection.execute(insert(schema.page_map), row)
