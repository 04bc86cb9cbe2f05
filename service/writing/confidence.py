"""How sure an answer is: the support that its cited passages give to the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.evidence import Draft
from service.knowledge.knowledge import Knowledge
from service.lookups.support import Support, support
from service.understanding.understand import Reading

_DENSE_UNKNOWN = 0.35  # cosine of a passage that the search did not bring up; see support.rank


def with_confidence(draft: Draft, reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft:
    """The draft with the support of the passage that its first line cites and that supports it best."""
    scores = {item.position: item.score for item in ranked}
    positions = [knowledge.passage_at(quote.document_id, quote.start) for quote in draft.lines[0].quotes]
    found = [
        scores[position]
        if position in scores
        else support(reading, knowledge, position, _DENSE_UNKNOWN, 0.0).score
        for position in positions
        if position is not None
    ]
    return replace(draft, confidence=max(found, default=None))
