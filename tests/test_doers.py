"""Who did something: a sentence that names somebody answers, and a row of other things does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.embedder import SentenceTransformerEmbedder
from service.ask import Assistant
from tests.ventures import parts_over, written

REPORT = """# The Ostara archive

The Ostara archive informs exhibitions at Corvane House, the Pellucid Library and the Wrenfield Museum.

Historian Tilda Marsh of Hartsell University sees analogies between the Ostara archive and the first lighthouse.

The vaccination trial in care homes included 1,700 workers and cut deaths, infections and consultations.

The project LUMEN-3 is developing ways to measure what asthma does to daily life.

Hartsell Health takes part in the projects CORVANE, ATLAS-9 and OSTREA, which serve people in care homes.

Between 2003 and 2005, Professor Odile Brandt designed and led the vaccination trial in care homes.
"""


@pytest.fixture(scope="module")
def archive(
    minilm: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("archive")
    with parts_over(written({"a.md": REPORT}, folder / "in"), folder / "data", minilm) as parts:
        yield parts.assistant


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who sees analogies between the Ostara archive and a lighthouse?", "Tilda Marsh"),
        ("Who ran the vaccination trial in care homes?", "Odile Brandt"),
    ],
)
def test_the_sentence_that_names_somebody_answers(archive: Assistant, question: str, name: str) -> None:
    answer = archive.ask(question)
    assert name in answer.answer.split("[1]")[0]
    assert name in answer.citations[0].quote
    assert not answer.items


def test_one_thing_is_told_by_the_sentence_that_tells_it_surely(archive: Assistant) -> None:
    answer = archive.ask("Which project studies how asthma affects everyday life?")
    assert "LUMEN-3" in answer.answer
    assert "OSTREA" not in answer.answer
