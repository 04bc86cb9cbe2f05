"""Sheets: what a CSV, Excel or JSON file holds, as numbered rows of text cells under a header."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from corpus import delimited, workbook
from corpus.assembly import Source
from corpus.readers.encoding import decoded
from corpus.traced import Edit, Traced

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
}
_SURPLUS = re.compile(r"\s{2,}|[^\S ]")


class TableError(ValueError):
    """A file that no mapping reads, or a mapping that cannot be used; the message says what to do."""


class Row(NamedTuple):
    """Cells in the order of the header; `number` counts as a spreadsheet does, the header being row 1."""

    number: int
    cells: tuple[Traced, ...]
    fault: str = ""  # why the row cannot be read


class Sheet(NamedTuple):
    """A header and the rows below it that are not blank; `name` is "" when the file holds one sheet."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: Path) -> tuple[Source, list[Sheet]]:
    """The bytes of the file and its sheets. Raises TableError, or ReadError for what is not even text."""
    data = path.read_bytes()
    media_type = MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        raise TableError(f"{path.name!r} is no table: its name ends in none of {', '.join(MEDIA_TYPES)}.")
    if path.suffix.lower() == ".xlsx":
        return Source(data, path.name, media_type, "", "utf-8"), list(_workbook(data, path.name))
    source = Source(data, path.name, media_type, *decoded(data, path.name))
    if media_type == "text/csv":
        return source, [_delimited(source)]
    return source, [_json(source, by_line=media_type == "application/jsonl")]


def is_table(media_type: str) -> bool:
    """True for the media type of a document that was read from a table."""
    return media_type in MEDIA_TYPES.values()


def single_spaced(text: Traced) -> Traced:
    """The text with one space where it has other white space, and none at its ends."""
    return text.edited(Edit(*white.span(), " ") for white in _SURPLUS.finditer(text.text)).strip()


def _delimited(source: Source) -> Sheet:
    try:
        (_, header), *records = delimited.records(source.text)
    except ValueError as error:
        raise TableError(f"{source.name!r} {error}") from error
    names = [name.text for name in header]
    return Sheet("", tuple(names), tuple(_row(number, cells, len(names)) for number, cells in records))


def _row(number: int, cells: Sequence[Traced], width: int) -> Row:
    fault = "" if len(cells) == width else f"has {len(cells)} cells, the header has {width}"
    return Row(number, tuple(map(single_spaced, cells)), fault)


def _workbook(data: bytes, name: str) -> Iterator[Sheet]:
    try:
        sheets = workbook.sheets(data)
    except ValueError as error:
        raise TableError(f"{name!r} is no Excel workbook: {error}. Save it as .xlsx or CSV.") from error
    for title, values in sheets:
        rows = [[_shown(value) for value in row] for row in values]
        first = next((number for number, row in enumerate(rows) if any(row)), None)
        if first is not None:
            below = enumerate(rows[first + 1 :], start=first + 2)
            yield _inserted(title, rows[first], ((number, row) for number, row in below if any(row)))


def _json(source: Source, by_line: bool) -> Sheet:
    try:
        found = _objects(source.text, by_line)
    except (ValueError, RecursionError) as error:
        raise TableError(f"{source.name!r} is no valid JSON: {error}. Correct it.") from error
    if not all(isinstance(record, dict) for record in found):
        raise TableError(f"{source.name!r} holds values that are no objects. Give one object for each row.")
    rows = [dict(_flat(record)) for record in found]
    header = list(dict.fromkeys(name for row in rows for name in row))
    return _inserted("", header, ((n, [row.get(c, "") for c in header]) for n, row in enumerate(rows, 1)))


def _objects(text: str, by_line: bool) -> list[Any]:
    """The records of JSON Lines, of a list, or of an object that holds one list."""
    if by_line:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    loaded = json.loads(text)
    if isinstance(loaded, dict):
        lists = [value for value in loaded.values() if isinstance(value, list)]
        loaded = lists[0] if len(lists) == 1 else [loaded]
    return loaded if isinstance(loaded, list) else [loaded]


def _flat(record: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """The names and texts of an object's members; those of an inner object under "outer.inner"."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        elif isinstance(value, list) and not any(isinstance(part, dict | list) for part in value):
            yield above + name, "; ".join(map(_shown, value))
        else:
            yield above + name, json.dumps(value) if isinstance(value, list) else _shown(value)


def _inserted(name: str, header: Sequence[str], rows: Iterator[tuple[int, Sequence[str]]]) -> Sheet:
    """A sheet whose cells lead back to no byte, since the file holds them packed or escaped."""
    read = (Row(n, tuple(single_spaced(Traced.inserted(cell)) for cell in row)) for n, row in rows)
    return Sheet(name, tuple(header), tuple(read))


def _shown(value: object) -> str:
    """A value as its cell shows it: a whole number without ".0", a date as 2015-12-31."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)
