"""The members of a list as read off the passages, for what no fact says of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.taxonomy import plain
from corpus.vocabulary import stems
from index.retriever import Retriever
from service.evidence import Draft
from service.knowledge.curated import unrejected
from service.knowledge.knowledge import Knowledge
from service.lists.called import called
from service.lists.enumeration_fit import is_of_another_sort, sort_level
from service.lists.item_lists import completed
from service.lists.list_answer import list_answer
from service.lists.member_reader import Found, asked_for, read
from service.lists.membership import Candidate
from service.lookups.acceptance import accepted, are_near
from service.lookups.lookup import candidates
from service.lookups.support import Support
from service.understanding.inflection import is_plural
from service.understanding.understand import Reading

CANDIDATES_READ = 120  # passages whose support is computed; the best of them are read
PROBABILITY_MIN = 0.05
SHARE_MIN = 0.4  # of the likeliest member's probability
SURE_MIN = 0.3  # probability that the likeliest one needs
MEMBERS_MAX = 30
COVERAGE_MIN = 0.4  # of the asked words, which one of the passages must have
ANSWERS_MIN = -1.0  # log-odds of the reader from which it answers in whatever words
SCORE_MIN = 0.8  # support from which it need not
NOTE = "Read from the passages that fit best; further members may stand elsewhere."


def read_list(
    reading: Reading, knowledge: Knowledge, retriever: Retriever, limit: int, sure_min: float = SURE_MIN
) -> Draft | None:
    """The list as an answer that says where it was looked for; None without a likely member."""
    found = read_members(reading, knowledge, retriever, sure_min)
    return replace(list_answer(reading, knowledge, found, limit), note=NOTE) if found else None


def names_several(reading: Reading) -> bool:
    """True when a question begins with the things it asks for: "Partners of Norvia?", "Companies that use it"."""
    noun = asked_for(reading)
    first = plain(reading.question).strip().startswith(noun)
    return reading.intent in {"describe", "define", "where"} and first and is_plural(noun)


def read_members(
    reading: Reading, knowledge: Knowledge, retriever: Retriever, sure_min: float = SURE_MIN
) -> list[Candidate]:
    """The likely members, those of one name together, in the order of the documents; empty without a sure one."""
    ranked = candidates(reading, knowledge, retriever, CANDIDATES_READ)
    found = [
        item
        for item in read(reading, knowledge, ranked, retriever.embedder)
        if item.probability >= PROBABILITY_MIN and plain(item.label) not in plain(reading.question)
    ]
    found = [item for item in found if _may_be_one(item.label, reading, knowledge)]
    if not found or found[0].probability < sure_min:
        return []
    likely = [item for item in found if item.probability >= SHARE_MIN * found[0].probability]
    answers = {item.position: item.answers for item in likely}
    inside = [
        item
        for item in ranked
        if item.position in answers and are_near(reading.places, knowledge, item.position)
    ]
    if not any(_is_about(reading, knowledge, item, answers[item.position]) for item in inside):
        return []  # the passages name such things and say nothing of what is asked about them
    joined = _joined(likely, knowledge)[:MEMBERS_MAX]
    labels = [plain(candidate.label) for candidate in joined]
    by_name = [
        candidate
        for candidate in called(reading, knowledge)
        if not any(_is_part(plain(candidate.label), label) for label in labels)
    ]
    kept = list(unrejected(completed([*joined, *by_name], knowledge), reading, knowledge))
    return sorted(kept, key=lambda candidate: (candidate.positions[0], candidate.label))


def _is_about(reading: Reading, knowledge: Knowledge, item: Support, answers: float) -> bool:
    """True when a passage speaks of what is asked, in its words or in others that mean it, or is read as the answer.

    Firms stand everywhere in such reports: of these it has to be surer.
    """
    if answers >= ANSWERS_MIN:
        return True
    if reading.kind in {"company", "sme"}:
        return accepted(reading, knowledge, item)
    return item.coverage >= COVERAGE_MIN or item.score >= SCORE_MIN


def _may_be_one(label: str, reading: Reading, knowledge: Knowledge) -> bool:
    """True for what is not known to be of another sort than the asked one; who did it has a name, and is no place."""
    if reading.intent == "who" and sort_level(reading, knowledge, [label]) < 0:
        return False
    return not _is_of_them(label, reading) and not is_of_another_sort(reading, knowledge, label)


# "1.8 million visitors", "four historic towns", "major prizes": how many there were, not which.
_NO_NAME = re.compile(r"[^A-Z]*$")


def _is_of_them(label: str, reading: Reading) -> bool:
    """True for the asked noun itself with words in lower case or figures before it: it names none of them."""
    said = stems(label)
    named = _NO_NAME.match(label) is None
    return not named and bool(set(said if label[:1].isdigit() else said[-1:]) & set(reading.heads))


def _joined(found: Sequence[Found], knowledge: Knowledge) -> list[Candidate]:
    """One candidate for each name, by its likeliest mention; a part or an abbreviation of another is none of its own."""
    members: dict[str, Candidate] = {}
    for item in found:
        key = knowledge.names.key_of(item.label)
        text = knowledge.passages[item.position].text
        explained = (known for known, member in members.items() if _explains(text, item.label, member.label))
        part = (
            known for known, member in members.items() if _is_part(plain(item.label), plain(member.label))
        )
        same = next(explained, None) or key or next(part, None) or plain(item.label)
        candidate = members.setdefault(same, Candidate(item.label, key))
        if item.position not in candidate.positions:
            candidate.positions.append(item.position)
    return list(members.values())


def _explains(text: str, label: str, other: str) -> bool:
    """True when a text gives one name in brackets behind the other."""
    return f"{label} ({other})" in text or f"{other} ({label})" in text


def _is_part(label: str, other: str) -> bool:
    """True when one name is the other with words left out at an end: "Herbert" of "Mary Herbert"."""
    short, long = sorted((label, other), key=len)
    return re.search(rf"(?:^|\s){re.escape(short)}$", long) is not None
