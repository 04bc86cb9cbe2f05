"""The members that one sentence enumerates: "A, B and C", each as printed."""

from __future__ import annotations

import re

from corpus.parsing import Parse, Token, parse
from corpus.vocabulary import best, stems
from service.evidence import Member, quotes_of
from service.knowledge import Knowledge
from service.understand import Reading

MEMBERS_MIN = 2
_LABEL_WORDS_MAX = 12


def enumerated(reading: Reading, knowledge: Knowledge, position: int) -> tuple[Member, ...]:
    """The members of the enumeration in a passage that fits the question; empty when it has none."""
    passage = knowledge.passages[position]
    parsed = parse(passage.text)
    least = MEMBERS_MIN if reading.intent == "list" else MEMBERS_MIN + 1
    groups = [group for token in parsed.tokens if len(group := _group(parsed, token)) >= least]
    if not groups:
        return ()
    chosen = max(groups, key=lambda group: (_asked(reading, parsed, group[0]), len(group), -group[0].i))
    labels = [_label(parsed, token, chosen) for token in chosen]
    return tuple(Member(label, "", quotes_of(passage)) for label in dict.fromkeys(labels) if label)


def _group(parsed: Parse, first: Token) -> list[Token]:
    """A noun and the nouns coordinated with it; empty for a noun that itself hangs on another."""
    if not _may_be_member(first) or first.dep == "conj":
        return []
    group, current = [first], first
    while True:
        following = next(
            (
                parsed.tokens[i]
                for i in parsed.children[current.i]
                if parsed.tokens[i].dep == "conj" and _may_be_member(parsed.tokens[i])
            ),
            None,
        )
        if following is None:
            return group
        group.append(following)
        current = following


def _may_be_member(token: Token) -> bool:
    """True for a noun, and for a capitalised adjective: "translated into German, Italian and Spanish"."""
    return token.pos in {"NOUN", "PROPN"} or (token.pos == "ADJ" and token.text[:1].isupper())


def _asked(reading: Reading, parsed: Parse, first: Token) -> bool:
    """True when a word that governs the enumeration is one that the question lists."""
    governors = [token.text for token in parsed.ancestors(first.i)][:4]
    said = stems(" ".join(governors))
    return any(best(head, said) >= 0.85 for head in reading.heads or reading.content)


def _label(parsed: Parse, token: Token, group: list[Token]) -> str:
    """The phrase of one member without the members that follow it."""
    others = {other.i for other in group if other.i > token.i}
    kept, todo = [token], list(parsed.children[token.i])
    while todo:
        i = todo.pop()
        child = parsed.tokens[i]
        if (
            i in others
            or child.dep in {"cc", "relcl", "preconj"}
            or (child.dep == "punct" and child.text in {",", ";"})
        ):
            continue
        kept.append(child)
        todo.extend(parsed.children[i])
    start, end = min(t.start for t in kept), max(t.end for t in kept)
    label = parsed.text[start:end].strip(" ,;.:")
    label = re.sub(r"^(?:the|an?|its|their|including|both)\s+", "", label)
    return label if len(label.split()) <= _LABEL_WORDS_MAX else " ".join(label.split()[:_LABEL_WORDS_MAX])
