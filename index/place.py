"""Where an index is: in a folder of this machine, or beside the store on a server that services share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from corpus.embeddings import Embeddings
from corpus.store import Store
from index.build import ENTRIES, Entry, Progress, Row, build, read_rows
from index.embedder import Embedder
from index.manifest import Manifest, current_generation, read_manifest
from index.ranking import Ranking
from index.retriever import Retriever
from index.vectors import EXACT_MAX


class IndexPlace(Protocol):
    """An index that is built whole, swapped in at once and searched, wherever it is kept."""

    @property
    def name(self) -> Path | str:
        """What messages call it."""
        ...

    def build(
        self,
        entries: Sequence[Entry],
        embedder: Embedder,
        fingerprint: str,
        progress: Progress | None = None,
        embeddings: Embeddings | None = None,
        keeps_unused: bool = False,
    ) -> Manifest:
        """The manifest of a new generation over `entries`, as `index.build.build` makes it."""
        ...

    def manifest(self) -> Manifest:
        """That of the generation in use, which proved to be whole. Raises SearchIndexError."""
        ...

    def rows(self) -> list[Row]:
        """The rows of the generation in use, in order of their ids."""
        ...

    def open(
        self, embedder: Embedder, fingerprint: str | None = None, ranking: Ranking = "weighted"
    ) -> Retriever:
        """A retriever over the generation in use. Raises SearchIndexError."""
        ...


class IndexFolder:
    """An index in a folder of this machine; up to `exact_max` vectors are searched exactly."""

    def __init__(self, folder: Path, exact_max: int = EXACT_MAX) -> None:
        self.name = folder
        self._exact_max = exact_max

    def build(
        self,
        entries: Sequence[Entry],
        embedder: Embedder,
        fingerprint: str,
        progress: Progress | None = None,
        embeddings: Embeddings | None = None,
        keeps_unused: bool = False,
    ) -> Manifest:
        exact_max = self._exact_max
        return build(entries, embedder, self.name, fingerprint, progress, embeddings, keeps_unused, exact_max)

    def manifest(self) -> Manifest:
        return read_manifest(self.name, current_generation(self.name))

    def rows(self) -> list[Row]:
        return read_rows(current_generation(self.name) / ENTRIES)

    def open(
        self, embedder: Embedder, fingerprint: str | None = None, ranking: Ranking = "weighted"
    ) -> Retriever:
        return Retriever.open(self.name, embedder, fingerprint, ranking)


def index_of(store: Store, folder: Path, exact_max: int = EXACT_MAX) -> IndexPlace:
    """The index of the store: beside it where its server has pgvector, else in the folder."""
    if not store.database.has_vectors:
        return IndexFolder(folder, exact_max)
    from index.tables import IndexTables  # its driver is an extra

    return IndexTables.of(store.database)
