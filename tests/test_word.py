from __future__ import annotations

import io

import docx
import pytest

from corpus.document import Document
from corpus.readers import ReadError, read_bytes


def written() -> bytes:
    file = docx.Document()
    file.add_heading("What Norvia achieved", level=1)
    file.add_paragraph("Norvia Biotech was founded in 2011. It employs 42 people.")
    file.add_paragraph("a new test for doctors", style="List Bullet")
    table = file.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Company", "Jobs", "Baxley", "30"), strict=True):
        cell.text = text
    file.add_paragraph("After the table the text goes on for a while.")
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def document() -> Document:
    return read_bytes(written(), "norvia.docx")


def test_headings_items_and_rows_keep_their_kind(document: Document) -> None:
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "item", "row", "paragraph"]


def test_blocks_stand_in_the_order_of_the_file(document: Document) -> None:
    text = document.text
    assert text.index("achieved") < text.index("42 people") < text.index("Baxley") < text.index("After")


def test_the_first_heading_is_the_title(document: Document) -> None:
    assert document.title == "What Norvia achieved"


def test_a_damaged_file_is_refused_with_the_reason() -> None:
    with pytest.raises(ReadError, match=r"'cut\.docx'"):
        read_bytes(written()[:300], "cut.docx")


def test_another_archive_under_the_name_of_a_document_is_refused() -> None:
    with pytest.raises(ReadError, match=r"'a\.docx' .*no Word file"):
        read_bytes(b"PK\x05\x06" + bytes(18), "a.docx")


def test_a_web_page_under_the_name_of_a_document_is_refused() -> None:
    with pytest.raises(ReadError, match="holds a web page"):
        read_bytes(b"<!DOCTYPE html><p>Not found</p>", "a.docx")


def test_records_become_headings_rows_and_paragraphs() -> None:
    data = (
        b'[{"title": "Norvia", "jobs": 42, "town": "Porto", "story": "'
        + b"The firm makes tests. " * 8
        + b'"}]'
    )
    document = read_bytes(data, "firms.json")
    assert [block.kind for block in document.blocks][:2] == ["heading", "row"]
    assert "The firm makes tests." in document.text
