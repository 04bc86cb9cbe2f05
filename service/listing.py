"""Lists and counts: members found by a query over all facts, each with the sentence that makes it one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.dates import dates, in_range
from corpus.facts import Fact
from corpus.places import places, within
from corpus.taxonomy import kind_nouns, kind_of, outcome_types, plural, singular, triggers
from corpus.vocabulary import best, light_stems, people_stems, stem, stems, words
from service.evidence import Draft, Figure, Line, Member, Quote, distinct, quote_of, quotes_of
from service.knowledge import Knowledge, Known
from service.remainder import remainder
from service.support import Support, place_at, word_level
from service.understand import Reading

DETAILED_MAX = 8  # members of a longer list are told without their sentences, which their citations show
TOPIC_MIN = 0.72  # share of the topic words, weighted by idf, that a statement must have
_COMPATIBLE = {
    "sme": {"company"},
    "company": {"company"},
    "project": {"project"},
    "programme": {"programme"},
    "academic": {"academic"},
    "network": {"network", "patient_organisation"},
    "funder": {"funder", "network"},
}
# An object that a preposition governs says how or where, not what.
_GOVERNED = re.compile(
    r"(?:in|as|of|by|to|through|for|from|with|on|at|under|during|into|via|within|because)\\b", re.IGNORECASE
)
# What "belong to" or "come from" means for spin-offs is that they were spun out.
_CHILD_TYPES = frozenset({"spin_out", "participation", "collaboration"})
DENSE_NEAR = 0.55  # a passage this close in meaning needs fewer of the topic words
# Types that say where or when, not what a member did.
_NO_RELATION = frozenset(
    "location qualitative_claim context_statistic milestone definition objective contact".split()
)
# Types whose members are what came out, not who brought it about: "Which spin-offs ...".
_CHILD_NOUNS = re.compile(r"\b(?:spin|start-?up|venture)")


@dataclass
class Candidate:
    """A member in the making: label, the statements that speak for it."""

    label: str
    key: str | None
    positions: list[int] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    also: list[Quote] = field(default_factory=list)  # where its kind or place is said


def members(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support] = ()) -> list[Candidate]:
    """Every member of the list that a question asks for, in the order of the documents; empty when there is none."""
    if "place" in reading.kinds:
        found = list(_place_members(reading, knowledge))
    elif reading.kind and reading.kind not in {"award", "product"}:
        found = _named_members(reading, knowledge, {item.position: item.dense for item in ranked})
    else:
        found = _stated_members(reading, knowledge)
    return sorted(found, key=lambda candidate: (min(candidate.positions, default=0), candidate.label))


# Named members: organisations, projects, persons


@dataclass(frozen=True)
class _Search:
    """What the statements about a member must hold."""

    reading: Reading
    knowledge: Knowledge
    relations: tuple[str, ...]  # outcome types that the member itself must have brought about
    themes: tuple[str, ...]  # outcome types that a statement about it must show
    topic: tuple[tuple[str, float], ...]  # further words with their worth
    children: bool  # what came out is asked for, not who brought it about
    dense: Mapping[int, float]  # closeness of meaning of the nearest passages

    def dated(self, position: int, fact: Fact | None) -> bool:
        """True when the statement's date lies in the asked period; a fact's own date counts before others near by."""
        period = self.reading.period
        if period is None:
            return True
        if fact is not None and fact.date:
            return in_range(fact.date, *period)
        return fact is None and any(
            in_range(date.value, *period) for date in dates(self.knowledge.passages[position].text)
        )

    def measured(self, fact: Fact) -> bool:
        """True when the fact's figure passes the test of the question ("more than 5 million")."""
        limit = self.reading.limit
        if limit is None:
            return True
        if fact.value is None or (limit.unit and fact.unit != limit.unit):
            return False
        if limit.money and not re.fullmatch(r"[A-Z]{3}", fact.unit):
            return False
        return fact.value >= limit.low if limit.high is None else fact.value <= limit.high

    def fits(self, position: int, fact: Fact | None = None) -> bool:
        """True when a statement has the names, years, themes and topic words of the question."""
        reading, knowledge = self.reading, self.knowledge
        passage = knowledge.passages[position]
        if passage.kind == "heading" or (reading.documents and passage.document_id not in reading.documents):
            return False
        if any(not _speaks_of(name.keys, knowledge, position, fact) for name in reading.named):
            return False
        if not self.dated(position, fact):
            return False
        if any(
            not place_at(place.name, knowledge, position) for place in reading.places if not reading.based
        ):
            return False
        if self.themes and not set(self.themes) & types_at(knowledge, position):
            return False
        share = topic_share(self.topic, knowledge, position)
        near = self.dense.get(position, 0.0) >= DENSE_NEAR and share >= 0.4
        return share >= TOPIC_MIN or near


def _search(reading: Reading, knowledge: Knowledge, dense: Mapping[int, float]) -> _Search:
    children = bool(_CHILD_NOUNS.search(reading.noun_text.lower())) or _asks_for_children(reading)
    relations = relation_types(reading)
    noun_types = {name for name, _, _ in triggers(reading.noun_text, asked=True)}
    stated = {name for name, _, _ in triggers(reading.question)}
    themes = tuple(
        name
        for name in reading.outcome_types
        if name in stated and name not in relations and name not in noun_types and name not in _NO_RELATION
    )
    return _Search(reading, knowledge, relations, themes, topic_words(reading), children, dense)


def _named_members(reading: Reading, knowledge: Knowledge, dense: Mapping[int, float]) -> list[Candidate]:
    search = _search(reading, knowledge, dense)
    children = knowledge.children if search.children and "spin_out" not in search.relations else None
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
        else:
            _by_topic(known, search, candidate)
        if candidate.positions:
            _add_size(known, reading, candidate)
            found.append(candidate)
    return found


def is_kind(known: Known, reading: Reading, children: bool = False) -> bool:
    """True when an entity is of a kind that the question asks for; what was founded may be of several kinds."""
    if children:
        return known.kind in {"company", "other", "network", "funder", "product"}
    for kind in reading.kinds:
        if known.kind in _COMPATIBLE.get(kind, {kind}) and (
            kind != "sme" or known.sme in {"stated", "implied"}
        ):
            return True
    return reading.kind == "project" and known.kind == "programme" and len(known.passages) < 12


def relation_types(reading: Reading) -> tuple[str, ...]:
    """The outcome types that say what a member must have done: shown by a verb, or by the asked noun "spin-offs"."""
    found = [name for name in reading.verbal_types if name not in _NO_RELATION]
    if _CHILD_NOUNS.search(reading.noun_text.lower()):
        found = [name for name in found if name not in _CHILD_TYPES] or ["spin_out"]
    return tuple(found)


def topic_words(reading: Reading) -> tuple[tuple[str, float], ...]:
    """The content words, with their worth, beside the asked noun and the words that show an outcome type."""
    nouns = (
        {stem(word) for word in (" ".join(kind_nouns())).split()}
        if reading.kind not in {"", "person"}
        else set()
    )
    skipped = (
        set(reading.trigger_stems)
        | light_stems()
        | set(reading.noun if reading.kind not in {"", "person"} else ())
    )
    skipped |= people_stems()[0]
    more = {stem(word) for word in words(reading.more)}
    found = tuple(
        (word, worth)
        for word, worth in zip(reading.content, reading.worth, strict=True)
        if word not in skipped and word not in nouns and word not in more
    )
    related = relation_types(reading) and reading.named
    return tuple(item for item in found if item[1] >= 0.6) if related else found


def _asks_for_children(reading: Reading) -> bool:
    """True when "companies" means what was founded: "companies were founded", "businesses born of the research"."""
    if "spin_out" not in reading.outcome_types or reading.kind not in {"company", "sme"}:
        return False
    lowered = reading.question.lower()
    return bool(
        re.search(
            r"\b(?:companies|businesses|firms|ventures|enterprises|company|business|firm)\b (?:that |which )?(?:were|was|have been|has been|are|is|got|being)?\s*"
            r"(?:newly )?(?:founded|formed|created|established|launched|set up|started|incorporated|spun|born|came|come|grew|emerged?|arose|originat\w+|stem\w*)",
            lowered,
        )
    ) and not re.search(
        r"\bspun (?:off|out) (?:new |other |a |any )?(?:compan|business|firm|venture|spin)", lowered
    )


def _by_relation(known: Known, search: _Search, candidate: Candidate) -> None:
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


def _has_role(fact: Fact, key: str, reading: Reading, children: bool) -> bool:
    if fact.outcome_type == "spin_out" and fact.extractor == "relation":
        return (fact.object_key if children else fact.subject_key) == key
    if fact.outcome_type == "spin_out" and children:
        return False
    if fact.extractor == "clause" and search_is_acquisition(reading):
        return False
    if fact.predicate == "acquire":
        passive = re.search(
            r"\b(?:was|were|been|got|being) (?:\w+ )?(?:acquired|bought|purchased|taken over|sold|snapped)|\bby whom\b",
            reading.question.lower(),
        )
        return (fact.object_key if passive else fact.subject_key) == key
    if fact.outcome_type == "participation" and fact.extractor == "relation" and reading.kind == "project":
        return fact.object_key == key
    return fact.subject_key == key


def search_is_acquisition(reading: Reading) -> bool:
    """True when a question asks who bought whom: only facts with both roles answer it."""
    return (
        re.search(
            r"\b(?:acquired?|bought|buy|buys|purchased?|take over|taken over|takeover)\b",
            reading.question.lower(),
        )
        is not None
    )


def topic_share(topic: Sequence[tuple[str, float]], knowledge: Knowledge, position: int) -> float:
    """The share of the topic words that a passage has, rare words counting more; a heading covers its section."""
    weights = [knowledge.idf(word) * worth for word, worth in topic]
    if not sum(weights):
        return 1.0
    levels = [
        max(word_level(word, knowledge, position), 0.9 * best(word, knowledge.section_stems[position]))
        for word, _ in topic
    ]
    return sum(weight * level for weight, level in zip(weights, levels, strict=True)) / sum(weights)


def types_at(knowledge: Knowledge, position: int) -> set[str]:
    """The outcome types that the words of a passage, its lead or its heading show."""
    passage = knowledge.passages[position]
    text = f"{knowledge.lead_text(passage)} {passage.text} {passage.section}"
    return {name for name, _, _ in triggers(text)}


def _speaks_of(keys: Iterable[str], knowledge: Knowledge, position: int, fact: Fact | None = None) -> bool:
    """True when a passage names one of the entities, refers to it, or stands in a report about it."""
    document_id = knowledge.passages[position].document_id
    for key in keys:
        if position in knowledge.entities[key].passages or knowledge.spoken_of.get(position) == key:
            return True
        if knowledge.main.get(document_id) == key or (
            fact is not None and key in {fact.subject_key, fact.object_key}
        ):
            return True
    return False


def _by_topic(known: Known, search: _Search, candidate: Candidate) -> None:
    about = [position for position, key in search.knowledge.spoken_of.items() if key == known.key]
    candidate.positions += [
        position for position in sorted({*known.passages, *about}) if search.fits(position)
    ]


def _based(known: Known, reading: Reading, knowledge: Knowledge, candidate: Candidate) -> bool:
    """True when the entity is based in every place of the question; where that is said is added to the candidate."""
    for place in reading.places:
        based = [
            fact
            for fact in knowledge.facts_of(known.key)
            if fact.outcome_type == "location"
            and fact.extractor == "relation"
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
    search = _search(reading, knowledge, {})
    wanted = (
        {"city"}
        if re.search(r"\b(?:cit(?:y|ies)|towns?)\b", reading.noun_text.lower())
        else {"country", "nationality"}
    )
    found: dict[str, Candidate] = {}
    for position in range(len(knowledge.passages)):
        if not search.fits(position):
            continue
        for place in places(knowledge.passages[position].text):
            if place.kind in wanted and place.country:
                candidate = found.setdefault(place.name, Candidate(place.name, None))
                if position not in candidate.positions:
                    candidate.positions.append(position)
    yield from found.values()


# Stated members: awards, products, tools: list items and objects of facts


def _stated_members(reading: Reading, knowledge: Knowledge) -> list[Candidate]:
    """List items under a lead that fits, else names of the kind, else objects of facts of the type."""
    found = list(_items(reading, knowledge))
    if reading.kind == "award":
        listed = {position for candidate in found for position in candidate.positions}
        for known in knowledge.entities.values():
            if known.kind == "award" and not known.passages & listed:
                candidate = Candidate(known.name, known.key)
                _by_topic(known, _search(reading, knowledge, {}), candidate)
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
    lead = set(stems(knowledge.lead_text(passage)))
    noun_ok = any(best(head, lead) >= 0.9 for head in reading.heads)
    types = {name for name, _, _ in triggers(knowledge.lead_text(passage))}
    asked = set(reading.outcome_types)
    type_ok = bool(asked & types)
    if not (noun_ok or (type_ok and reading.intent in {"who", "list"} and not reading.kind)):
        return False
    rest = [
        word
        for word in reading.content
        if word not in reading.noun and word not in reading.trigger_stems and word not in light_stems()
    ]
    around = lead | set(stems(passage.section))
    document = knowledge.documents[passage.document_id]
    near = (
        around | set(stems(document.text[max(0, passage.lead[0] - 400) : passage.lead[0]]))
        if passage.lead
        else around
    )
    return all(best(word, near) >= 0.85 for word in rest) and all(
        _speaks_of(n.keys, knowledge, position) for n in reading.named
    )


def _objects(reading: Reading, knowledge: Knowledge) -> Iterator[Candidate]:
    """What facts of the asked type have as object: products, tools, methods."""
    wanted = set(reading.outcome_types)
    search = _search(reading, knowledge, {})
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


# From members to an answer


def list_answer(reading: Reading, knowledge: Knowledge, found: Sequence[Candidate], limit: int) -> Draft:
    """The list as a draft: a lead that says how many, then one cited line per member."""
    shown = list(found[:limit])
    told: list[Member] = [_member(candidate, knowledge) for candidate in shown]
    noun = _noun(reading, len(found))
    outside = [place for place in reading.places if reading.based and place.text not in reading.noun_text]
    place = f" in {outside[0].name}" if outside else ""
    quotes = distinct([quote for member in told for quote in member.quotes[:1]])
    lead = Line(
        f"{said(knowledge)} {len(found)} {noun}{place}:",
        quotes,
        computed=f"count of the {len(found)} members below{place}",
    )
    extra = remainder(reading, knowledge, [candidate.key for candidate in found])
    if len(told) > DETAILED_MAX:
        told = [replace(member, detail="") for member in told]
    return Draft(
        lines=(lead, *extra),
        members=tuple(told),
        figures=(
            Figure(str(len(found)), float(len(found)), noun, quotes, formula="count of the members listed"),
        ),
        facts_matched=sum(max(len(candidate.facts), 1) for candidate in found),
        truncated=len(found) > len(shown),
        note=_by_context(reading, knowledge, shown),
    )


def said(knowledge: Knowledge) -> str:
    """How a list begins: one report names, several name."""
    return "The report names" if len(knowledge.documents) == 1 else "The reports name"


def _by_context(reading: Reading, knowledge: Knowledge, shown: Sequence[Candidate]) -> str:
    """Which members are small companies by their context only, "" when all are called so or size is not asked."""
    names = [
        candidate.label
        for candidate in shown
        if reading.kind == "sme" and candidate.key and knowledge.entities[candidate.key].sme == "implied"
    ]
    return (
        f"Taken for SMEs from the passage they stand in, not called so: {', '.join(names)}." if names else ""
    )


def _noun(reading: Reading, count: int) -> str:
    text = reading.noun_text.strip() or (
        outcome_types()[reading.outcome_types[0]].label if reading.outcome_types else "entries"
    )
    text = re.sub(r"^(?:all|every|the|any|other|some|different|named) ", "", text)
    if count != 1 and not text.endswith("s") and kind_of(text):
        return plural(text)
    return singular(text) if count == 1 else text


def _member(candidate: Candidate, knowledge: Knowledge) -> Member:
    position = candidate.positions[0]
    passage = knowledge.passages[position]
    quotes = distinct([*(quotes_of(passage)), *candidate.also])
    detail = "" if passage.text.rstrip(" .;") == candidate.label else clipped(passage.text, candidate.label)
    return Member(candidate.label, detail, quotes, tuple(fact.id for fact in candidate.facts))


DETAIL_WORDS_MAX = 34


def clipped(text: str, around: str = "", words_max: int = DETAIL_WORDS_MAX) -> str:
    """A sentence cut to at most `words_max` words, at a clause where one ends near, keeping `around` in sight."""
    parts = text.split()
    if len(parts) <= words_max:
        return text.strip()
    start = 0
    if around and around in text:
        before = len(text[: text.index(around)].split())
        start = max(0, before - words_max // 3) if before > words_max // 2 else 0
    end = min(len(parts), start + words_max)
    cut = " ".join(parts[start:end])
    stop = max(cut.rfind("; "), cut.rfind(", "))
    if end < len(parts) and stop > 0.6 * len(cut):
        cut = cut[:stop]
    return (
        ("… " if start else "")
        + cut.rstrip(",;")
        + (" …" if end < len(parts) or len(cut.split()) < words_max else "")
    )


def quotes_for(candidate: Candidate, knowledge: Knowledge) -> tuple[Quote, ...]:
    """The quotes of all statements that speak for a candidate."""
    return distinct([quote_of(knowledge.passages[position]) for position in candidate.positions])
