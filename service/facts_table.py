"""Facts as a table: one row each, for spreadsheets and terminals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from corpus.facts import Fact

COLUMNS = [
    "id",
    "document_id",
    "outcome_type",
    "subject",
    "subject_type",
    "predicate",
    "object",
    "value",
    "value_max",
    "unit",
    "qualifier",
    "value_text",
    "project",
    "place",
    "date",
    "polarity",
    "modality",
    "basis",
    "page",
    "section",
    "start",
    "end",
    "quote",
    "origin",
    "confidence",
    "review",
]

# A spreadsheet runs a cell that begins with one of these; an apostrophe before it makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def row(fact: Fact) -> dict[str, object]:
    """The fact by column name; what is not known is "" or None."""
    flat = {name: getattr(fact, name, None) for name in COLUMNS}
    return flat | {"start": fact.selector.start, "end": fact.selector.end, "quote": fact.selector.exact}


def as_csv(facts: Iterable[Fact]) -> str:
    """The facts as a CSV table."""
    return csv_text(COLUMNS, (row(fact).values() for fact in facts))


def csv_text(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """The rows as RFC 4180 text under a header line; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value
