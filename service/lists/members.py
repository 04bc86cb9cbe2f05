"""Members of lists: every organisation, project or place that fits, by a query over all facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from corpus.facts import Fact, relates
from corpus.gazetteer import NATIONS
from corpus.places import places, within
from corpus.vocabulary import best, stem, stems
from service.evidence import Quote
from service.knowledge.curated import unrejected
from service.knowledge.knowledge import Knowledge
from service.knowledge.known import Known
from service.lists.called import called
from service.lists.deed_members import asked_side, deed_members
from service.lists.member_search import brought_about, search_for
from service.lists.membership import Candidate, Search, add_by_topic, is_kind, types_at
from service.lists.reports import asks_for_origin, asks_for_reports, origin_members, report_members
from service.lists.seats import asks_for_cities, asks_for_seats, seat_members
from service.lists.stated_members import stated_members
from service.lookups.support import Support
from service.understanding.understand import Reading

# Types of several sorts of deeds: who grew has not opened an office.
_BROAD_TYPES = frozenset({"business_growth"})
FITTING_SHARE = 0.7  # of the question's words that the best statement has
_NARROWER = frozenset(map(stem, ("hospital", "school", "college", "academy", "laboratory", "infirmary")))


def members(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support] = ()) -> list[Candidate]:
    """Every member of the list that a question asks for, in the order of the documents."""
    if asks_for_reports(reading):
        found = list(report_members(reading, knowledge))
    elif asks_for_origin(reading):
        found = list(origin_members(knowledge))
    elif "place" in reading.kinds:
        by_seat = asks_for_seats(reading)
        found = list((seat_members if by_seat else _place_members)(reading, knowledge))
    elif _is_narrower(reading):
        found = called(reading, knowledge, least=1)
    elif reading.kind and reading.kind not in {"award", "product"}:
        found = _named_members(reading, knowledge, {item.position: item.dense for item in ranked})
    else:
        found = (called(reading, knowledge) if not reading.kind else []) or stated_members(reading, knowledge)
    found = [
        candidate
        for candidate in unrejected(found, reading, knowledge)
        if not _is_excluded(candidate, reading)
    ]
    return sorted(found, key=lambda candidate: (min(candidate.positions, default=0), candidate.label))


def _is_narrower(reading: Reading) -> bool:
    """True for "hospitals" or "schools": institutions of a sort that is part of their names."""
    return reading.kind == "academic" and bool(_NARROWER & set(reading.heads))


def _is_excluded(candidate: Candidate, reading: Reading) -> bool:
    """True for what the question leaves out, and for a place within it."""
    return bool(reading.excluded) and (
        set(stems(reading.excluded)) <= set(stems(candidate.label))
        or within(candidate.label, reading.excluded)
    )


def _named_members(reading: Reading, knowledge: Knowledge, dense: Mapping[int, float]) -> list[Candidate]:
    search = search_for(reading, knowledge, dense)
    asked = asked_side(reading)
    told = list(deed_members(*asked, search)) if asked else []
    if told:
        return told
    children = knowledge.children if search.children and "spin_out" not in search.relations else None
    silent = _told_without_name(search)
    found = []
    for known in knowledge.entities.values():
        if known.key in reading.keys or not is_kind(known, reading, search.children):
            continue
        if children is not None and known.key not in children:
            continue
        candidate = Candidate(known.name, known.key)
        if reading.based and not _based(known, reading, knowledge, candidate):
            continue
        if search.relations:
            _by_relation(known, search, candidate)
            _opens(known, search, candidate)
        else:
            add_by_topic(known, search, candidate)
            if search.themes:
                _by_relation(known, brought_about(search), candidate)
        candidate.positions += [at for at in silent.get(known.key, ()) if at not in candidate.positions]
        if candidate.positions:
            _add_size(known, reading, candidate)
            found.append(candidate)
    broad = bool(search.relations) and _BROAD_TYPES.issuperset(search.relations)
    return _most_fitting(found, search) if broad else found


def _most_fitting(found: Sequence[Candidate], search: Search) -> list[Candidate]:
    """The candidates with a statement that has about as many of the question's words as any: who "opened an office"."""
    asked = [word for word in search.reading.content if word not in search.reading.heads]
    shares = [max(_share_said(asked, position, search.knowledge) for position in c.positions) for c in found]
    least = FITTING_SHARE * max(shares, default=0.0)
    return [candidate for candidate, share in zip(found, shares, strict=True) if share >= least]


def _share_said(asked: Sequence[str], position: int, knowledge: Knowledge) -> float:
    said = knowledge.words.passage_stems[position]
    return sum(best(word, said) for word in asked) / max(len(asked), 1)


def _told_without_name(search: Search) -> Mapping[str, list[int]]:
    """By entity, the fitting passages that speak of nobody of the asked kind, but of their report's subject.

    Only for questions that name somebody, whose name ties the passage to the question.
    """
    reading, knowledge = search.reading, search.knowledge
    told: dict[str, list[int]] = defaultdict(list)
    named = sorted(reading.keys) if reading.named else []
    documents = {entity.document_id for key in named for entity in knowledge.entities[key].entities}
    for position, passage in enumerate(knowledge.passages if named and not search.deeds else ()):
        if passage.document_id not in documents or not search.fits(position) or not search.done(position):
            continue
        if search.relations and not set(search.relations) & types_at(knowledge, position):
            continue
        actors = {fact.subject_key for fact in knowledge.facts_at[position]} - reading.keys
        if any(key in knowledge.entities and is_kind(knowledge.entities[key], reading) for key in actors):
            continue
        subject = knowledge.spoken_of.get(position) or knowledge.subject_of(passage.document_id)
        if subject is not None and subject not in reading.keys:
            told[subject].append(position)
    return told


def _by_relation(known: Known, search: Search, candidate: Candidate) -> None:
    for fact in search.knowledge.facts_of(known.key):
        if (
            fact.outcome_type not in search.relations
            or fact.polarity == "negated"
            or fact.modality == "potential"
        ):
            continue
        if not _has_role(fact, known.key, search.reading, search.children) or not search.measured(fact):
            continue
        position = search.knowledge.passage_at(fact.document_id, fact.selector.start)
        if position is None or not search.fits(position, fact):
            continue
        candidate.facts.append(fact)
        if position not in candidate.positions:
            candidate.positions.append(position)


def _opens(known: Known, search: Search, candidate: Candidate) -> None:
    """Adds the passages that the entity opens and that show the relation of nobody else of its sort.

    In "Norvia, having raised £2 million, has won a prize" the parser loses the subject of the last verb.
    """
    two_sided = "spin_out" in search.relations or _asks_who_bought(search.reading)
    if search.children or search.reading.limit or two_sided:
        return
    knowledge = search.knowledge
    for position in sorted(known.passages - set(candidate.positions)):
        text = re.sub(r"^The ", "", knowledge.passages[position].text)
        if not any(text.startswith(form) for form in known.forms) or not search.fits(position):
            continue
        facts = [fact for fact in knowledge.facts_at[position] if fact.outcome_type in search.relations]
        others = {fact.subject_key for fact in facts} - {None, known.key}
        if (
            facts
            and not others
            and all(f.polarity == "affirmed" and f.modality != "potential" for f in facts)
        ):
            candidate.positions.append(position)


def _has_role(fact: Fact, key: str, reading: Reading, children: bool) -> bool:
    if fact.outcome_type == "spin_out" and relates(fact):
        return (fact.object_key if children else fact.subject_key) == key
    if fact.outcome_type == "spin_out" and children:
        return False
    if _asks_who_bought(reading) and (fact.predicate != "acquire" or fact.extractor != "relation"):
        return False
    if fact.predicate == "acquire":
        passive = re.search(
            r"\b(?:was|were|been|got|being) (?:\w+ )?(?:acquired|bought|purchased|taken over|sold|"
            r"snapped)|\bby whom\b",
            reading.question.lower(),
        )
        return (fact.object_key if passive else fact.subject_key) == key
    if fact.outcome_type == "participation" and relates(fact) and reading.kind == "project":
        return fact.object_key == key
    return fact.subject_key == key


def _asks_who_bought(reading: Reading) -> bool:
    """True when a question asks who bought whom: only facts with both roles answer it."""
    return (
        re.search(
            r"\b(?:acquired?|bought|buy|buys|purchased?|take over|taken over|takeover)\b",
            reading.question.lower(),
        )
        is not None
    )


def _based(known: Known, reading: Reading, knowledge: Knowledge, candidate: Candidate) -> bool:
    """True when the entity is based in every place asked for; the candidate then cites where that is said."""
    for place in reading.places:
        based = [
            fact
            for fact in knowledge.facts_of(known.key)
            if fact.outcome_type == "location"
            and relates(fact)
            and fact.subject_key == known.key
            and within(fact.place, place.name)
        ]
        if not based:
            return False
        candidate.also.append(Quote(based[0].document_id, based[0].selector.start, based[0].selector.end))
    return True


def _add_size(known: Known, reading: Reading, candidate: Candidate) -> None:
    """Cites where a company is said to be small, when the question asks for small ones."""
    if reading.kind != "sme":
        return
    for entity in known.entities:
        said = entity.sme_evidence
        if said is not None:
            candidate.also.append(Quote(entity.document_id, said.start, said.end))
            return


def _place_members(reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    """The countries, cities or places that fitting passages name."""
    search = search_for(reading, knowledge, {})
    wanted = {"city"} if asks_for_cities(reading) else {"country", "nationality"}
    found: dict[str, Candidate] = {}
    for position in range(len(knowledge.passages)):
        if not search.fits(position):
            continue
        for place in places(knowledge.passages[position].text):
            is_nation = "country" in wanted and place.name in NATIONS
            if (place.kind in wanted or is_nation) and place.country:
                candidate = found.setdefault(place.name, Candidate(place.name, None))
                if position not in candidate.positions:
                    candidate.positions.append(position)
    yield from found.values()
