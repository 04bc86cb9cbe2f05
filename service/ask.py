"""The whole pipeline: a question becomes a cited answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import lru_cache

from corpus.collections import EVERYTHING, Reach
from corpus.store import Store
from index.retriever import Retriever
from service import deadline
from service.answer import Answer, Coverage, Filters, UnderstoodAs
from service.evidence import Draft, Refusal
from service.follow_ups.conversation import standalone
from service.knowledge.curated import marked, standing
from service.knowledge.knowledge import Knowledge
from service.lookups.lookup import candidates, refusal
from service.plan import plan
from service.understanding.described import with_described_named
from service.understanding.understand import Reading, understand
from service.writing import compose
from service.writing.cite import checked

UNSAVED = "ans_unsaved"  # the id of an answer that has none of its own yet
PARTS_MAX = 8  # sets of collections whose knowledge is kept ready


class Assistant:
    """Answers questions over one store and its index; everything is loaded once."""

    def __init__(self, store: Store, retriever: Retriever, before: Assistant | None = None) -> None:
        """`before` is an assistant over the same index, whose facts have been decided about since."""
        self.decisions = (
            store.curation.count()
        )  # counted first: one made while facts are read is seen next time
        self.knowledge: Knowledge = (
            before.knowledge.revised(store.curation.decided_facts()) if before else Knowledge(store)
        )
        self.retriever = retriever
        self._parts = lru_cache(PARTS_MAX)(self._part)

    def within(self, reach: Reach) -> Assistant:
        """An assistant that knows and finds only what the documents of some collections say."""
        return self if reach == EVERYTHING else self._parts(reach)

    def _part(self, reach: Reach) -> Assistant:
        part = Assistant.__new__(Assistant)
        part.decisions = self.decisions
        part.knowledge = self.knowledge.within(reach)
        part.retriever = self.retriever.within(part.knowledge.documents)
        return part

    @property
    def version(self) -> str:
        """The version of the index, and how many decisions of people the facts bear beside it."""
        return f"{self.retriever.version}+{self.decisions}" if self.decisions else self.retriever.version

    def ask(
        self,
        question: str,
        history: Sequence[Answer] = (),
        filters: Filters = Filters(),
        limit: int = 1000,
        hear: Callable[[str, UnderstoodAs], None] = lambda asked, understood_as: None,
    ) -> Answer:
        """The answer to `question`; `history` holds the earlier answers of the conversation, oldest first.

        `hear` is told the question that is asked and how it is read, before the answer is looked for.
        """
        started = time.perf_counter()
        knowledge = self.knowledge.limited_to(filters)
        knowledge = knowledge.naming([question, *(turn.standalone_question for turn in history)])
        asked = with_described_named(standalone(question, history, knowledge), knowledge, self.retriever)
        reading = understand(asked, knowledge)
        hear(asked, reading.understood_as())
        understood = time.perf_counter()
        deadline.check()
        found = plan(reading, knowledge, self.retriever, limit)
        retrieved = time.perf_counter()
        deadline.check()
        if isinstance(found, Draft):
            found = standing(found, reading, knowledge)
        if isinstance(found, Draft):
            sound = checked(found, knowledge, asked)
            found = (
                marked(sound, knowledge)
                if sound
                else refusal(reading, knowledge, candidates(reading, knowledge, self.retriever))
            )
        answer = self._written(question, asked, reading, found, len(knowledge.documents))
        finished = time.perf_counter()
        timings_ms = {
            "understand": _ms(started, understood),
            "retrieve": _ms(understood, retrieved),
            "compose": _ms(retrieved, finished),
            "total": _ms(started, finished),
        }
        return answer.model_copy(update={"timings_ms": timings_ms})

    def _written(
        self, question: str, asked: str, reading: Reading, found: Draft | Refusal, documents: int
    ) -> Answer:
        numbered = compose.Numbered(self.knowledge)
        if isinstance(found, Refusal):
            return Answer(
                id=UNSAVED,
                question=question,
                standalone_question=asked,
                understood_as=reading.understood_as(),
                status="no_answer",
                reason=found.reason,
                answer=found.text,
                coverage=Coverage(facts_matched=0, documents_searched=documents),
                nearest=tuple(
                    compose.citation(quote, i, self.knowledge) for i, quote in enumerate(found.nearest, 1)
                ),
                index_version=self.version,
            )
        return Answer(
            id=UNSAVED,
            question=question,
            standalone_question=asked,
            understood_as=reading.understood_as(),
            status="answered",
            answer=compose.text(found, numbered),
            confidence=None if found.confidence is None else round(found.confidence, 2),
            items=compose.items(found, numbered),
            values=tuple(compose.value(figure, numbered) for figure in found.figures),
            conflicts=compose.conflicts(found, numbered),
            coverage=Coverage(
                facts_matched=found.facts_matched,
                documents_searched=documents,
                truncated=found.truncated,
                note=found.note,
            ),
            citations=numbered.citations(),
            index_version=self.version,
        )


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
