"""The whole pipeline: a question becomes a cited answer."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.store import Store
from index.retriever import Retriever
from service.answer import Answer, Filters


class Assistant:
    """Answers questions over one store and its index; everything is loaded once."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self.store = store
        self.retriever = retriever

    def ask(
        self,
        question: str,
        history: Sequence[Answer] = (),
        filters: Filters = Filters(),
        limit: int = 100,
    ) -> Answer:
        """The answer to `question`; `history` holds the earlier answers of the conversation, oldest first."""
        raise NotImplementedError
