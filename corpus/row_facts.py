"""What a table row says: the first cell is what it is about, every other cell says something of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.dates import dates
from corpus.facts import Fact
from corpus.quantity import Quantity, quantities
from corpus.statements import Statement
from corpus.taxonomy import kind_of, plain, triggers

# Headers that only say that a number follows: what is counted stands in the first cell.
_COUNTS = re.compile(r"(?:number|count|total|amount|value|figure|quantity|how many|sum|no\.?|#)$")
_FOUNDED = re.compile(
    r"\b(?:founded|established|created|formed|launched|incorporated|since|start(?:ed)?|year)\b"
)


@dataclass(frozen=True)
class Cell:
    """A cell of a row: its header and its text, with the offsets of the text in the passage."""

    header: str
    text: str
    start: int
    end: int


def row_facts(statement: Statement) -> Iterator[Fact]:
    """One fact per cell behind the first that holds a figure, a date or a text."""
    cells = _cells(statement.text)
    if len(cells) < 2:
        return
    first, *rest = cells
    about = statement.mention_at(first.start, first.end)
    key = about.key if about else None
    for cell in rest:
        figure = _figure(cell)
        if figure is not None:
            yield _figure_fact(statement, first, key, cell, figure)
        elif _FOUNDED.search(plain(cell.header)) and dates(cell.text) and _is_company(statement, first, key):
            yield _founding_fact(statement, first, key, cell, rest)
        elif cell.text:
            yield _text_fact(statement, first, key, cell)


def _cells(text: str) -> list[Cell]:
    """The cells of "Header: text; Header: text", a row as the readers write it."""
    return [
        Cell(match[1].strip(), match[2].strip(), match.start(2), match.end(2))
        for match in re.finditer(r"([^:;]{1,60}):\s+([^;]*)(?:;|$)", text)
    ]


def _is_company(statement: Statement, first: Cell, key: str | None) -> bool:
    """True when a row is about a company, by its header, by its name, or as a row of a table of spin-outs."""
    said = {kind_of(first.header), statement.registry.kind(key)}
    return bool(said & {"company", "sme"}) or _type(_table_words(statement)) == "spin_out"


def _figure(cell: Cell) -> Quantity | None:
    """The figure that a cell consists of, with at most a few words."""
    # A bare number is a list number in running text, so it is read with the noun that the header gives it.
    found = quantities(f"{cell.text} items" if re.fullmatch(r"[+~<>]?[\d., ]+\+?", cell.text) else cell.text)
    return (
        found[0]
        if found and len(cell.text.split()) <= 5 and not _FOUNDED.search(plain(cell.header))
        else None
    )


def _figure_fact(statement: Statement, first: Cell, key: str | None, cell: Cell, figure: Quantity) -> Fact:
    counted = first.text if _COUNTS.search(plain(cell.header)) else cell.header
    return statement.fact(
        outcome_type=_type(f"{counted} {_table_words(statement)}"),
        extractor="row",
        subject=first.text if counted is not first.text else "",
        subject_key=key,
        predicate=plain(cell.header),
        object=counted,
        value=figure.value,
        value_max=figure.value_max,
        unit=figure.unit or counted,
        qualifier=figure.qualifier,
        value_text=figure.text,
        confidence=0.95,
    )


def _founding_fact(statement: Statement, first: Cell, key: str | None, cell: Cell, rest: list[Cell]) -> Fact:
    """When the first cell was founded, and out of which institution, when a cell names one."""
    home = next((other for other in rest if kind_of(other.header) == "academic"), None)
    parent = statement.mention_at(home.start, home.end) if home else None
    return statement.fact(
        outcome_type="spin_out",
        extractor="relation",
        subject=home.text if home else "",
        subject_key=parent.key if parent else None,
        predicate="spin out",
        object=first.text,
        object_key=key,
        date=dates(cell.text)[0].value,
        confidence=0.9,
    )


def _text_fact(statement: Statement, first: Cell, key: str | None, cell: Cell) -> Fact:
    named = statement.mention_at(cell.start, cell.end)
    return statement.fact(
        outcome_type=_type(f"{cell.header} {cell.text} {first.header}"),
        extractor="row",
        subject=first.text,
        subject_key=key,
        predicate=plain(cell.header),
        object=cell.text,
        object_key=named.key if named else None,
        date=next((date.value for date in dates(cell.text)), ""),
        confidence=0.9,
    )


def _table_words(statement: Statement) -> str:
    return f"{statement.lead_text} {statement.passage.section}"


def _type(text: str) -> str:
    """The first outcome type that the words of a cell, its header or its table show."""
    return next((outcome_type for outcome_type, _, _ in triggers(text)), "qualitative_claim")
