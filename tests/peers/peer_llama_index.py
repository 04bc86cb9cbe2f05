"""LlamaIndex: its vector store in memory, dense search (it has BM25 only in another package)."""

from __future__ import annotations

from pathlib import Path

from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from tests.peers.asked import Search, answer_lines, given


def opened(folder: Path) -> Search:
    """Its dense search; vectors of passages are given, questions are encoded by its own model."""
    passages = given(folder)
    nodes = [
        TextNode(id_=str(row), text=text, embedding=passages.vectors[row].tolist())
        for row, text in enumerate(passages.texts)
    ]
    model = HuggingFaceEmbedding(model_name=passages.model, device="cpu")
    retriever = VectorStoreIndex(nodes, embed_model=model).as_retriever(similarity_top_k=10)
    return lambda question: [found.node.node_id for found in retriever.retrieve(question)]


if __name__ == "__main__":
    answer_lines(opened)
