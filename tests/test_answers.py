"""Golden answers: what the bundled samples answer, whole, as kept in tests/data/answers.

After a change that is meant, write them anew and read the difference before committing it:

    REWRITE_ANSWERS=1 pytest tests/test_answers.py

A new file needs a question, and a history if it is a follow-up; its answer is then filled in.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from service.answer import Answer, comparable
from service.parts import Parts

GOLDEN = sorted((Path(__file__).parent / "data" / "answers").glob("*.json"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_answer_is_the_one_that_was_approved(samples: Parts, path: Path) -> None:
    golden = json.loads(path.read_text("utf-8"))
    given = _given(samples, golden["question"], golden.get("history", []))
    if os.environ.get("REWRITE_ANSWERS"):
        path.write_text(json.dumps(golden | {"answer": given}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert given == json.loads(path.read_text("utf-8"))["answer"]


def test_there_are_golden_answers_of_every_status() -> None:
    answers = [json.loads(path.read_text("utf-8"))["answer"] for path in GOLDEN]
    assert {answer["status"] for answer in answers} == {"answered", "no_answer"}


def _given(samples: Parts, question: str, earlier: list[str]) -> dict[str, Any]:
    """The answer without the version of the index, which names the processor's rounding of its vectors."""
    history: list[Answer] = []
    for asked in earlier:
        history.append(samples.assistant.ask(asked, history))
    given = comparable(samples.assistant.ask(question, history))
    return {name: value for name, value in given.items() if name != "index_version"}
