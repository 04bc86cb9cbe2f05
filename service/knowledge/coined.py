"""Names that a question shows to be names: titles and long names that passages print and no entity bears."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.entities import entity_key
from corpus.facts import Entity
from corpus.passages import Passage
from corpus.taxonomy import name_words, plain
from service.knowledge.entity_names import EntityNames
from service.knowledge.known import Known
from service.knowledge.passage_words import PassageWords

_WORDS_MAX = 10
_TOKEN = re.compile(r"[^\s,;?!()\[\]\"“”`]+")
_JOINING = frozenset(
    (
        "a",
        "an",
        "and",
        "&",
        "at",
        "de",
        "del",
        "der",
        "des",
        "di",
        "du",
        "for",
        "in",
        "la",
        "le",
        "of",
        "on",
        "the",
        "to",
        "van",
        "von",
    )
)
_EDGES = " .:'’‘"


def coined(
    text: str, names: EntityNames, words: PassageWords, entities: Mapping[str, Known]
) -> dict[str, Known]:
    """By key, the things that a question names as passages print it: "Organ of Brass", "Pride and Plenty".

    Three kinds: a row of capitalised words that is no known name, nor part of one, but stands in passages
    word by word; part of a known name, with the passages that print no more than that part;
    and an acronym that another differs from only by its case, with the passages that print it so.
    """
    found: dict[str, Known] = {}
    for phrase in _unknown_names(text, names, words):
        known = _known(phrase, words.printing(phrase), words.passages)
        found[known.key] = known
    for start, end, keys in names.in_text(text):
        known, phrase = entities[keys[0]], text[start:end]
        if len(keys) == 1 and " " in phrase and names.key_of(phrase) is None:
            found[known.key] = replace(known, passages=known.passages | set(words.printing(phrase)))
        elif len(keys) == 1 and _has_double(phrase, known):
            printing = {at for at in known.passages if phrase in words.passages[at].text}
            found[known.key] = replace(known, passages=printing)
    return found


def _has_double(phrase: str, known: Known) -> bool:
    """True for an acronym that is merged with one of another case: PROTECT beside ProtecT."""
    same = {form for form in known.forms if form.upper() == phrase}
    return phrase in same and len(same) > 1


def _known(phrase: str, positions: Sequence[int], passages: Sequence[Passage]) -> Known:
    key = entity_key(phrase)
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for position in positions:
        passage = passages[position]
        places[passage.document_id].append((passage.start, passage.end))
    held = [
        Entity(key=key, document_id=document_id, name=phrase, kind="other", mentions=tuple(spans))
        for document_id, spans in places.items()
    ]
    return Known(key, phrase, "other", "unknown", {phrase}, held, set(positions))


def _unknown_names(text: str, names: EntityNames, words: PassageWords) -> Iterator[str]:
    """The longest rows of capitalised words that passages print, unless a known name is, has or holds them."""
    for row in _rows(text):
        i = 0
        while i < len(row):
            end = next((j for j in range(len(row), i + 1, -1) if _is_printed(row[i:j], words)), None)
            if end is not None and not _has_known(row[i:end], names):
                yield _phrase(row[i:end])
            i = end or i + 1


def _rows(text: str) -> Iterator[list[str]]:
    """The tokens of a text between marks that no name has inside."""
    row: list[str] = []
    last = 0
    for match in _TOKEN.finditer(text):
        if text[last : match.start()].strip() and row:
            yield row
            row = []
        row.append(match.group())
        last = match.end()
    if row:
        yield row


def _phrase(tokens: Sequence[str]) -> str:
    return re.sub(r"['’]s$", "", " ".join(tokens).strip(_EDGES))


def _is_printed(tokens: Sequence[str], words: PassageWords) -> bool:
    """True for words that a name may consist of and that stand in a passage in this order."""
    if len(tokens) > _WORDS_MAX or not (_is_capital(tokens[0]) and _is_capital(tokens[-1])):
        return False
    if plain(tokens[0].strip(_EDGES)) in name_words()["person_titles"]:
        return False
    named = all(_is_capital(token) or token in _JOINING for token in tokens)
    return named and bool(words.printing(_phrase(tokens)))


def _is_capital(token: str) -> bool:
    bare = token.lstrip(_EDGES)
    return bare[:1].isupper() or (bare[:1].isdigit() and not bare.strip(_EDGES).isdigit())


def _has_known(tokens: Sequence[str], names: EntityNames) -> bool:
    """True when the words are part of a known name, or "and" joins one of several words to others.

    "Norvia Optics and Corvane Ltd" are two things.
    """
    if names.key_of(_phrase(tokens)) or names.holding(_phrase(tokens)):
        return True
    if not {"and", "&"} & set(tokens):
        return False
    spans = ((i, j) for i in range(len(tokens)) for j in range(i + 2, len(tokens) + 1))
    return any(names.key_of(_phrase(tokens[i:j])) for i, j in spans)
