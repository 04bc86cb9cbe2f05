"""ImpactQA's own search (vectors and words, mixed) over the same passages."""

from __future__ import annotations

from pathlib import Path

from index.build import Entry, build
from index.embedder import Embedder, SentenceTransformerEmbedder
from index.retriever import Retriever
from service.evaluating.growth import Grown
from tests.peers.asked import Search, answer_lines, given


def opened(folder: Path) -> Search:
    """The search of an index that is built first, in a process of its own, as `impactqa ingest` would."""
    retriever = Retriever.open(folder / "index", SentenceTransformerEmbedder())
    return lambda question: [hit.id for hit in retriever.ranked(question, 10)]


def build_index(folder: Path, embedder: Embedder) -> None:
    """The folder holds an index over the passages given, whose vectors are known."""
    passages = given(folder)
    entries = [Entry(str(row), "passage", "doc_1", text) for row, text in enumerate(passages.texts)]
    build(
        entries,
        Grown(passages.texts, passages.vectors, len(entries)).embedder(embedder),
        folder / "index",
        "",
    )


if __name__ == "__main__":
    answer_lines(opened)
