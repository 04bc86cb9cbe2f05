"""What a question is about: outcome types, and the words that an answer should speak of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.dates import dates
from corpus.parsing import Parse
from corpus.places import Place
from corpus.quantity import quantities
from corpus.taxonomy import kind_nouns, plain, triggers
from corpus.vocabulary import expression, light_stems, stem, stems, words
from service.understanding.conditions import limit_of
from service.understanding.named import Named
from service.understanding.question_words import QUESTION_WORDS

VERB_WORTH = 0.45
_WORTH = {"VERB": VERB_WORTH, "AUX": 0.3, "ADV": 0.35, "ADJ": 0.8, "ADP": 0.2, "INTJ": 0.2}
_CLASS_WORTH = 0.3  # "project", "company": what kind of thing it is says little about what is asked
# "Set up" says something else than "set"; "pay for" says "pay".
_PARTICLES = frozenset({"up", "out", "off", "down", "over", "in", "on"})
# What a question adds to tell who it means: "X, the Leeds company".
_APPOSITION = re.compile(r",\s+(?:an?|the)\s+[^,?]{3,60}(?=[,?]|$)")


def asked_types(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The outcome types of the question and the stems that showed them."""
    found: dict[str, int] = {}
    shown: set[str] = set()
    for outcome_type, start, end in triggers(text, asked=True):
        found.setdefault(outcome_type, start)
        shown |= {said for said in stems(text[start:end]) if said not in QUESTION_WORDS}
    return tuple(sorted(found, key=lambda name: (found[name], name))), frozenset(shown)


def verbal_types(text: str, parsed: Parse) -> tuple[str, ...]:
    """The outcome types whose trigger holds a verb of the question: what a member must have done."""
    verbs = [(token.start, token.end) for token in parsed.tokens if token.pos == "VERB"]
    return tuple(
        dict.fromkeys(
            name
            for name, start, end in triggers(text, asked=True)
            if any(start < verb_end and verb_start < end for verb_start, verb_end in verbs)
        )
    )


def content_words(
    text: str, named: Sequence[Named], found_places: Sequence[Place], parsed: Parse
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Stems that an answer should speak of, with their worth: no question words, no names, no light words.

    Two words that say one thing ("heart attack", "set up") are one stem.
    """
    spans = [(item.start, item.end) for item in named]
    spans += [(place.start, place.end) for place in found_places]
    spans += [(date.start, date.end) for date in dates(text)]
    if limit_of(text) is not None:
        spans += [(quantity.start, quantity.end) for quantity in quantities(text)]
    spans += [(end, end + match.end()) for _, end in spans if (match := _APPOSITION.match(text[end:]))]
    titled = {end for _, end in spans}
    found: dict[str, float] = {}
    light: dict[str, float] = {}
    before = ""
    for match in re.finditer(r"\d{1,3}(?:[ ,]\d{3})+|[^\W_]+(?:['’-][^\W_]+)*", text):
        if any(start <= match.start() < end for start, end in spans):
            before = ""
            continue
        is_class = plain(match.group()) in kind_nouns()
        if is_class and any(
            text[end : match.start()].strip() == "" for end in titled if end <= match.start()
        ):
            continue
        token = parsed.at(match.end() - 1)
        for word in words(match.group()):
            base = token.lemma if token and token.pos in {"VERB", "AUX"} and "-" not in word else word
            first, before = before, stem(base)
            is_joined = word not in QUESTION_WORDS or word in _PARTICLES
            if is_joined and first in found and (pair := expression(first, before)):
                found[pair] = found.pop(first)
                continue
            if word in QUESTION_WORDS or (len(word) == 1 and not word.isdigit()):
                continue
            worth = _CLASS_WORTH if is_class else _WORTH.get(token.pos if token else "", 1.0)
            target = light if {stem(base), stem(word)} & light_stems() else found
            target[stem(base)] = max(worth, target.get(stem(base), 0.0))
    chosen = found or ({} if named else light)
    return tuple(chosen), tuple(chosen.values())
