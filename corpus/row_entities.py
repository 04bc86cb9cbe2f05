"""What the rows of a table name: one entity for each thing, with its kind, aliases and cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.document import Document
from corpus.entities import entity_key
from corpus.facts import Entity, Fact
from corpus.mapping import EntityMapping, parts
from corpus.row_reading import CellRow, RowEntity, checked_kind
from corpus.selectors import Selector, select


@dataclass
class _Named:
    """A thing of a kind with everything the rows say of it so far."""

    key: str
    name: str
    kind: str
    forms: dict[str, None] = field(default_factory=dict)
    mentions: list[tuple[int, int]] = field(default_factory=list)
    row: tuple[int, int] = (0, 0)  # the line that names it first


class RowEntities:
    """The named things of a table, gathered row by row."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._named: dict[tuple[str, str], _Named] = {}
        self._ids: dict[str, str] = {}  # by name's key, the id of the row that had it first
        self._stated: set[tuple[object, ...]] = set()

    def of_row(self, row: CellRow, start: int) -> dict[str, RowEntity]:
        """The things that a row names, by their name in the mapping. Raises Fault for an unknown kind."""
        found = {}
        for role, mapping in row.table.entity.items():
            entity = self._entity(mapping, row)
            if entity is not None:
                found[role] = entity
                if entity.kind != "other" or not parts(mapping.kind):
                    self._add(entity, mapping, row, start)
        return found

    def is_first(self, fact: Fact) -> bool:
        """True when no earlier row states what the fact does."""
        return _content(fact) not in self._stated

    def note(self, fact: Fact) -> None:
        """Remembers that a row states the fact."""
        self._stated.add(_content(fact))

    def entities(self) -> list[Entity]:
        """The entities in the order in which rows first name them."""
        return [self._record(named) for named in self._named.values()]

    def _entity(self, mapping: EntityMapping, row: CellRow) -> RowEntity | None:
        """The thing that the row names; None when its cells are empty."""
        id = _id(mapping, row)
        name = row.text(mapping.name) or id
        if not name:
            return None
        columns = frozenset(column for column, _ in parts(mapping.name or mapping.id) if column in row.cells)
        kinds = parts(mapping.kind)
        kind = checked_kind(row.text(mapping.kind), row.headers.get(kinds[0][0], "") if kinds else "kind")
        return RowEntity(self._key(name, id), name, kind, columns)

    def _key(self, name: str, id: str) -> str:
        """The key of a name; two things of one name and different ids have different keys."""
        key = entity_key(name)
        if not id or self._ids.setdefault(key, id) == id:
            return key
        return f"{key}+{entity_key(id)}"

    def _add(self, entity: RowEntity, mapping: EntityMapping, row: CellRow, start: int) -> None:
        aliases = [entity.name, *(row.text(alias) for alias in mapping.aliases)]
        named = self._named.get((entity.key, entity.kind))
        if named is None:
            line = (start, start + len(row.line.text))
            named = self._named[entity.key, entity.kind] = _Named(
                entity.key, entity.name, entity.kind, row=line
            )
        named.forms.update(dict.fromkeys(filter(None, [*aliases, _id(mapping, row)])))
        mention = _mention(entity, row)
        if mention:
            named.mentions.append((start + mention[0], start + mention[1]))

    def _record(self, named: _Named) -> Entity:
        said = self._said(named)
        return Entity(
            key=named.key,
            document_id=self._document.id,
            name=named.name,
            kind=named.kind,
            aliases=tuple(form for form in named.forms if form != named.name),
            sme="stated" if named.kind == "sme" else "unknown",
            mentions=tuple(named.mentions),
            evidence=said,
            sme_evidence=said if named.kind == "sme" else None,
        )

    def _said(self, named: _Named) -> Selector:
        return select(self._document.text, *named.row)


def _id(mapping: EntityMapping, row: CellRow) -> str:
    """The id of a thing; "" when one of the cells it is made of is empty."""
    empty = any(column not in row.cells for column, _ in parts(mapping.id))
    return "" if empty else row.text(mapping.id)


def _mention(entity: RowEntity, row: CellRow) -> tuple[int, int] | None:
    """Where the row's line names the thing: the cell that does, else its name; None when nothing does."""
    for column in entity.columns:
        if column in row.spans:
            start = row.spans[column][0]
            return start, start + len(row.cells[column])
    start = row.line.text.find(entity.name)
    return (start, start + len(entity.name)) if start >= 0 else None


def _content(fact: Fact) -> tuple[object, ...]:
    return (
        *(fact.outcome_type, fact.predicate, fact.subject_key or fact.subject),
        *(fact.object_key or fact.object, fact.value, fact.unit, fact.place, fact.date),
    )
