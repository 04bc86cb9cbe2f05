"""A report set by a real typesetter: each sentence is read whole, in order, and marked where its ink is."""

from __future__ import annotations

from itertools import pairwise

import pypdfium2
import pytest

from corpus.document import Document
from corpus.page_map import PageMap
from corpus.passages import split
from corpus.readers import read_bytes

try:
    from weasyprint import HTML
except OSError:  # it needs Pango, which pip does not bring
    pytest.skip("WeasyPrint finds no Pango: apt install libpango-1.0-0", allow_module_level=True)

STYLE = """
@page { size: A4; margin: 2cm; @top-center { content: "Norvia annual review" } @bottom-right { content: counter(page) } }
body { font: 10pt serif; text-align: justify; hyphens: auto } h1 { font-size: 20pt } h2 { font-size: 13pt }
.columns { columns: 2 } .box { background: #dde8ff; padding: 8pt; break-inside: avoid }
.note { float: footnote; font-size: 8pt } table { border-collapse: collapse } th, td { border-bottom: 1pt solid; padding: 3pt }
.turned { page: turned } @page turned { size: A4 landscape }
"""
YEARS = range(2001, 2017)
SENTENCE = (
    "In {} the pharmaceutical laboratories of Norvia Biotech characterised several biomarkers, and an "
    "international consortium of hospitals validated them in observational studies."
)
BOX = ["Investors put three million euros into the firm.", "Its collaborators work in nineteen countries."]


def page(year: int) -> str:
    note = f'<span class="note">Annual report of {year}.</span>' if year % 5 == 0 else ""
    box = f'<div class="box"><h3>In brief</h3>{"".join(f"<p>{line}</p>" for line in BOX)}</div>'
    return f"<p>{SENTENCE.format(year)}{note}</p>{box if year == 2003 else ''}"


@pytest.fixture(scope="module")
def data() -> bytes:
    body = f"""<html lang="en"><h1>What Norvia achieved</h1><h2>Results</h2><div class="columns">
        {"".join(map(page, YEARS))}</div><h2>Firms</h2>
        <table><tr><th>Company<th>What it sells</tr><tr><td>Norvia<td>Tests</tr><tr><td>Baxley<td>Sensors</tr></table>
        <div class="turned"><p>The last page lies on its side, and speaks of what the firm intends to do next.</div>"""
    return bytes(HTML(string=f"<style>{STYLE}</style>{body}").write_pdf())


@pytest.fixture(scope="module")
def document(data: bytes) -> Document:
    return read_bytes(data, "review.pdf")


def test_every_sentence_is_whole_and_in_its_place(document: Document) -> None:
    starts = [document.text.index(SENTENCE.format(year)) for year in YEARS]
    assert all(first < second for first, second in pairwise(starts))


def test_nothing_but_the_text_is_read(document: Document) -> None:
    blocks = [document.text[block.start : block.end] for block in document.blocks]
    sentences = {SENTENCE.format(year) for year in YEARS}
    headings = {"What Norvia achieved", "Results", "In brief", "Firms"}
    rows = {"Company: Norvia; What it sells: Tests", "Company: Baxley; What it sells: Sensors"}
    last = "The last page lies on its side, and speaks of what the firm intends to do next."
    notes = {f"Annual report of {year}." for year in (2005, 2010, 2015)}
    read = {passage.text for passage in split(document)}
    assert read == sentences | headings | set(BOX) | rows | {last} | notes
    assert blocks[-3:] == sorted(notes)


def test_what_stands_in_a_box_has_its_heading(document: Document) -> None:
    boxed = [block for block in document.blocks if document.text[block.start : block.end] in BOX]
    assert [block.section for block in boxed] == ["In brief", "In brief"]
    following = next(block for block in document.blocks if block.start > boxed[-1].end)
    assert following.section == "Results"


def test_every_passage_is_marked_on_its_own_ink(data: bytes, document: Document) -> None:
    page_map = document.page_map
    assert page_map is not None
    file = pypdfium2.PdfDocument(data)
    pages = [page.render(scale=3, grayscale=True).to_numpy() for page in file]
    assert [page.get_size() for page in file] == [pytest.approx(size, abs=0.5) for size in page_map.sizes]
    bare = [passage.text for passage in split(document) if passage.kind == "sentence"]
    for passage in split(document):
        if passage.text in bare:
            assert marked_letters(file, page_map, passage.start, passage.end) == letters(passage.text)
    for passage in split(document):
        for place in page_map.rectangles(passage.start, passage.end):
            left, top, right, bottom = (int(3 * edge) for edge in place[1:])
            assert (pages[place.page - 1][top:bottom, left:right] < 128).mean() > 0.03


def test_a_font_with_a_character_map_of_its_own_is_read_and_marked() -> None:
    line = "Norvia Biotech filed 12 patents in 2015 on efficient tests, and offers two of them to a firm in Oslo."
    data = bytes(HTML(string=f"<p>\uf0a7 {line}</p><p>Nobody else did.").write_pdf())
    document = read_bytes(data, "a.pdf")
    assert line in document.text
    assert document.page_map is not None
    start = document.text.index(line)
    file = pypdfium2.PdfDocument(data)
    assert marked_letters(file, document.page_map, start, start + len(line)) == letters(line)
    page = file[0].render(scale=3, grayscale=True).to_numpy()
    for place in document.page_map.rectangles(start, start + len(line)):
        left, top, right, bottom = (int(3 * edge) for edge in place[1:])
        assert (page[top:bottom, left:right] < 128).mean() > 0.03


def marked_letters(file: pypdfium2.PdfDocument, page_map: PageMap, start: int, end: int) -> str:
    """What another reader of PDF files finds inside the marks."""
    found = ""
    for place in page_map.rectangles(start, end):
        page = file[place.page - 1]
        height = page.get_height()
        middle = (place.top + place.bottom) / 2
        found += page.get_textpage().get_text_bounded(
            place.x0, height - middle - 1, place.x1, height - middle + 1
        )
    return letters(found)


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())
