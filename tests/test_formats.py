"""The same report in every format is the same passages and the same facts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from corpus.reading import Reading, read_file
from tests import typeset
from tests.reports import NORVIA
from tests.ventures import ORRELL, REVIEW

try:
    import weasyprint  # noqa: F401
except OSError:  # it needs Pango, which pip does not bring
    pytest.skip("WeasyPrint finds no Pango: apt install libpango-1.0-0", allow_module_level=True)

FORMATS: dict[str, Callable[[str], bytes]] = {
    "a.txt": typeset.as_text,
    "a.html": typeset.as_html,
    "a.docx": typeset.as_word,
    "a.pdf": typeset.as_pdf,
    "columns.pdf": partial(typeset.as_pdf, style="body { columns: 2 }"),
}


def passages(reading: Reading) -> list[tuple[str, str, str]]:
    return [(passage.kind, passage.section, passage.text) for passage in reading.extraction.passages]


def facts(reading: Reading) -> list[tuple[str, str, str]]:
    """What the facts say and where, without counting characters: what parts blocks may differ."""
    counted = {"id", "document_id", "selector", "lead", "page"}
    return [
        (fact.selector.exact, fact.lead.exact if fact.lead else "", fact.model_dump_json(exclude=counted))
        for fact in reading.extraction.facts
    ]


@pytest.mark.parametrize("report", [ORRELL, REVIEW, NORVIA], ids=["orrell", "review", "norvia"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_report_says_the_same_in_every_format(tmp_path: Path, name: str, report: str) -> None:
    (tmp_path / "a.md").write_text(report)
    (tmp_path / name).write_bytes(FORMATS[name](report))
    typed, made = read_file(tmp_path / "a.md"), read_file(tmp_path / name)
    assert passages(made) == passages(typed)
    assert facts(made) == facts(typed)
