"""Which way a question is answered: facts first, passages second, an honest refusal last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.quantity import quantities
from corpus.taxonomy import plain
from index.retriever import Retriever
from service.deeds.deed_frames import Deed
from service.deeds.premises import bearing, cites, is_paid, unsupported
from service.evidence import Draft, Line, Refusal, distinct
from service.figures.comparing import comparison, total
from service.figures.figure_answers import figure_answer, fitting_figures
from service.figures.read_apart import comparison_read, sum_read
from service.figures.side_by_side import side_by_side
from service.figures.superlatives import superlative
from service.figures.within_sentence import summed_as_read, summed_within
from service.knowledge.knowledge import Knowledge
from service.knowledge.locating import located
from service.lists.deed_members import asked_side
from service.lists.enumerating import ROW_MIN, enumerated, enumeration_answer, is_singular
from service.lists.list_answer import list_answer, member
from service.lists.member_search import search_for
from service.lists.members import members
from service.lists.membership import Candidate
from service.lists.read_members import NOTE, SURE_MIN, names_several, read_list, read_members
from service.lists.report_reading import asks_for_research, research_answer
from service.lists.reports import asks_for_origin, asks_for_reports
from service.lookups.acceptance import accepted
from service.lookups.dating import dated
from service.lookups.describing import definition, description, long_form
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
FIGURE_AMONG, FIGURE_ODDS_MIN = (
    3,
    0.0,
)  # best passages, and log-odds from which a figure of theirs is asked for
SURE_ODDS_MIN = 2.0  # of the best passage to answer, from which it may tell one that is based in a place
WHOM_WORDS_MAX = 8  # of a statement that stands for those who are asked for
READ_SURE_MIN = 0.5  # probability of a member from which a list as read goes before an enumeration
TOLD_SURELY_MIN = 0.8  # support from which a sentence that tells one member goes before a search for all

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
    if told is not None:
        ranked = [item for item in ranked if item.position in told]
    found = _found(reading, knowledge, ranked, limit, told, retriever)
    if isinstance(found, Draft):
        found = _better_told(found, reading, knowledge, ranked)
        return with_confidence(_with_members(found, reading, knowledge, retriever), knowledge, ranked)
    if found is None and told is not None:
        return unsupported(reading, knowledge)
    return found or refusal(reading, knowledge, ranked)


def _is_far(reading: Reading, ranked: list[Support]) -> bool:
    """True when nothing in the corpus is close to a question; what only names a place must be closer."""
    least = DENSE_PLACE_MIN if reading.places and not reading.kind else DENSE_MIN
    return all(item.dense < least and item.parts["sought"] < least for item in ranked)


def _better_told(found: Draft, reading: Reading, knowledge: Knowledge, ranked: list[Support]) -> Draft:
    """The draft, or the look-up when a passage that it leaves out supports an answer far better.

    Only for questions that ask something particular of a thing, beyond what it is. A figure that is stated once
    gets the sentence that gives another one.
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
    if is_particular and is_far_better:
        return lookup(reading, knowledge, ranked) or found
    if is_stated and reading.intent == "quantity" and not found.disagreements:
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
    if _COUNTS.search(plain(reading.question)):
        ways.append(lambda *_: _several_read(reading, knowledge, retriever, limit))
        if not _states_figure(knowledge, ranked):
            ways.insert(0, lambda *_: _several_read(reading, knowledge, retriever, limit, READ_SURE_MIN))
    if _asks_for_things(reading):
        surely = reading.intent != "who"  # of one who did it a sentence tells more
        # Without a noun nothing says of what sort the members are: the best supported sentence goes first.
        ways.insert(
            0 if reading.heads else 1,
            lambda *_: (
                (surely and _several_read(reading, knowledge, retriever, limit, READ_SURE_MIN))
                or enumeration_answer(reading, knowledge, ranked, retriever.embedder.reader)
            ),
        )
    found = next(filter(None, (way(reading, knowledge, ranked) for way in ways)), None)
    several = _asks_for_things(reading) or reading.intent == "where"
    if found is None and several and any(item.read and item.read.answers > 0 for item in ranked):
        # "Whose work was shown at ...": neither facts nor one sentence tell.
        return _several_read(reading, knowledge, retriever, limit)
    return found


def _several_read(
    reading: Reading, knowledge: Knowledge, retriever: Retriever, limit: int, sure_min: float = SURE_MIN
) -> Draft | None:
    """The members read off the passages, where the likeliest is sure enough and there are several."""
    found = None if is_singular(reading) else read_list(reading, knowledge, retriever, limit, sure_min)
    return found if found and len(found.members) > 1 else None


# Questions whose answer may be several things: "Into which languages", "What has Norvia sold", "Who paid".
_ASKS_FOR_THINGS = re.compile(
    r"\b(?:what|which|who|whom)\b(?! (?:is|was) (?!\w+ed\b|built\b|made\b|set up\b))|"
    r"^\W*(?:please )?(?:list|name|give)\b"
)


def _asks_for_things(reading: Reading) -> bool:
    """True when a question may be answered by several members rather than by one thing, figure or date."""
    return (
        reading.intent in {"list", "who", "describe", "define"}
        and _ASKS_FOR_THINGS.search(plain(reading.question)) is not None
        and not re.match(r"\W*(?:why|how)\b", plain(reading.question))
    )


def _with_members(found: Draft, reading: Reading, knowledge: Knowledge, retriever: Retriever) -> Draft:
    """The draft with the members read off the passages or enumerated by its sentences, when several things are asked for."""
    asks = _asks_for_things(reading) or reading.intent == "where"
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
            return _figure_or_count(reading, knowledge, ranked, limit, told, retriever)
        case "list" | "who":
            return _list(reading, knowledge, ranked, limit, retriever)
        case "where":
            return located(reading, knowledge)
        case "when":
            return dated(reading, knowledge)
        case "define":
            spelt_out = re.search(
                r"\bstands? for\b|\bmean(?:ing)?\b|\bfull (?:name|form)\b|\bacronym\b|\babbreviat",
                plain(reading.question),
            )
            return (long_form(reading, knowledge) if spelt_out else None) or definition(
                reading, knowledge, ranked
            )
        case "yes_no":
            return yes_no(reading, knowledge, ranked)
        case "describe":
            why = re.match(r"\W*why\b", plain(reading.question))
            return description(reading, knowledge, ranked) if reading.named and not why else None
    return None


def _list(
    reading: Reading, knowledge: Knowledge, ranked: list[Support], limit: int, retriever: Retriever
) -> Draft | None:
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
    if (
        reading.intent != "list"
        or is_singular(reading)
        or asks_for_reports(reading)
        or asks_for_origin(reading)
    ):
        return False
    if not reading.kind:
        return True
    search = search_for(reading, knowledge, {})
    told = search.relations or asked_side(reading) or "spin_out" in search.themes
    if reading.kind not in _KEPT_KINDS:
        return not (found and told)
    limited = reading.limit or reading.period or reading.based
    return not (found or told or search.themes or limited)


def _one_is_told(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> bool:
    """True when one thing is asked for by what no outcome type stands for, and a sentence tells it surely."""
    if not is_singular(reading) or not ranked or ranked[0].score < TOLD_SURELY_MIN:
        return False
    search = search_for(reading, knowledge, {})
    typed = search.relations or search.themes or search.is_loose or reading.limit or reading.based
    return not typed and accepted(reading, knowledge, ranked[0])


def _by_sentence(reading: Reading, knowledge: Knowledge, found: Sequence[Candidate]) -> bool:
    """True when one sentence may list the members better than a search over all facts."""
    if asks_for_reports(reading) or asks_for_origin(reading) or not reading.kind or asked_side(reading):
        return False
    search = search_for(reading, knowledge, {})
    by_name = bool(reading.named) and search.is_loose and reading.kind != "award"
    by_words = not (search.relations or search.themes) and len(found) == 1
    return not found or "place" in reading.kinds or by_name or by_words


def _figure_or_count(
    reading: Reading,
    knowledge: Knowledge,
    ranked: list[Support],
    limit: int,
    told: Mapping[int, Sequence[Deed]] | None,
    retriever: Retriever,
) -> Draft | Refusal | None:
    """A figure that a report gives; else, for things with names, the count of those named."""
    counts_names = bool(
        re.search(r"\b(?:named|mentioned|listed|described|in the reports?)\b", plain(reading.question))
    )
    summed = total(reading, knowledge)
    if not isinstance(summed, Draft):
        summed = (
            summed_within(reading, knowledge, ranked)
            or sum_read(reading, knowledge, retriever)
            or summed_as_read(reading, knowledge, ranked)
            or summed
        )
    if summed is not None:
        return summed
    found = fitting_figures(reading, knowledge)
    if told is not None and reading.asks_for == "money":
        found = [item for item in found if is_paid(told.get(item.position, ()), item.fact.value)]
    listed = (
        members(replace(reading, intent="list"), knowledge)
        if (reading.kind or asks_for_reports(reading)) and _COUNTS.search(plain(reading.question))
        else []
    )
    counts_names |= asks_for_reports(reading)
    if listed and (counts_names or not found or reading.places or _limits(reading)):
        return list_answer(reading, knowledge, listed, limit)
    if not found:
        return None
    stated = figure_answer(reading, knowledge, found)
    return _with_names(stated, list_answer(reading, knowledge, listed, limit)) if listed else stated


_COUNTS = re.compile(r"\bhow many\b|\bnumber of\b")


def _states_figure(knowledge: Knowledge, ranked: Sequence[Support]) -> bool:
    """True when one of the best passages has a figure that is read as what is asked for."""
    return any(
        item.read is not None and item.read.odds_of(figure.start, figure.end) >= FIGURE_ODDS_MIN
        for item in ranked[:FIGURE_AMONG]
        for figure in quantities(knowledge.passages[item.position].text)
        if figure.kind == "count"
    )


def _limits(reading: Reading) -> bool:
    """True when a count is of some members only ("how many of them", "before 2000"): a figure counts all."""
    return reading.period is not None or re.search(r"\bhow many of\b", plain(reading.question)) is not None


def _with_names(stated: Draft, listed: Draft) -> Draft:
    """The stated figure with the members that the reports name, when these are no more than it counts."""
    number = stated.figures[0].number if stated.figures else None
    if number is None or not 1 < len(listed.members) <= number:
        return stated
    names = ", ".join(member.label for member in listed.members)
    quotes = distinct([quote for member in listed.members for quote in member.quotes[:1]])
    line = Line(
        f"The reports name {len(listed.members)} of them: {names}.",
        quotes,
        computed=f"count of {names}: {len(listed.members)}",
    )
    return replace(
        stated,
        lines=(*stated.lines, line),
        members=listed.members,
        figures=(*stated.figures, *listed.figures),
        members_told=False,
    )


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
    if best is None or best.read is None or best.read.answers < SURE_ODDS_MIN:
        return False
    return all(place_at(place.name, knowledge, best.position) for place in reading.places)
