"""How sure an answer is: the support that its cited passages give to the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.evidence import Draft
from service.knowledge.knowledge import Knowledge
from service.lookups.support import Support


def with_confidence(draft: Draft, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft:
    """The draft with the support of the passage that its first line cites and that supports it best."""
    scores = {item.position: item.score for item in ranked}
    positions = [knowledge.passage_at(quote.document_id, quote.start) for quote in draft.lines[0].quotes]
    unranked = min(scores.values(), default=0.0)  # of a passage that the search did not bring up
    found = [scores.get(position, unranked) for position in positions if position is not None]
    return replace(draft, confidence=max(found, default=None))
