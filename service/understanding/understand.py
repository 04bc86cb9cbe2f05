"""A question as it was understood: its intent, what it asks for, names, conditions and topic."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from corpus.dates import dates
from corpus.parsing import parse
from corpus.places import Place
from corpus.taxonomy import kind_of
from corpus.vocabulary import stem, words
from service.answer import Constraint, Intent, UnderstoodAs
from service.knowledge.knowledge import Knowledge
from service.understanding.asked_nouns import asked_heads, asked_kind, asked_kinds, asked_noun, counted_deed
from service.understanding.conditions import (
    Limit,
    asked_places,
    asks_for_places,
    asks_where_based,
    excluded_of,
    limit_of,
    period_of,
)
from service.understanding.intents import answer_type, intent_of
from service.understanding.named import Named, names_in, without_names, without_topics
from service.understanding.question_words import (
    QUESTION_WORDS,
    main_part,
    second_question,
    short_forms,
    spelt,
    tidied,
)
from service.understanding.topics import asked_types, content_words, verbal_types


@dataclass(frozen=True)
class Reading:
    """A question as it was understood."""

    question: str
    intent: Intent
    kind: str = ""  # kind of named thing asked for: "sme", "project", "award", "" when not a kind
    noun: tuple[str, ...] = ()  # stems of the noun phrase asked for: "full-time jobs"
    noun_text: str = ""
    asks_for: str = "statement"
    outcome_types: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
    unknown: tuple[str, ...] = ()  # names in the question that no document has
    places: tuple[Place, ...] = ()
    years: tuple[str, ...] = ()
    content: tuple[str, ...] = ()  # stems that an answer should speak of
    worth: tuple[float, ...] = ()  # how much each of them matters by its part of speech: nouns 1, verbs less
    heads: tuple[str, ...] = ()  # stems of the nouns counted or listed: two in "hospitals or sites"
    kinds: tuple[str, ...] = ()  # every kind asked for: two in "charities or patient groups"
    documents: frozenset[str] = frozenset()  # the documents that are about a programme named in the question
    period: tuple[str | None, str | None] | None = None  # first and last date asked for, ISO 8601
    limit: Limit | None = None
    based: bool = False  # the places limit where a member is based, not where something happened
    verbal_types: tuple[str, ...] = ()  # outcome types that a verb of the question shows
    trigger_stems: frozenset[str] = frozenset()  # stems that stand for an outcome type
    more: str = ""  # a second question behind "and"
    short_forms: tuple[str, ...] = ()  # further names of what the question names: "the Norvia Fund (NF)"
    excluded: str = ""  # what the question leaves out: "besides Norway"
    constraints: tuple[Constraint, ...] = field(default=())

    @property
    def keys(self) -> frozenset[str]:
        """The keys of every named entity."""
        return frozenset(key for name in self.named for key in name.keys)

    def understood_as(self) -> UnderstoodAs:
        """The reading as the answer shows it."""
        return UnderstoodAs(
            intent=self.intent,
            asks_for=self.asks_for,
            outcome_types=self.outcome_types,
            constraints=self.constraints,
        )


def understand(question: str, knowledge: Knowledge) -> Reading:
    """The reading of a standalone question."""
    shorts, text = short_forms(spelt(tidied(question), knowledge))
    excluded, text = excluded_of(text)
    parsed = parse(text)
    every, unknown = names_in(text, parsed, knowledge)
    named = tuple(item for item in every if not all(knowledge.pervades(key) for key in item.keys))
    named = without_topics(named, knowledge)
    more = second_question(text)
    intent = intent_of(
        main_part(text, more), not any(token.pos in {"VERB", "AUX"} for token in parsed.tokens)
    )
    noun_text, noun_start = asked_noun(text, parsed)
    if intent == "where" and asks_for_places(question):
        intent, noun_text = "list", "countries"
    if (
        intent == "list"
        and any(item.start <= noun_start and noun_start + len(noun_text) <= item.end for item in every)
        and not kind_of(noun_text)
    ):
        intent, noun_text = "describe", ""
    kind = asked_kind(noun_text, text, intent)
    found_places = asked_places(text, named)
    spoken = without_names(text, every)
    outcome_types, trigger_stems = asked_types(spoken)
    reading = Reading(
        question=question,
        intent=intent,
        kind=kind,
        noun=tuple(stem(word) for word in words(noun_text) if word not in QUESTION_WORDS),
        noun_text=noun_text,
        asks_for=answer_type(text, intent, kind, noun_text),
        outcome_types=outcome_types,
        named=named,
        unknown=unknown,
        places=found_places,
        years=tuple(date.value for date in dates(text)),
        trigger_stems=trigger_stems,
        more=more,
        excluded=excluded,
        short_forms=shorts,
        heads=asked_heads(noun_text) or counted_deed(text, parsed),
        kinds=asked_kinds(noun_text, kind),
        documents=frozenset(
            document_id
            for item in every
            if item not in named
            for key in item.keys
            for document_id in knowledge.documents_about(key)
        ),
        verbal_types=verbal_types(spoken, parsed),
        period=period_of(text),
        limit=limit_of(text),
        based=asks_where_based(text, noun_text, found_places),
    )
    if (
        not reading.named
        and every
        and intent in {"define", "describe"}
        and not content_words(text, every, reading.places, parsed)[0]
    ):
        reading = replace(reading, named=every, documents=frozenset())
    masked = tuple(
        item for item in every if item in reading.named or all(knowledge.pervades(key) for key in item.keys)
    )
    content, worth = content_words(text, masked, reading.places, parsed)
    reading = replace(reading, content=content, worth=worth)
    return replace(reading, constraints=_constraints(reading, knowledge))


def _constraints(reading: Reading, knowledge: Knowledge) -> tuple[Constraint, ...]:
    found = []
    if reading.kind:
        found.append(Constraint(field="subject_type", op="is", value=reading.kind))
    for item in reading.named:
        name = " or ".join(knowledge.entities[key].name for key in item.keys)
        field_name = (
            "project" if all(knowledge.entities[key].kind == "project" for key in item.keys) else "name"
        )
        found.append(Constraint(field=field_name, op="is", value=name))
    found += [Constraint(field="place", op="in", value=place.name) for place in reading.places]
    found += [Constraint(field="date", op="in", value=year) for year in reading.years]
    if reading.excluded:
        found.append(Constraint(field="name", op="is not", value=reading.excluded))
    return tuple(found)
