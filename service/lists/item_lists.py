"""Members that a report lists item by item: where most items of a list are members, each of them is one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.knowledge.knowledge import Knowledge
from service.lists.membership import Candidate

ITEMS_MIN = 3  # of a list
SHARE_MIN = 0.6  # of its items that are members
LABEL_WORDS_MAX = 16  # of an item that is told as it stands
_JOINT = re.compile(r"[\s;,.]+(?:and|or)?[\s;,.]*$")


def completed(found: Sequence[Candidate], knowledge: Knowledge) -> list[Candidate]:
    """The members with the items that they leave out of a list; what merges two items of one is told apart."""
    kept = list(found)
    for items in _lists_with(found, knowledge):
        told = {position for candidate in kept for position in candidate.positions} & set(items)
        if len(items) < ITEMS_MIN or len(told) < max(2, SHARE_MIN * len(items)):
            continue
        merged = [candidate for candidate in kept if len(told & set(candidate.positions)) > 1]
        apart = {position for candidate in merged for position in candidate.positions if position in told}
        alone = apart | (set(items) - told)
        kept = [
            candidate
            for candidate in kept
            if candidate not in merged and not apart.issuperset(candidate.positions)
        ]
        kept += [
            Candidate(label, None, [position])
            for position in sorted(alone)
            if len((label := _JOINT.sub("", knowledge.passages[position].text)).split()) <= LABEL_WORDS_MAX
        ]
    return kept


def _lists_with(found: Sequence[Candidate], knowledge: Knowledge) -> list[list[int]]:
    """The positions of the items of each list that a member stands in."""
    seen: dict[int, list[int]] = {}
    for position in sorted({position for candidate in found for position in candidate.positions}):
        if all(position not in items for items in seen.values()):
            seen[position] = knowledge.items_beside(position)
    return [items for items in seen.values() if items]
