"""Members that reports state as they go: items of lists, awards, objects of deeds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from corpus.taxonomy import triggers
from corpus.vocabulary import best, light_stems, stems
from service.knowledge.knowledge import Knowledge
from service.lists.member_search import search_for
from service.lists.membership import Candidate, add_by_topic, speaks_of
from service.understanding.understand import Reading

# An object that a preposition governs says how or where, not what.
_GOVERNED = re.compile(
    r"(?:in|as|of|by|to|through|for|from|with|on|at|under|during|into|via|within|because)\b", re.IGNORECASE
)


def stated_members(reading: Reading, knowledge: Knowledge) -> list[Candidate]:
    """List items under a lead that fits, else names of the kind, else objects of facts of the type."""
    found = list(_items(reading, knowledge))
    if reading.kind == "award":
        listed = {position for candidate in found for position in candidate.positions}
        for known in knowledge.entities.values():
            grant = re.search(r"\b(?:grants?|funds?|funding)$", known.name, re.IGNORECASE)
            if known.kind == "award" and not grant and not known.passages & listed:
                candidate = Candidate(known.name, known.key)
                add_by_topic(known, search_for(reading, knowledge, {}), candidate)
                if candidate.positions:
                    found.append(candidate)
    return found or (
        list(_objects(reading, knowledge)) if reading.noun_text and reading.intent != "who" else []
    )


def _items(reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    """The items of lists whose introduction speaks of what is asked."""
    blocks: dict[tuple[str, tuple[int, int]], list[int]] = defaultdict(list)
    for position, passage in enumerate(knowledge.passages):
        if passage.kind == "item" and passage.lead:
            blocks[(passage.document_id, passage.lead)].append(position)
    for positions in blocks.values():
        if _introduces(reading, knowledge, positions[0]):
            for position in positions:
                yield Candidate(knowledge.passages[position].text.rstrip(" .;"), None, [position], [])


def _introduces(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    passage = knowledge.passages[position]
    lead = set(stems(knowledge.words.lead_text(passage)))
    noun_ok = any(best(head, lead) >= 0.9 for head in reading.heads)
    types = {name for name, _, _ in triggers(knowledge.words.lead_text(passage))}
    asked = set(reading.outcome_types)
    type_ok = bool(asked & types)
    if not (noun_ok or (type_ok and reading.intent in {"who", "list"} and not reading.kind)):
        return False
    known = {*reading.noun, *reading.trigger_stems, *light_stems()}
    rest = [word for word in reading.content if word not in known and not known.issuperset(word.split(" "))]
    around = lead | set(stems(passage.section))
    document = knowledge.documents[passage.document_id]
    near = (
        around | set(stems(document.text[max(0, passage.lead[0] - 400) : passage.lead[0]]))
        if passage.lead
        else around
    )
    return all(best(word, near) >= 0.85 for word in rest) and all(
        speaks_of(n.keys, knowledge, position) for n in reading.named
    )


def _objects(reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    """What facts of the asked type have as object: products, tools, methods."""
    wanted = set(reading.outcome_types)
    search = search_for(reading, knowledge, {})
    seen: dict[str, Candidate] = {}
    for fact in knowledge.facts:
        if (
            fact.extractor != "clause"
            or not fact.object
            or fact.outcome_type not in wanted
            or fact.polarity == "negated"
            or fact.modality == "potential"
        ):
            continue
        position = knowledge.passage_at(fact.document_id, fact.selector.start)
        if position is None or not search.fits(position, fact):
            continue
        label = _label(fact.object)
        if len(label) < 4 or _GOVERNED.match(fact.object) or not re.search(r"[^\W\d]{3}", label):
            continue
        candidate = seen.setdefault(label.lower(), Candidate(label, fact.object_key))
        candidate.facts.append(fact)
        if position not in candidate.positions:
            candidate.positions.append(position)
    yield from seen.values()


def _label(phrase: str) -> str:
    """A noun phrase as a list shows it: no article, no relative clause."""
    short = re.split(r"\s+(?:that|which|who|to be|developed by|providing|used to)\b|,", phrase)[0]
    return re.sub(r"^(?:an?|the|its|their|new|in|of|on|for|to|by|with)\s+", "", short).strip()
