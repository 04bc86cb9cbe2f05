"""txtai: dense vectors and BM25, mixed as its `hybrid` setting does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from txtai import Embeddings

from tests.peers.asked import Search, answer_lines, given


def opened(folder: Path) -> Search:
    """Its hybrid search; vectors of passages are given, questions are encoded by its own model."""
    passages = given(folder)
    embeddings = Embeddings(path=passages.model, hybrid=True, content=False)
    encoder: Any = embeddings.model
    rows = {text: row for row, text in enumerate(passages.texts)}
    encode = encoder.encode
    encoder.encode = lambda data, category=None: passages.vectors[[rows[text] for text in data]]
    embeddings.index((str(row), text, None) for text, row in rows.items())
    encoder.encode = encode
    return lambda question: [id for id, _ in embeddings.search(question, 10)]


if __name__ == "__main__":
    answer_lines(opened)
