"""Mapping files: which cells of a table make which fact, in TOML, checked before a row is read."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from corpus.gazetteer import country_of_code
from corpus.selectors import Record
from corpus.sheets import TableError
from corpus.taxonomy import ENTITY_KINDS, OUTCOME_TYPES

SHIPPED = files("corpus").joinpath("mappings")
COUNTRIES = "countries"  # the code list that every mapping has
_PART = re.compile(r"\{([^{}|]+)(?:\|([^{}]+))?\}")
_ENTITY_PREFIX = "@"


def column_key(name: str) -> str:
    """A column's name as mappings compare it: lower case, words apart by "_"."""
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")


def parts(template: str) -> list[tuple[str, str]]:
    """(column, code list or "") of each "{column}" or "{column|codes}" of a template."""
    return [(column_key(column), (codes or "").strip()) for column, codes in _PART.findall(template)]


def filled(template: str, cell: Callable[[str, str], str]) -> str:
    """The template with its parts replaced by `cell(column, codes)`."""
    return _PART.sub(lambda part: cell(column_key(part[1]), (part[2] or "").strip()), template).strip()


def _check_template(value: str) -> str:
    if _PART.sub("", value).count("{") or _PART.sub("", value).count("}"):
        raise ValueError(f"{value!r} has a brace that is not closed; write a column as {{column}}")
    return value


def _one_of(known: Collection[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value in known or _PART.search(value):
            return value
        raise ValueError(f"{value!r} is unknown; use one of {', '.join(known)}, or a column: {{column}}")

    return check


Template = Annotated[str, AfterValidator(_check_template)]
OutcomeTemplate = Annotated[Template, AfterValidator(_one_of(OUTCOME_TYPES))]
KindTemplate = Annotated[Template, AfterValidator(_one_of(ENTITY_KINDS))]
Column = Annotated[str, AfterValidator(column_key), Field(min_length=1)]


class EntityMapping(Record):
    """A named thing of each row. Without a name it takes that of the thing with its `id` in another table."""

    kind: KindTemplate = "other"
    name: Template = ""
    id: Template = ""
    aliases: tuple[Template, ...] = ()

    @model_validator(mode="after")
    def can_be_called(self) -> EntityMapping:
        if not self.name and not self.id:
            raise ValueError("has neither name nor id; give one, such as name = '{column}'")
        return self


class FactMapping(Record):
    """A fact of each row. "{column}" is a cell, "@name" an entity of the table, else it is constant."""

    outcome_type: OutcomeTemplate
    subject: Template = ""
    predicate: Template = ""
    object: Template = ""
    value: Template = ""
    value_max: Template = ""
    unit: Template = ""
    qualifier: Template = ""
    value_text: Template = ""
    project: Template = ""
    place: Template = ""
    date: Template = ""
    polarity: Template = ""
    modality: Template = ""
    basis: Template = ""
    confidence: Template = ""
    review: Template = ""
    needs: tuple[Column, ...] = ()  # the fact is made where these cells are filled
    unless: dict[Column, tuple[str, ...]] = Field(
        default={}
    )  # ... and none of these holds one of these values
    once: bool = False  # made by the first of the rows that state it

    def templates(self) -> dict[str, str]:
        """The templates that are given, by field of Fact."""
        given = self.model_dump(exclude={"needs", "unless", "once"})
        return {field: template for field, template in given.items() if template}


class TableMapping(Record):
    """How the rows of one kind of sheet are read."""

    name: str
    recognised_by: tuple[Column, ...] = Field(min_length=1)  # columns that every such sheet has
    columns: tuple[Column, ...] = ()  # the only columns it may have; any when empty
    ignored: tuple[Column, ...] = ()  # columns that are not shown
    required: tuple[Column, ...] = ()  # a row without one of these is reported and left out
    statement: Column | None = None  # the column that says a row in a sentence
    decimal: Literal[".", ","] = "."
    dates: str | None = None  # as strptime reads them; years and ISO 8601 otherwise
    shown: dict[Column, str] = Field(default={})  # code list or unit that is shown behind a cell
    entity: dict[str, EntityMapping] = Field(default={})
    fact: tuple[FactMapping, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def names_its_entities(self) -> TableMapping:
        for number, fact in enumerate(self.fact, start=1):
            for field, template in fact.templates().items():
                name = template.removeprefix(_ENTITY_PREFIX)
                if name != template and name not in self.entity:
                    known = ", ".join(self.entity) or "none is given"
                    raise ValueError(
                        f"fact {number}: {field} = {template!r} is no entity of the table; known: {known}"
                    )
        return self

    def recognises(self, columns: Collection[str]) -> bool:
        """True when a sheet with these columns is of this kind."""
        return set(self.recognised_by) <= set(columns)


class TableFormat(Record):
    """A mapping file: its code lists and the kinds of sheets it reads."""

    title: str
    codes: dict[str, dict[str, str]] = Field(default={})
    table: tuple[TableMapping, ...] = Field(min_length=1)
    name: str = ""  # of the file, and the beginning of its sha256, whatever it says itself
    digest: str = ""

    @model_validator(mode="after")
    def knows_its_codes(self) -> TableFormat:
        for table in self.table:
            for template in _templates(table):
                for _, codes in parts(template):
                    if codes and codes not in self.all_codes:
                        known = ", ".join(sorted(self.all_codes))
                        raise ValueError(
                            f"table {table.name!r}: {template!r} uses the code list {codes!r}; known: {known}"
                        )
        return self

    @property
    def extractor(self) -> str:
        """The name and version that its facts carry; the version changes whenever the file does."""
        return f"{self.name}/{self.digest}"

    @property
    def all_codes(self) -> set[str]:
        """The names of its code lists."""
        return {COUNTRIES, *self.codes}

    def for_columns(self, columns: Collection[str]) -> TableMapping | None:
        """The kind of sheet with these columns, the most closely described one; None when there is none."""
        fitting = [table for table in self.table if table.recognises(columns)]
        return max(fitting, key=lambda table: len(table.recognised_by), default=None)

    def decoded(self, codes: str, cell: str) -> str:
        """What a code of a list means. A country that is written out stands for itself; raises ValueError."""
        if codes == COUNTRIES:
            return country_of_code(cell) or cell
        known = self.codes[codes]
        if cell not in known and "" not in known:
            raise ValueError(f"{cell!r} is none of the {codes}: {', '.join(known)}")
        return known.get(cell, known.get("", ""))


def _templates(table: TableMapping) -> Iterable[str]:
    for fact in table.fact:
        yield from fact.templates().values()
    for entity in table.entity.values():
        yield from (entity.kind, entity.name, entity.id, *entity.aliases)


def named(name_or_file: str) -> TableFormat:
    """The mapping in a file, or the one that comes with ImpactQA under this name. Raises TableError."""
    path = Path(name_or_file)
    if path.suffix == ".toml" or path.is_file():
        try:
            return _parsed(path.read_bytes(), path.stem, str(path))
        except OSError as error:
            raise TableError(
                f"Mapping file '{path}' cannot be read: {error.strerror}. Check its path."
            ) from error
    found = shipped().get(column_key(name_or_file))
    if found is None:
        raise TableError(
            f"Mapping {name_or_file!r} is unknown. Give a .toml file or one of: {', '.join(shipped())}."
        )
    return found


@cache
def shipped() -> Mapping[str, TableFormat]:
    """The mappings that come with ImpactQA by name, sorted."""
    found = sorted(
        (entry for entry in SHIPPED.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name
    )
    names = [entry.name.removesuffix(".toml") for entry in found]
    return {
        name: _parsed(entry.read_bytes(), name, entry.name) for name, entry in zip(names, found, strict=True)
    }


def _parsed(data: bytes, name: str, shown: str) -> TableFormat:
    try:
        loaded: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
        told = {"name": name, "digest": hashlib.sha256(data).hexdigest()[:8]}
        return TableFormat.model_validate(loaded | told)
    except ValidationError as error:
        raise TableError(f"Mapping file '{shown}': {_in_words(error)}. Correct it there.") from error
    except ValueError as error:
        raise TableError(f"Mapping file '{shown}' is no valid TOML: {error}. Correct it there.") from error


def _in_words(error: ValidationError) -> str:
    """Where the first fault is and what it is; tables and facts are counted from 1."""
    first = error.errors()[0]
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "is no key of a mapping"
    elif first["type"] == "missing":
        message = "is missing"
    return f"{place}: {message}" if place else message
