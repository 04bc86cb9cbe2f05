"""The words of a follow-up that stand for something said before: "it", "their", "that company"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus.parsing import SUBJECTS, Token
from corpus.taxonomy import ORGANISATIONS, kind_nouns, kind_of, plain
from service.follow_ups.referents import Number, Wanted, fitting_kinds
from service.follow_ups.wording import AGENTS, Wording
from service.understanding.inflection import is_plural

_ONE = frozenset(["it", "its", "itself"])
_MANY = frozenset(["they", "them", "their", "theirs", "themselves"])
_PERSON = frozenset(["he", "him", "his", "she", "her", "hers"])
_POINTING: dict[str, Number] = {"this": "one", "that": "one", "these": "many", "those": "many"}
_OF_THINGS = frozenset({"contain", "consist", "cost", "detect", "look", "measure", "weigh", "work"})
_OWNING = frozenset(["its", "their", "theirs", "his", "hers"])
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:true|possible|likely|known|clear|right|correct|important|necessary|not)\b|"
    r"\btakes? it\b|\b(?:make|makes|made|making) it (?:in)?to\b|\bit takes?\b|"
    r"\bdo(?:es)? it (?:take (?!part|place|over)|matter)|"
    r"\bis (?:that|this|it) (?:really )?(?:true|right|correct|certain|sure|all|so|clear)\b"
)
_DEFINED_BEHIND = re.compile(
    r" (?:of|that|which|who|whose|for|from|in|named|called|behind|with|to|by|on|based|[A-Z])"
)


class Mention(NamedTuple):
    """text[start:end] stands for what `wanted` describes."""

    start: int
    end: int
    wanted: Wanted
    owns: bool = False  # "its", "their"
    noun: str = ""  # the noun of "those patents", which is no name for the kind of thing that has patents


def mentions(wording: Wording) -> list[Mention]:
    """Every such word before the first name of the question; behind a name, it stands for that name."""
    first_name = min((each.start for each in wording.named), default=len(wording.text))
    empty = {
        i for match in _EMPTY_IT.finditer(plain(wording.text)) for i in range(match.start(), match.end())
    }
    found = [*_class_nouns(wording), *_pronouns(wording)]
    kept: list[Mention] = []
    for each in sorted(found, key=lambda mention: (mention.start, -mention.end)):
        if (
            each.start < first_name
            and each.start not in empty
            and all(each.start >= other.end for other in kept)
        ):
            kept.append(each)
    return kept


def _class_nouns(wording: Wording) -> Iterator[Mention]:
    """Mentions such as "that company", "the project", "these firms"; with another noun, "those patents"."""
    for token in wording.tokens:
        pointing = plain(token.text) in _POINTING
        if token.dep != "det" or not (pointing or plain(token.text) in {"the", "such"}):
            continue
        end = _noun_end(wording, token)
        noun = wording.text[token.end : end].strip()
        if not noun or _DEFINED_BEHIND.match(wording.text[end:]):
            continue
        kinds = fitting_kinds(noun)
        many = (
            is_plural(noun)
            if plain(token.text) in {"the", "such"}
            else _POINTING[plain(token.text)] == "many"
        )
        if pointing and kinds & AGENTS:
            yield Mention(token.start, end, Wanted("many" if many else "one", kinds))
        elif pointing:
            yield Mention(token.start, end, Wanted("many" if many else "one", clause=wording.text), noun=noun)
        elif kinds & (ORGANISATIONS | {"project"}) and not many and " " not in noun:
            yield Mention(token.start, end, Wanted("one", kinds))


def _noun_end(wording: Wording, determiner: Token) -> int:
    """Where the noun behind a determiner ends; behind "does the firm" a verb comes, however it looks."""
    end, nouns = determiner.end, 0
    inverted = determiner.i > 0 and wording.tokens[determiner.i - 1].lemma == "do"
    for token in wording.tokens[determiner.i + 1 :]:
        if token.pos not in {"NOUN", "ADJ", "PROPN"} and plain(token.text) not in kind_nouns():
            break
        if nouns and inverted and token.i == len(wording.tokens) - 1:
            break
        end = token.end
        nouns += token.pos != "ADJ" or plain(token.text) in kind_nouns()
    return end


def _pronouns(wording: Wording) -> Iterator[Mention]:
    for token in wording.tokens:
        word = plain(token.text)
        if (word not in _ONE | _MANY | _PERSON and not _points(token)) or _is_bound(wording, token):
            continue
        verb = wording.tokens[token.head]
        does = token.dep == "nsubj" and verb.pos == "VERB" and verb.lemma not in _OF_THINGS
        acting = does or word in _OWNING
        owns = word in _OWNING or (word == "her" and token.tag == "PRP$")
        number: Number = "many" if word in _MANY or _POINTING.get(word) == "many" else "one"
        kinds = frozenset({"person"}) if word in _PERSON else frozenset()
        yield Mention(token.start, token.end, Wanted(number, kinds, acting, wording.text), owns)


def _points(token: Token) -> bool:
    """True for "that" and "those" that stand for a thing themselves."""
    return plain(token.text) in _POINTING and token.tag == "DT" and token.dep not in {"det", "mark"}


def _is_bound(wording: Wording, token: Token) -> bool:
    """True when the question itself says who is meant: "Which projects shared their data"."""
    word = plain(token.text)
    many = word in _MANY
    for subject in wording.tokens[: token.i]:
        if subject.dep not in SUBJECTS or subject.pos not in {"NOUN", "PROPN"}:
            continue
        if any(each.i == subject.i for each in wording.parsed.ancestors(token.i)):
            continue
        same_clause = subject.head == _clause_of(wording, token)
        if (subject.tag in {"NNS", "NNPS"}) != many or (kind_of(subject.text) is None and not same_clause):
            continue
        if (word in _OWNING and same_clause) or (not same_clause and token.dep in SUBJECTS):
            return True
    return False


def _clause_of(wording: Wording, token: Token) -> int:
    """The position of the verb that governs a token."""
    return next(
        (each.i for each in wording.parsed.ancestors(token.i) if each.pos in {"VERB", "AUX"}), token.head
    )
