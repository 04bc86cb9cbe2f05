"""The deeds that one sentence tells: its parse, with the names in it, fills the sides of their frames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from corpus.clauses import Clause, clauses
from corpus.entities import entity_key
from corpus.parsing import Parse, Token, parse
from corpus.taxonomy import ORGANISATIONS, kind_of, plain
from service.deeds.deed_frames import Deed, frames

_POINTING = frozenset(["it", "they", "them", "he", "she", "we", "its", "their", "which", "who"])
_PREPOSITIONAL = {"prep", "agent", "dative"}
# Names that the parser knows as such stand in for those of the reports while a sentence is parsed: it takes
# unheard-of names, above all those of several words, for verbs and punctuation.
_STAND_INS = (
    "Microsoft",
    "Google",
    "Toyota",
    "Siemens",
    "Nokia",
    "Samsung",
    "Honda",
    "Philips",
    "Bayer",
    "Sony",
)
_ASIDE = re.compile(r"\s*(?:\[[^\]]*\]|\([^)]*\))")
_AUXILIARY = re.compile(r",?\s+(?:which\s+|who\s+)?(?:was|were|is|has|had|have|received|raised)\b")
_REACH_CHARS = 70  # how far a name may stand from a deed whose side the parse leaves open


class Mark(NamedTuple):
    """text[start:end] names an entity."""

    start: int
    end: int
    keys: frozenset[str]


@dataclass(frozen=True)
class _Sentence:
    """A parsed sentence with the names in it, and the thing that its pronouns stand for."""

    parsed: Parse
    marks: Sequence[Mark]
    spoken: frozenset[str]


def deeds_in(text: str, marks: Sequence[Mark], spoken: frozenset[str]) -> Iterator[Deed]:
    """The deeds that a sentence tells of the names marked in it; `spoken` is what its pronouns stand for."""
    sentence = _Sentence(*_with_stand_ins(text, marks), spoken)
    for clause in clauses(sentence.parsed):
        for frame, entry in _entries("verbs", clause.predicate, clause.verb.lemma):
            yield _of_verb(frame, entry, clause, sentence)
    for token in sentence.parsed.tokens:
        if token.pos != "NOUN" or token.tag == "NNS" or token.dep in {"compound", "amod"}:
            continue
        for frame, entry in _entries("nouns", token.lemma):
            yield _of_noun(frame, entry, token, sentence)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Parse:
    return parse(text)


def _with_stand_ins(text: str, marks: Sequence[Mark]) -> tuple[Parse, list[Mark]]:
    """The parse of a text without its asides, its names replaced by well-known ones; where these stand."""
    spans: dict[tuple[int, int], frozenset[str]] = {}
    for mark in sorted(marks, key=lambda mark: (mark.start - mark.end, mark.start)):
        cover = next((span for span in spans if span[0] < mark.end and mark.start < span[1]), None)
        if cover in {None, (mark.start, mark.end)}:
            spans[mark.start, mark.end] = spans.get((mark.start, mark.end), frozenset()) | mark.keys
    asides = [match.span() for match in _ASIDE.finditer(text)]
    cuts: list[tuple[int, int, frozenset[str] | None]] = [(*span, keys) for span, keys in spans.items()]
    cuts += [(*aside, None) for aside in asides]
    pieces: list[str] = []
    moved: list[Mark] = []
    end = length = 0
    for start, stop, keys in sorted(cuts, key=lambda cut: (cut[0], -cut[1])):
        if start < end:
            continue
        pieces.append(text[end:start])
        length += start - end
        if keys is not None:
            name = _STAND_INS[len(moved) % len(_STAND_INS)]
            pieces.append(name)
            moved.append(Mark(length, length + len(name), keys))
            length += len(name)
        end = stop
    return _parsed("".join([*pieces, text[end:]])), moved


def _entries(part: str, *lemmas: str) -> Iterator[tuple[str, dict[str, str]]]:
    for name, frame in frames().items():
        entry = next((frame[part][lemma] for lemma in lemmas if lemma in frame[part]), None)
        if entry is not None:
            yield name, entry


def _of_verb(frame: str, entry: Mapping[str, str], clause: Clause, sentence: _Sentence) -> Deed:
    parsed = sentence.parsed
    filled: dict[str, frozenset[str]] = {}
    side = entry.get("object" if clause.passive else "subject")
    if side and clause.subject is not None:
        filled[side] = _keys(clause.subject.head, sentence)
    if side and not filled.get(side) and _is_open(clause.subject.head if clause.subject else None):
        filled[side] = _nearest(clause.verb.start, sentence)
    if side and not filled.get(side) and clause.inherited:
        filled[side] = _acting(clause.verb.start, sentence)
    children = [parsed.tokens[i] for i in parsed.children[clause.verb.i]]
    direct = next((child for child in children if child.dep in {"dobj", "obj", "oprd"}), None)
    if direct is not None and "object" in entry and not clause.passive:
        doer = _keys(clause.subject.head, sentence) if clause.subject else frozenset()
        filled[entry["object"]] = _keys(direct, sentence, but=doer)
    governors = [clause.verb, *([direct] if direct is not None else [])]
    for preposition, inner in _prepositions(governors, parsed):
        by_doer = preposition == "by" and clause.passive
        side = entry.get(preposition) or (entry.get("subject") if by_doer else None)
        if side and not filled.get(side):
            filled[side] = _keys(inner, sentence)
    things = [direct, clause.subject.head if clause.subject else None]
    things += [inner for preposition, inner in _prepositions(governors, parsed) if preposition in entry]
    return Deed(
        frame,
        filled,
        clause.negated,
        clause.modality == "achieved",
        parsed.text[clause.start : clause.end],
        main=clause.verb.dep == "ROOT" or parsed.tokens[clause.verb.head].lemma == "do",
        things=frozenset(token.lemma for token in things if token and _is_thing(token, sentence)),
    )


def _is_thing(token: Token, sentence: _Sentence) -> bool:
    """True for a common noun other than "company", "project" and what asks for one."""
    asks = token.pos != "NOUN" or kind_of(token.text) in ORGANISATIONS
    return not asks and not _keys(token, sentence)


def _of_noun(frame: str, entry: Mapping[str, str], noun: Token, sentence: _Sentence) -> Deed:
    parsed = sentence.parsed
    filled: dict[str, frozenset[str]] = {}
    for preposition, inner in _prepositions([noun], parsed):
        if preposition in entry:
            filled[entry[preposition]] = _keys(inner, sentence)
    owner = next((parsed.tokens[i] for i in parsed.children[noun.i] if parsed.tokens[i].dep == "poss"), None)
    if owner is not None and "owner" in entry:
        # "resulted in its acquisition by A": with the doer told, the owner is what was bought
        side = "target" if entry["owner"] == "buyer" and "buyer" in filled else entry["owner"]
        filled.setdefault(side, _keys(owner, sentence))
    for part, token in _governing(noun, parsed):
        if part in entry and not filled.get(entry[part]):
            filled[entry[part]] = _keys(token, sentence)
    within = parsed.subtree(noun.i)
    return Deed(frame, filled, text=parsed.text[within[0].start : within[-1].end])


_GIVING = frozenset({"make", "provide", "give", "award", "grant", "issue", "offer"})
_RECEIVING = frozenset(
    {
        "hold",
        "have",
        "take",
        "obtain",
        "receive",
        "get",
        "secure",
        "gain",
        "negotiate",
        "sign",
        "own",
        "acquire",
    }
)


def _governing(noun: Token, parsed: Parse) -> Iterator[tuple[str, Token]]:
    """Whom the verb of a noun names, with the preposition that says as much: "B was given a licence by A"."""
    verb = parsed.tokens[noun.head]
    verbs = [verb, *([parsed.tokens[verb.head]] if verb.dep in {"conj", "xcomp"} else [])]
    children = [parsed.tokens[i] for each in verbs for i in parsed.children[each.i]]
    if verb.lemma not in _GIVING | _RECEIVING or noun.dep not in {"dobj", "obj", "nsubjpass"}:
        return
    for child in children:
        if child.dep == "nsubj" and child.i != noun.i:
            yield ("by" if verb.lemma in _GIVING else "to"), child
        if (child.dep == "nsubjpass" and child.i != noun.i) or (
            child.dep in {"dative", "iobj"} and child.pos != "ADP"
        ):
            yield "to", child
    yield from _prepositions([verb], parsed)


def _is_open(subject: Token | None) -> bool:
    """True when a subject says nothing of its own: none, or a relative pronoun."""
    return subject is None or plain(subject.text) in {"which", "that", "who"}


def _acting(verb_start: int, sentence: _Sentence) -> frozenset[str]:
    """The last name before a verb that an auxiliary follows: "X was founded in ..., and was bought by Y"."""
    text = sentence.parsed.text
    before = [mark for mark in sentence.marks if mark.end < verb_start and _AUXILIARY.match(text[mark.end :])]
    return before[-1].keys if before else frozenset()


def _nearest(verb_start: int, sentence: _Sentence) -> frozenset[str]:
    """The name that stands last before a verb and close to it."""
    before = [mark for mark in sentence.marks if mark.end <= verb_start <= mark.end + _REACH_CHARS]
    return before[-1].keys if before else frozenset()


def _prepositions(governors: Sequence[Token], parsed: Parse) -> Iterator[tuple[str, Token]]:
    """Each preposition that hangs on one of the words, or on the noun behind such a one, with its noun."""
    for governor in governors:
        for i in parsed.children[governor.i]:
            inner = _governed(i, parsed)
            if inner is None:
                continue
            yield parsed.tokens[i].lemma, inner
            for j in parsed.children[inner.i]:  # "for £3m to X": the parse hangs the second on the first
                deeper = _governed(j, parsed)
                if deeper is not None:
                    yield parsed.tokens[j].lemma, deeper


def _governed(i: int, parsed: Parse) -> Token | None:
    """The noun behind a preposition, None for other words."""
    if parsed.tokens[i].dep not in _PREPOSITIONAL:
        return None
    return next((parsed.tokens[j] for j in parsed.children[i] if parsed.tokens[j].dep == "pobj"), None)


def _keys(head: Token, sentence: _Sentence, but: frozenset[str] = frozenset()) -> frozenset[str]:
    """What a noun stands for: the entities it names or that stand beside it ("the firm X"), or a pronoun's.

    A name that no document knows stands for itself. A pronoun stands for none of `but`: what a verb is done to
    is not its own doer ("X was costly: Y bought it").
    """
    parsed = sentence.parsed
    found: frozenset[str] = frozenset().union(
        *(mark.keys for mark in sentence.marks if mark.start < head.end and head.start < mark.end)
    )
    near = [parsed.tokens[i] for i in parsed.children[head.i]]
    is_class = kind_of(head.text) in ORGANISATIONS
    for token in near:
        if token.dep in {"appos", "conj"} or (is_class and token.dep in {"compound", "nmod"}):
            found |= _keys(token, sentence)
    if found:
        return found
    if plain(head.text) in _POINTING or (is_class and any(plain(t.text) in {"the", "this"} for t in near)):
        named = [mark.keys for mark in sentence.marks if mark.end <= head.start and not mark.keys & but]
        return sentence.spoken or (named[-1] if named else frozenset())
    if not head.text[:1].isupper() or head.start == 0:
        return frozenset()
    before = [token.text for token in near if token.dep == "compound" and token.start < head.start]
    return frozenset({entity_key(" ".join([*before, head.text]))})
