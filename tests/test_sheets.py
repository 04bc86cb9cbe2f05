"""Sheets: CSV, Excel and JSON files give the same numbered rows of cells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import sheets
from corpus.sheets import Sheet, TableError
from tests.workbooks import write_workbook


def read(path: Path) -> list[tuple[int, list[str]]]:
    (sheet,) = sheets.read(path)[1]
    return texts(sheet)


def texts(sheet: Sheet) -> list[tuple[int, list[str]]]:
    return [(row.number, [cell.text for cell in row.cells]) for row in sheet.rows]


def test_a_blank_line_of_csv_counts_as_a_row_but_is_none(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("name;year\nNorvia;2014\n\n ; \nLUMEN-3;2015\n")
    assert read(path) == [(2, ["Norvia", "2014"]), (5, ["LUMEN-3", "2015"])]


def test_numbers_of_a_workbook_are_shown_as_its_cells_show_them(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "t.xlsx", {"Sheet": [["name", "value"], ["Norvia", 7000.0], ["B", 15.8]]}
    )
    assert read(path) == [(2, ["Norvia", "7000"]), (3, ["B", "15.8"])]


def test_every_sheet_of_a_workbook_is_read_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "t.xlsx", {"A": [["x"], ["1"]], "B": [], "C": [["y"], ["2"]]})
    assert [(sheet.name, sheet.header) for sheet in sheets.read(path)[1]] == [("A", ("x",)), ("C", ("y",))]


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_json_records_are_rows_with_inner_objects_flattened(tmp_path: Path, suffix: str) -> None:
    records = [{"name": "Norvia", "in": {"country": "NO"}, "tags": ["a", "b"]}, {"name": None, "year": 2014}]
    text = json.dumps(records) if suffix == ".json" else "\n".join(map(json.dumps, records))
    path = tmp_path / f"table{suffix}"
    path.write_text(text)
    (sheet,) = sheets.read(path)[1]
    assert sheet.header == ("name", "in.country", "tags", "year")
    assert texts(sheet) == [(1, ["Norvia", "NO", "a; b", ""]), (2, ["", "", "", "2014"])]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("t.xlsx", b"no zip", "is no Excel workbook"),
        ("t.json", b"{", "is no valid JSON"),
        ("t.jsonl", b"[1]\n2", "holds values that are no objects"),
        ("t.csv", b'a,b\n"x', "cannot be read below row 1"),
        ("t.pdf", b"%PDF", "is no table: its name ends in none of .csv"),
    ],
)
def test_a_file_that_holds_no_rows_is_refused(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TableError) as refused:
        sheets.read(tmp_path / name)
    assert message in str(refused.value)
