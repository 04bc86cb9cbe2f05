"""A question taken apart into the words that a follow-up may keep or replace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from corpus.dates import Date, dates
from corpus.names import names
from corpus.parsing import Parse, Token, parse
from corpus.places import Place, places
from corpus.taxonomy import ORGANISATIONS, kind_nouns, kind_of, plain
from service.knowledge.knowledge import Knowledge
from service.understanding.named import asks

Form = Literal["subject", "object", "copular", "listed"]

_PLAIN_ORGANISATION = re.compile(
    r"\b(?:organi[sz]ation|institution|body|partner|group|participant|team)s?$|"
    r"\b(?:people|patient|student|trainee|nurse|doctor|clinician|farmer|user|employee|worker|staff|visitor|"
    r"teacher|women|men)s?$"
)
AGENTS = ORGANISATIONS | {"person", "project", "programme"}  # kinds that can do something
_ORDER = re.compile(
    r"(?:please )?(?:tell|list|name|show|give|find|identify|enumerate|describe|explain|summari[sz]e)\b"
)
_QUANTITY = re.compile(
    r"\b(how (?:many|much))\b(?: of (?:the|those|these))?(?: (?:different|new|more|distinct|other))? ?|"
    r"\b(?:what is )?the number of "
)
_WHICH = re.compile(r"\b(which|what) (?:other |different )?")
_LISTED = re.compile(
    r"^(?:please )?(?:list|name|enumerate|show|give|find|identify)(?: me)?(?: all| every| each)?(?: of)?"
    r"(?: the)? "
)
_COPULAR = re.compile(r"^(?:what|which|who) (?:is|are|was|were) (?:all )?(?:the )?")
_FINITE = {"VBD", "VBZ", "VBP", "MD"}


class NamedSpan(NamedTuple):
    """A known entity in a question: text[start:end] names it; several keys when the words fit several."""

    start: int
    end: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What a question asks for: "How many" (wh) "licensing deals" (text[start:end]), and in which form."""

    wh: str
    wh_start: int
    start: int
    end: int
    form: Form


@dataclass(frozen=True)
class Wording:
    """A question without its closing mark, parsed, with the names, places and dates in it."""

    text: str
    parsed: Parse
    named: tuple[NamedSpan, ...]
    unknown: tuple[NamedSpan, ...]  # capitalised names that the documents do not have
    places: tuple[Place, ...]
    dates: tuple[Date, ...]

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return self.parsed.tokens

    @cached_property
    def asked(self) -> Asked | None:
        """The noun phrase that is counted or listed, None when the question has none."""
        return _asked(self)

    @property
    def noun(self) -> str:
        """The words of the asked noun phrase, "" without one."""
        return self.text[self.asked.start : self.asked.end] if self.asked else ""

    @property
    def rest(self) -> str:
        """What stands behind the asked noun phrase."""
        return self.text[self.asked.end :].strip() if self.asked else ""

    @property
    def own_names(self) -> bool:
        return bool(self.named or self.unknown)

    @property
    def content(self) -> list[Token]:
        """The words that say something: nouns, full verbs, adjectives, figures."""
        return [
            token
            for token in self.tokens
            if token.pos in {"NOUN", "PROPN", "VERB", "ADJ", "NUM"}
            and token.lemma not in {"many", "much", "have", "do", "be", "far", "other"}
        ]

    def names_in(self, start: int, end: int) -> bool:
        """True when a name stands between two offsets."""
        return any(start <= each.start < end for each in self.named)

    def replaced(self, start: int, end: int, new: str) -> str:
        """The question with text[start:end] replaced."""
        return re.sub(r"\s+", " ", f"{self.text[:start]}{new}{self.text[end:]}").strip()


def worded(question: str, knowledge: Knowledge) -> Wording:
    """A question taken apart."""
    text = re.sub(r"\s+", " ", question).strip().rstrip("?!. ")
    parsed = parse(text)
    found_places = tuple(places(text, ignore_case=not any(char.isupper() for char in text[1:])))
    named = tuple(
        NamedSpan(start, end, keys)
        for start, end, keys in knowledge.names.in_text(text)
        if plain(text[start:end]) not in kind_nouns()
        and not asks(text[start:end])
        and not _is_place(start, end, keys, found_places, knowledge)
    )
    found_places = tuple(
        place
        for place in found_places
        if not any(
            each.start <= place.start
            and place.end <= each.end
            and each.end - each.start > place.end - place.start
            for each in named
        )
    )
    taken = [(each.start, each.end) for each in named] + [(each.start, each.end) for each in found_places]
    unknown = tuple(
        NamedSpan(name.start, name.end, ())
        for name in names(parsed)
        if not any(start < name.end and name.start < end for start, end in taken)
        and kind_of(name.text) is None
        and knowledge.names.key_of(name.text) is None
    )
    return Wording(text, parsed, named, unknown, found_places, tuple(dates(text)))


def _is_place(
    start: int, end: int, keys: Sequence[str], found: Sequence[Place], knowledge: Knowledge
) -> bool:
    """True for a word that is a place and no organisation or project."""
    if any(knowledge.entities[key].kind != "other" for key in keys):
        return False
    return any(place.start <= start and end <= place.end for place in found)


def _asked(wording: Wording) -> Asked | None:
    lowered = plain(wording.text)
    for pattern in (_QUANTITY, _WHICH, _LISTED, _COPULAR):
        for match in pattern.finditer(lowered):
            start = match.end()
            if pattern is _COPULAR:
                start = next((each.end for each in wording.named if each.start == start), start)
                start += len("'s ") if re.match(r"['’]s ", wording.text[start:]) else 0
            end = phrase_end(wording, start)
            if end > start and not wording.names_in(start, end):
                form: Form = (
                    "listed"
                    if pattern is _LISTED
                    else "copular"
                    if pattern is _COPULAR
                    else _form(wording, end)
                )
                return Asked(wording.text[match.start() : start].strip(), match.start(), start, end, form)
    return None


def phrase_end(wording: Wording, start: int) -> int:
    """Where the noun phrase that begins at an offset ends; the offset itself when none begins there."""
    end = start
    for token in wording.tokens:
        if token.start < start:
            continue
        if not _continues(wording, token):
            break
        if (
            token.pos in {"NOUN", "PROPN"}
            or plain(token.text) in kind_nouns()
            or _is_bare_noun(wording, token)
        ):
            end = token.end
    return end


def _continues(wording: Wording, token: Token) -> bool:
    """True when a token may stand inside a noun phrase."""
    if (
        token.pos in {"NOUN", "PROPN", "ADJ", "NUM"}
        or plain(token.text) in kind_nouns()
        or token.text in {"-", "/", "&", "'s", "’s"}
    ):
        return True
    if token.pos == "VERB" and token.tag in {"VBN", "VBG"}:
        following = wording.tokens[token.i + 1 : token.i + 2]
        return bool(following) and following[0].pos in {"NOUN", "PROPN"}
    return _is_bare_noun(wording, token)


def _is_bare_noun(wording: Wording, token: Token) -> bool:
    """True for a plural noun at the end that the parser takes for a verb: "how many licensing deals"."""
    return token.tag == "VBZ" and token.pos == "VERB" and token.i == len(wording.tokens) - 1


def _form(wording: Wording, end: int) -> Form:
    """Whether the phrase that ends here does something itself or stands before "did Norvia ..."."""
    following = [token for token in wording.tokens if token.start >= end][:2]
    if len(following) < 2 or following[0].lemma not in {"do", "be", "have", "can", "will", "could", "would"}:
        return "subject"
    second = following[1]
    nominal = (
        second.pos in {"PROPN", "DET", "PRON"}
        or second.tag in {"NNS", "NN"}
        or wording.names_in(second.start, second.end)
    )
    return "object" if nominal and not second.text.lower().startswith("there") else "subject"


def is_fragment(wording: Wording) -> bool:
    """True for words without a finite verb: "how many licensing deals", "patents", "for LUMEN-3"."""
    return not any(
        (token.pos == "AUX" or token.tag in _FINITE)
        and not _is_bare_noun(wording, token)
        and not wording.names_in(token.start, token.end)
        for token in wording.tokens
    ) and not _ORDER.match(plain(wording.text))


def main_verb(wording: Wording, auxiliary: Token) -> Token | None:
    """The full verb behind "did Norvia", also where the parser takes it for a noun behind a name."""
    behind = [token for token in wording.tokens if token.start > auxiliary.start]
    verb = next((t for t in behind if t.pos == "VERB" and not wording.names_in(t.start, t.end)), None)
    if verb is not None:
        return verb
    name_end = next((each.end for each in wording.named if each.start > auxiliary.start), None)
    return next((token for token in behind if name_end is not None and token.start >= name_end), None)


def is_agent(noun: str) -> bool:
    """True for nouns of organisations, persons and projects: what can do something."""
    return kind_of(noun) in AGENTS or _PLAIN_ORGANISATION.search(plain(noun)) is not None


def closed(text: str) -> str:
    """The text as a sentence: a capital first, a question mark or, behind an order, a full stop last."""
    text = re.sub(r"\s+", " ", text).strip().rstrip("?!. ,")
    return text[:1].upper() + text[1:] + ("." if _ORDER.match(plain(text)) else "?")
