"""How well a passage supports an answer: names, attribute words, expected type, closeness of meaning."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from corpus.dates import dates
from corpus.places import places, within
from corpus.quantity import quantities
from corpus.taxonomy import ORGANISATIONS, plain
from corpus.vocabulary import best, stem, stems
from index.reader import Read
from index.retriever import Hit
from service import deadline
from service.knowledge.knowledge import Knowledge
from service.knowledge.known import Known
from service.understanding.understand import Reading

ENTITY_MIN = 0.65  # below it a passage is about somebody else
# A sum that a report keeps to itself is what it says of the sum.
_UNDISCLOSED = re.compile(
    r"\b(?:undisclosed|not (?:been )?disclosed|confidential) (?:sum|amount|price|fee|terms)\b|"
    r"\b(?:sum|amount|price|fee|terms) (?:was|were|is|are|has|have)(?: been)? "
    r"(?:not disclosed|undisclosed|confidential)\b"
)
_CONTACT = re.compile(r"https?://|www\.|\S@\S|@\w|\bbit\.ly\b")
ONLY_DOCUMENT_LEVEL = 0.55  # a passage of the one document that names the thing, speaking of nothing like it
HOME_LEVEL = (
    0.7  # what a report of an institution tells is the institution's, if less surely than its subject's
)
# Stems that only say that a value is asked for.
MEASURES = frozenset(
    map(
        stem, ("number", "amount", "share", "proportion", "percentage", "percent", "fraction", "money", "sum")
    )
) | frozenset(map(stem, ("total", "value", "much", "many", "rate")))
VALUES = frozenset({"money", "percent", "number", "figure", "date"})  # answers that must hold a value
SECTION_WORTH = 0.6  # a word that only the heading has counts less than one of the sentence
NOUN_WORTH = 0.8  # content words from here on are nouns and adjectives
BEFORE_WORTH = 0.75  # the sentence that a passage goes on from
COMPANY_LEVEL = 0.75  # "Company turnover ..." in the report on one company
LEAD_WORTH = 0.95
REPORT_WORTH = 0.5  # a word of the report's title or institution says what the report is about


@dataclass(frozen=True)
class Support:
    """A passage with what speaks for it."""

    position: int
    score: float  # probability that the passage holds the answer
    parts: Mapping[str, float]  # what the score was computed from, see `features`
    read: Read | None = None  # what the reader made of it, of the best ones
    named_otherwise: bool = False  # read as the answer about the asked names, of which it has other forms

    @property
    def coverage(self) -> float:
        """The weighted share of the asked words that the passage or its surroundings have."""
        return self.parts["coverage"]

    @property
    def entity(self) -> float:
        """How surely the passage speaks of the asked names."""
        return self.parts["entity"]

    @property
    def is_elsewhere(self) -> bool:
        """True when a passage speaks of somebody else."""
        return self.entity < ENTITY_MIN and not self.named_otherwise

    @property
    def type(self) -> float:
        """Whether the passage holds a value of the kind asked for."""
        return self.parts["type"]

    @property
    def dense(self) -> float:
        """The cosine of question and passage."""
        return self.parts["dense"]


def rank(reading: Reading, knowledge: Knowledge, hits: Sequence[Hit]) -> list[Support]:
    """The passages of `hits`, best supported first."""
    best = max((hit.sought for hit in hits), default=0.0)
    scored = [
        support(reading, knowledge, position, hit, best)
        for hit in hits
        if (position := knowledge.position.get(hit.id)) is not None
        and knowledge.passages[position].kind != "heading"
    ]
    return by_support(scored)


def by_support(found: Iterable[Support]) -> list[Support]:
    """Passages best supported first; those about somebody else come last."""
    return sorted(found, key=lambda item: (item.is_elsewhere, -item.score, item.position))


def support(reading: Reading, knowledge: Knowledge, position: int, hit: Hit, best_sought: float) -> Support:
    """The support that one passage gives; `best_sought` is the highest `sought` among the candidates."""
    deadline.check()  # here, since this takes most of an answer's time
    parts = features(reading, knowledge, position, hit, best_sought)
    bias, weights = _weights()
    score = 1 / (1 + math.exp(-bias - sum(weights[name] * value for name, value in parts.items())))
    if any(year[:4] not in knowledge.passages[position].text for year in reading.years):
        score *= 0.5
    if knowledge.passages[position].text.rstrip().endswith(":"):
        score *= 0.8
    if _CONTACT.search(knowledge.passages[position].text):
        score *= 0.6
    if any(not place_at(place.name, knowledge, position) for place in reading.places):
        score *= 0.4
    return Support(position, score, parts)


def features(
    reading: Reading, knowledge: Knowledge, position: int, hit: Hit, best_sought: float
) -> dict[str, float]:
    """What the support of a passage is computed from; service/evaluating/fitting.py fits the weights."""
    levels = [word_level(word, knowledge, position) for word in reading.content]
    weights = [
        knowledge.words.idf(word) * worth for word, worth in zip(reading.content, reading.worth, strict=True)
    ]
    nouns = [level for level, worth in zip(levels, reading.worth, strict=True) if worth >= NOUN_WORTH]
    covered = sum(weight * level for weight, level in zip(weights, levels, strict=True))
    return {
        "coverage": covered / sum(weights) if sum(weights) else 0.5,
        "weakest": min(nouns, default=1.0),
        "entity": entity_level(reading, knowledge, position),
        "type": type_level(reading, knowledge, position) if reading.asks_for in VALUES | {"place"} else 1.0,
        "dense": hit.dense,
        "sought": hit.sought,
        "behind": best_sought - hit.sought,
        "lexical": hit.lexical_share,
        "named": 1.0 if reading.named else 0.0,
        "words": min(len(reading.content), 6) / 6,
    }


@lru_cache(maxsize=1)
def _weights() -> tuple[float, Mapping[str, float]]:
    """The bias and the weight of each feature."""
    fitted = tomllib.loads(files("service").joinpath("data/support.toml").read_text("utf-8"))
    return fitted["bias"], fitted["weights"]


def word_level(word: str, knowledge: Knowledge, position: int) -> float:
    """How well a passage has an asked word: itself, its lead, what it speaks of, its heading, its report."""
    report = knowledge.report_stems[knowledge.passages[position].document_id]
    return max(
        REPORT_WORTH * best(word, report),
        best(word, knowledge.words.passage_stems[position]),
        LEAD_WORTH * best(word, knowledge.words.around_stems[position]),
        BEFORE_WORTH * best(word, knowledge.words.before_stems[position]),
        SECTION_WORTH * best(word, knowledge.words.section_stems[position]),
    )


def entity_level(reading: Reading, knowledge: Knowledge, position: int) -> float:
    """How surely a passage speaks of the asked names: the mean over them; 1 when none is asked.

    Levels after the answering notes: named 1, referred to .9, subject of the whole document .75, elsewhere
    in the document .3.
    """
    if reading.documents and knowledge.passages[position].document_id not in reading.documents:
        return 0.2
    if not reading.named:
        return 1.0
    return sum(_named_level(name.keys, knowledge, position) for name in reading.named) / len(reading.named)


def weakest_name(reading: Reading, knowledge: Knowledge, position: int) -> float:
    """How surely a passage speaks of the asked name that it speaks of least; 1 when none is asked."""
    return min((_named_level(name.keys, knowledge, position) for name in reading.named), default=1.0)


def _named_level(keys: Sequence[str], knowledge: Knowledge, position: int) -> float:
    document_id = knowledge.passages[position].document_id
    levels = [_continued_level(keys, knowledge, position)]
    for key in keys:
        known = knowledge.entities[key]
        if position in known.passages:
            return 1.0
        if knowledge.spoken_of.get(position) == key or _in_longer_name(known, knowledge, position):
            levels.append(0.9)
        if knowledge.main.get(document_id) == key:
            levels.append(0.75)
        elif is_home(known, document_id, knowledge):
            levels.append(HOME_LEVEL)
        elif is_the_company(known, knowledge, position):
            levels.append(COMPANY_LEVEL)
        elif document_id in known.documents:
            alone = len(known.documents) == 1 and not _speaks_of_another(known, knowledge, position)
            # A firm named in passing is not what the rest of its report is about.
            about = known.kind != "company" or stands_in_report_on([key], knowledge, position)
            levels.append(ONLY_DOCUMENT_LEVEL if alone and about else 0.3)
    return max(levels)


def _in_longer_name(known: Known, knowledge: Knowledge, position: int) -> bool:
    """True when a passage names a sort of the thing: "Norvascope Mini" for "Norvascope"."""
    if known.kind not in {"other", "product"}:
        return False
    longer = (knowledge.entities[key] for key in knowledge.keys_at(position))
    return any(
        other.kind in {"other", "product"} and other.name.startswith(f"{form} ")
        for other in longer
        for form in known.forms
    )


def is_home(known: Known, document_id: str, knowledge: Knowledge) -> bool:
    """True for the institution that a report comes from, also when short: "Marlow" of Marlow University."""
    homes = knowledge.homes.get(document_id, frozenset())
    if known.key in homes:
        return True
    said = set(stems(known.name))
    return known.kind in {"other", "academic"} and any(
        said <= set(stems(knowledge.entities[key].name)) for key in homes
    )


_THE_COMPANY = re.compile(r"(?:^|\b[Tt]he |\b[Ii]ts )(?:[Cc]ompany|[Ff]irm|[Bb]usiness)\b(?! of\b)")


def is_the_company(known: Known, knowledge: Knowledge, position: int) -> bool:
    """True for "Company turnover was ..." in the report on a company, where nobody else is spoken of."""
    document_id = knowledge.passages[position].document_id
    return (
        known.kind == "company"
        and knowledge.only_company(document_id) == known.key
        and position not in knowledge.spoken_of
        and _THE_COMPANY.search(knowledge.passages[position].text) is not None
        and not _speaks_of_another(known, knowledge, position)
    )


def _speaks_of_another(known: Known, knowledge: Knowledge, position: int) -> bool:
    """True when a passage tells of, or refers to, another thing of a name's kind; any firm for a firm."""
    told = {fact.subject_key for fact in knowledge.facts_at.get(position, ())}
    others = (told | {knowledge.spoken_of.get(position)}) - {None, known.key}
    kinds = ORGANISATIONS if known.kind in ORGANISATIONS else {known.kind}
    return any(key in knowledge.entities and knowledge.entities[key].kind in kinds for key in others if key)


REPORT_SHARE_MIN = 0.1  # share of a report's passages that name the thing it is about
REPORT_MENTIONS_MIN = 4  # passages of a report that name a thing before the report counts as one about it


def stands_in_report_on(keys: Sequence[str], knowledge: Knowledge, position: int) -> bool:
    """True when a passage stands in a report from one of the institutions or much about one of the things."""
    document_id = knowledge.passages[position].document_id
    for key in keys:
        if key in knowledge.homes.get(document_id, ()):
            return True
        inside = sum(
            1
            for near in knowledge.entities[key].passages
            if knowledge.passages[near].document_id == document_id
        )
        if inside >= max(REPORT_MENTIONS_MIN, REPORT_SHARE_MIN * knowledge.sizes[document_id]):
            return True
    return False


def _continued_level(keys: Sequence[str], knowledge: Knowledge, position: int) -> float:
    """0.7 for a passage that closely follows one that names the thing, and names no other; else 0."""
    passage = knowledge.passages[position]
    others = knowledge.keys_at(position) - set(keys)
    # "The company" of a report that is much about the name may have been taken for a firm named in between.
    if position in knowledge.spoken_of and not stands_in_report_on(keys, knowledge, position):
        others |= {knowledge.spoken_of[position]} - set(keys)
    if any(knowledge.entities[key].kind not in {"other", "place"} for key in others):
        return 0.0
    for back in range(1, 4):
        before = knowledge.passages[position - back] if position >= back else None
        if (
            before is None
            or before.document_id != passage.document_id
            or before.section != passage.section
            or before.kind == "heading"
        ):
            return 0.0
        if any(position - back in knowledge.entities[key].passages for key in keys):
            return 0.7
    return 0.0


_JOINT = re.compile(
    r"\b(?:between (?:them|the two)\b|(?:both|two) (?:companies|firms) together\b|"
    r"(?:together|jointly|collectively|combined),? (?:they |have |has )?(?:employ|rais|earn|hold|sell)|"
    r"together,? (?:these|the|they)\b)"
)


def is_joint(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when a passage gives the figures of several names together, and one of them is asked for."""
    return len(reading.named) == 1 and says_joint(knowledge.passages[position].text)


def says_joint(text: str) -> bool:
    """True when a sentence gives one figure for several: "A and B, between them, employ 40 people"."""
    return _JOINT.search(plain(text)) is not None


def type_level(reading: Reading, knowledge: Knowledge, position: int) -> float:
    """1 when the passage holds a value of the expected type, 0.3 when it does not, 0.7 when any will do."""
    text = knowledge.passages[position].text
    match reading.asks_for:
        case "date":
            return 1.0 if dates(text) else 0.2
        case "place":
            return 1.0 if places(text) else 0.3
        case "money":
            given = any(quantity.kind == "money" for quantity in quantities(text)) or _UNDISCLOSED.search(
                text
            )
            return 1.0 if given else 0.2
        case "percent":
            return (
                1.0 if any(quantity.kind in {"percent", "multiple"} for quantity in quantities(text)) else 0.2
            )
        case "number" | "figure":
            return 1.0 if quantities(text) else 0.1
    return 1.0


def place_at(name: str, knowledge: Knowledge, position: int) -> bool:
    """True when a passage names a place that lies in the one asked for, or its report comes from there."""
    if any(within(place.name, name) for place in places(knowledge.passages[position].text)):
        return True
    homes = knowledge.homes.get(knowledge.passages[position].document_id, ())
    return any(plain(name) in plain(knowledge.entities[key].name) for key in homes)


def topic_level(reading: Reading, knowledge: Knowledge, position: int) -> float:
    """The share of the content words, weighted by idf, that a passage and what is around it have."""
    weights = [
        knowledge.words.idf(word) * worth for word, worth in zip(reading.content, reading.worth, strict=True)
    ]
    if not weights:
        return 1.0
    levels = [word_level(word, knowledge, position) for word in reading.content]
    return sum(weight * level for weight, level in zip(weights, levels, strict=True)) / sum(weights)
