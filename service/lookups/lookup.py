"""Look-ups: the one or two sentences that support an answer, or the reason why none does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.quantity import quantities
from corpus.taxonomy import DOERS
from corpus.vocabulary import best, stems
from index.retriever import Retriever
from service.evidence import Draft, Line, Refusal, quote_of
from service.knowledge.knowledge import Knowledge
from service.lookups.acceptance import accepted
from service.lookups.support import (
    VALUES,
    Support,
    rank,
)
from service.lookups.telling import told
from service.lookups.told_figures import differing
from service.understanding.understand import Reading

CANDIDATES = 40
CANDIDATES_WITHIN = 15  # further ones from the documents that alone speak of a name asked for
DOCUMENTS_OF_NAME_MAX = 2
PASSAGES_OF_NAME_MAX = 60  # a name that more have tells little
FIRST_ACCEPTED_AMONG = 4  # best supported passages among which the answer must be
LINE_WORDS_MAX = 42  # two sentences together stay under what a reader of a look-up wants to read
ALONE_WORDS_MAX = 70
NAMING_MIN = 0.6  # asked who, a passage that names somebody needs this share of the best one's support

OTHER_FIGURE_AMONG = 20  # best supported passages among which another figure is looked for
CLOSE_MIN = 0.8  # a second sentence needs this share of the best one's support
DENSE_PLACE_MIN = 0.35  # the same where a place is all that ties a question to it: what is asked of a country
DENSE_MIN = 0.28  # below it nothing in the corpus is about the question (answering notes, section 3)


def candidates(
    reading: Reading, knowledge: Knowledge, retriever: Retriever, limit: int = CANDIDATES
) -> list[Support]:
    """The passages that may answer, best supported first; `limit` of the whole corpus, and those that the names add."""
    named = [knowledge.passages[position].id for position in _speaking_of_names(reading, knowledge)]
    hits = retriever.search(
        reading.question,
        limit=limit,
        kind="passage",
        document_ids=knowledge.documents if knowledge.is_limited else None,
        also=named,
    )
    within = _documents_of_names(reading, knowledge)
    if within:
        seen = {hit.id for hit in hits}
        closer = retriever.search(
            reading.question, limit=CANDIDATES_WITHIN, kind="passage", document_ids=within
        )
        hits = [*hits, *(hit for hit in closer if hit.id not in seen)]
    return rank(reading, knowledge, hits)


def _speaking_of_names(reading: Reading, knowledge: Knowledge) -> set[int]:
    """The positions of the passages that name, or refer to, what the question names, unless that is everywhere."""
    naming = {
        position
        for key in reading.keys
        if len(knowledge.entities[key].passages) <= PASSAGES_OF_NAME_MAX
        for position in knowledge.entities[key].passages
    }
    return naming | {position for position, key in knowledge.spoken_of.items() if key in reading.keys}


def _documents_of_names(reading: Reading, knowledge: Knowledge) -> set[str]:
    """The documents that alone speak of a name asked for: their sentences need not repeat it."""
    return {
        document_id
        for key in reading.keys
        if len(found := knowledge.entities[key].documents) <= DOCUMENTS_OF_NAME_MAX
        for document_id in found & knowledge.documents.keys()
    }


def lookup(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """The best supported sentence, with a second one when it is nearly as good; None below the threshold."""
    first = _first(reading, knowledge, ranked)
    if first is None:
        return None
    second = other_figure(reading, knowledge, ranked, first) or _close_second(
        reading, knowledge, ranked, first
    )
    chosen = [ranked[first], *([second] if second else [])]
    words_max = LINE_WORDS_MAX if len(chosen) > 1 else ALONE_WORDS_MAX
    positions = [item.position for item in chosen]
    lines = tuple(line_of(reading, knowledge, item, words_max, positions) for item in chosen)
    return Draft(lines=lines, facts_matched=len(chosen))


def line_of(
    reading: Reading,
    knowledge: Knowledge,
    item: Support,
    words_max: int = LINE_WORDS_MAX,
    beside: Sequence[int] = (),
) -> Line:
    """A passage as it is told, with what it is told for in sight; `beside` are others that are told."""
    around = _in_sight(reading, knowledge, item)
    return told(knowledge, item.position, around, words_max, beside=beside)


def other_figure(
    reading: Reading, knowledge: Knowledge, ranked: Sequence[Support], first: int
) -> Support | None:
    """A passage that answers as well as the one in place `first` with another figure: the reader sees that they differ."""
    close = (
        item
        for item in ranked[:OTHER_FIGURE_AMONG]
        if item is not ranked[first]
        and item.score >= CLOSE_MIN * ranked[first].score
        and accepted(reading, knowledge, item)
    )
    return differing(reading, knowledge, ranked[first], close)


def _close_second(
    reading: Reading, knowledge: Knowledge, ranked: Sequence[Support], first: int
) -> Support | None:
    """The next passage that answers nearly as well."""
    return next(
        (
            item
            for item in ranked[first + 1 : first + 4]
            if item.score >= CLOSE_MIN * ranked[first].score and accepted(reading, knowledge, item)
        ),
        None,
    )


def _first(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> int | None:
    """The place of the best passage that answers; asked who, that of one nearly as good that names somebody."""
    places = [
        place
        for place, item in enumerate(ranked[:FIRST_ACCEPTED_AMONG])
        if accepted(reading, knowledge, item)
    ]
    if not places or reading.intent != "who":
        return places[0] if places else None
    fair = NAMING_MIN * ranked[places[0]].score
    naming = (
        place
        for place in places
        if ranked[place].score >= fair and whom(reading, knowledge, ranked[place].position)
    )
    return next(naming, places[0])


def whom(reading: Reading, knowledge: Knowledge, position: int) -> list[str]:
    """The people and organisations that a passage names and the question does not, as printed, in order."""
    text = knowledge.passages[position].text
    printed = [
        min((form for form in knowledge.entities[key].forms if form in text), key=text.index, default="")
        for key in knowledge.keys_at(position) - reading.keys
        if knowledge.entities[key].kind in DOERS and not knowledge.pervades(key)
    ]
    return sorted(filter(None, printed), key=text.index)


def _in_sight(reading: Reading, knowledge: Knowledge, item: Support) -> str:
    """What must stay in sight of a passage: what the reader takes for the answer, else what stands for it."""
    text = knowledge.passages[item.position].text
    asked = item.read.asked() if item.read else []
    if asked:
        return text[slice(*asked[0])]
    names = whom(reading, knowledge, item.position) if reading.intent == "who" else ()
    return shown_for(reading, text, names)


def shown_for(reading: Reading, text: str, names: Sequence[str] = ()) -> str:
    """What must stay in sight when a text is cut: the name or value asked for that stands nearest the asked words."""
    said = matched(reading, text)
    if names and said:
        return min(names, key=lambda name: abs(text.index(name) - text.index(said)))
    kinds = {"money": {"money"}, "percent": {"percent", "multiple"}}.get(reading.asks_for)
    if reading.asks_for not in VALUES - {"date"} or not said:
        return said
    at = text.index(said)
    figures = [item for item in quantities(text) if kinds is None or item.kind in kinds]
    nearest = min(figures, key=lambda item: (abs(item.start - at), item.start), default=None)
    return nearest.text if nearest else said


def matched(reading: Reading, text: str) -> str:
    """The word of a text that best fits the most telling word of the question, "" when none does."""
    ordered = sorted(zip(reading.content, reading.worth, strict=True), key=lambda pair: -pair[1])
    for word, _ in ordered:
        found = next((said for said in text.split() if best(word, stems(said)) >= 0.9), "")
        if found:
            return found
    return ""


def refusal(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Refusal:
    """The reason why nothing answers, read off what is missing, and the nearest passages."""
    nearest = tuple(quote_of(knowledge.passages[item.position]) for item in ranked[:3])
    if reading.unknown:
        name = reading.unknown[0]
        return Refusal("unknown_entity", f"The reports do not mention {name}.", nearest)
    if not ranked or (max(item.dense for item in ranked) < DENSE_MIN and not reading.named):
        return Refusal("off_topic", "The reports do not deal with this question.", nearest)
    if reading.named:
        each = list(dict.fromkeys(knowledge.entities[name.keys[0]].name for name in reading.named))
        names, are = " and ".join(each), "are" if len(each) > 1 else "is"
        if re.match(r"\s*(?:why|when|how)\b", reading.question, re.IGNORECASE) and reading.intent in {
            "describe",
            "when",
        }:
            return Refusal(
                "unsupported_premise",
                f"{names} {are} mentioned in the reports, but nothing in them supports what the "
                f"question assumes.",
                nearest,
            )
        return Refusal(
            "attribute_missing",
            f"{names} {are} mentioned in the reports; what is asked about it is not.",
            nearest,
        )
    return Refusal(
        "attribute_missing", "The reports do not say this. The nearest passages are shown instead.", nearest
    )
