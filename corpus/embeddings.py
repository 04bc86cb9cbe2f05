"""The vectors of texts, kept beside the documents: no text is embedded twice by one model."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import delete, func, insert, select

from corpus import schema
from corpus.database import Database

PARAMETERS_MAX = 500  # of one query; SQLite's own limit was 999 for long


class Embeddings:
    """All stored vectors of one data folder, as bytes: `index` knows what they mean."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, model: str, digests: Iterable[str]) -> dict[str, bytes]:
        """The vectors of the texts with these sha256, as far as they are stored and undamaged."""
        table = schema.embedding.c
        found: dict[str, bytes] = {}
        with self._database.reading() as connection:
            for chunk in _chunks(sorted(digests)):
                query = select(table.text_sha256, table.vector, table.crc32)
                query = query.where(table.model == model, table.text_sha256.in_(chunk))
                stored = connection.execute(query)
                found |= {digest: vector for digest, vector, crc32 in stored if zlib.crc32(vector) == crc32}
        return found

    def keep(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Stores the vectors by the sha256 of their texts; what was stored under one gives way."""
        rows = [
            {"model": model, "text_sha256": digest, "vector": vector, "crc32": zlib.crc32(vector)}
            for digest, vector in vectors.items()
        ]
        with self._database.writing() as connection:
            for chunk in _chunks(sorted(vectors)):
                table = schema.embedding.c
                old = table.model == model, table.text_sha256.in_(chunk)
                connection.execute(delete(schema.embedding).where(*old))
            connection.execute(insert(schema.embedding), rows)

    def keep_only(self, digests: Collection[str]) -> None:
        """Forgets the vectors, by any model, of all texts but these."""
        table = schema.embedding
        with self._database.reading() as connection:
            stored = set(connection.scalars(select(table.c.text_sha256).distinct()))
        unused = sorted(stored.difference(digests))
        if not unused:
            return
        with self._database.writing() as connection:
            for chunk in _chunks(unused):
                connection.execute(delete(table).where(table.c.text_sha256.in_(chunk)))

    def count(self, model: str) -> int:
        """How many vectors of the model are stored."""
        query = select(func.count()).where(schema.embedding.c.model == model)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0


def _chunks(digests: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(digests), PARAMETERS_MAX):
        yield digests[start : start + PARAMETERS_MAX]
