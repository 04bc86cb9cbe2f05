from __future__ import annotations

import io
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from corpus.ingest import ingest
from corpus.readers import ReadError, pdf, pdfium, read_bytes
from corpus.store import Store
from service.evidence import Quote
from service.knowledge.knowledge import Knowledge
from service.writing.compose import citation
from tests.printed import WIDTH, Printer

LEFT = [
    "Norvia Biotech was founded in 2011 by two",
    "chemists of the LUMEN-3 project. It now",
    "employs 42 people in Porto.",
]
RIGHT = [
    "Baxley Instruments sells its sensors in",
    "nineteen countries. Its turnover reached",
    "3 million euros in 2019.",
]


def text_of(printer: Printer) -> str:
    return read_bytes(printer.data(), "report.pdf").text


def test_columns_are_read_one_after_the_other() -> None:
    text = text_of(Printer().lines(LEFT, x=60).lines(RIGHT, x=320))
    assert "chemists of the LUMEN-3 project. It now employs 42 people in Porto." in text
    assert text.index("Porto") < text.index("Baxley")


def test_a_word_that_a_line_cuts_is_whole_again() -> None:
    text = text_of(
        Printer().lines(
            ["Norvia makes diagnostic tests for pharma-", "ceutical firms in many countries of Europe."]
        )
    )
    assert "pharmaceutical firms" in text


def test_what_stands_at_the_head_of_every_page_is_left_out() -> None:
    printer = Printer()
    for page in range(1, 6):
        printer.lines(["Norvia annual review"], top=30, size=8).lines(
            [f"Result {page} of the project is a new test for doctors."]
        )
        printer.lines([f"Page {page}"], top=800, size=8).next_page()
    text = text_of(printer)
    assert "annual review" not in text
    assert all(f"Result {page} of the project" in text for page in range(1, 6))


def test_text_off_the_page_is_not_read() -> None:
    text = text_of(Printer().lines(LEFT).lines(["Hidden words outside"], x=900))
    assert "Hidden" not in text


def test_a_ruled_table_is_read_row_by_row() -> None:
    printer = Printer().lines(
        ["These firms came out of the project and are still in business today."], top=80
    )
    rows = [("Company", "Jobs"), ("Norvia", "12"), ("Baxley", "30")]
    for number, (name, jobs) in enumerate(rows):
        printer.lines([name], x=64, top=114 + 20 * number).lines([jobs], x=184, top=114 + 20 * number)
    edges = [printer.canvas._pagesize[1] - 100 - 20 * number for number in range(4)]
    printer.canvas.grid([60, 180, 300], edges)
    blocks = read_bytes(printer.data(), "t.pdf").blocks
    assert [block.kind for block in blocks].count("row") == 2


def test_a_quote_is_marked_where_it_is_printed() -> None:
    document = read_bytes(Printer().lines(LEFT).next_page().lines(RIGHT).data(), "report.pdf")
    start = document.text.index("Its turnover reached 3 million euros")
    assert document.page_map is not None
    places = document.page_map.rectangles(start, start + len("Its turnover reached 3 million euros"))
    assert {place.page for place in places} == {2}
    assert [round(place.top) // 10 for place in places] == [10, 12]  # the second and the third line


def turned() -> Printer:
    """A page that is kept lying on its side and shown upright."""
    printer = Printer()
    printer.canvas.setPageRotation(90)
    printer.canvas.translate(WIDTH, 0)
    printer.canvas.rotate(90)
    return printer.lines(LEFT, top=400)


@pytest.mark.parametrize("printer", [Printer().lines(LEFT), turned()], ids=["upright", "turned"])
def test_the_marks_of_a_quote_lie_on_ink(printer: Printer) -> None:
    data = printer.data()
    document = read_bytes(data, "report.pdf")
    start = document.text.index("employs 42 people")
    assert document.page_map is not None
    (place,) = document.page_map.rectangles(start, start + len("employs 42 people"))
    page = pypdfium2.PdfDocument(data)[0].render(scale=4, grayscale=True).to_numpy()
    left, top, right, bottom = (int(4 * edge) for edge in place[1:])
    assert (page[top:bottom, left:right] < 128).mean() > 0.05
    assert (page[top:bottom, :left] < 128).mean() == 0


@pytest.mark.parametrize("printer", [Printer().lines(LEFT), turned()], ids=["upright", "turned"])
def test_both_readers_see_the_same_letters_at_the_same_places(printer: Printer) -> None:
    data = printer.data()
    with pdfplumber.open(io.BytesIO(data)) as file:
        (page,) = file.pages
        shown = pdf._shown(page)
        drawn, seen = list(pdf._drawn(page, shown)), list(pdf._seen(page, shown, pdfium.Pages(data)))
    assert [glyph.text for glyph in seen] == [glyph.text for glyph in drawn]
    assert [glyph.area.middle for glyph in seen] == [
        pytest.approx(glyph.area.middle, abs=2) for glyph in drawn
    ]


def test_letters_that_lie_on_their_side_are_not_seen() -> None:
    printer = Printer().lines(LEFT)
    printer.canvas.rotate(90)
    printer.lines(["sideways"], x=100, top=900)
    with pdfplumber.open(io.BytesIO(data := printer.data())) as file:
        seen = pdf._seen(file.pages[0], pdf._shown(file.pages[0]), pdfium.Pages(data))
        assert "".join(glyph.text for glyph in seen) == "".join(LEFT)


def test_an_encrypted_file_is_refused_with_the_reason() -> None:
    with pytest.raises(ReadError, match=r"'secret\.pdf'.*(?:encrypted|password)"):
        read_bytes(Printer(password="norvia").lines(LEFT).data(), "secret.pdf")


def test_a_file_cut_off_is_refused_with_the_reason() -> None:
    with pytest.raises(ReadError, match=r"'cut\.pdf' "):
        read_bytes(Printer().lines(LEFT).data()[:400], "cut.pdf")


def test_a_page_without_text_is_refused_as_having_none() -> None:
    printer = Printer()
    printer.canvas.rect(10, 10, 500, 700, fill=1)
    with pytest.raises(ReadError, match=r"'scan\.pdf' .*text"):
        read_bytes(printer.data(), "scan.pdf")


def test_a_citation_has_its_page_and_its_marks(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(Printer().lines(LEFT).next_page().lines(RIGHT).data())
    with Store.open(tmp_path / "data") as store:
        (ingested,) = ingest([file], store)
        assert ingested.document_id
        start = store.document(ingested.document_id).text.index("Its turnover")
        cited = citation(Quote(ingested.document_id, start, start + 12), 1, Knowledge(store))
    assert cited.page == 2
    assert [place.page for place in cited.rectangles] == [2]


def test_the_original_and_the_marks_come_out_of_the_store_as_they_went_in(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(Printer().lines(LEFT).data())
    with Store.open(tmp_path / "data") as store:
        (ingested,) = ingest([file], store)
        assert ingested.document_id
        document = store.document(ingested.document_id)
        page_map = store.originals.page_map(document.id)
        assert store.originals.data(document.id) == file.read_bytes()
        assert page_map is not None
        assert page_map.rectangles(0, 20)[0].page == 1
