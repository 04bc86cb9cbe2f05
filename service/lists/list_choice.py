"""How a list is made: of facts, of one sentence that enumerates, or read off the passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.taxonomy import plain
from index.retriever import Retriever
from service.evidence import Draft
from service.knowledge.knowledge import Knowledge
from service.lists.deed_members import asked_side
from service.lists.enumerating import ROW_MIN, enumerated, enumeration_answer, is_singular
from service.lists.list_answer import list_answer, member
from service.lists.member_search import search_for
from service.lists.members import members
from service.lists.membership import Candidate
from service.lists.read_members import NOTE, SURE_MIN, read_list, read_members
from service.lists.reports import asks_for_origin, asks_for_reports
from service.lists.seats import asks_for_seats
from service.lookups.acceptance import accepted
from service.lookups.describing import asks_long_form
from service.lookups.support import Support
from service.understanding.understand import Reading

WHOM_WORDS_MAX = 8  # of a statement that stands for those who are asked for
READ_SURE_MIN = 0.5  # probability of a member from which a list as read goes before an enumeration
TOLD_SURELY_MIN = 0.8  # support from which a sentence that tells one member goes before a search for all


def list_of(
    reading: Reading, knowledge: Knowledge, ranked: list[Support], limit: int, retriever: Retriever
) -> Draft | None:
    """The list that a question asks for, by the way that fits it best; None when sentences tell more."""
    if reading.kind == "person" and reading.intent == "who":
        return None
    if _one_is_told(reading, knowledge, ranked):
        return None
    found = members(reading, knowledge, ranked)
    if _is_read(reading, knowledge, found):
        read = read_list(reading, knowledge, retriever, limit)
        if read is not None and len(read.members) < 2:
            told = enumeration_answer(reading, knowledge, ranked, retriever.embedder.reader)
            read = told or (read if found else None)
        if read is not None:
            return read
    if _by_sentence(reading, knowledge, found):
        told = enumeration_answer(reading, knowledge, ranked, retriever.embedder.reader)
        if told is not None and len(told.members) >= min(len(found), ROW_MIN):
            return told
    if not found or (reading.intent == "who" and not reading.kind and not _tells_whom(found)):
        return None
    if len(found) == 1 and found[0].key is None and reading.intent == "list" and not reading.kind:
        return None  # one statement is better told as the sentence that it is
    return list_answer(reading, knowledge, found, limit)


def _tells_whom(found: Sequence[Candidate]) -> bool:
    """True for one member, and for several that are short statements such as "17 regulators": no whole sentences."""
    return len(found) == 1 or all(
        item.key is None and len(item.label.split()) <= WHOM_WORDS_MAX for item in found
    )


# Kinds whose members facts know by name, and tell apart from what merely sounds like them.
_KEPT_KINDS = frozenset({"company", "programme", "project", "sme"})


def _is_read(reading: Reading, knowledge: Knowledge, found: Sequence[Candidate]) -> bool:
    """True when the members are better read off the passages than taken for what words of their passages say."""
    if reading.intent != "list" or is_singular(reading) or _is_looked_up(reading):
        return False
    if not reading.kind:
        return True
    search = search_for(reading, knowledge, {})
    told = search.relations or asked_side(reading) or "spin_out" in search.themes
    if reading.kind not in _KEPT_KINDS:
        return not (found and (told or search.is_loose))
    limited = reading.limit or reading.period or reading.based
    return not (found or told or search.themes or limited)


def _is_looked_up(reading: Reading) -> bool:
    """True when reports, where they come from or where somebody is based are asked for: facts alone tell that."""
    return asks_for_reports(reading) or asks_for_origin(reading) or asks_for_seats(reading)


def _one_is_told(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> bool:
    """True when one thing is asked for by what no outcome type stands for, and a sentence tells it surely."""
    if not is_singular(reading) or not ranked or ranked[0].score < TOLD_SURELY_MIN:
        return False
    search = search_for(reading, knowledge, {})
    typed = search.relations or search.themes or search.is_loose or reading.limit or reading.based
    return not typed and accepted(reading, knowledge, ranked[0])


def _by_sentence(reading: Reading, knowledge: Knowledge, found: Sequence[Candidate]) -> bool:
    """True when one sentence may list the members better than a search over all facts."""
    if _is_looked_up(reading) or not reading.kind or asked_side(reading):
        return False
    search = search_for(reading, knowledge, {})
    by_name = bool(reading.named) and search.is_loose and reading.kind != "award"
    by_words = not (search.relations or search.themes) and len(found) == 1
    return not found or "place" in reading.kinds or by_name or by_words


def several_read(
    reading: Reading, knowledge: Knowledge, retriever: Retriever, limit: int, sure_min: float = SURE_MIN
) -> Draft | None:
    """The members read off the passages, where the likeliest is sure enough and there are several."""
    found = None if is_singular(reading) else read_list(reading, knowledge, retriever, limit, sure_min)
    return found if found and len(found.members) > 1 else None


def several_told(
    reading: Reading, knowledge: Knowledge, ranked: list[Support], retriever: Retriever, limit: int
) -> Draft | None:
    """The members that one sentence enumerates; asked who, those that are read more surely than that."""
    told = enumeration_answer(reading, knowledge, ranked, retriever.embedder.reader)
    if told is None or reading.intent != "who":
        return told
    return several_read(reading, knowledge, retriever, limit, READ_SURE_MIN) or told


# Questions whose answer may be several things: "Into which languages", "What has Norvia sold", "Who paid".
_ASKS_FOR_THINGS = re.compile(
    r"\b(?:what|which|who|whom)\b(?! (?:is|was) (?!\w+ed\b|built\b|made\b|set up\b))|"
    r"^\W*(?:please )?(?:list|name|give)\b"
)


def asks_for_things(reading: Reading) -> bool:
    """True when a question may be answered by several members rather than by one thing, figure or date."""
    return (
        reading.intent in {"list", "who", "describe", "define"}
        and _ASKS_FOR_THINGS.search(plain(reading.question)) is not None
        and not re.match(r"\W*(?:why|how)\b", plain(reading.question))
        and not asks_long_form(reading)
    )


def with_members(found: Draft, reading: Reading, knowledge: Knowledge, retriever: Retriever) -> Draft:
    """The draft with the members read off the passages or enumerated by its sentences, when several things are asked for."""
    asks = asks_for_things(reading) or reading.intent == "where"
    if found.members or found.figures or not asks:
        return found
    # What a thing is or does is told by sentences; reading for members as well would cost most of the time.
    several = reading.intent in {"list", "who", "where"} and not is_singular(reading)
    read = read_members(reading, knowledge, retriever) if several else []
    if len(read) > 1:
        return replace(
            found, members=tuple(member(item, knowledge) for item in read), note=NOTE, members_told=False
        )
    told = [
        knowledge.passage_at(line.quotes[0].document_id, line.quotes[0].start) for line in found.lines[:2]
    ]
    positions = [position for position in told if position is not None]
    members = enumerated(reading, knowledge, positions, retriever.embedder.reader)
    return replace(found, members=members, members_told=False) if members else found
