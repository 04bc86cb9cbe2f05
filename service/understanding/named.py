"""The names of a question: those that the reports know, and those that they do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.entities import entity_key
from corpus.names import Name, names
from corpus.parsing import Parse
from corpus.places import places
from corpus.taxonomy import kind_nouns, plain
from corpus.vocabulary import stem, words
from service.knowledge.knowledge import Knowledge
from service.understanding.asked_nouns import is_time_of_year
from service.understanding.question_words import QUESTION_WORDS

_PLAIN_POS = frozenset({"VERB", "AUX", "PRON", "DET", "ADP", "ADV", "CCONJ", "SCONJ"})


@dataclass(frozen=True)
class Named:
    """A known entity of the question; several keys when the words fit several entities."""

    keys: tuple[str, ...]
    text: str
    start: int
    end: int


def names_in(text: str, parsed: Parse, knowledge: Knowledge) -> tuple[tuple[Named, ...], tuple[str, ...]]:
    """Known entities of the question, and capitalised names that no document knows."""
    nouns = kind_nouns()
    named = [
        Named(keys, text[start:end], start, end)
        for start, end, keys in knowledge.names.in_text(text)
        if plain(text[start:end]) not in nouns
        and not asks(text[start:end])
        and not _is_plain_word(text, start, end, parsed, keys, knowledge)
    ]
    place_spans = [(place.start, place.end) for place in places(text)]
    unknown = []
    for name in names(parsed):
        overlaps_known = any(item.start < name.end and name.start < item.end for item in named)
        is_place = any(start < name.end and name.start < end for start, end in place_spans)
        opens = name.start == 0 and " " not in name.text and parsed.tokens[0].pos != "PROPN"
        if (
            overlaps_known
            or is_place
            or opens
            or plain(name.text) in nouns
            or is_time_of_year(name.text)
            or (name.start == 0 and " " not in name.text and plain(name.text) in QUESTION_WORDS)
        ):
            continue
        near = knowledge.names.near(name.text) or knowledge.names.initialled(name.text)
        if near is not None:
            named.append(Named((near,), name.text, name.start, name.end))
        elif not _is_said(name, parsed, knowledge):
            unknown.append(name.text)
    named = [item for item in named if not _is_place_only(item, place_spans, knowledge)]
    named.sort(key=lambda item: item.start)
    return tuple(_joined(text, [_whole(item, knowledge) for item in named])), tuple(unknown)


def _joined(text: str, named: Sequence[Named]) -> list[Named]:
    """The names with those that a slash or brackets join as one: "ABC / Abecor", "Abecor (ABC)"."""
    found: list[Named] = []
    for item in named:
        before = found[-1] if found else None
        if before and re.fullmatch(
            r"\s*[/(]\s*", text[before.start + len(before.text.rstrip("/ ")) : item.start]
        ):
            keys = tuple(dict.fromkeys(before.keys + item.keys))
            found[-1] = Named(keys, before.text, before.start, item.end)
        else:
            found.append(item)
    return found


def _whole(item: Named, knowledge: Knowledge) -> Named:
    """The name with the entities that are the same but for a country in front: "UK Fund for Optics"."""
    asked = words(item.text)
    if len(asked) < 2:
        return item
    more = [
        key
        for key in sorted(set.intersection(*[knowledge.names.parts.get(word, set()) for word in asked]))
        if any(_but_for_place(words(form), asked) for form in knowledge.entities[key].forms)
    ]
    return Named(tuple(dict.fromkeys((*item.keys, *more))), item.text, item.start, item.end)


def _but_for_place(form: Sequence[str], asked: Sequence[str]) -> bool:
    return len(form) == len(asked) + 1 and list(form[1:]) == list(asked) and bool(places(form[0].upper()))


def asks(word: str) -> bool:
    """True for "How", "You": a word of any question, though a report may know a person of that name; not WHO."""
    return plain(word) in QUESTION_WORDS and not (word.isupper() and len(word) > 1)


def _is_said(name: Name, parsed: Parse, knowledge: Knowledge) -> bool:
    """True when the documents have the words of a name, apart or run together, or it is an adjective."""
    if all(knowledge.words.frequency.get(stem(word)) for word in words(name.text)):
        return True
    token = parsed.at(name.start)
    return knowledge.words.spells(name.text) or (
        token is not None and token.pos == "ADJ" and " " not in name.text
    )


def _is_plain_word(
    text: str, start: int, end: int, parsed: Parse, keys: Sequence[str], knowledge: Knowledge
) -> bool:
    """True for "Who" and "run", which are no names though something is called WHO or RUN."""
    word, token = text[start:end], parsed.at(start)
    if " " in word or any(word in knowledge.entities[key].forms for key in keys):
        return False
    return plain(word) in QUESTION_WORDS or (token is not None and token.pos in _PLAIN_POS)


def _is_place_only(item: Named, place_spans: Sequence[tuple[int, int]], knowledge: Knowledge) -> bool:
    """True for a word that is a place and that no document uses for an organisation or project."""
    if len(item.text) <= 3 and any((start, end) == (item.start, item.end) for start, end in place_spans):
        return True
    exact = entity_key(item.text) in knowledge.names.forms
    if exact and any(knowledge.entities[key].kind != "other" for key in item.keys):
        return False
    return any(start <= item.start and item.end <= end for start, end in place_spans)


def without_topics(named: tuple[Named, ...], knowledge: Knowledge) -> tuple[Named, ...]:
    """The names without those of no known kind, when others limit the answer: "PCR" is then a mere word."""
    known = tuple(item for item in named if any(knowledge.entities[key].kind != "other" for key in item.keys))
    return known or named


def without_names(text: str, named: Sequence[Named]) -> str:
    """The question with its names blanked, so that words of a name show no outcome type."""
    chars = list(text)
    for item in named:
        chars[item.start : item.end] = " " * (item.end - item.start)
    return "".join(chars)
