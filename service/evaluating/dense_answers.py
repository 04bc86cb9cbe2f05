"""What ImpactQA is measured against: plain dense retrieval that answers with the nearest sentences."""

from __future__ import annotations

from collections.abc import Sequence

from index.retriever import Retriever
from service.answer import Answer, Coverage, Item, UnderstoodAs
from service.evidence import quote_of
from service.knowledge.knowledge import Knowledge
from service.writing import compose

SENTENCES = 5  # the best of 1, 2, 3, 5 and 8 on questions over two collections
WORDS_MAX = 85  # an answer stops before it is longer, so that its length alone fails no look-up
_HEADINGS_MAX = 30  # among the nearest passages; they are no sentences and are passed over


class DenseAnswers:
    """Answers with the `count` sentences nearest to the question.

    It is given what such a system can have: the same sentences, `retriever` over the same vectors, the
    question before in front of a follow-up, each sentence as an item where a list is asked for. It abstains
    when no cosine reaches `cosine_min`, hence never by default.
    """

    def __init__(
        self, knowledge: Knowledge, retriever: Retriever, count: int = SENTENCES, cosine_min: float = 0.0
    ) -> None:
        self.knowledge = knowledge
        self.retriever = retriever
        self.count = count
        self.cosine_min = cosine_min

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        """The nearest sentences, each cited; `confidence` is the best cosine."""
        asked = " ".join([*(earlier.question for earlier in history[-1:]), question])
        near = self._near(asked)
        found = near and near[0][1] >= self.cosine_min
        numbered = compose.Numbered(self.knowledge)
        told = self._readable([position for position, _ in near]) if found else []
        sentences = [self.knowledge.passages[position] for position in told]
        text = " ".join(f"{passage.text} {numbered.marks([quote_of(passage)])}" for passage in sentences)
        return Answer(
            id="ans_dense",
            question=question,
            standalone_question=asked,
            understood_as=UnderstoodAs(intent="describe", asks_for="sentence"),
            status="answered" if found else "no_answer",
            reason=None if found else "off_topic",
            answer=text or "No sentence is near enough to the question.",
            confidence=min(1.0, max(0.0, near[0][1])) if found else None,
            items=tuple(
                Item(label=passage.text, citations=numbered.numbers([quote_of(passage)]))
                for passage in sentences
            ),
            coverage=Coverage(facts_matched=0, documents_searched=len(self.knowledge.documents)),
            citations=numbered.citations(),
        )

    def _near(self, asked: str) -> list[tuple[int, float]]:
        """(position, cosine) of the nearest sentences, nearest first."""
        hits = self.retriever.search(asked, self.count + _HEADINGS_MAX, kind="passage")
        found = [(self.knowledge.position[hit.id], hit.dense) for hit in hits]
        return [each for each in found if self.knowledge.passages[each[0]].kind != "heading"][: self.count]

    def _readable(self, positions: Sequence[int]) -> list[int]:
        """The first of the positions, and those after it whose words still fit."""
        kept: list[int] = []
        words = 0
        for position in positions:
            words += len(self.knowledge.passages[position].text.split()) + 1
            if kept and words > WORDS_MAX:
                break
            kept.append(position)
        return kept
