"""What the store knows, in memory and ready for queries over all of it: facts, entities, passages, words."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from corpus.document import Document
from corpus.entities import HOME_PASSAGES, entity_key, tells_home
from corpus.facts import Entity, Fact, relates
from corpus.passages import Passage
from corpus.places import places
from corpus.sheets import is_table
from corpus.store import Store
from corpus.taxonomy import kind_nouns, name_words, plain
from corpus.vocabulary import everyday_words, stem, stems, words
from service.answer import Filters
from service.known import Known, introduced, merged, renamed, same_things
from service.limits import fitting_documents, fitting_facts, fitting_positions
from service.project_rows import ProjectRows

NEAR_SPELLING_MIN = 88.0  # rapidfuzz ratio from which a written name is taken for a known one
_FORM_WORDS_MAX = 12
_SPELT_MIN = 5  # letters from which a name run together is looked for in texts run together
_MARKS = re.compile(r"[™®©]|(?<=[a-z])TM\b|[\W_]+")  # what spellings of one name differ by
# Openings by which a sentence goes on about what the one before spoke of.
_GOES_ON = re.compile(r"(?:The|This|These|Those|That|They|It|Its|Their|Such|Both|He|She|In addition)\b")
# What is worked out once from the passages, whatever the facts are.
_OF_PASSAGES = (
    *("passage_stems", "around_stems", "before_stems", "section_stems", "place_names", "frequency"),
    *("lower_words", "spellings", "known_stems"),
)
VIEWS_MAX = 8  # filtered views kept ready, so that a conversation under filters builds its view once


class Knowledge:
    """A read-only view of one state of the store."""

    def __init__(self, store: Store) -> None:
        self.page_map = store.originals.page_map  # of a document by its id; read when it is cited
        self._hold(store.documents(), store.passages(), store.facts(), store.entities())

    def revised(self, decided: Iterable[Fact]) -> Knowledge:
        """The same documents after people decided about some facts; `decided` are these, as they are now.

        Reading 100 000 facts anew takes seconds, and a decision has to hold for the next question.
        """
        now = {fact.id: fact for fact in decided}
        facts = [now.get(fact.id, fact) for fact in self._facts_read]
        later = Knowledge.__new__(Knowledge)
        for name, value in self.__dict__.items():
            if name in _OF_PASSAGES or not isinstance(getattr(Knowledge, name, None), cached_property):
                later.__dict__[name] = value
        if introduced(facts, self._entities_read) == self._introduced:
            later._hold_facts(facts)
        else:
            later._hold(self.documents.values(), self.passages, facts, self._entities_read)
        return later

    def _hold(
        self,
        documents: Iterable[Document],
        passages: list[Passage],
        facts: Iterable[Fact],
        entities: Iterable[Entity],
    ) -> None:
        self.is_limited = False  # True for a view that filters left
        facts = list(facts)
        self._entities_read = list(entities)
        self._introduced = introduced(facts, self._entities_read)
        entities = [*self._entities_read, *self._introduced]
        self._same = same_things(entities)
        self.documents: dict[str, Document] = {document.id: document for document in documents}
        self.passages = passages
        self.position: dict[str, int] = {passage.id: i for i, passage in enumerate(self.passages)}
        self._starts: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for i, passage in enumerate(self.passages):
            self._starts[passage.document_id].append((passage.start, passage.end, i))
        self.entities: dict[str, Known] = merged(entities, self._same)
        self.forms: dict[str, set[str]] = defaultdict(set)
        for known in self.entities.values():
            for form in known.forms:
                self.forms[entity_key(form)].add(known.key)
            self._place(known)
        self.main: dict[str, str] = self._main_entities()
        self._hold_facts(facts)

    def _hold_facts(self, facts: list[Fact]) -> None:
        self._facts_read = facts
        self.facts = [renamed(fact, self._same) for fact in facts if fact.review != "rejected"]
        self.rejected = [renamed(fact, self._same) for fact in facts if fact.review == "rejected"]
        self.facts_at: dict[int, list[Fact]] = defaultdict(list)
        self.rejected_at: dict[int, list[Fact]] = defaultdict(list)
        for at, held in ((self.facts_at, self.facts), (self.rejected_at, self.rejected)):
            for fact in held:
                found = self.passage_at(fact.document_id, fact.selector.start)
                if found is not None:
                    at[found].append(fact)
        self._facts_of: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            for key in {fact.subject_key, fact.object_key} - {None}:
                self._facts_of[str(key)].append(fact)
        self._limited = lru_cache(maxsize=VIEWS_MAX)(self._view)

    def _place(self, known: Known) -> None:
        for entity in known.entities:
            for start, _ in entity.mentions:
                found = self.passage_at(entity.document_id, start)
                if found is not None:
                    known.passages.add(found)

    def limited_to(self, filters: Filters) -> Knowledge:
        """The view that filters leave; this one when they limit nothing."""
        return self if filters == Filters() else self._limited(filters)

    def _view(self, filters: Filters) -> Knowledge:
        ids = fitting_documents(filters, self)
        facts = fitting_facts(filters, self)
        kept = fitting_positions(filters, self, facts)
        entities = [entity for known in self.entities.values() for entity in known.entities]
        view = Knowledge.__new__(Knowledge)
        view.page_map = self.page_map
        view._hold(
            [document for document in self.documents.values() if document.id in ids],
            [self.passages[position] for position in kept],
            [*facts, *self.rejected],
            [entity for entity in entities if entity.document_id in ids],
        )
        view.is_limited = True
        # Stems are what costs: a view of 30 000 passages takes over those of this one.
        view.passage_stems = [self.passage_stems[position] for position in kept]
        view.around_stems = [self.around_stems[position] for position in kept]
        view.section_stems = [self.section_stems[position] for position in kept]
        return view

    @cached_property
    def children(self) -> frozenset[str]:
        """The keys of the companies that a report calls spun out or founded."""
        return frozenset(
            fact.object_key
            for fact in self.facts
            if fact.outcome_type == "spin_out" and relates(fact) and fact.object_key
        )

    @cached_property
    def homes(self) -> dict[str, frozenset[str]]:
        """By document, the keys of the institution that its head says it comes from."""
        found = {}
        for document_id, rows in self._starts.items():
            head = next(
                (i for _, _, i in rows[:HOME_PASSAGES] if tells_home(self.passages[i].text)),
                None,
            )
            if head is not None:
                found[document_id] = frozenset(self.keys_at(head))
        return found

    @cached_property
    def sizes(self) -> Counter[str]:
        """How many passages each document has."""
        return Counter(passage.document_id for passage in self.passages)

    def subject_of(self, document_id: str) -> str | None:
        """The key of the one company that a report is about: its only spin-out, else what it names most."""
        children = {
            fact.object_key
            for fact in self.facts
            if fact.document_id == document_id and fact.predicate == "spin out" and fact.object_key
        }
        return children.pop() if len(children) == 1 else self.main.get(document_id)

    @cached_property
    def project_rows(self) -> ProjectRows:
        """What imported tables say of projects."""
        return ProjectRows(self.facts)

    def documents_about(self, key: str) -> set[str]:
        """The documents that speak of an entity more than of anything else."""
        return {document_id for document_id, main in self.main.items() if main == key}

    def pervades(self, key: str) -> bool:
        """True for a programme that whole documents are about: it limits the documents, not the sentences."""
        known = self.entities[key]
        about = self.documents_about(key)
        if not about or known.kind not in {"programme", "network", "funder", "project", "other"}:
            return False
        sizes = sum(1 for passage in self.passages if passage.document_id in about)
        return len(known.passages) >= 0.1 * sizes

    def facts_of(self, key: str) -> list[Fact]:
        """The facts in which an entity is subject or object."""
        return self._facts_of.get(key, [])

    @cached_property
    def spoken_of(self) -> dict[int, str]:
        """The entity that a passage refers to without naming it, by position."""
        return {
            i: key
            for i, passage in enumerate(self.passages)
            if passage.focus and (key := self.key_of(passage.focus)) is not None
        }

    def key_of(self, name: str) -> str | None:
        """The key of the entity that has this very name or form."""
        keys = self.forms.get(entity_key(name))
        return min(keys) if keys else None

    def passage_at(self, document_id: str, offset: int) -> int | None:
        """The position of the passage that covers an offset of a document."""
        rows = self._starts.get(document_id, [])
        low, high = 0, len(rows)
        while low < high:
            middle = (low + high) // 2
            if rows[middle][1] <= offset:
                low = middle + 1
            else:
                high = middle
        return rows[low][2] if low < len(rows) and rows[low][0] <= offset else None

    @cached_property
    def _keys_at(self) -> dict[int, set[str]]:
        keys: dict[int, set[str]] = defaultdict(set)
        for known in self.entities.values():
            for position in known.passages:
                keys[position].add(known.key)
        return keys

    def keys_at(self, position: int) -> set[str]:
        """The entities that a passage names."""
        return self._keys_at.get(position, set())

    @cached_property
    def passage_stems(self) -> list[frozenset[str]]:
        """The stems of each passage's own words."""
        return [frozenset(stems(passage.text)) for passage in self.passages]

    @cached_property
    def around_stems(self) -> list[frozenset[str]]:
        """The stems of the words that stand around a passage: its lead and the name it speaks of."""
        return [frozenset(stems(f"{self.lead_text(passage)} {passage.focus}")) for passage in self.passages]

    @cached_property
    def before_stems(self) -> list[frozenset[str]]:
        """The stems of the sentence before, for a passage that goes on from it ("The test ...")."""
        found = []
        for i, passage in enumerate(self.passages):
            goes_on = i > 0 and self.passages[i - 1].block == passage.block and _GOES_ON.match(passage.text)
            same = goes_on and self.passages[i - 1].document_id == passage.document_id
            found.append(self.passage_stems[i - 1] if same else frozenset())
        return found

    @cached_property
    def section_stems(self) -> list[frozenset[str]]:
        """The stems of each passage's heading."""
        return [frozenset(stems(passage.section)) for passage in self.passages]

    def lead_text(self, passage: Passage) -> str:
        """The words that introduce a list item, "" for other passages."""
        return self.documents[passage.document_id].text[slice(*passage.lead)] if passage.lead else ""

    @cached_property
    def place_names(self) -> list[frozenset[str]]:
        """The names of the places that each passage names."""
        return [frozenset(place.name for place in places(passage.text)) for passage in self.passages]

    @cached_property
    def frequency(self) -> Counter[str]:
        """In how many passages each stem occurs."""
        return Counter(found for passage in self.passage_stems for found in passage)

    def idf(self, stem: str) -> float:
        """How telling a stem is: 0.. about 1, 1 for a stem that no passage has."""
        total = max(len(self.passages), 1)
        return math.log(1 + total / (1 + self.frequency.get(stem, 0))) / math.log(1 + total)

    @cached_property
    def lower_words(self) -> frozenset[str]:
        """Words that the documents write in lower case."""
        return frozenset(
            word
            for passage in self.passages
            for word in re.findall(r"(?<![\w.-])[a-z][a-z'-]+", passage.text)
        )

    def spells(self, name: str) -> bool:
        """True when a document has the name, with or without spaces, hyphens and trade marks inside."""
        asked = _MARKS.sub("", name).lower()
        return len(asked) >= _SPELT_MIN and any(asked in text for text in self._run_together)

    @cached_property
    def _run_together(self) -> list[str]:
        return [_MARKS.sub("", document.text).lower() for document in self.documents.values()]

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Words whose spelling is known: of the documents, of the concept classes, of kinds of things."""
        kinds = frozenset(word for noun in kind_nouns() for word in noun.split())
        return frozenset(word for word in self.lower_words | everyday_words() | kinds if len(word) > 4)

    @cached_property
    def known_stems(self) -> frozenset[str]:
        """Stems of words that the documents or the concept classes have."""
        return frozenset(self.frequency) | frozenset(stem(word) for word in everyday_words())

    @cached_property
    def name_parts(self) -> dict[str, set[str]]:
        """Entity keys by each distinctive word of their names."""
        generic = set().union(*name_words().values())
        parts: dict[str, set[str]] = defaultdict(set)
        for known in self.entities.values():
            for form in known.forms:
                for word in words(form):
                    if len(word) > 2 and word not in generic:
                        parts[word].add(known.key)
        return parts

    def entities_in(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """(start, end, entity keys) of every known name in a question, longest names first taken.

        A name counts when it is written with a capital, or, in lower case, when the documents never use the
        word in lower case. Several keys mean that the words fit several entities.
        """
        tokens = [(m.start(), m.end()) for m in re.finditer(r"[^\s,;:?!()\"“”]+", text)]
        taken: list[tuple[int, int, tuple[str, ...]]] = []
        i = 0
        while i < len(tokens):
            match = self._longest_name(text, tokens, i)
            if match is None:
                i += 1
                continue
            j, keys = match
            start, end = tokens[i][0], tokens[j - 1][1]
            end = start + len(re.sub(r"(?:['’]s?|[.'’])$", "", text[start:end]))
            taken.append((start, end, keys))
            i = j
        return taken

    def _longest_name(
        self, text: str, tokens: Sequence[tuple[int, int]], i: int
    ) -> tuple[int, tuple[str, ...]] | None:
        for j in range(min(len(tokens), i + _FORM_WORDS_MAX), i, -1):
            printed = re.sub(r"(?:['’]s?|[.'’])$", "", text[tokens[i][0] : tokens[j - 1][1]])
            exact = self.forms.get(entity_key(printed), set())
            as_written = any(printed in self.entities[key].forms for key in exact) and (
                printed.isupper() or plain(printed) not in everyday_words()
            )
            if len(printed) < 2 or not (as_written or self._may_name(printed, first=i == 0)):
                continue
            keys = exact or self._partial(printed)
            if keys:
                return j, tuple(sorted(keys))
        return None

    def _may_name(self, printed: str, first: bool) -> bool:
        parts = printed.split()
        if plain(parts[0]) in {"the", "a", "of", "in", "and", "for"} or plain(parts[-1]) in {
            "the",
            "of",
            "in",
            "and",
            "for",
        }:
            return False
        if any(char.isupper() for char in (printed[1:] if first else printed)):
            return True
        return not all(word in self.lower_words or len(word) < 3 for word in plain(printed).split())

    def _partial(self, printed: str) -> set[str]:
        """Entities whose name contains the written words in a row, when one of them is distinctive."""
        asked = words(printed)
        candidates = (
            set.intersection(*[self.name_parts.get(word, set()) for word in asked]) if asked else set()
        )
        fitting = {
            key
            for key in candidates
            if any(_stands_for(words(form), asked) for form in self.entities[key].forms)
        }
        organisations = {key for key in fitting if self.entities[key].kind != "other"}
        return organisations or fitting

    def near(self, name: str) -> str | None:
        """The entity whose name is spelt almost like `name`, None when there is none."""
        if len(name) < 5:
            return None
        found = process.extractOne(
            entity_key(name), list(self.forms), scorer=fuzz.ratio, score_cutoff=NEAR_SPELLING_MIN
        )
        return min(self.forms[found[0]]) if found else None

    def _main_entities(self) -> dict[str, str]:
        """By document, the project, programme or company that it speaks of most, when it is clearly one."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for known in self.entities.values():
            if known.kind in {"programme", "project", "company", "network"}:
                for entity in known.entities:
                    if is_table(self.documents[entity.document_id].media_type):
                        continue  # the rows of a table are about many things
                    counts[entity.document_id][known.key] += len(entity.mentions)
        main = {}
        for document_id, counter in counts.items():
            ranked = counter.most_common(2)
            if ranked[0][1] >= 5 and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1]):
                main[document_id] = ranked[0][0]
        return main


def _stands_for(form: Sequence[str], asked: Sequence[str]) -> bool:
    """True when the asked words are the first word of a name, or several words of it in a row."""
    if len(asked) == 1:
        return form[:1] == list(asked)
    return any(list(form[i : i + len(asked)]) == list(asked) for i in range(len(form) - len(asked) + 1))
