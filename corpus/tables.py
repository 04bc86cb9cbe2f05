"""Tables read through a mapping: each row is a line of a document, and states facts that cite its cells.

A column `statement` of a mapping says a row in a sentence; the row is then shown and cited as that sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus import sheets
from corpus.assembly import Draft, assembled
from corpus.document import Document
from corpus.facts import Entity, Fact
from corpus.mapping import TableFormat, TableMapping, column_key, parts, shipped
from corpus.row_entities import RowEntities
from corpus.row_reading import CellRow, Fault, fact_of, is_stated
from corpus.sheets import Row, Sheet, TableError
from corpus.traced import Traced, joined

__all__ = ["FactsTable", "RejectedRow", "TableError", "UnknownColumns", "read"]


class UnknownColumns(TableError):
    """No mapping recognises the columns of a file."""


class RejectedRow(NamedTuple):
    """A row, or a fact of it, that was left out; `number` counts as a spreadsheet does."""

    number: int
    reason: str
    sheet: str = ""


class FactsTable(NamedTuple):
    """A table as a document with one block per row, and what its rows state."""

    document: Document
    entities: list[Entity]
    facts: list[Fact]
    rejected: list[RejectedRow]
    rows: int
    unread: tuple[str, ...] = ()  # sheets of other kinds


def read(path: Path, mapping: TableFormat | None = None) -> FactsTable:
    """The facts of the table at `path`, and which of its rows are none.

    Without a mapping, the one that comes with ImpactQA and recognises the columns is taken. Raises TableError
    when none does or no row states a fact, ReadError when the file is not even text.
    """
    source, found = sheets.read(path)
    mapping = mapping or _recognised(path.name, found)
    mapped = _mapped(path.name, found, mapping)
    rows = [row for sheet, table in mapped for row in _rows(sheet, table, mapping, len(found) > 1)]
    drafts = [Draft("row", row.line, section=row.place) for row in rows]
    document = assembled(source, drafts, title=_title(path))
    entities = RowEntities(document)
    facts: list[Fact] = []
    rejected: list[RejectedRow] = []
    for row, block in zip(rows, document.blocks, strict=True):
        faults = [row.fault] if row.fault else list(_read(row, block.start, document, entities, facts))
        rejected += [RejectedRow(row.number, fault, row.sheet) for fault in faults]
    if not facts:
        reason = f": row {rejected[0].number}: {rejected[0].reason}" if rejected else ""
        raise TableError(f"{path.name!r} states no fact{reason}. Correct its rows.")
    unread = tuple(sheet.name for sheet in found if all(sheet is not read for read, _ in mapped))
    return FactsTable(document, entities.entities(), facts, rejected, len(rows), unread)


def _title(path: Path) -> str:
    return re.sub(r"[_\s-]+", " ", path.stem).strip() or path.name


def _recognised(name: str, found: Sequence[Sheet]) -> TableFormat:
    """The mapping whose tables recognise most columns of the file."""
    best, most = None, 0
    for mapping in shipped().values():
        tables = [mapping.for_columns(_columns(sheet)) for sheet in found]
        told = sum(len(table.recognised_by) for table in tables if table)
        best, most = (mapping, told) if told > most else (best, most)
    if best is None:
        raise UnknownColumns(
            f"{name!r} has columns that no mapping recognises. Name the mapping that reads it, with: "
            f"impactqa import-facts {name} --mapping FILE (known: {', '.join(shipped())})."
        )
    return best


def _columns(sheet: Sheet) -> list[str]:
    return [column_key(column) for column in sheet.header]


def _mapped(name: str, found: Sequence[Sheet], mapping: TableFormat) -> list[tuple[Sheet, TableMapping]]:
    """The sheets that the mapping reads, each with the kind of sheet it is. Raises TableError for none."""
    mapped = [(sheet, table) for sheet in found if (table := mapping.for_columns(_columns(sheet)))]
    if not mapped:
        has = set(_columns(found[0])) if found else set()
        lacks = "; ".join(
            f"as {table.name} it lacks {', '.join(c for c in table.recognised_by if c not in has)}"
            for table in mapping.table[:3]
        )
        raise TableError(f"{name!r} is no table of {mapping.title}: {lacks}. Name the mapping that reads it.")
    for sheet, table in mapped:
        _check_columns(name, _columns(sheet), table)
    return mapped


def _check_columns(name: str, columns: Sequence[str], table: TableMapping) -> None:
    for column in columns:
        if table.columns and column not in {*table.columns, *table.ignored}:
            raise TableError(
                f"{name!r} has an unknown column {column!r}. Use some of: {', '.join(table.columns)}."
            )
        if columns.count(column) > 1 and column in _used(table):
            raise TableError(f"{name!r} has two columns {column!r}. Remove one.")


def _used(table: TableMapping) -> set[str]:
    """The columns that a kind of sheet is read from."""
    templates = [template for fact in table.fact for template in fact.templates().values()]
    for entity in table.entity.values():
        templates += [entity.kind, entity.name, entity.id, *entity.aliases]
    return {column for template in templates for column, _ in parts(template)} | set(table.required)


def _rows(sheet: Sheet, table: TableMapping, mapping: TableFormat, named: bool) -> Iterator[CellRow]:
    columns = _columns(sheet)
    for row in sheet.rows:
        if any(row.cells):
            yield _cell_row(row, sheet, columns, table, mapping, named)


def _cell_row(
    row: Row, sheet: Sheet, columns: Sequence[str], table: TableMapping, mapping: TableFormat, named: bool
) -> CellRow:
    """The row as "column: cell; column: cell", without empty cells, and where each of them stands in that."""
    cells = {c: cell for c, cell in zip(columns, row.cells, strict=False) if cell and c not in table.ignored}
    headers = dict(zip(columns, sheet.header, strict=True))
    spans: dict[str, tuple[int, int]] = {}
    if table.statement and (statement := cells.pop(table.statement, None)):
        line = statement
    else:
        pieces, length = [], 0
        for column, cell in cells.items():
            label = f"{headers[column].strip()}: "
            piece = joined([Traced.inserted(label), cell, _meaning(column, cell.text, table, mapping)])
            spans[column] = (length + len(label), length + len(piece.text))
            length += len(piece.text) + len("; ")
            pieces.append(piece)
        line = joined(pieces, "; ") if pieces else row.cells[0]
    missing = next((column for column in table.required if column not in cells), None)
    return CellRow(
        number=row.number,
        sheet=sheet.name if named else "",
        headers=headers,
        cells={column: cell.text for column, cell in cells.items()},
        spans=spans,
        line=line,
        fault=row.fault or (f"{headers.get(missing, missing)}: is empty" if missing else ""),
        table=table,
        mapping=mapping,
    )


def _meaning(column: str, cell: str, table: TableMapping, mapping: TableFormat) -> Traced:
    """What is shown behind a cell: the meaning of its code in brackets, or its unit."""
    shown = table.shown.get(column, "")
    if shown not in mapping.all_codes:
        return Traced.inserted(f" {shown}" if shown else "")
    try:
        meaning = mapping.decoded(shown, cell)
    except ValueError:
        return Traced.inserted("")
    return Traced.inserted(f" ({meaning})" if meaning and meaning != cell else "")


def _read(
    row: CellRow, start: int, document: Document, entities: RowEntities, facts: list[Fact]
) -> Iterator[str]:
    """Adds what the row states to `facts` and `entities`; yields why something of it was left out."""
    try:
        named = entities.of_row(row, start)
    except Fault as fault:
        yield str(fault)
        return
    for fact_mapping in row.table.fact:
        if not is_stated(fact_mapping, row):
            continue
        try:
            fact = fact_of(fact_mapping, row, start, document, named)
        except Fault as fault:
            yield str(fault)
            continue
        if not fact_mapping.once or entities.is_first(fact):
            facts.append(fact)
            entities.note(fact)
