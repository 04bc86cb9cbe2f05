"""Printed pages: what stands where on a page decides what belongs together."""

from __future__ import annotations

from pathlib import Path

import pytest
import reportlab
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from corpus.document import Document
from corpus.page_map import HEAD_BYTES, PageMap, Printed, Rectangle, Size
from corpus.readers import ReadError, read_bytes
from corpus.readers.direction import in_reading_order
from corpus.traced import Traced
from tests.printed import HEIGHT, Printer

SENTENCE = ["The LUMEN-3 project trained 120 people in the use", "of its instruments, most of them in Porto."]


def blocks(printer: Printer) -> list[tuple[str, str]]:
    document = read(printer)
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def read(printer: Printer) -> Document:
    return read_bytes(printer.data(), "report.pdf")


def after(printer: Printer, line: str, x: float = 60) -> float:
    """Where a line that begins at `x` ends."""
    return x + float(printer.canvas.stringWidth(line, "Helvetica", 10))


def raised(printer: Printer, text: str, x: float, top: float) -> None:
    printer.lines([text], x=x, top=top - 4, size=6)


def test_a_filled_box_is_read_behind_the_paragraph_that_it_interrupts() -> None:
    printer = Printer().lines(SENTENCE[:1], top=100)
    printer.canvas.setFillGray(0.85)
    printer.canvas.rect(60, HEIGHT - 190, 300, 70, fill=1, stroke=0)
    printer.canvas.setFillGray(0)
    printer.lines(["In figures", "12 firms were founded", "30 patents were filed"], x=70, top=140)
    printer.lines(SENTENCE[1:], top=205)
    assert blocks(printer) == [
        ("paragraph", " ".join(SENTENCE)),
        ("heading", "In figures"),
        ("item", "12 firms were founded"),
        ("item", "30 patents were filed"),
    ]


def test_the_mark_of_a_note_goes_and_the_note_stands_last() -> None:
    printer, first = Printer(), "Norvia Biotech was founded by two chemists"
    printer.lines([first], top=100)
    raised(printer, "1", after(printer, first), 100)
    printer.lines([" of Porto in 2011."], x=after(printer, first) + 4, top=100)
    printer.lines(["1 Source: the register of companies of 2015."], top=760, size=7)
    printer.next_page().lines(["It now has 42 people."])
    document = read(printer)
    assert [document.text[block.start : block.end] for block in document.blocks] == [
        "Norvia Biotech was founded by two chemists of Porto in 2011.",
        "It now has 42 people.",
        "Source: the register of companies of 2015.",
    ]
    assert [(block.page, block.section) for block in document.blocks] == [(1, ""), (2, ""), (1, "Notes")]


@pytest.mark.parametrize(
    ("base", "exponent", "read_as"),
    [("It has 45 m", "2", "45 m²"), ("and 10", "6", "10⁶"), ("the 21", "st", "21st")],
)
def test_a_raised_figure_of_a_quantity_stays(base: str, exponent: str, read_as: str) -> None:
    printer = Printer().lines([base])
    raised(printer, exponent, after(printer, base), 100)
    assert read_as in read(printer).text


def test_dingbats_mark_items() -> None:
    printer = Printer().lines(["The project has led to:"], top=100)
    for number, item in enumerate(["three patents", "a licence of its sensor"]):
        printer.canvas.setFont("ZapfDingbats", 8)
        printer.canvas.drawString(60, HEIGHT - 120 - 14 * number, "l")
        printer.lines([item], x=75, top=120 + 14 * number)
    assert blocks(printer)[1:] == [("item", "three patents"), ("item", "a licence of its sensor")]


@pytest.mark.parametrize("rules", [(), (92, 112, 170)], ids=["without rules", "ruled above and below"])
def test_cells_in_columns_are_rows(rules: tuple[int, ...]) -> None:
    printer = Printer().lines(["These firms came out of the project and are still in business:"], top=70)
    table = [("Company", "Jobs", "Town"), ("Norvia", "12", "Porto"), ("Baxley", "30", "Turin")]
    for number, cells in enumerate(table):
        for column, cell in enumerate(cells):
            printer.lines([cell], x=60 + 120 * column, top=105 + 20 * number)
    for top in rules:
        printer.canvas.line(60, HEIGHT - top, 400, HEIGHT - top)
    assert [words for kind, words in blocks(printer) if kind == "row"] == [
        "Company: Norvia; Jobs: 12; Town: Porto",
        "Company: Baxley; Jobs: 30; Town: Turin",
    ]


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    printer = Printer()
    printer.lines(["The LUMEN-3 project trained people in", "the use of its instruments in Porto,"], x=60)
    printer.lines(["Turin and in the laboratories of the", "large firms that had paid for them, the"], x=320)
    printer.next_page().lines(["Norvia group among them. All of them", "have found work."])
    (block,) = blocks(printer)
    assert block[1].endswith("had paid for them, the Norvia group among them. All of them have found work.")


def test_an_initial_over_two_lines_begins_its_word() -> None:
    printer = Printer().lines(["N"], x=60, top=112, size=30)
    printer.lines(
        ["orvia Biotech makes tests for hospitals", "and sells them in nineteen countries."], x=84, top=98
    )
    assert read(printer).text.startswith("Norvia Biotech makes tests for hospitals and sells")


def test_ligatures_are_letters() -> None:
    font = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    pdfmetrics.registerFont(TTFont("Vera", str(font)))
    printer = Printer()
    printer.canvas.setFont("Vera", 10)
    printer.canvas.drawString(60, 700, "The of\ufb01ce af\ufb01rmed its \ufb02ow of funds.")
    document = read(printer)
    assert document.text == "The office affirmed its flow of funds."
    assert document.page_map is not None
    (place,) = document.page_map.rectangles(4, 10)
    assert 78 < place.x0 < place.x1 < 122


@pytest.mark.parametrize(
    ("seen", "read_as"),
    [
        ("abc", "abc"),
        ("\u05d2\u05d1\u05d0", "\u05d0\u05d1\u05d2"),
        ("2011 \u05d1\u05d0", "\u05d0\u05d1 2011"),
        (
            "The firm is called \u05d3\u05d2 \u05d1\u05d0 here",
            "The firm is called \u05d0\u05d1 \u05d2\u05d3 here",
        ),
        (".AB \u05d1\u05d0 \u05d3\u05d2", "\u05d2\u05d3 \u05d0\u05d1 AB."),
    ],
)
def test_writing_from_right_to_left_is_put_in_the_order_it_is_read_in(seen: str, read_as: str) -> None:
    assert in_reading_order(Traced.source(seen)).text == read_as


def scan(printer: Printer) -> Printer:
    printer.canvas.drawImage(ImageReader(Image.new("L", (40, 60), 90)), 0, 0, 595, 842)
    return printer.next_page()


def test_a_scanned_file_is_refused_as_scanned() -> None:
    with pytest.raises(ReadError, match=r"'report.pdf' is scanned: its 2 pages"):
        read(scan(scan(Printer())))


def test_scanned_pages_among_others_are_named() -> None:
    document = read(scan(scan(Printer().lines(SENTENCE).next_page())))
    assert document.notes == ("pages 2-3 are without text: scanned, so nothing was read from there",)


def test_what_a_file_says_of_itself_is_kept() -> None:
    printer = Printer().lines(SENTENCE)
    printer.canvas.setTitle("Norvia in 2015")
    document = read(printer)
    assert document.title == "Norvia in 2015"
    assert len(document.date) == len("2015-03-12")


def test_a_page_map_comes_out_of_its_packing_as_it_went_in() -> None:
    runs = [
        Printed(3, 9, Rectangle(2, 60.5, 100, 90.25, 110)),
        Printed(10, 14, Rectangle(2, 93, 100, 120, 110)),
    ]
    page_map = PageMap.unpacked(PageMap([Size(595.25, 842), Size(842, 595.25)], runs).packed())
    assert page_map.sizes == (Size(595.25, 842), Size(842, 595.25))
    assert page_map.rectangles(3, 14) == [Rectangle(2, 60.5, 100, 120, 110)]
    assert (page_map.page(0), page_map.page(14)) == (2, None)


def test_the_pages_of_a_long_packed_map_are_counted_from_its_head() -> None:
    places = (Rectangle(1 + n % 7, 7.3 * n % 500, 3.1 * n % 700, 7.3 * n % 500 + 9, 700) for n in range(4000))
    runs = [Printed(6 * n, 6 * n + 5, place) for n, place in enumerate(places)]
    packed = PageMap([Size(595, 842)] * 7, runs).packed()
    assert len(packed) > HEAD_BYTES
    assert PageMap.packed_pages(packed[:HEAD_BYTES]) == 7
