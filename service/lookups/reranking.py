"""The best supported passages read again, each with the question beside it, and ranked by what that tells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from index.reader import Passage, PassageReader, Read
from service import deadline
from service.knowledge.knowledge import Knowledge
from service.lookups.support import Support, by_support
from service.understanding.understand import Reading

READ_MAX = 10  # passages; of 537 questions over unseen reports these hold the answer for 93 %
ELSEWHERE_MAX = 3  # further ones that do not name what is asked about: a report need not repeat it
# The log-odds of an answer, of what speaks for a passage and of what is read in it: fitted on 922 questions over unseen
# reports, and shifted by 2 so that ANSWER_MIN of service/lookups/acceptance.py keeps its sense.
BIAS, BY_SUPPORT, BY_READER = 0.35, 0.45, 0.53
FIRMS = frozenset({"company", "sme"})
ABOUT_ODDS_MIN = 1.5  # from which a passage may speak of the asked names in other forms
LEAD_BACK_MAX = 40  # passages before an item, among which what introduces it is looked for
UNREAD_ODDS = -3.0  # of a passage further down


def reranked(
    reading: Reading, knowledge: Knowledge, ranked: Sequence[Support], reader: PassageReader | None
) -> list[Support]:
    """The passages of `ranked`, best first by both; as they came when there is no reader."""
    if reader is None:
        return list(ranked)
    best, rest = _to_read(ranked)
    reads = read_at(reading.question, knowledge, [item.position for item in best], reader)
    judged = [
        replace(
            _judged(item, read.answers),
            read=read,
            named_otherwise=read.answers >= ABOUT_ODDS_MIN
            and not _names_rival(reading, knowledge, item.position),
        )
        for item, read in zip(best, reads, strict=True)
    ]
    return by_support([*judged, *(_judged(item, UNREAD_ODDS) for item in rest)])


def _to_read(ranked: Sequence[Support]) -> tuple[list[Support], list[Support]]:
    """The passages that are read, among them the best that seem to speak of somebody else, and the others."""
    elsewhere = [item for item in ranked[READ_MAX:] if item.is_elsewhere]
    best = [*ranked[:READ_MAX], *sorted(elsewhere, key=lambda item: -item.score)[:ELSEWHERE_MAX]]
    read = {item.position for item in best}
    return best, [item for item in ranked if item.position not in read]


def _names_rival(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when a firm is asked about and a passage speaks of another: of firms, reports tell the same things."""
    asked = [knowledge.entities[key] for key in reading.keys if knowledge.entities[key].kind in FIRMS]
    told = knowledge.keys_at(position) | {knowledge.spoken_of.get(position, "")}
    others = [knowledge.entities[key] for key in told - reading.keys if key in knowledge.entities]
    return bool(asked) and any(other.kind in FIRMS for other in others)


def read_at(
    question: str, knowledge: Knowledge, positions: Sequence[int], reader: PassageReader
) -> list[Read]:
    """What is read in the passages at some positions."""
    deadline.check()
    return reader.read(question, [_in_context(knowledge, position) for position in positions])


def _judged(item: Support, odds: float) -> Support:
    own = min(max(item.score, 1e-4), 1 - 1e-4)
    both = BIAS + BY_SUPPORT * math.log(own / (1 - own)) + BY_READER * odds
    return replace(item, score=1 / (1 + math.exp(-both)))


def _in_context(knowledge: Knowledge, position: int) -> Passage:
    """A passage with its report's title and the words that introduce it, else the sentence before it in its section."""
    passage = knowledge.passages[position]
    title = knowledge.documents[passage.document_id].title
    return Passage(title, _before(knowledge, position), passage.text)


def _before(knowledge: Knowledge, position: int) -> str:
    passage = knowledge.passages[position]
    for back in range(position - 1, max(position - LEAD_BACK_MAX, 0) - 1, -1):
        before = knowledge.passages[back]
        if before.document_id != passage.document_id:
            return ""
        if passage.lead is not None:
            if before.start < passage.lead[1] and passage.lead[0] < before.end:
                return before.text
        elif before.section == passage.section and before.kind != "heading":
            return before.text
        else:
            return ""
    return ""
