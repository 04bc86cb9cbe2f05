"""Haystack: its store in memory, an embedding and a BM25 retriever, joined by reciprocal rank fusion."""

from __future__ import annotations

from pathlib import Path

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

from tests.peers.asked import Search, answer_lines, given


def opened(folder: Path) -> Search:
    """Its hybrid search; vectors of passages are given, questions are encoded by its own embedder."""
    passages = given(folder)
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [
            Document(id=str(row), content=text, embedding=passages.vectors[row].tolist())
            for row, text in enumerate(passages.texts)
        ]
    )
    embedder = SentenceTransformersTextEmbedder(
        model=passages.model, device=ComponentDevice.from_str("cpu"), progress_bar=False
    )
    embedder.warm_up()
    near, worded = InMemoryEmbeddingRetriever(store, top_k=10), InMemoryBM25Retriever(store, top_k=10)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=10)

    def search(question: str) -> list[str]:
        vector = embedder.run(question)["embedding"]
        found = [near.run(query_embedding=vector)["documents"], worded.run(query=question)["documents"]]
        return [document.id for document in joiner.run(found)["documents"]]

    return search


if __name__ == "__main__":
    answer_lines(opened)
