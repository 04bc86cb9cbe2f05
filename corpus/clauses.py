"""Clauses of a parsed sentence: a predicate with its subject, its object, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.facts import Modality
from corpus.parsing import OBJECTS, SUBJECTS, Parse, Token

_CLIMB_MAX = 6  # heads climbed in search of a subject (extraction notes, technique 6)
_VERBAL = {"VERB", "AUX"}
_CUT = {"conj", "advcl", "ccomp", "parataxis", "relcl"}
_PLANNED = {"will", "shall", "plan", "intend", "aim", "expect", "hope", "seek", "propose", "would"}
_POTENTIAL = {
    "may", "might", "could", "explore", "negotiate", "potentially", "possibly", "negotiation", "consider",
    "likely", "option", "investigate",
}  # fmt: skip

# Verbs whose object does what the next verb says: "led the firm to buy".
_MOVING = {
    "lead", "enable", "allow", "help", "encourage", "persuade", "prompt", "convince", "cause", "permit", "invite",
    "motivate", "inspire", "force", "stimulate",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A noun phrase of a clause: its head token and the characters it covers."""

    head: Token
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One predicate; `start` and `end` cover the words that belong to it and to no other predicate."""

    verb: Token
    predicate: str  # lemma, with particle: "spin off", "set up"
    subject: Span | None
    object: Span | None
    passive: bool
    negated: bool
    modality: Modality
    inherited: bool  # the subject was taken from a governing clause
    start: int
    end: int


def clauses(parse: Parse) -> list[Clause]:
    """The clauses of a sentence in the order of their predicates."""
    return [_clause(parse, token) for token in parse.tokens if _is_predicate(parse, token)]


def _is_predicate(parse: Parse, token: Token) -> bool:
    if token.pos not in _VERBAL or token.dep in {"aux", "auxpass", "amod", "compound", "punct", "case"}:
        return False
    return token.pos == "VERB" or any(
        parse.tokens[child].dep in {"attr", "acomp", "prep"} | SUBJECTS for child in parse.children[token.i]
    )


def _clause(parse: Parse, verb: Token) -> Clause:
    own = list(_own_tokens(parse, verb))
    children = [parse.tokens[i] for i in parse.children[verb.i]]
    passive = any(child.dep in {"auxpass", "nsubjpass"} for child in children) or (
        verb.dep == "acl" and verb.tag == "VBN"
    )
    subject, inherited = _subject(parse, verb)
    start = min(token.start for token in own)
    end = max(token.end for token in own)
    return Clause(
        verb=verb,
        predicate=_predicate(children, verb),
        subject=subject,
        object=_object(parse, children),
        passive=passive,
        negated=_negated(parse, verb, children),
        modality=_modality(parse, verb, parse.text[start:end]),
        inherited=inherited,
        start=start,
        end=end,
    )


def _own_tokens(parse: Parse, verb: Token) -> Iterator[Token]:
    """The tokens of a verb's subtree that do not belong to a coordinated or subordinate predicate."""
    yield verb
    todo = list(parse.children[verb.i])
    while todo:
        token = parse.tokens[todo.pop()]
        if token.dep in _CUT and token.pos in _VERBAL and _is_predicate(parse, token):
            continue
        if token.dep == "punct" and token.text in {".", ";"}:
            continue
        yield token
        todo.extend(parse.children[token.i])


def _predicate(children: list[Token], verb: Token) -> str:
    particle = next((child.lemma for child in children if child.dep == "prt" and child.i > verb.i), "")
    return f"{verb.lemma} {particle}".strip()


def _subject(parse: Parse, verb: Token) -> tuple[Span | None, bool]:
    """The syntactic subject of a verb, climbing through coordination and complements."""
    current = verb
    for step in range(_CLIMB_MAX):
        for child in parse.children[current.i]:
            if parse.tokens[child].dep in SUBJECTS:
                return _resolved_relative(parse, parse.tokens[child], current), step > 0
        made_to = _made_to(parse, current)
        if made_to is not None:
            return _noun_phrase(parse, made_to), True
        if current.dep in {"acl", "relcl", "appos"}:
            return _noun_phrase(parse, parse.tokens[current.head], before=current.i), True
        if current.dep not in {"conj", "xcomp", "ccomp", "advcl", "pcomp", "acomp", "prep", "attr", "dep"}:
            return None, False
        current = parse.tokens[current.head]
        if current.pos not in _VERBAL and current.dep not in {
            "prep",
            "acomp",
            "conj",
            "pcomp",
            "attr",
            "dobj",
        }:
            return None, False
    return None, False


def _made_to(parse: Parse, verb: Token) -> Token | None:
    """Who does what "led the firm to buy ..." tells: the object of the verb that moves somebody to do it."""
    if verb.dep not in {"xcomp", "ccomp", "advcl", "acl"} or parse.tokens[verb.head].lemma not in _MOVING:
        return None
    if not any(parse.tokens[i].text == "to" and parse.tokens[i].dep == "aux" for i in parse.children[verb.i]):
        return None
    moved = (parse.tokens[i] for i in parse.children[verb.head] if parse.tokens[i].i < verb.i)
    return next((token for token in moved if token.dep in {"dobj", "obj"}), None)


def _resolved_relative(parse: Parse, subject: Token, verb: Token) -> Span:
    """The noun that a relative pronoun stands for, or the subject itself."""
    if subject.lemma in {"which", "that", "who"} and subject.tag in {"WDT", "WP"} and verb.dep == "relcl":
        return _noun_phrase(parse, parse.tokens[verb.head], before=verb.i)
    return _noun_phrase(parse, subject)


def _noun_phrase(parse: Parse, head: Token, before: int | None = None) -> Span:
    """The phrase of a noun without the predicates that hang on it."""
    kept = [head]
    todo = [i for i in parse.children[head.i] if before is None or i < before]
    while todo:
        token = parse.tokens[todo.pop()]
        if token.dep in {"relcl", "acl", "punct", "cc"} and token.i > head.i:
            continue
        kept.append(token)
        todo.extend(parse.children[token.i])
    return Span(head, min(token.start for token in kept), max(token.end for token in kept))


def _object(parse: Parse, children: list[Token]) -> Span | None:
    direct = next((child for child in children if child.dep in OBJECTS), None)
    if direct is not None:
        tokens = parse.subtree(direct.i)
        return Span(direct, tokens[0].start, tokens[-1].end)
    for child in children:
        if child.dep in {"prep", "agent"}:
            inner = next(
                (parse.tokens[i] for i in parse.children[child.i] if parse.tokens[i].dep == "pobj"), None
            )
            if (
                inner is not None
                and child.i > inner.head - 1
                and child.start > parse.tokens[child.head].start
            ):
                tokens = parse.subtree(child.i)
                return Span(inner, tokens[0].start, tokens[-1].end)
    return None


def _negated(parse: Parse, verb: Token, children: list[Token]) -> bool:
    if any(child.dep == "neg" or child.lemma in {"never", "neither"} for child in children):
        return True
    return any(
        parse.tokens[i].lemma == "no" and parse.tokens[i].dep == "det"
        for child in children
        if child.dep in OBJECTS | SUBJECTS
        for i in parse.children[child.i]
    )


def _modality(parse: Parse, verb: Token, text: str) -> Modality:
    """How sure a clause is, read off its auxiliaries and the verbs that govern it."""
    governors = [
        verb,
        *[token for token in parse.ancestors(verb.i) if token.pos in _VERBAL | {"NOUN", "ADJ"}][:3],
    ]
    words = {
        parse.tokens[i].lemma for i in parse.children[verb.i] if parse.tokens[i].dep in {"aux", "advmod"}
    }
    if verb.dep in {"xcomp", "advcl", "acl", "ccomp"}:
        words |= {token.lemma for token in governors[1:]}
        if any(parse.tokens[i].lemma == "to" for i in parse.children[verb.i]) and verb.dep in {
            "acl",
            "advcl",
        }:
            words |= {"aim"}
    words |= {verb.lemma} if verb.lemma in _POTENTIAL | _PLANNED else set()
    if words & _POTENTIAL or re.search(
        r"\b(?:on-?going negotiations?|with a view to|option to)\b", text.lower()
    ):
        return "potential"
    return "planned" if words & _PLANNED else "achieved"


def polarity(clause: Clause) -> Literal["affirmed", "negated"]:
    """The fact's polarity of a clause."""
    return "negated" if clause.negated else "affirmed"
