"""Members that their own names tell: what is called a museum, festival or hospital is one."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.vocabulary import stem, words
from service.knowledge.knowledge import Knowledge
from service.knowledge.known import Known
from service.lists.member_search import search_for
from service.lists.membership import Candidate, add_by_topic
from service.understanding.understand import Reading

CALLED_MIN = 2  # names that make a sort of thing: one may be there by chance


def called(reading: Reading, knowledge: Knowledge, least: int = CALLED_MIN) -> list[Candidate]:
    """Everything whose name holds the asked noun, with the passages that fit; none for fewer than `least`."""
    found = list(_called(reading, knowledge)) if len(reading.heads) == 1 else []
    return found if len(found) >= least else []


def _called(reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    search = search_for(reading, knowledge, {})
    for known in knowledge.entities.values():
        if known.key not in reading.keys and is_called(known, reading.heads[0]):
            candidate = Candidate(known.name, known.key)
            add_by_topic(known, search, candidate)
            if candidate.positions:
                yield candidate


def is_called(known: Known, head: str) -> bool:
    """True for a name of several words that ends with the noun or has "of" behind it: no "Museums Journal"."""
    said = [stem(word) for word in words(known.name)]
    if head not in said or len(said) < 2:
        return False
    at = said.index(head)
    return at == len(said) - 1 or said[at + 1] in {"of", "for"}
