"""What the index holds of a store: each passage and each fact, put into words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from corpus.facts import in_words
from corpus.passages import index_text
from corpus.sheets import is_table
from corpus.store import STANDING, Store
from index.build import Entry, Progress
from index.embedder import Embedder
from index.manifest import Manifest, SearchIndexError
from index.place import index_of
from index.vectors import EXACT_MAX

EMBEDDING = "embedding"  # the lock of a shared store under which its new texts are embedded
EMBEDDING_SECONDS_MAX = 10.0  # of waiting for those who look whether it is free
ROWS_EMBEDDED_MAX = 300  # of a table: some 20 s on two cores


def rebuild(
    store: Store,
    embedder: Embedder,
    folder: Path,
    progress: Progress | None = None,
    keeps_unused: bool = False,
    exact_max: int = EXACT_MAX,
) -> Manifest:
    """The manifest of the index, in `folder` or beside the store, which now holds what `store` holds.

    Texts whose vectors are stored are not embedded again. Vectors of other texts are forgotten, unless they
    are kept because another process may have stored them for documents that came since. Up to `exact_max`
    vectors in a folder are searched exactly.
    """
    with (
        store.exclusive(EMBEDDING, EMBEDDING_SECONDS_MAX)
        if store.is_shared and not keeps_unused
        else nullcontext()
    ):
        with store.snapshot():
            held, fingerprint = list(entries(store)), store.fingerprint()
        place = index_of(store, folder, exact_max)
        return place.build(held, embedder, fingerprint, progress, store.embeddings, keeps_unused)


def is_current(store: Store, folder: Path) -> bool:
    """True when the index is whole and was built from what `store` holds, by any model."""
    try:
        return index_of(store, folder).manifest().fingerprint == store.fingerprint()
    except SearchIndexError:
        return False


def entries(store: Store) -> Iterator[Entry]:
    """Every passage and fact of the store that is not rejected, document by document, passages first.

    A fact bears the vector of the passage that states it: nothing but a search for words reads facts from the
    index, and embedding their own words too would take four times as long as the passages alone. The rows of
    a long table are found by their words alone: embedding 3 200 of them takes minutes, while questions about
    rows are answered by a query over their facts.
    """
    for document in store.documents():
        passages = store.passages(document.id)
        if is_table(document.media_type) and len(passages) > ROWS_EMBEDDED_MAX:
            yield from (Entry(p.id, "passage", document.id, p.text, embedded_text="") for p in passages)
            continue
        texts = [index_text(passage, document) for passage in passages]
        for passage, text in zip(passages, texts, strict=True):
            yield Entry(passage.id, "passage", document.id, text)
        ends = [passage.end for passage in passages]
        for fact in store.facts(document.id, review=STANDING):
            stating = texts[bisect_right(ends, fact.selector.start) :][:1]
            yield Entry(fact.id, "fact", document.id, in_words(fact), embedded_text="".join(stating))
