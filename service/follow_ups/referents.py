"""Who or what a follow-up speaks of: the names and lists that the conversation has brought up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from corpus.places import places
from corpus.taxonomy import ENTITY_KINDS, ORGANISATIONS, kind_of, plain
from service.answer import Answer
from service.follow_ups.reframing import related
from service.follow_ups.wording import AGENTS, Wording, is_agent, worded
from service.knowledge.knowledge import Knowledge
from service.understanding.inflection import is_plural, participle, past, possessive

JOINED_MAX = 4  # more names than this are spoken of as the list that they are
_LABEL_WORDS_MAX = 8
_MARKS = re.compile(r"\s*\[\d+\]")
_WHO_IS = re.compile(r"(?:who|what) (?:is|are|was|were) (?:the )?")
_COLLECTIVE = frozenset({"project", "programme", "network"})

# What a question asks of something tells what kind of thing it is.
_OF_AN_ORGANISATION = re.compile(
    r"\b(?:based|located|headquarter\w*|situated|employ\w*|staff|workforce|turnover|revenues?|sales|profits?|"
    r"shareholders?|investors?|ceo|chief executive|bought|acquired|taken over|sold|spun|spin|incorporated|"
    r"listed|valued)\b"
)
_OF_A_PROJECT = re.compile(
    r"\b(?:budget|coordinat\w*|consortium|partners?|members?|deliverables?|work packages?|run for|ended?|"
    r"funded)\b"
)
_OF_A_PERSON = re.compile(r"\b(?:born|studied|stud(?:y|ies) at|phd|career|retired?|knighted|professorship)\b")


Number = Literal["one", "many"]


class Referent(NamedTuple):
    """Something spoken of, in the words that a question may use for it."""

    text: str
    kind: str = ""  # a kind of entity, "place", or "" when it is none of them
    plural: bool = False


class Wanted(NamedTuple):
    """What a pronoun or "that company" asks for."""

    number: Number = "one"
    kinds: frozenset[str] = frozenset()  # empty: anything but a person
    acting: bool = False  # it does something, so it is an organisation, project or person
    clause: str = ""  # the words around, which may tell its kind


# "What kind of magazine is X" asks about X; no magazine is its answer.
_OF_WHAT_KIND = re.compile(
    r"\W*(?:what|which) (?:kind|sort|type)s? of [\w-]+(?: [\w-]+)? (?:is|are|was|were)\b"
)


@dataclass(frozen=True)
class Turn:
    """An earlier question with its answer."""

    answer: Answer
    knowledge: Knowledge

    @cached_property
    def wording(self) -> Wording:
        return worded(self.answer.standalone_question, self.knowledge)

    @property
    def asks_for_members(self) -> bool:
        """True when the question asked which or who, so that its answer is what is spoken of next."""
        intent, asked = self.answer.understood_as.intent, self.wording.asked
        opening = _WHO_IS.match(plain(self.wording.text))
        if opening and any(each.start == opening.end() for each in self.wording.named):
            return False
        if _OF_WHAT_KIND.match(plain(self.wording.text)):
            return False
        if asked is not None and asked.form != "copular" and plain(asked.wh).startswith(("which", "what")):
            return True
        if intent in {"describe", "define", "yes_no"}:
            return False
        return intent in {"list", "who", "count", "compare"} or bool(self.answer.items)

    @cached_property
    def members(self) -> tuple[Referent, ...]:
        """The names that the answer gives: its items, else the first fitting name in its text."""
        if self.answer.status != "answered" or not self.asks_for_members:
            return ()
        if self.answer.items:
            labels = [item.label for item in self.answer.items if len(item.label.split()) <= _LABEL_WORDS_MAX]
            return tuple(Referent(self._definite(label), self._kind(label)) for label in labels)
        kind = kind_of(self.wording.noun) if self.wording.noun else None
        found = sorted(self._named_in_the_answer(), key=lambda each: bool(kind) and each.kind != kind)
        return tuple(found)[:1]

    def _definite(self, label: str) -> str:
        """The label as it stands in a sentence: a name as it is, "breath sensor" as "X's breath sensor"."""
        if any(char.isupper() or char.isdigit() for char in label):
            return label
        owner = next((name for name in self.names if name.kind in AGENTS), None)
        return f"{possessive(owner.text)} {label}" if owner else f"the {label}"

    def _kind(self, label: str) -> str:
        key = self.knowledge.names.key_of(label)
        if key is not None:
            return self.knowledge.entities[key].kind
        if self.answer.understood_as.asks_for in {"place", "person"}:
            return self.answer.understood_as.asks_for
        return kind_of(self.wording.noun) or (
            "person" if self.wording.text.lower().startswith("who ") else ""
        )

    def _named_in_the_answer(self) -> Iterator[Referent]:
        text = _MARKS.sub("", self.answer.answer)
        asked = {key for each in self.wording.named for key in each.keys}
        compare = self.answer.understood_as.intent == "compare"
        for start, end, keys in self.knowledge.names.in_text(text):
            known = self.knowledge.entities[keys[0]]
            if self.wording.asked is None and not self._does_it(text[:start], text[start:end], text[end:]):
                continue
            if (compare or not asked & set(keys)) and known.kind in _answering(self.wording, self.answer):
                yield Referent(known.name if len(keys) == 1 else text[start:end], known.kind)

    def _does_it(self, before: str, name: str, after: str) -> bool:
        """True when a name stands where the doer of the question's verb does: "X founded", "founded by X"."""
        verb = next((token for token in self.wording.tokens if token.pos == "VERB"), None)
        if verb is None:
            return True
        stems = {verb.lemma[: max(3, len(verb.lemma) - 2)], past(verb.lemma), participle(verb.lemma)}
        began = rf"(?:{'|'.join(sorted(map(re.escape, stems)))})\w*(?: out| over| up)?"
        passive = rf"\b{began} (?:\w+ )?(?:by|to|with|from|for) (?:(?:the|an?|[a-z]+|Prof\S*|Dr\S*) ){{0,3}}$"
        active = rf" (?:\w+ ){{0,2}}{began}\b(?! by\b)"
        return re.search(passive, before) is not None or re.match(active, after) is not None

    @cached_property
    def names(self) -> tuple[Referent, ...]:
        """The names in the question, programmes that pervade whole reports last."""
        found = [
            (
                all(self.knowledge.pervades(key) for key in each.keys),
                Referent(*self._name(each.start, each.end, each.keys)),
            )
            for each in self.wording.named
        ]
        return tuple(referent for _, referent in sorted(found, key=lambda pair: pair[0]))

    def _name(self, start: int, end: int, keys: Sequence[str]) -> tuple[str, str]:
        return self.wording.text[start:end], self.knowledge.entities[keys[0]].kind

    @cached_property
    def listed(self) -> Referent | None:
        """What the question asked for, in words: "Norvia's patents", "the SMEs that spun off companies"."""
        asked, noun = self.wording.asked, self.wording.noun
        if asked is None or _OF_WHAT_KIND.match(plain(self.wording.text)):
            return None
        plural, kind = is_plural(noun), kind_of(noun) or ""
        owner = next((name for name in self.names if name.kind in AGENTS), None)
        if asked.form == "copular":
            owner_start = next((each.start for each in self.wording.named if each.end <= asked.start), None)
            described = self.wording.text[asked.start if owner_start is None else owner_start :]
            return Referent(described if owner_start is not None else f"the {described}", kind, plural)
        if owner and not is_agent(noun):
            return Referent(f"{possessive(owner.text)} {noun}", kind, plural)
        phrase = related(self.wording)
        return Referent(f"the {phrase}", kind, plural) if phrase else None

    @property
    def possessed(self) -> Referent | None:
        """What a name of the question owns, when that is several things: "LUMEN-3's patents"."""
        match = re.search(r"[\w.]['’]s? ((?:[\w-]+ )?[\w-]+s)\b", self.wording.text)
        start = max(
            (each.start for each in self.wording.named if match and each.start < match.start(1)), default=None
        )
        if match is None or start is None:
            return None
        return Referent(self.wording.text[start : match.end()], kind_of(match[1]) or "", plural=True)

    @property
    def described(self) -> Referent | None:
        """A thing that the question describes without a name: "the imaging network"."""
        match = re.search(
            r"\b(?:the|a|an) ((?:[\w-]+ ){0,3}[\w-]+?)"
            r"(?= (?:have|has|do|does|did|is|are|was|were|of|in|for|that)\b|$)",
            self.wording.text,
        )
        kind = kind_of(match[1]) if match else None
        return Referent(f"the {match[1]}", kind) if match and kind else None


def _answering(wording: Wording, answer: Answer) -> frozenset[str]:
    """The kinds of entity that a question of this sort is answered with."""
    noun_kind = fitting_kinds(wording.noun) if wording.noun else frozenset()
    if noun_kind:
        return noun_kind
    asks_for = answer.understood_as.asks_for
    found: set[str] = set()
    if "organisation" in asks_for:
        found |= ORGANISATIONS
    if "person" in asks_for:
        found |= {"person"}
    if asks_for in ENTITY_KINDS:
        found |= {asks_for}
    return frozenset(found) or frozenset(AGENTS if answer.understood_as.intent == "compare" else ())


def fitting_kinds(noun: str) -> frozenset[str]:
    """The kinds of entity that a class noun may stand for: "the firm" is an SME or another company."""
    kind = kind_of(noun)
    if kind in {"sme", "company"}:
        return frozenset({"sme", "company"})
    if kind in {"project", "programme", "network"}:
        return _COLLECTIVE
    if kind is None and is_agent(noun):
        return ORGANISATIONS
    return frozenset({kind}) if kind else frozenset()


def referent(wanted: Wanted, turns: Sequence[Turn], taken: Collection[str] = ()) -> Referent | None:
    """What is spoken of, from the nearest turn that has something fitting; None when no turn has.

    `taken` holds what other words of the question stand for; the rest then stands in the same turn.
    """
    for turn in turns[:1] if taken else turns:
        fitting = [
            each for each in _candidates(turn, wanted) if each.text not in taken and _fits(each, wanted)
        ]
        if fitting:
            preferred = _preferred(wanted.clause)
            return min(
                fitting,
                key=lambda each: (
                    bool(preferred) and each.kind not in preferred,
                    wanted.acting and each.kind not in AGENTS,
                ),
            )
    return None


def topic(turns: Sequence[Turn]) -> Referent | None:
    """The one thing that the last turn was about: its only answer, else the first name of its question."""
    if not turns:
        return None
    last = turns[0]
    if len(last.members) == 1:
        return last.members[0]
    return last.names[0] if last.names else None


def _candidates(turn: Turn, wanted: Wanted) -> list[Referent]:
    """What a turn brought up, the likeliest first."""
    members, names, listed = list(turn.members), list(turn.names), turn.listed
    described = [turn.described] if turn.described and not names else []
    if wanted.number == "many":
        many = [_joined(members, listed)] if len(members) > 1 else members
        together = [name for name in names if name.kind == names[0].kind]
        if len(together) > 1 and not members:
            names = [_joined(together, None), *names]
        asked = [listed] if listed and listed.plural and not members else []
        owned = [turn.possessed] if turn.possessed and not asked else []
        return many + asked + ([*names, *owned] if wanted.acting else [*owned, *names]) + described
    thing = (
        [listed]
        if listed
        and not listed.plural
        and plain(turn.wording.text).startswith(("which", "what"))
        and not members
        else []
    )
    if turn.wording.asked and turn.wording.asked.form == "copular":
        thing = []
    return [*members, *thing, *names, *described] if len(members) < 2 else [*names, *members, *described]


def _joined(members: Sequence[Referent], listed: Referent | None) -> Referent:
    names = [each.text for each in members]
    if len(names) > JOINED_MAX and listed is not None:
        return Referent(listed.text, members[0].kind, plural=True)
    return Referent(f"{', '.join(names[:-1])} and {names[-1]}", members[0].kind, plural=True)


def _fits(each: Referent, wanted: Wanted) -> bool:
    if wanted.kinds:
        return each.kind in wanted.kinds
    return each.kind not in {"person", "place"} or wanted.number == "many"


def _preferred(clause: str) -> frozenset[str]:
    """The kinds that the words around a pronoun speak for; empty when they speak for none."""
    if _OF_AN_ORGANISATION.search(plain(clause)):
        return ORGANISATIONS
    if _OF_A_PROJECT.search(plain(clause)):
        return _COLLECTIVE
    return frozenset({"person"}) if _OF_A_PERSON.search(plain(clause)) else frozenset()


def place_spoken_of(turns: Sequence[Turn]) -> str:
    """The place that the last answer or question names: "in Lyon", "" when there is none."""
    for turn in turns[:1]:
        if turn.answer.understood_as.intent == "where" or turn.answer.understood_as.asks_for == "place":
            found = places(_MARKS.sub("", turn.answer.answer))
            if found:
                return f"in {found[0].name}"
        if turn.wording.places:
            return f"in {turn.wording.places[0].name}"
    return ""
