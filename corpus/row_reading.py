"""One row of a table as facts: its cells filled into the templates of a mapping, decoded and checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from corpus.document import Document
from corpus.facts import Fact
from corpus.mapping import FactMapping, TableFormat, TableMapping, filled, parts
from corpus.selectors import select
from corpus.taxonomy import ENTITY_KINDS, OUTCOME_TYPES
from corpus.traced import Traced

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,2})?")
_GROUPED = re.compile(r"[-+]?\d{1,3}([ ,\u00a0\u202f]\d{3})+(\.\d+)?")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_CLOCK = re.compile(r"[T ]\d\d:\d\d.*")
_CLOSED = {"outcome_type": OUTCOME_TYPES, "kind": ENTITY_KINDS}


class Fault(ValueError):
    """Why a row, or one fact of it, is left out: its column and what is wrong with the cell."""


@dataclass(frozen=True)
class CellRow:
    """A row with its cells by column, and as the line that the document holds."""

    number: int
    sheet: str
    headers: dict[str, str]  # the columns' names as printed
    cells: dict[str, str]  # those that are not empty
    spans: dict[str, tuple[int, int]]  # where a cell stands in `line`; none when a statement says the row
    line: Traced
    fault: str
    table: TableMapping
    mapping: TableFormat

    @property
    def place(self) -> str:
        """Where the row stands in its file: "row 12", in a workbook "Spinouts, row 12"."""
        return f"{self.sheet}, row {self.number}" if self.sheet else f"row {self.number}"

    def text(self, template: str) -> str:
        """The template with this row's cells. Raises Fault for a code that its list does not have."""
        return filled(template, self._cell)

    def span(self, columns: set[str]) -> tuple[int, int]:
        """The shortest part of the line that holds the cells of `columns` with their names; else all."""
        used = [
            (start - len(self.headers[column].strip()) - len(": "), end)
            for column, (start, end) in self.spans.items()
            if column in columns
        ]
        if not used:
            return 0, len(self.line.text)
        return min(start for start, _ in used), max(end for _, end in used)

    def _cell(self, column: str, codes: str) -> str:
        cell = self.cells.get(column, "")
        if not codes or not cell:
            return cell
        try:
            return self.mapping.decoded(codes, cell)
        except ValueError as error:
            raise Fault(f"{self.headers[column]}: {error}") from error


@dataclass(frozen=True)
class RowEntity:
    """A named thing of a row: under which key it is known, and the columns that name it."""

    key: str
    name: str
    kind: str
    columns: frozenset[str]


def is_stated(mapping: FactMapping, row: CellRow) -> bool:
    """True when the cells that the fact needs are filled, and none holds a value that rules it out."""
    if any(column not in row.cells for column in mapping.needs):
        return False
    return all(row.cells.get(column, "") not in values for column, values in mapping.unless.items())


def fact_of(
    mapping: FactMapping, row: CellRow, start: int, document: Document, named: Mapping[str, RowEntity]
) -> Fact:
    """The fact of a row whose line begins at `start` of the document. Raises Fault."""
    columns: set[str] = set()
    fields: dict[str, Any] = {}
    for field, template in mapping.templates().items():
        entity = named.get(template[1:]) if template.startswith("@") else None
        if entity is not None:
            columns |= entity.columns
            fields |= _roles(field, entity)
        elif not template.startswith("@") and (text := row.text(template)):
            used = [column for column, _ in parts(template)]
            columns.update(used)
            name = row.headers[used[0]] if used else field
            fields[field] = _checked(field, text, name, row.table)
    if not fields.keys() & {"subject", "object", "value"}:
        raise Fault("has no subject, object or value")
    first, last = row.span(columns)
    return _valid(
        {
            "value_text": _stated(fields.get("qualifier", ""), fields.get("value", "")),
            **fields,
            "id": _id(document.id, start + first, start + last, fields),
            "document_id": document.id,
            "selector": select(document.text, start + first, start + last),
            "section": _section(row, columns),
            "origin": "imported",
            "extractor": row.mapping.extractor,
        }
    )


def checked_kind(text: str, column: str) -> str:
    """The kind of thing that a cell says, "other" for none. Raises Fault."""
    return _known("kind", text, column) if text else "other"


def _roles(field: str, entity: RowEntity) -> dict[str, str]:
    """What an entity in a role says of the fact: its name, and for subject and object its key and kind."""
    said = {field: entity.name}
    if field in ("subject", "object"):
        said |= {f"{field}_key": entity.key, f"{field}_type": entity.kind}
    return said


def _checked(field: str, text: str, column: str, table: TableMapping) -> str:
    match field:
        case "outcome_type":
            return _known("outcome_type", text, column)
        case "value" | "value_max":
            return _number(text, column, table.decimal)
        case "date":
            return _date(text, column, table.dates)
    return text


def _known(what: str, text: str, column: str) -> str:
    if text in _CLOSED[what]:
        return text
    nearest = ", ".join(get_close_matches(text, _CLOSED[what], n=3, cutoff=0))
    raise Fault(f"{column}: {text!r} is unknown; the nearest are {nearest}")


def _number(text: str, column: str, decimal: str) -> str:
    plain = text.replace(".", "").replace(",", ".") if decimal == "," else text
    if _GROUPED.fullmatch(plain):
        plain = re.sub(r"[ ,\u00a0\u202f]", "", plain)
    if not _NUMBER.fullmatch(plain):
        raise Fault(f"{column}: {text!r} is not a number such as 7000 or 15{decimal}8")
    return plain


def _date(text: str, column: str, form: str | None) -> str:
    if form:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError as error:
            raise Fault(f"{column}: {text!r} is no date of the form {form}") from error
    day = _CLOCK.sub("", text)
    if not _DATE.fullmatch(day):
        raise Fault(f"{column}: {text!r} is not a year, month or day such as 2015, 2015-12 or 2015-12-31")
    return day


def _stated(qualifier: str, value: str) -> str:
    """The figure with its hedge, as a reader would print it: "over 7000", "50+"."""
    if not value:
        return ""
    return value + qualifier if qualifier == "+" else f"{qualifier} {value}".strip()


def _id(document_id: str, start: int, end: int, fields: Mapping[str, str]) -> str:
    said = (fields.get(field, "") for field in ("predicate", "subject", "object", "value"))
    return (
        "fct_"
        + hashlib.sha256("\0".join(map(str, (document_id, start, end, *said))).encode()).hexdigest()[:16]
    )


def _section(row: CellRow, columns: set[str]) -> str:
    """Where the fact stands in its file: "row 12, columns acronym, ecMaxContribution"."""
    used = [row.headers[column].strip() for column in row.cells if column in columns]
    return (
        f"{row.place}, {'column' if len(used) == 1 else 'columns'} {', '.join(used)}" if used else row.place
    )


def _valid(fields: dict[str, Any]) -> Fact:
    try:
        return Fact.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise Fault(f"{first['loc'][0]}: {first['msg'][0].lower()}{first['msg'][1:]}") from error
