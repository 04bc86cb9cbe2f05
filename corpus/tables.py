"""Facts tables: a CSV file whose columns are the fields of Fact; each row is one fact that cites its row.

A column `statement` may say a row in a sentence; the row is then shown, found and cited as that sentence.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from corpus.assembly import Draft, Source, assembled
from corpus.document import Block, Document
from corpus.entities import entity_key
from corpus.facts import Entity, Fact
from corpus.readers.encoding import decoded
from corpus.selectors import select
from corpus.taxonomy import ENTITY_KINDS, OUTCOME_TYPES
from corpus.traced import Edit, Traced, joined

EXTRACTOR = "facts_table/1"
COLUMNS = (
    *("outcome_type", "subject", "subject_type", "predicate", "object", "object_type"),
    *("value", "value_max", "unit", "qualifier", "value_text", "project", "place", "date"),
    *("polarity", "modality", "basis", "confidence", "review"),
)
STATEMENT = "statement"  # the column that is no field of Fact
# Columns of an exported table that say where a fact stood; from now on it stands in its row.
PLACED = frozenset({"id", "document_id", "page", "section", "start", "end", "quote", "origin"})
_KNOWN = ", ".join([*COLUMNS, STATEMENT])
_CLOSED = {"outcome_type": OUTCOME_TYPES, "subject_type": tuple(ENTITY_KINDS)}
_IDENTIFYING = ("predicate", "subject", "object", "value")
_SURPLUS = re.compile(r"\s{2,}|[^\S ]")
_DOUBLED = re.compile('""')
_GUARDED = re.compile(r"'(?=[-=+@])")  # an apostrophe that keeps a spreadsheet from running the cell
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,2})?")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class TableError(ValueError):
    """A file that is no facts table; the message says which, why and what to do."""


class RejectedRow(NamedTuple):
    """A row that is no fact; `number` counts as a spreadsheet does, the header being row 1."""

    number: int
    reason: str


class FactsTable(NamedTuple):
    """A table as a document with one block per row, and what its rows state."""

    document: Document
    entities: list[Entity]
    facts: list[Fact]
    rejected: list[RejectedRow]


class _Row(NamedTuple):
    number: int
    line: (
        Traced  # as a reader is shown it: its statement, else "outcome type: patent; subject: Norvia Biotech"
    )
    cells: dict[str, str]  # those that are not empty, by field of Fact
    fault: str = ""


def read(path: Path) -> FactsTable:
    """The facts of the table at `path`, and which of its rows are none.

    Raises TableError when it is no facts table or no row states a fact, ReadError when it is not even text.
    """
    data = path.read_bytes()
    source = Source(data, path.name, "text/csv", *decoded(data, path.name))
    rows = list(_rows(source))
    document = assembled(source, [Draft("row", row.line) for row in rows], title=_title(path))
    facts, rejected = _facts(document, rows)
    if not facts:
        reason = f": row {rejected[0].number}: {rejected[0].reason}" if rejected else ""
        raise TableError(f"{path.name!r} states no fact{reason}. Correct its rows.")
    return FactsTable(document, _entities(facts), facts, rejected)


def _title(path: Path) -> str:
    return re.sub(r"[_\s-]+", " ", path.stem).strip() or path.name


def _rows(source: Source) -> Iterator[_Row]:
    """The rows below the header that are not blank. Raises TableError when the header is no facts table's."""
    columns: list[str] = []
    for number, cells, text in _records(source):
        if not columns:
            columns = _columns(source.name, cells)
        elif any(cell.strip() for cell in cells):
            yield _row(number, columns, cells, text)


def _records(source: Source) -> Iterator[tuple[int, list[str], Traced]]:
    """Number, cells and source text of every CSV record, which ends where its last line does."""
    lines = list(io.StringIO(source.text, newline=""))
    line_ends = list(accumulate(map(len, lines)))
    reader = csv.reader(lines, delimiter=max(",;\t", key=lines[0].count), strict=True)
    text, start, number = Traced.source(source.text), 0, 0
    try:
        for number, cells in enumerate(reader, start=1):
            end = line_ends[reader.line_num - 1]
            yield number, cells, text[start:end]
            start = end
    except csv.Error as error:
        raise TableError(
            f"{source.name!r} cannot be read below row {number}: {error}. Correct that row."
        ) from error


def _columns(name: str, cells: Sequence[str]) -> list[str]:
    """The fields of Fact that the columns hold."""
    columns = [re.sub(r"\W+", "_", cell.strip().lower()) for cell in cells]
    if "outcome_type" not in columns:
        raise TableError(
            f"{name!r} is no facts table: it has no column outcome_type. Its columns may be: {_KNOWN}."
        )
    for column in columns:
        if column not in PLACED.union(COLUMNS, [STATEMENT]):
            raise TableError(f"{name!r} has an unknown column {column!r}. Use some of: {_KNOWN}.")
        if columns.count(column) > 1:
            raise TableError(f"{name!r} has two columns {column!r}. Remove one.")
    return columns


def _row(number: int, columns: Sequence[str], cells: Sequence[str], text: Traced) -> _Row:
    if len(cells) != len(columns):
        fault = f"has {len(cells)} cells, the header has {len(columns)}"
        return _Row(number, _single_spaced(text), {}, fault)
    named = zip(columns, _traced(cells, text), strict=True)
    traced = {column: cell for column, cell in named if cell and column not in PLACED}
    statement = traced.pop(STATEMENT, None)
    labelled = (
        joined([Traced.inserted(f"{column.replace('_', ' ')}: "), cell]) for column, cell in traced.items()
    )
    line = statement or joined(list(labelled), "; ") or _single_spaced(text)
    return _Row(number, line, {column: cell.text for column, cell in traced.items()})


def _traced(cells: Sequence[str], text: Traced) -> Iterator[Traced]:
    """The cells as they stand in the row's source text, without quoting and surplus white space."""
    searched = 0
    for cell in cells:
        shown = cell[1:] if _GUARDED.match(cell) else cell
        written = shown.replace('"', '""')
        start = text.text.find(written, searched)
        if start < 0:  # a cell that is not quoted as a whole has its quotes once
            written = shown
            start = text.text.index(written, searched)
        searched = start + len(written)
        doubled = _DOUBLED.finditer(written if written != shown else "")
        unquoted = text[start:searched].edited(Edit(*quotes.span(), '"') for quotes in doubled)
        yield _single_spaced(unquoted)


def _single_spaced(text: Traced) -> Traced:
    return text.edited(Edit(*white.span(), " ") for white in _SURPLUS.finditer(text.text)).strip()


def _facts(document: Document, rows: Sequence[_Row]) -> tuple[list[Fact], list[RejectedRow]]:
    facts, rejected = [], []
    for row, block in zip(rows, document.blocks, strict=True):
        fault = row.fault or _fault(row.cells)
        if not fault:
            try:
                facts.append(_fact(document, block, row.cells))
            except ValidationError as error:
                fault = _in_words(error)
        if fault:
            rejected.append(RejectedRow(row.number, fault))
    return facts, rejected


def _fault(cells: dict[str, str]) -> str:
    """Why the cells are no fact, as far as its types do not say; "" when they are one."""
    for column, known in _CLOSED.items():
        if column in cells and cells[column] not in known:
            nearest = ", ".join(get_close_matches(cells[column], known, n=3, cutoff=0))
            return f"{column}: {cells[column]!r} is unknown; the nearest are {nearest}"
    if "outcome_type" not in cells:
        return "outcome_type: is empty"
    if not cells.keys() & {"subject", "object", "value"}:
        return "has no subject, object or value"
    if "date" in cells and not _DATE.fullmatch(cells["date"]):
        return f"date: {cells['date']!r} is not a year, month or day such as 2015, 2015-12 or 2015-12-31"
    for column in ("value", "value_max"):
        if column in cells and not _NUMBER.fullmatch(cells[column]):
            return f"{column}: {cells[column]!r} is not a plain number such as 7000 or 15.8"
    return ""


def _fact(document: Document, block: Block, cells: dict[str, str]) -> Fact:
    """The fact of a row. Raises ValidationError when a cell is not of its field's type."""
    of_object = cells.get("object_type", "")
    identity = [document.id, block.start, block.end, *(cells.get(c, "") for c in _IDENTIFYING)]
    return Fact.model_validate(
        {
            "value_text": _stated(cells.get("qualifier", ""), cells.get("value", "")),
            **cells,
            "id": "fct_" + hashlib.sha256("\0".join(map(str, identity)).encode()).hexdigest()[:16],
            "document_id": document.id,
            "subject_key": entity_key(cells.get("subject", "")) or None,
            "object_key": entity_key(cells["object"]) if "object" in cells and _is_kind(of_object) else None,
            "selector": select(document.text, block.start, block.end),
            "origin": "imported",
            "extractor": EXTRACTOR,
        }
    )


def _stated(qualifier: str, value: str) -> str:
    """The figure with its hedge, as a reader would print it: "over 7000", "50+"."""
    if not value:
        return ""
    return value + qualifier if qualifier == "+" else f"{qualifier} {value}".strip()


def _in_words(error: ValidationError) -> str:
    """The first fault that pydantic found, after the name of its column."""
    first = error.errors()[0]
    return f"{first['loc'][0]}: {first['msg'][0].lower()}{first['msg'][1:]}"


def _entities(facts: Sequence[Fact]) -> list[Entity]:
    """What the table names and says the kind of, each with the rows that name it."""
    named: dict[tuple[str, str], list[tuple[Fact, str]]] = {}
    for fact in facts:
        for column, name, kind in (
            ("subject", fact.subject, fact.subject_type),
            ("object", fact.object, fact.object_type),
            ("project", fact.project, "project"),
        ):
            if name and _is_kind(kind):
                named.setdefault((entity_key(name), kind), []).append((fact, column))
    return [_entity(key, kind, places) for (key, kind), places in named.items()]


def _is_kind(kind: str) -> bool:
    """True when a thing of this kind has a name of its own, and so is an entity."""
    return kind in ENTITY_KINDS and kind != "other"


def _entity(key: str, kind: str, places: Sequence[tuple[Fact, str]]) -> Entity:
    first = places[0][0]
    names = list(dict.fromkeys(getattr(fact, column) for fact, column in places))
    return Entity(
        key=key,
        document_id=first.document_id,
        name=names[0],
        kind=kind,
        aliases=tuple(names[1:]),
        sme="stated" if kind == "sme" else "unknown",
        mentions=tuple(mention for fact, column in places if (mention := _mention(fact, column))),
        evidence=first.selector,
        sme_evidence=first.selector if kind == "sme" else None,
    )


def _mention(fact: Fact, column: str) -> tuple[int, int] | None:
    """Where the row of the fact names what stands in `column`; None when its statement does not."""
    name, row = getattr(fact, column), fact.selector.exact
    labelled = row.find(f"{column}: {name}")
    start = labelled + len(f"{column}: ") if labelled >= 0 else row.find(name)
    return (fact.selector.start + start, fact.selector.start + start + len(name)) if start >= 0 else None
