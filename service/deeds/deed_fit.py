"""Who did what to whom: the deeds of a question against those of the passages that may answer it."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.facts import Fact, relates
from corpus.vocabulary import stem
from service.deeds.deed_frames import Deed, frames
from service.deeds.deed_reading import Mark, deeds_in
from service.knowledge.knowledge import Knowledge
from service.understanding.understand import Reading


@lru_cache(maxsize=1)
def _all_stems() -> dict[str, frozenset[str]]:
    """By frame the stems of its verbs and nouns; irregular pasts beside them."""
    irregular = {"buy": "bought", "sell": "sold", "pay": "paid", "take": "took", "spin": "spun"}
    found = {}
    for name, frame in frames().items():
        told = {word.split()[0] for word in (*frame["verbs"], *frame["nouns"])}
        told |= {irregular[word] for word in told if word in irregular} | (
            {"taken"} if "take" in told else set()
        )
        found[name] = frozenset(map(stem, told))
    return found


def frame_stems(frame: str) -> frozenset[str]:
    """The stems of the words by which deeds of a frame are told."""
    return _all_stems()[frame]


def asked_deeds(reading: Reading, knowledge: Knowledge) -> list[Deed]:
    """The deeds of a question in which a name stands on one of the two sides."""
    text = reading.question
    marks = [
        Mark(match.start(), match.end(), frozenset(name.keys))
        for name in reading.named
        for match in re.finditer(re.escape(name.text), text)
    ]
    return [deed for deed in deeds_in(text, marks, frozenset()) if deed.named_sides()]


def passages_of(reading: Reading, knowledge: Knowledge) -> list[int]:
    """The positions of the passages that name, or go on about, any of the asked names."""
    named = {position for key in reading.keys for position in knowledge.entities[key].passages}
    return sorted(named | {position for position, key in knowledge.spoken_of.items() if key in reading.keys})


def deeds_at(position: int, knowledge: Knowledge, frame: str) -> list[Deed]:
    """The deeds of one frame that a passage tells, by its parse and by facts, the surer of the two."""
    facts = [_of_fact(fact, frame) for fact in knowledge.facts_at.get(position, []) if _states(fact, frame)]
    if not frame_stems(frame) & knowledge.words.passage_stems[position]:
        return facts
    passage = knowledge.passages[position]
    marks = [
        Mark(start - passage.start, end - passage.start, frozenset([key]))
        for key in sorted(knowledge.keys_at(position))
        for entity in knowledge.entities[key].entities
        if entity.document_id == passage.document_id
        for start, end in entity.mentions
        if passage.start <= start and end <= passage.end
    ]
    spoken = knowledge.spoken_of.get(position)
    spoken_keys = frozenset([spoken] if spoken else [])
    parsed = [deed for deed in deeds_in(passage.text, marks, spoken_keys) if deed.frame == frame]
    by_parse = any(deed.named_sides() for deed in parsed)
    return facts if facts and (frames()[frame].get("stated") or not by_parse) else parsed


def _states(fact: Fact, frame: str) -> bool:
    """True for a relation between two entities that the frame names."""
    relation = frames()[frame].get("relation")
    return relates(fact) and fact.predicate == relation and bool(fact.subject_key and fact.object_key)


def _of_fact(fact: Fact, frame: str) -> Deed:
    """The deed that a relation states."""
    first, second = frames()[frame]["sides"]
    sides = {first: frozenset([str(fact.subject_key)]), second: frozenset([str(fact.object_key)])}
    return Deed(
        frame,
        sides,
        fact.polarity == "negated",
        fact.modality == "achieved",
        f"{fact.value_text} {fact.date}",
    )


def holds(asked: Deed, told: Deed) -> bool:
    """True when the told deed has every asked name on its side."""
    named = {side: keys for side, keys in asked.sides.items() if keys and side != "thing"}
    return bool(named) and all(keys & told.sides.get(side, frozenset()) for side, keys in named.items())


def is_reversed(asked: Deed, told: Deed) -> bool:
    """True when the told deed has both asked names, the done-to on the doer's side and the doer elsewhere."""
    first, second = asked.two_sides
    doer, other = asked.sides.get(first, frozenset()), asked.sides.get(second, frozenset())
    elsewhere = frozenset().union(*(keys for side, keys in told.sides.items() if side != first))
    return bool(other & told.sides.get(first, frozenset()) and doer & elsewhere)


def contradicts(asked: Deed, told: Deed, knowledge: Knowledge) -> bool:
    """True when somebody else is told to have done a deed that only one party does."""
    first, second = asked.two_sides
    doer, other = asked.sides.get(first, frozenset()), told.sides.get(first, frozenset())
    same_target = asked.sides.get(second, frozenset()) & told.sides.get(second, frozenset())
    organised = any(
        key in knowledge.entities and knowledge.entities[key].kind not in {"other", "person", "place"}
        for key in other
    )
    return bool(asked.once and doer and same_target and organised and not doer & other)
