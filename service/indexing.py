"""What the index holds of a store: each passage and each fact, put into words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.facts import in_words
from corpus.passages import index_text
from corpus.store import Store
from index.build import Entry, Progress, build
from index.embedder import Embedder


def rebuild(store: Store, embedder: Embedder, folder: Path, progress: Progress | None = None) -> None:
    """The index in `folder` holds what `store` holds; texts that were embedded before are not embedded again."""
    build(list(entries(store)), embedder, folder, store.fingerprint(), progress)


def entries(store: Store) -> Iterator[Entry]:
    """Every passage and fact of the store, document by document, passages first."""
    documents = store.documents()
    for document in documents:
        for passage in store.passages(document.id):
            yield Entry(passage.id, "passage", document.id, index_text(passage, document))
        for fact in store.facts(document.id):
            yield Entry(fact.id, "fact", document.id, in_words(fact))
