"""Questions with known answers, as people write them down: one JSON object a line, checked line by line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from service.answer import Reason

_TOLD_MAX = 3  # faults of a file that its error spells out


def _as_group(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Group = Annotated[tuple[Phrase, ...], BeforeValidator(_as_group)]  # spellings of which one must occur
Reasons = Annotated[tuple[Reason, ...], BeforeValidator(_as_group)]


class Question(BaseModel):
    """A question with what a right answer says; docs/evaluation.md describes each field."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Phrase
    type: Phrase
    question: Phrase
    history: tuple[Phrase, ...] = ()
    answerable: bool = True
    must: tuple[Group, ...] = ()
    items: tuple[Group, ...] | None = None  # None: the items are not judged
    also_ok: tuple[Phrase, ...] = ()
    must_not: tuple[Phrase, ...] = ()
    evidence: tuple[Phrase, ...] = ()
    reason: Reasons = ()

    @model_validator(mode="before")
    @classmethod
    def _has_no_misspelt_field(cls, given: Any) -> Any:
        """Other fields are the writer's own notes, unless they nearly have the name of one that counts."""
        for name in given if isinstance(given, dict) else ():
            if name not in cls.model_fields and (
                near := difflib.get_close_matches(str(name), cls.model_fields, n=1, cutoff=0.8)
            ):
                raise ValueError(f"unknown field '{name}', is '{near[0]}' meant?")
        return given

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Question:
        if not self.answerable and (self.must or self.items or self.evidence):
            raise ValueError("answerable is false, yet must, items or evidence say what the answer holds")
        if self.answerable and self.reason:
            raise ValueError("reason is for questions whose answerable is false")
        if any(not group for group in (*self.must, *(self.items or ()))):
            raise ValueError("a group of must or items lists no spelling")
        return self


def read_questions(path: Path) -> list[Question]:
    """The questions of a JSON Lines file. Raises ValueError naming the lines that are not one."""
    questions: dict[str, Question] = {}
    line_of: dict[str, int] = {}
    faults = []
    for number, line in _lines(path):
        try:
            question = Question.model_validate(json.loads(line))
        except (ValidationError, json.JSONDecodeError) as error:
            faults.append(f"line {number}: {_what_is_wrong(error)}")
            continue
        if question.id in questions:
            faults.append(f"line {number}: id '{question.id}' is that of line {line_of[question.id]}")
        questions[question.id], line_of[question.id] = question, number
    if faults:
        more = f"; {len(faults) - _TOLD_MAX} more" if len(faults) > _TOLD_MAX else ""
        raise ValueError(f"'{path}' {'; '.join(faults[:_TOLD_MAX])}{more}. Mend the file.")
    if not questions:
        raise ValueError(f"'{path}' holds no question. Write one JSON object a line.")
    return list(questions.values())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    # Not str.splitlines: a question may hold a character such as U+2028, which ends no line of JSON Lines.
    for number, line in enumerate(path.read_text("utf-8-sig").split("\n"), 1):
        if line.strip():
            yield number, line


def _what_is_wrong(error: ValidationError | json.JSONDecodeError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON: {error.msg} at character {error.pos + 1}"
    wrong = error.errors()[0]
    place = ".".join(str(part) for part in wrong["loc"])
    what = wrong["msg"].removeprefix("Value error, ")
    return f"{place}: {what}" if place else what
