"""What the index holds of a store: each passage and each fact, put into words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.facts import in_words
from corpus.passages import index_text
from corpus.sheets import is_table
from corpus.store import STANDING, Store
from index.build import Entry, Progress, build
from index.embedder import Embedder
from index.manifest import Manifest, SearchIndexError, current_generation, read_manifest

ROWS_EMBEDDED_MAX = 300  # of a table: some 20 s on two cores


def rebuild(store: Store, embedder: Embedder, folder: Path, progress: Progress | None = None) -> Manifest:
    """The manifest of the index in `folder`, which now holds what `store` holds.

    Texts that the index held before are not embedded again.
    """
    return build(list(entries(store)), embedder, folder, store.fingerprint(), progress)


def is_current(store: Store, folder: Path) -> bool:
    """True when the index in `folder` is whole and was built from what `store` holds, by any model."""
    try:
        return read_manifest(folder, current_generation(folder)).fingerprint == store.fingerprint()
    except SearchIndexError:
        return False


def entries(store: Store) -> Iterator[Entry]:
    """Every passage and fact of the store that is not rejected, document by document, passages first.

    The rows of a long table are found by their words alone: embedding 3 200 of them takes minutes, while
    questions about rows are answered by a query over their facts.
    """
    for document in store.documents():
        passages = store.passages(document.id)
        if is_table(document.media_type) and len(passages) > ROWS_EMBEDDED_MAX:
            yield from (Entry(p.id, "passage", document.id, p.text, embedded=False) for p in passages)
            continue
        for passage in passages:
            yield Entry(passage.id, "passage", document.id, index_text(passage, document))
        for fact in store.facts(document.id, review=STANDING):
            yield Entry(fact.id, "fact", document.id, in_words(fact))
