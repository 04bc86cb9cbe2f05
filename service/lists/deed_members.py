"""Members of lists by what was done: those on the side of a deed that a question asks for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from corpus.taxonomy import ORGANISATIONS
from service.deeds.deed_fit import deeds_at, frame_stems
from service.deeds.deed_frames import Deed
from service.deeds.deed_reading import Mark, deeds_in
from service.knowledge.knowledge import Knowledge
from service.lists.membership import Candidate, Search, is_kind
from service.understanding.understand import Reading

_ASKED = frozenset({"?"})  # what the asked noun stands for while a question is read as a deed
_MAY_BE_FIRMS = frozenset({"company", "other"})
_POINTS_BACK = re.compile(
    r"(?:The|This) (?:[\w-]+ ){0,2}(?:company|firm|business|spin-?out|spin-?off|start-?up)\b"
)


def asked_side(reading: Reading) -> tuple[Deed, str] | None:
    """The deed that a question asks about, and the side that its asked noun stands on."""
    start = reading.question.find(reading.noun_text) if reading.noun_text else -1
    if start < 0:
        match = re.match(r"\W*who(?:m|se)?\b", reading.question, re.IGNORECASE)
        start, end = match.span() if match else (-1, -1)
    else:
        end = start + len(reading.noun_text)
    if start < 0:
        return None
    marks = [Mark(start, end, _ASKED)]
    marks += [
        Mark(match.start(), match.end(), frozenset(name.keys))
        for name in reading.named
        for match in re.finditer(re.escape(name.text), reading.question)
        if match.end() <= start or end <= match.start()
    ]
    for deed in deeds_in(reading.question, marks, frozenset()):
        side = next((side for side in deed.two_sides if _ASKED & deed.sides.get(side, frozenset())), None)
        if side is None or deed.negated or not deed.tells_members:
            continue
        if deed.strict or side == deed.two_sides[1]:
            return deed, side
    return None


def deed_members(deed: Deed, side: str, search: Search) -> Iterator[Candidate]:
    """Those of the asked kind who stand on a side of such a deed in the reports, the other side as asked."""
    reading, knowledge = search.reading, search.knowledge
    other = next(each for each in deed.two_sides if each != side)
    wanted = deed.sides.get(other, frozenset()) - _ASKED
    found: dict[str, Candidate] = {}
    complete: dict[str, bool] = defaultdict(bool)  # whether its first sentence tells the other side too
    for position in _telling(deed.frame, knowledge):
        if not _dated(search, position):
            continue
        for told in deeds_at(position, knowledge, deed.frame):
            across = told.sides.get(other, frozenset())
            if told.negated or not told.done or (wanted and not wanted & across):
                continue
            named = {key for key in told.sides.get(side, ()) if key in knowledge.entities}
            keys = {key for key in named if _may_be_member(key, search)}
            for key in sorted(keys if named else _referred(told, side, position, search)):
                known = knowledge.entities[key]
                if key in reading.keys:
                    continue
                if search.children and key not in knowledge.children:
                    continue
                candidate = found.setdefault(key, Candidate(known.name, key))
                if position not in candidate.positions:
                    candidate.positions.insert(
                        0 if across and not complete[key] else len(candidate.positions), position
                    )
                    complete[key] = complete[key] or bool(across)
    yield from found.values()


def _may_be_member(key: str, search: Search) -> bool:
    """True for one of the asked kind; what somebody founded and has no other kind is taken for a firm."""
    known, reading = search.knowledge.entities[key], search.reading
    if is_kind(known, reading):
        return True
    if reading.kind != "company" or known.kind != "other":
        return False
    told = (fact for position in known.passages for fact in search.knowledge.facts_at.get(position, ()))
    return any(fact.predicate == "found" and fact.object.startswith(known.name) for fact in told)


def _telling(frame: str, knowledge: Knowledge) -> Iterator[int]:
    """The positions of the passages that may tell deeds of a frame."""
    stems = frame_stems(frame)
    for position, passage in enumerate(knowledge.passages):
        if passage.kind != "heading" and (
            stems & knowledge.words.passage_stems[position] or position in knowledge.facts_at
        ):
            yield position


def _dated(search: Search, position: int) -> bool:
    reading = search.reading
    passage = search.knowledge.passages[position]
    if reading.documents and passage.document_id not in reading.documents:
        return False
    return search.dated(position, None) and all(year in passage.text for year in reading.years)


def _referred(told: Deed, side: str, position: int, search: Search) -> frozenset[str]:
    """What a deed with an open side speaks of: "The company ... was bought by A" after a sentence on B."""
    knowledge = search.knowledge
    filled = [keys for name, keys in told.sides.items() if name != side and name in told.two_sides and keys]
    if not filled or (told.things and not told.has_thing):
        return frozenset()
    taken = frozenset().union(*told.sides.values())
    spoken = knowledge.spoken_of.get(position)
    if spoken is not None:
        is_other = spoken in taken or knowledge.entities[spoken].kind not in ORGANISATIONS
        return frozenset() if is_other else frozenset([spoken])
    here = {
        key
        for key in knowledge.keys_at(position) - taken
        if is_kind(knowledge.entities[key], search.reading) and not _is_source(key, position, knowledge)
    }
    if here or not position or not _POINTS_BACK.match(knowledge.passages[position].text):
        return frozenset(here) if len(here) == 1 else frozenset()
    # "The company" calls the name before it one, whatever else the reports say of it.
    before = {
        key
        for key in knowledge.keys_at(position - 1) - taken
        if knowledge.entities[key].kind in _MAY_BE_FIRMS
    }
    return frozenset(before) if len(before) == 1 else frozenset()


def _is_source(key: str, position: int, knowledge: Knowledge) -> bool:
    """True for the one that something came from: "bought several of the lines from Halden"."""
    text = knowledge.passages[position].text
    return any(re.search(rf"\bfrom {re.escape(form)}\b", text) for form in knowledge.entities[key].forms)
