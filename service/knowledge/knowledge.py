"""What the store knows, in memory and ready for queries over all of it: facts, entities, passages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from copy import copy
from functools import cached_property, lru_cache, partial

from corpus.collections import Reach
from corpus.document import Document
from corpus.entities import HOME_PASSAGES, tells_home
from corpus.facts import Entity, Fact, relates
from corpus.page_map import PageMap
from corpus.passages import Passage
from corpus.sheets import is_table
from corpus.store import Store
from corpus.vocabulary import stems
from service.answer import Filters
from service.knowledge.coined import coined
from service.knowledge.entity_names import EntityNames
from service.knowledge.known import Known, introduced, merged, renamed, same_things
from service.knowledge.passage_words import PassageWords
from service.lists.limits import fitting_documents, fitting_facts, fitting_positions
from service.projects.project_rows import ProjectRows

COMPANY_MENTIONS_MIN = 4  # mentions of a company before its report counts as one about it
VIEWS_MAX = 8  # filtered views kept ready, so that a conversation under filters builds its view once


def _page_map(store: Store, paged: Collection[str], document_id: str) -> PageMap | None:
    """Where a document is printed; most have no pages, which needs no look into the store."""
    return store.originals.page_map(document_id) if document_id in paged else None


class Knowledge:
    """A read-only view of one state of the store."""

    def __init__(self, store: Store) -> None:
        paged = store.originals.pages().keys()
        self.page_map = partial(_page_map, store, paged)  # of a document by its id; read when it is cited
        self._hold(store.documents(), store.passages(), store.facts(), store.entities())

    def revised(self, decided: Iterable[Fact]) -> Knowledge:
        """The same documents after people decided about some facts; `decided` are these, as they are now.

        Reading 100 000 facts anew takes seconds, and a decision has to hold for the next question.
        """
        now = {fact.id: fact for fact in decided}
        facts = [now.get(fact.id, fact) for fact in self._facts_read]
        later = Knowledge.__new__(Knowledge)
        for name, value in self.__dict__.items():
            if not isinstance(getattr(Knowledge, name, None), cached_property):
                later.__dict__[name] = value
        if introduced(facts, self._entities_read) == self._introduced:
            later._hold_facts(facts)
        else:
            later._hold(self.documents.values(), self.passages, facts, self._entities_read, self.words)
        return later

    def _hold(
        self,
        documents: Iterable[Document],
        passages: list[Passage],
        facts: Iterable[Fact],
        entities: Iterable[Entity],
        words: PassageWords | None = None,
    ) -> None:
        self.is_limited = False  # True for a view that filters left
        self._coined: list[Known] = []  # the things that only a question shows to be named
        facts = list(facts)
        self._entities_read = list(entities)
        self._introduced = introduced(facts, self._entities_read)
        entities = [*self._entities_read, *self._introduced]
        self._same = same_things(entities)
        self.documents: dict[str, Document] = {document.id: document for document in documents}
        self.passages = passages
        self.words = words or PassageWords(passages, self.documents)
        self.position: dict[str, int] = {passage.id: i for i, passage in enumerate(self.passages)}
        self._starts: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for i, passage in enumerate(self.passages):
            self._starts[passage.document_id].append((passage.start, passage.end, i))
        self.entities: dict[str, Known] = merged(entities, self._same)
        self.names = EntityNames(self.entities, self.words)
        for known in self.entities.values():
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

    def within(self, reach: Reach) -> Knowledge:
        """What the documents of some collections say, as if there were no others.

        It is made of what was read from them: names that only other documents explain are not resolved.
        """
        documents = {id: each for id, each in self.documents.items() if reach.holds(each.collection)}
        kept = [i for i, passage in enumerate(self.passages) if passage.document_id in documents]
        part = Knowledge.__new__(Knowledge)
        part.page_map = self.page_map
        part._hold(
            documents.values(),
            [self.passages[position] for position in kept],
            [fact for fact in self._facts_read if fact.document_id in documents],
            [entity for entity in self._entities_read if entity.document_id in documents],
            self.words.limited_to(kept, documents),
        )
        return part

    def limited_to(self, filters: Filters) -> Knowledge:
        """The view that filters leave; this one when they limit nothing."""
        return self if filters == Filters() else self._limited(filters)

    def _view(self, filters: Filters) -> Knowledge:
        ids = fitting_documents(filters, self)
        facts = fitting_facts(filters, self)
        kept = fitting_positions(filters, self, facts)
        entities = [entity for known in self.entities.values() for entity in known.entities]
        documents = {id: document for id, document in self.documents.items() if id in ids}
        view = Knowledge.__new__(Knowledge)
        view.page_map = self.page_map
        view._hold(
            documents.values(),
            [self.passages[position] for position in kept],
            [*facts, *(fact for fact in self.rejected if fact.document_id in ids)],
            [entity for entity in entities if entity.document_id in ids],
            self.words.limited_to(kept, documents),
        )
        view.is_limited = True
        return view

    def naming(self, questions: Iterable[str]) -> Knowledge:
        """The view that also knows what the questions show to be names; this one when that is nothing."""
        found = coined("; ".join(questions), self.names, self.words, self.entities)
        if not found:
            return self
        view = copy(self)
        view.entities = {**self.entities, **found}
        view._coined = [known for key, known in found.items() if key not in self.entities]
        names = {known.name: known.key for known in view._coined}
        view.names = self.names.with_coined(view.entities, names)
        return view

    def items_beside(self, position: int) -> list[int]:
        """The positions of all items of the list that a passage stands in; empty when it is in none with a lead."""
        passages, passage = self.passages, self.passages[position]
        if passage.kind != "item" or passage.lead is None:
            return []
        own = (passage.document_id, passage.kind, passage.lead)
        first = last = position
        while first > 0 and _list_of(passages[first - 1]) == own:
            first -= 1
        while last + 1 < len(passages) and _list_of(passages[last + 1]) == own:
            last += 1
        return list(range(first, last + 1))

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
    def report_stems(self) -> dict[str, frozenset[str]]:
        """By document, the stems of its title and of the institution that it comes from."""
        return {
            id: frozenset(
                stems(
                    " ".join([document.title, *(self.entities[key].name for key in self.homes.get(id, ()))])
                )
            )
            for id, document in self.documents.items()
        }

    @cached_property
    def sizes(self) -> Counter[str]:
        """How many passages each document has."""
        return Counter(passage.document_id for passage in self.passages)

    def subject_of(self, document_id: str) -> str | None:
        """The key of the one company that a report is about: its only spin-out, else what it names most."""
        children = self._spun_out.get(document_id, set())
        return next(iter(children)) if len(children) == 1 else self.main.get(document_id)

    @cached_property
    def _spun_out(self) -> dict[str, set[str]]:
        """By document, the keys of the companies that it says were spun out."""
        found: dict[str, set[str]] = defaultdict(set)
        for fact in self.facts:
            if fact.predicate == "spin out" and fact.object_key:
                found[fact.document_id].add(fact.object_key)
        return found

    @cached_property
    def figures(self) -> list[tuple[Fact, int]]:
        """The facts that have a value, each with the position of its passage."""
        return [
            (fact, position)
            for fact in self.facts
            if fact.value is not None
            and (position := self.passage_at(fact.document_id, fact.selector.start)) is not None
        ]

    def only_company(self, document_id: str) -> str | None:
        """The key of the company that a report is about: its only spin-out, else the one it names by far most."""
        return self._companies.get(document_id)

    @cached_property
    def _companies(self) -> dict[str, str]:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for known in self.entities.values():
            if known.kind == "company":
                for entity in known.entities:
                    counts[entity.document_id][known.key] += len(entity.mentions)
        found = {}
        for document_id, counter in counts.items():
            children = {
                fact.object_key
                for key in counter
                for fact in self.facts_of(key)
                if fact.document_id == document_id and fact.predicate == "spin out" and fact.object_key
            }
            first, *others = [count for _, count in counter.most_common(2)]
            if len(children) == 1:
                found[document_id] = str(children.pop())
            elif first >= COMPANY_MENTIONS_MIN and (not others or first >= 2 * others[0]):
                found[document_id] = counter.most_common(1)[0][0]
        return found

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
            if passage.focus and (key := self.names.key_of(passage.focus)) is not None
        }

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
        also = {known.key for known in self._coined if position in known.passages}
        return self._keys_at.get(position, set()) | also

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


def _list_of(passage: Passage) -> tuple[str, str, tuple[int, int] | None]:
    """What the items of one list share."""
    return passage.document_id, passage.kind, passage.lead
