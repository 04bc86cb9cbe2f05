"""Readers: plain text, Markdown and HTML become documents; anything else is refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document
from corpus.readers import ReadError, read, read_bytes

MARKDOWN = """---
title: "Norvia in numbers"
---
# What *came* of it #

The **LUMEN-3** project ([site](https://lumen.example/a_(b))) made 3 &amp; 4 tools[^1]
for some_snake_case.

Its partners:

- Norvia **Biotech**,
  in Porto
- Baxley

| Company | Jobs |
|---|--:|
| Norvia | 12 |
| Baxley | |
"""
HTML = """<!DOCTYPE html><html><head><title>Norvia &amp; co</title><style>p {}</style></head><body>
<nav><ul><li>Home</ul></nav>
<main><h1>What came of it</h1>
<p>LUMEN-3 made 3&nbsp;000 caf&#233;s<sup><a href="#n">1</a></sup>,<br>and sold them.
<p>Its partners:<ul><li>Norvia <b>Biotech</b><li><p>Baxley</p></ul>
<table><tr><th>Company<th>Jobs<tr><td>Norvia<td>12<tr><td>Baxley<td></table>
<aside>Advertisement</aside></main><footer>Imprint</footer></body></html>"""


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_markdown_marks_become_structure_and_leave_the_text() -> None:
    document = read_bytes(MARKDOWN.encode(), "norvia.md")
    assert document.title == "Norvia in numbers"
    assert blocks(document) == [
        ("heading", "What came of it"),
        ("paragraph", "The LUMEN-3 project (site) made 3 & 4 tools for some_snake_case."),
        ("paragraph", "Its partners:"),
        ("item", "Norvia Biotech, in Porto"),
        ("item", "Baxley"),
        ("row", "Company: Norvia; Jobs: 12"),
        ("row", "Company: Baxley"),
    ]


def test_html_gives_the_main_content() -> None:
    document = read_bytes(HTML.encode(), "norvia.html")
    assert document.title == "What came of it"
    assert blocks(document) == [
        ("heading", "What came of it"),
        ("paragraph", "LUMEN-3 made 3 000 cafés, and sold them."),
        ("paragraph", "Its partners:"),
        ("item", "Norvia Biotech"),
        ("item", "Baxley"),
        ("row", "Company: Norvia; Jobs: 12"),
        ("row", "Company: Baxley"),
    ]


def test_a_page_inside_an_unclosed_menu_is_read_all_the_same() -> None:
    document = read_bytes(b"<html><title>Norvia</title><nav><p>All of it.", "norvia.html")
    assert (document.title, document.text) == ("Norvia", "All of it.")


def test_a_year_that_opens_a_wrapped_line_is_no_number_of_an_item() -> None:
    (block,) = read_bytes(b"Norvia has grown since the month of May in\n2017. It then moved.", "r.md").blocks
    assert block.kind == "paragraph"


def test_an_underlined_line_is_a_markdown_heading() -> None:
    document = read_bytes(b"Aims\n====\nTo train.\n\nResults\n---\n1. One\n2. Two", "norvia.md")
    assert [block.section for block in document.blocks] == ["", "Aims", "Aims", "Results", "Results"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_text_is_read_in_any_encoding(encoding: str) -> None:
    text = "Norvia’s café raised £3.2M – in Zürich, with the Société Générale’s help – for naïve señores."
    assert read_bytes(text.encode(encoding), "norvia.txt").text == text


def test_a_document_is_known_by_its_bytes_and_its_file_name(tmp_path: Path) -> None:
    path = tmp_path / "norvia.txt"
    path.write_text("LUMEN-3 made three tools.", "utf-8")
    document, renamed = read(path), read(path, name="lumen.txt")
    assert (document.source_name, renamed.source_name) == ("norvia.txt", "lumen.txt")
    assert (document.title, document.media_type) == ("norvia", "text/plain")
    assert document.id == renamed.id == "doc_" + document.sha256[:16]


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "'a.txt' is empty"),
        (b" \n\xef\xbb\xbf", "a.md", "'a.md' has no text|'a.md' is empty"),
        (b"\xef\xbb\xbf \n", "a.txt", "'a.txt' is empty"),
        (b"<p></p>", "a.html", "'a.html' has no text"),
        (b"ab\0cd", "a.txt", "'a.txt' holds binary data"),
        (b"\xff\xfea", "a.txt", "'a.txt' holds binary data"),
        (bytes(range(1, 32)) * 9, "a.txt", "'a.txt' holds binary data"),
        (b"%PDF-1.7", "a.pdf", "'a.pdf' is no PDF that can be read"),
        (b"PK\3\4", "a.docx", "'a.docx' is damaged"),
        (b"<html><p>Not found", "a.pdf", "'a.pdf' holds a web page"),
        (b'{"jobs": ', "a.json", "'a.json' is no valid JSON"),
        (b"PK", "a.pptx", "'a.pptx' is a .pptx file, which no reader reads"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read_bytes(data, name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"norvia\.txt' cannot be opened: no such file"):
        read(tmp_path / "norvia.txt")


def test_a_page_without_a_suffix_is_known_by_its_beginning() -> None:
    assert read_bytes(b"<!doctype html><p>One.", "norvia").media_type == "text/html"
    assert read_bytes(b"One.", "norvia").media_type == "text/plain"


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.md", "a.html", "a"]))
def test_no_bytes_break_a_reader(data: bytes, name: str) -> None:
    try:
        document = read_bytes(data, name)
    except ReadError:
        return
    assert document.text == document.text.strip()
