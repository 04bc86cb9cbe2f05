"""Which way a question is answered: facts first, passages second, an honest refusal last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.taxonomy import plain
from index.retriever import Retriever
from service.deeds.deed_frames import Deed
from service.deeds.premises import bearing, cites, tells_such, unsupported
from service.evidence import Draft, Refusal
from service.figures.comparing import comparison
from service.figures.counting import asks_for_count, counts_crowd, figure_or_count, states_figure
from service.figures.read_apart import comparison_read
from service.figures.side_by_side import side_by_side
from service.figures.superlatives import superlative
from service.knowledge.knowledge import Knowledge
from service.knowledge.locating import located
from service.lists.list_choice import (
    READ_SURE_MIN,
    asks_for_things,
    list_of,
    several_read,
    several_told,
    with_members,
)
from service.lists.read_members import SURE_MIN, names_several, read_list
from service.lists.report_reading import asks_for_research, research_answer
from service.lists.reports import asks_for_reports
from service.lookups.dating import dated
from service.lookups.describing import asks_long_form, definition, description, long_form
from service.lookups.judging import yes_no
from service.lookups.lookup import (
    DENSE_MIN,
    DENSE_PLACE_MIN,
    candidates,
    line_of,
    lookup,
    other_figure,
    refusal,
)
from service.lookups.reranking import reranked
from service.lookups.support import Support, place_at
from service.projects.project_answers import from_project_rows
from service.understanding.understand import Reading
from service.writing.confidence import with_confidence

FAR_BETTER_MIN = 0.9  # support of a passage that may replace a description
FAR_BETTER_SHARE = 0.7  # of it, that the description must have to stay
PARTICULAR_WORTH = 0.6  # of a content word, from which a question asks for more than what a thing is
STATED_ODDS_MIN = 4.0  # of a passage to answer, from which it may replace a figure that fits the question
BEARING_ODDS_MIN = 4.0  # the same for one to bear a deed that no sentence tells by its verb
READ_ALONE_MIN = 0.6  # probability of a member from which a list is read that no passage surely answers
SURE_ODDS_MIN = 2.0  # of the best passage to answer, from which it may tell one that is based in a place

_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|thanks?|thank you|good (?:morning|afternoon|evening|day)|bye|goodbye|"
    r"ok(?:ay)?|cheers|how are you|who are you|what can you do|test|yo)\b[^?]{0,40}\??\W*$",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}\b(?:instructions?|rules?|prompts?|above|previous|guidelines|report|sources?)\b|"
    r"\byou are now\b|\bpretend (?:to|that|you)\b|\brepeat after me\b|\bsystem ?(?:prompt|:)|"
    r"\bact as\b|\brole-?play\b|\bjailbreak\b|"
    r"^\W*(?:say|write|output|print|respond|reply) (?:that|with|only|exactly)\b|\bsay that\b",
    re.IGNORECASE,
)


def plan(reading: Reading, knowledge: Knowledge, retriever: Retriever, limit: int) -> Draft | Refusal:
    """The evidence that answers a question, or the reason why there is none."""
    if (
        _GREETING.match(reading.question)
        or _INSTRUCTION.search(reading.question)
        or not re.search(r"[^\W\d_]{2}", reading.question)
    ):
        return Refusal(
            "not_a_question", "Ask a question about what the reports say, for example how many, which or who."
        )
    tabled = from_project_rows(reading, knowledge, limit)
    if tabled is not None:
        return tabled
    ranked = reranked(
        reading, knowledge, candidates(reading, knowledge, retriever), retriever.embedder.reader
    )
    if (
        reading.unknown
        or not ranked
        or (_is_far(reading, ranked) and not reading.named and not _asks_for_any(reading))
    ):
        # Facts answer "Which company is the oldest?" though no sentence is close to it in meaning.
        by_facts = reading.intent == "compare" and not reading.unknown
        return (superlative(reading, knowledge) if by_facts else None) or refusal(reading, knowledge, ranked)
    told = bearing(reading, knowledge)
    surely_read = _is_read_at_least(ranked[0], BEARING_ODDS_MIN)
    if told == {} and surely_read and not tells_such(reading, knowledge, ranked[0].position):
        told = None  # in words that the frame of the deed does not know
    if told is not None:
        ranked = [item for item in ranked if item.position in told]
    found = _found(reading, knowledge, ranked, limit, told, retriever)
    if isinstance(found, Draft):
        found = _better_told(found, reading, knowledge, ranked)
        return with_confidence(with_members(found, reading, knowledge, retriever), knowledge, ranked)
    if found is None and told is not None:
        return unsupported(reading, knowledge)
    return found or refusal(reading, knowledge, ranked)


def _is_far(reading: Reading, ranked: list[Support]) -> bool:
    """True when nothing in the corpus is close to a question; what only names a place must be closer."""
    least = DENSE_PLACE_MIN if reading.places and not reading.kind else DENSE_MIN
    return all(item.dense < least and item.parts["sought"] < least for item in ranked)


def _better_told(found: Draft, reading: Reading, knowledge: Knowledge, ranked: list[Support]) -> Draft:
    """The draft, or the look-up when a passage that it leaves out supports an answer far better.

    Only for questions that ask something particular of a thing, beyond what it is, and for figures where another
    passage is read most surely. A figure that is stated once gets the sentence that gives another one.
    """
    cited = [
        knowledge.passage_at(quote.document_id, quote.start) for line in found.lines for quote in line.quotes
    ]
    scores = {item.position: item.score for item in ranked}
    support = max((scores.get(position, 0.0) for position in cited if position is not None), default=0.0)
    is_far_better = (
        bool(ranked) and ranked[0].score >= FAR_BETTER_MIN and support < FAR_BETTER_SHARE * ranked[0].score
    )
    is_stated = bool(found.figures) and not found.members and not any(line.computed for line in found.lines)
    is_particular = (
        not found.members
        and reading.intent in {"define", "describe"}
        and any(worth >= PARTICULAR_WORTH for worth in reading.worth)
    )
    if is_far_better and (is_particular or (is_stated and _is_read_at_least(ranked[0], STATED_ODDS_MIN))):
        return lookup(reading, knowledge, ranked) or found
    if is_stated and reading.intent in {"quantity", "when"} and not found.disagreements:
        return _with_other_figure(found, reading, knowledge, ranked, set(cited))
    return found


def _with_other_figure(
    found: Draft, reading: Reading, knowledge: Knowledge, ranked: list[Support], cited: set[int | None]
) -> Draft:
    """The draft with the sentence that gives another figure for the same thing, if a passage is read so."""
    place = next((at for at, item in enumerate(ranked) if item.read and item.position in cited), None)
    other = None if place is None else other_figure(reading, knowledge, ranked, place)
    if other is None or other.position in cited:
        return found
    return replace(found, lines=(*found.lines, line_of(reading, knowledge, other)))


def _asks_for_any(reading: Reading) -> bool:
    """True when reports are asked for by where they come from, which no sentence need be close to."""
    return reading.intent in {"list", "quantity"} and asks_for_reports(reading)


def _found(
    reading: Reading,
    knowledge: Knowledge,
    ranked: list[Support],
    limit: int,
    told: Mapping[int, Sequence[Deed]] | None,
    retriever: Retriever,
) -> Draft | Refusal | None:
    """The answer of facts, of an enumeration or of passages; with a deed `told`, one that rests on it."""
    found = _from_facts(reading, knowledge, ranked, limit, told, retriever)
    if isinstance(found, Refusal) or (found and (told is None or cites(found, told, knowledge))):
        return found
    ways = [_from_passages]
    if asks_for_count(reading) and not counts_crowd(reading):
        ways.append(lambda *_: several_read(reading, knowledge, retriever, limit))
        if not states_figure(knowledge, ranked):
            ways.insert(0, lambda *_: several_read(reading, knowledge, retriever, limit, READ_SURE_MIN))
    if asks_for_things(reading):
        surely = reading.intent != "who"  # of one who did it a sentence tells more
        # Without a noun nothing says of what sort the members are: the best supported sentence goes first.
        ways.insert(
            0 if reading.heads else 1,
            lambda *_: (
                (surely and several_read(reading, knowledge, retriever, limit, READ_SURE_MIN))
                or several_told(reading, knowledge, ranked, retriever, limit)
            ),
        )
    found = next(filter(None, (way(reading, knowledge, ranked) for way in ways)), None)
    several = asks_for_things(reading) or reading.intent == "where"
    if found is None and several:
        # "Whose work was shown at ...": neither facts nor one sentence tell.
        sure_min = SURE_MIN if any(_is_read_at_least(item, 0.0) for item in ranked) else READ_ALONE_MIN
        return several_read(reading, knowledge, retriever, limit, sure_min)
    return found


def _from_facts(
    reading: Reading,
    knowledge: Knowledge,
    ranked: list[Support],
    limit: int,
    told: Mapping[int, Sequence[Deed]] | None,
    retriever: Retriever,
) -> Draft | Refusal | None:
    if asks_for_research(reading, knowledge):
        research = research_answer(reading, knowledge, retriever.embedder.reader, limit)
        if research is not None:
            return research
    if names_several(reading):
        return read_list(reading, knowledge, retriever, limit)
    match reading.intent:
        case "compare":
            found = comparison(reading, knowledge)
            if not isinstance(found, Draft):
                found = comparison_read(reading, knowledge, retriever) or found
            if not isinstance(found, Draft):
                found = side_by_side(reading, knowledge, ranked) or found
            return found or superlative(reading, knowledge)
        case "quantity":
            return figure_or_count(reading, knowledge, ranked, limit, told, retriever)
        case "list" | "who":
            return list_of(reading, knowledge, ranked, limit, retriever)
        case "where":
            return located(reading, knowledge)
        case "when":
            return dated(reading, knowledge)
        case "define":
            spelt_out = asks_long_form(reading)
            return (long_form(reading, knowledge) if spelt_out else None) or definition(
                reading, knowledge, ranked
            )
        case "yes_no":
            return yes_no(reading, knowledge, ranked)
        case "describe":
            why = re.match(r"\W*why\b", plain(reading.question))
            return description(reading, knowledge, ranked) if reading.named and not why else None
    return None


def _from_passages(reading: Reading, knowledge: Knowledge, ranked: list[Support]) -> Draft | None:
    if reading.intent == "yes_no":
        return None
    if (
        reading.intent == "list"
        and reading.kind
        and reading.based
        and not _tells_one_based(reading, knowledge, ranked)
    ):
        return None
    return lookup(reading, knowledge, ranked)


def _tells_one_based(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> bool:
    """True when the best passage is surely read as the answer and names the places that what is asked for is based in."""
    best = next(iter(ranked), None)
    if best is None or not _is_read_at_least(best, SURE_ODDS_MIN):
        return False
    return all(place_at(place.name, knowledge, best.position) for place in reading.places)


def _is_read_at_least(item: Support, odds: float) -> bool:
    return item.read is not None and item.read.answers >= odds
