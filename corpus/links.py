"""Links between tables: a row that names a thing by its id gets the name that another table gives it.

Which table was imported first never shows: after each import the links of all tables are set again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.document import Document
from corpus.entities import entity_key
from corpus.facts import Entity, Fact
from corpus.sheets import is_table
from corpus.store import Store


class Known(NamedTuple):
    """A thing under the id that other tables use."""

    key: str
    name: str


def link(store: Store) -> None:
    """Gives the facts of every table in `store` the names of the things that they refer to by an id.

    Only tables of the same collection tell each other names.
    """
    tables: dict[str, list[str]] = defaultdict(list)
    for summary in store.document_list():
        if is_table(summary.media_type):
            tables[summary.collection].append(summary.id)
    for ids in tables.values():
        _link(store, ids)


def _link(store: Store, tables: Sequence[str]) -> None:
    read = {id: (store.document(id), store.entities(id)) for id in tables}
    known = {id: thing for document, entities in read.values() for id, thing in _named(document, entities)}
    for document, entities in read.values():
        renamed = {entity: found for entity in entities if (found := _referred(document, entity, known))}
        if renamed:
            facts = [_relinked(fact, _by_key(renamed)) for fact in store.facts_as_read(document.id)]
            store.update(document.id, _entities(entities, renamed), facts)


def _named(document: Document, entities: Iterable[Entity]) -> Iterator[tuple[str, Known]]:
    """The ids of the things that a table itself names."""
    for entity in entities:
        if _is_named(document, entity):
            yield from ((alias, Known(entity.key, entity.name)) for alias in entity.aliases)


def _is_named(document: Document, entity: Entity) -> bool:
    """True when the table has the thing's name; false when it has its id only."""
    return not entity.mentions or document.text[slice(*entity.mentions[0])] == entity.name


def _referred(document: Document, entity: Entity, known: Mapping[str, Known]) -> Entity | None:
    """The entity under the name that its id has now; None when that is the one it has already.

    An id that no table explains any more is a name again.
    """
    if _is_named(document, entity):
        return None
    id = entity.aliases[-1] if entity.aliases else entity.name
    found = known.get(id, Known(entity_key(id), id))
    if (entity.key, entity.name) == found:
        return None
    aliases = () if found.name == id else (id,)
    return entity.model_copy(update={"key": found.key, "name": found.name, "aliases": aliases})


def _by_key(renamed: Mapping[Entity, Entity]) -> dict[str, Known]:
    return {before.key: Known(now.key, now.name) for before, now in renamed.items()}


def _relinked(fact: Fact, renamed: Mapping[str, Known]) -> Fact:
    changes: dict[str, str] = {}
    for role in ("subject", "object"):
        if (now := renamed.get(getattr(fact, f"{role}_key") or "")) is not None:
            if fact.project == getattr(fact, role):
                changes["project"] = now.name
            changes |= {role: now.name, f"{role}_key": now.key}
    return fact.model_copy(update=changes) if changes else fact


def _entities(entities: Iterable[Entity], renamed: Mapping[Entity, Entity]) -> list[Entity]:
    return [renamed.get(entity, entity) for entity in entities]
