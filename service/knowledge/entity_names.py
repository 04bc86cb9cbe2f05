"""The names of known entities: found in a question in full, in part, or almost as they are spelt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property

from rapidfuzz import fuzz, process

from corpus.aliases import initials
from corpus.entities import entity_key
from corpus.taxonomy import name_words, plain
from corpus.vocabulary import everyday_words, words
from service.knowledge.known import Known
from service.knowledge.passage_words import PassageWords

NEAR_SPELLING_MIN = 88.0  # rapidfuzz ratio from which a written name is taken for a known one
_FORM_WORDS_MAX = 12
_INNER_WORDS = frozenset({"the", "of", "in", "and", "for"})  # these neither begin nor end a name
_ENDING = re.compile(r"(?:['’]s?|[.'’])$")


class EntityNames:
    """Every name and form of the entities, with the keys of those that bear it."""

    def __init__(self, entities: Mapping[str, Known], words: PassageWords) -> None:
        self._entities = entities
        self._words = words
        self._coined: Mapping[str, str] = {}
        self.forms: dict[str, set[str]] = defaultdict(set)
        for known in entities.values():
            for form in known.forms:
                self.forms[entity_key(form)].add(known.key)

    def with_coined(self, entities: Mapping[str, Known], coined: Mapping[str, str]) -> EntityNames:
        """The same names, and before them those that only a question shows to be names, with their keys."""
        view = copy(self)
        view._entities, view._coined = entities, coined
        return view

    def key_of(self, name: str) -> str | None:
        """The key of the entity that has this very name or form."""
        keys = self.forms.get(entity_key(name))
        return self._coined.get(name) or (min(keys) if keys else None)

    @cached_property
    def parts(self) -> dict[str, set[str]]:
        """Entity keys by each distinctive word of their names."""
        generic = set().union(*name_words().values())
        found: dict[str, set[str]] = defaultdict(set)
        for known in self._entities.values():
            for form in known.forms:
                for word in words(form):
                    if len(word) > 2 and word not in generic:
                        found[word].add(known.key)
        return found

    def in_text(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """(start, end, entity keys) of every known name in a question, longest names first taken.

        A name counts when it is written with a capital, or, in lower case, when the documents never use the
        word in lower case. Several keys mean that the words fit several entities.
        """
        taken: list[tuple[int, int, tuple[str, ...]]] = [
            (match.start(), match.end(), (key,))
            for name, key in self._coined.items()
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        ]
        for start, end, _ in taken:
            text = text[:start] + " " * (end - start) + text[end:]
        tokens = [(m.start(), m.end()) for m in re.finditer(r"[^\s,;:?!()\"“”]+", text)]
        i = 0
        while i < len(tokens):
            match = self._longest_name(text, tokens, i)
            if match is None:
                i += 1
                continue
            j, keys = match
            start, end = tokens[i][0], tokens[j - 1][1]
            end = start + len(_ENDING.sub("", text[start:end]))
            taken.append((start, end, keys))
            i = j
        return sorted(taken)

    def _longest_name(
        self, text: str, tokens: Sequence[tuple[int, int]], i: int
    ) -> tuple[int, tuple[str, ...]] | None:
        for j in range(min(len(tokens), i + _FORM_WORDS_MAX), i, -1):
            printed = _ENDING.sub("", text[tokens[i][0] : tokens[j - 1][1]])
            exact = self.forms.get(entity_key(printed), set())
            as_written = any(printed in self._entities[key].forms for key in exact) and (
                printed.isupper() or plain(printed) not in everyday_words()
            )
            if len(printed) < 2 or not (as_written or self._may_name(printed, first=i == 0)):
                continue
            keys = exact or self.holding(printed)
            if keys:
                return j, tuple(sorted(keys))
        return None

    def _may_name(self, printed: str, first: bool) -> bool:
        parts = printed.split()
        if plain(parts[0]) in {"a", *_INNER_WORDS} or plain(parts[-1]) in _INNER_WORDS:
            return False
        if any(char.isupper() for char in (printed[1:] if first else printed)):
            return True
        return not all(self._is_common(word) for word in plain(printed).split())

    def _is_common(self, word: str) -> bool:
        """True for a word that documents write in lower case, in whichever number, or that anybody uses."""
        numbers = {word, word.removesuffix("s"), f"{word}s"}
        return len(word) < 3 or bool(numbers & self._words.lower_words or numbers & everyday_words())

    def holding(self, printed: str) -> set[str]:
        """The keys of entities whose name contains the written words in a row, when one of them is distinctive."""
        asked = words(printed)
        if all(word.isdigit() for word in asked):  # a year names nothing, though a name may begin with one
            return set()
        candidates = set.intersection(*[self.parts.get(word, set()) for word in asked]) if asked else set()
        fitting = {
            key
            for key in candidates
            if any(_stands_for(words(form), asked) for form in self._entities[key].forms)
        }
        organisations = {key for key in fitting if self._entities[key].kind != "other"}
        return organisations or fitting

    def near(self, name: str) -> str | None:
        """The entity whose name is spelt almost like `name`, None when there is none."""
        if len(name) < 5:
            return None
        found = process.extractOne(
            entity_key(name), list(self.forms), scorer=fuzz.ratio, score_cutoff=NEAR_SPELLING_MIN
        )
        return min(self.forms[found[0]]) if found else None

    @cached_property
    def _by_initials(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for known in self._entities.values():
            for form in known.forms:
                found[initials(form)].add(known.key)
        return found

    def initialled(self, name: str) -> str | None:
        """The one entity of whose name these are the initials: "UCL"; None when there are several or none."""
        keys = self._by_initials.get(name, set()) if name else set()
        return next(iter(keys)) if len(keys) == 1 else None


def _stands_for(form: Sequence[str], asked: Sequence[str]) -> bool:
    """True when the asked words are the first word of a name, or several words of it in a row."""
    if len(asked) == 1:
        return form[:1] == list(asked)
    return any(list(form[i : i + len(asked)]) == list(asked) for i in range(len(form) - len(asked) + 1))
