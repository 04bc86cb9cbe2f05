"""Facts tables: each row is a fact that cites its row, or is named with the reason why it is none."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import tables
from corpus.document import source_offset
from corpus.facts import Fact
from corpus.mapping import shipped
from corpus.tables import FactsTable, TableError
from service.facts_table import as_csv


def table(folder: Path, *lines: str, encoding: str = "utf-8") -> FactsTable:
    path = folder / "spin_offs-2014.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return tables.read(path)


def test_a_row_becomes_a_fact_that_cites_it(tmp_path: Path) -> None:
    read = table(
        tmp_path,
        "Outcome type,Subject,Subject type,Value,Qualifier,Unit,Project,Date",
        "patent,Norvia Biotech Ltd,sme,40,over,patents,LUMEN-3,2014-05",
    )
    (fact,) = read.facts
    assert (fact.outcome_type, fact.subject_key, fact.project) == ("patent", "norviabiotech", "LUMEN-3")
    assert (fact.value, fact.value_text, fact.unit, fact.date) == (40, "over 40", "patents", "2014-05")
    assert (fact.origin, fact.extractor) == ("imported", shipped()["facts_table"].extractor)
    assert fact.selector.exact == read.document.text
    assert fact.selector.exact.startswith("Outcome type: patent; Subject: Norvia Biotech Ltd; Subject type:")


def test_each_row_is_a_block_of_the_document(tmp_path: Path) -> None:
    read = table(tmp_path, "outcome_type,subject", "patent,Norvia", "", "award,LUMEN-3")
    text = read.document.text
    assert [text[block.start : block.end] for block in read.document.blocks] == [
        "outcome_type: patent; subject: Norvia",
        "outcome_type: award; subject: LUMEN-3",
    ]
    assert {block.kind for block in read.document.blocks} == {"row"}
    assert (read.document.title, read.document.media_type) == ("spin offs 2014", "text/csv")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("patnt,Norvia,,,", "outcome_type: 'patnt' is unknown; the nearest are patent"),
        (",Norvia,,,", "outcome_type: is empty"),
        ("patent,,,2014,", "has no subject, object or value"),
        ("patent,Norvia,7 00,,", "value: '7 00' is not a number"),
        ("patent,Norvia,nan,,", "value: 'nan' is not a number"),
        ("patent,Norvia,,31/12/2014,", "date: '31/12/2014' is not a year, month or day"),
        ("patent,Norvia,,,2", "confidence: input should be less than or equal to 1"),
        ("patent,Norvia", "has 2 cells, the header has 5"),
        ("patent,Norvia,,,,more", "has 6 cells, the header has 5"),
    ],
)
def test_a_row_that_is_no_fact_is_named_and_others_are_kept(tmp_path: Path, row: str, reason: str) -> None:
    read = table(tmp_path, "outcome_type,subject,value,date,confidence", "award,LUMEN-3,,,", "", row)
    assert [fact.subject for fact in read.facts] == ["LUMEN-3"]
    (rejected,) = read.rejected
    assert rejected.number == 4
    assert rejected.reason.startswith(reason)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["name,country", "Norvia,NO"], "has columns that no mapping recognises"),
        (["outcome_type,subjct", "patent,Norvia"], "has an unknown column 'subjct'"),
        (["outcome_type,subject,subject", "patent,Norvia,Norvia"], "has two columns 'subject'"),
        (["outcome_type,subject", "patnt,Norvia"], "states no fact: row 2: outcome_type: 'patnt'"),
        (["outcome_type,subject"], "states no fact. "),
        (["outcome_type,subject", 'patent,"Norvia'], "cannot be read below row 1"),
    ],
)
def test_a_file_that_is_no_facts_table_is_refused(tmp_path: Path, lines: list[str], message: str) -> None:
    with pytest.raises(TableError) as refused:
        table(tmp_path, *lines)
    assert message in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_other_encodings_and_delimiters_are_read(tmp_path: Path, encoding: str) -> None:
    rows = [f"patent;Société Norvière {number}, Orléans" for number in range(20)]
    read = table(tmp_path, "outcome_type;subject", *rows, encoding=encoding)
    assert [f"patent;{fact.subject}" for fact in read.facts] == rows


def test_what_a_table_names_are_entities_with_their_rows(tmp_path: Path) -> None:
    read = table(
        tmp_path,
        "outcome_type,subject,subject_type,project",
        "patent,Norvia Biotech,sme,LUMEN-3",
        "award,NORVIA Biotech Ltd,sme,",
    )
    norvia, lumen = read.entities
    assert (norvia.kind, norvia.sme, lumen.kind) == ("sme", "stated", "project")
    mentioned = [read.document.text[start:end] for start, end in norvia.mentions]
    assert mentioned == [norvia.name, *norvia.aliases] == ["Norvia Biotech", "NORVIA Biotech Ltd"]
    assert norvia.evidence == read.facts[0].selector


def test_a_row_with_a_statement_is_shown_as_that_sentence(tmp_path: Path) -> None:
    read = table(
        tmp_path,
        "outcome_type,subject,subject_type,value,qualifier,project,statement",
        'patent,Norvia,company,40,over,LUMEN-3,"Norvia holds over 40 patents, it says."',
        "award,Norvia,company,,,LUMEN-3,",
    )
    said, unsaid = read.facts
    assert said.selector.exact == "Norvia holds over 40 patents, it says."
    assert (said.value, said.value_text, said.project) == (40, "over 40", "LUMEN-3")
    assert unsaid.selector.exact.startswith("outcome_type: award; subject: Norvia")


def test_a_name_that_the_statement_leaves_out_is_mentioned_in_other_rows_only(tmp_path: Path) -> None:
    read = table(
        tmp_path,
        "outcome_type,subject,project,statement",
        "patent,Norvia,LUMEN-3,Norvia holds patents.",
        "patent,Norvia,LUMEN-3,LUMEN-3 led to patents.",
    )
    (lumen,) = read.entities
    assert lumen.mentions == ((read.facts[1].selector.start, read.facts[1].selector.start + len("LUMEN-3")),)


def test_exported_facts_can_be_imported(tmp_path: Path) -> None:
    header = "outcome_type,subject,value,qualifier,date"
    facts = table(tmp_path, header, "patent,Norvia,7.5,+,2014", 'award,"=Lumen, ""3""",,,').facts
    again = table(tmp_path, as_csv(facts).rstrip()).facts
    assert [_stated(fact) for fact in again] == [_stated(fact) for fact in facts]
    assert again[1].subject == '=Lumen, "3"'


def _stated(fact: Fact) -> dict[str, object]:
    columns = shipped()["facts_table"].table[0].columns
    return fact.model_dump(include={*columns, "subject_key"})


cells = st.text(st.sampled_from("ab1\" \n,;'é—\t"), max_size=8).map(lambda cell: f"x{cell}")


rows_of_cells = st.lists(st.tuples(cells, cells), min_size=1, max_size=4)


@given(rows_of_cells, st.sampled_from(["excel", "unix"]))
def test_every_character_of_a_cell_leads_back_to_its_bytes(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], dialect: str
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, dialect).writerows(
        [("outcome_type", "subject", "object"), *(("patent", *row) for row in rows)]
    )
    path = tmp_path_factory.mktemp("tables") / "facts.csv"
    source = written.getvalue().encode()
    path.write_bytes(source)
    read = tables.read(path)
    assert [(fact.subject, fact.object) for fact in read.facts] == [
        tuple(" ".join(cell.split()) for cell in row) for row in rows
    ]
    for offset, character in enumerate(read.document.text):
        origin = source_offset(read.document, offset)
        if origin is not None and character != " ":
            assert source[origin:].startswith(character.encode())
