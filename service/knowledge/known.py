"""Entities as all documents together know them: one thing under all its names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from corpus.entities import entity_key
from corpus.facts import Entity, Fact


@dataclass
class Known:
    """An entity as all documents together know it."""

    key: str
    name: str
    kind: str
    sme: str  # "stated", "implied" or "unknown"
    forms: set[str]
    entities: list[Entity]
    passages: set[int] = field(default_factory=set)  # positions of passages that name it

    @cached_property
    def documents(self) -> frozenset[str]:
        """The ids of the documents that name it."""
        return frozenset(entity.document_id for entity in self.entities)


def same_things(entities: Iterable[Entity]) -> dict[str, str]:
    """By the key of an abbreviation that a document spells out, the key of its long form.

    An abbreviation that stands for several things is left alone, and so is one whose kind differs.
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    meanings: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        kinds[entity.key].add(entity.kind)
    for entity in entities:
        for alias in entity.aliases:
            key = entity_key(alias)
            if key != entity.key and key in kinds:
                meanings[key].add(entity.key)
    return {
        key: next(iter(long))
        for key, long in meanings.items()
        if len(long) == 1 and kinds[key] & (kinds[next(iter(long))] | {"other"})
    }


def renamed(fact: Fact, same: dict[str, str]) -> Fact:
    """The fact with the keys of its entities as all documents together know them."""
    keys = {role: same[key] for role in ("subject_key", "object_key") if (key := getattr(fact, role)) in same}
    return fact.model_copy(update=keys) if keys else fact


def introduced(facts: Iterable[Fact], entities: Iterable[Entity]) -> list[Entity]:
    """What corrections name and no report does, where the fact stands; its size is that of the old one."""
    known = {entity.key: entity for entity in entities}
    found: dict[tuple[str, str], Entity] = {}
    for fact in facts:
        for correction in fact.corrections:
            key = getattr(fact, f"{correction.field}_key", None)
            if key and key not in known and fact.review != "rejected":
                kind = getattr(fact, f"{correction.field}_type") or "other"
                before = known.get(entity_key(correction.was))
                found.setdefault(
                    (key, fact.document_id),
                    Entity(
                        key=key,
                        document_id=fact.document_id,
                        name=correction.now,
                        kind=kind if kind != "other" or before is None else before.kind,
                        sme=before.sme if before else "unknown",
                        mentions=((fact.selector.start, fact.selector.end),),
                    ),
                )
    return list(found.values())


def merged(entities: Iterable[Entity], same: dict[str, str]) -> dict[str, Known]:
    """Entities of all documents by key; the kind most documents give wins."""
    groups: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        groups[same.get(entity.key, entity.key)].append(entity)
    return {key: _known(key, group) for key, group in groups.items()}


def _known(key: str, group: list[Entity]) -> Known:
    kinds = Counter(
        "company" if entity.kind == "sme" else entity.kind
        for entity in group
        for _ in entity.mentions or ((0, 0),)
    )
    named = Counter({kind: count for kind, count in kinds.items() if kind != "other"})
    sizes = [entity.sme for entity in group]
    return Known(
        key=key,
        name=max((entity.name for entity in group), key=lambda name: (len(name.split()), len(name), name)),
        kind=max(named or kinds, key=lambda kind: (kinds[kind], kind)),
        sme="stated"
        if any(entity.kind == "sme" for entity in group)
        else next((size for size in ("stated", "implied") if size in sizes), "unknown"),
        forms={form for entity in group for form in (entity.name, *entity.aliases)},
        entities=group,
    )
