"""Files of questions with known answers: what is read, and how a bad line is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.evaluating.questions import read_questions

GOOD = {"id": "a", "type": "list", "question": "Which firms were founded?"}


def written(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def test_one_spelling_may_stand_without_its_list(tmp_path: Path) -> None:
    [question] = read_questions(written(tmp_path / "q.jsonl", GOOD | {"must": ["7", ["Brindle", "BRD"]]}))
    assert question.must == (("7",), ("Brindle", "BRD"))


def test_further_fields_are_the_writers_own(tmp_path: Path) -> None:
    [question] = read_questions(written(tmp_path / "q.jsonl", GOOD | {"difficulty": 3}))
    assert question.id == "a"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"question": " "}, "question: String should have at least 1 character"),
        ({"evidences": ["x"]}, "unknown field 'evidences', is 'evidence' meant?"),
        ({"answerable": False, "must": ["7"]}, "answerable is false, yet must"),
        ({"reason": "off_topic"}, "reason is for questions whose answerable is false"),
        ({"answerable": False, "reason": "unknown"}, "reason.0: Input should be 'off_topic'"),
        ({"items": [[]]}, "a group of must or items lists no spelling"),
        ({"id": "first"}, "id 'first' is that of line 1"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(tmp_path: Path, fields: dict[str, Any], fault: str) -> None:
    path = written(tmp_path / "q.jsonl", GOOD | {"id": "first"}, GOOD | fields)
    with pytest.raises(ValueError, match="line 2: ") as raised:
        read_questions(path)
    assert fault in str(raised.value)


def test_every_bad_line_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("{\n\n" + "[]\n" * 4)
    with pytest.raises(ValueError, match="line 1: no JSON.*line 3: .*line 4: .*; 2 more. Mend the file."):
        read_questions(path)


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no question"):
        read_questions(written(tmp_path / "q.jsonl"))
