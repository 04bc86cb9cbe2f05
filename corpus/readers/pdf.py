"""PDF: the text of its pages in reading order, each character with its place on the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1
from pdfplumber.page import Page as PdfPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.pdfinternals import resolve_and_decode

from corpus.assembly import Source
from corpus.document import Document
from corpus.readers import pdfium, printed_text, ruled_rows, told
from corpus.readers.encoding import ReadError
from corpus.readers.printed import Area, Glyph, Inset, Page, Piece, around, pieces

_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_DINGBATS = re.compile(r"dingbat|wingding|webding", re.IGNORECASE)
_PICTURE_SHARE_MIN = 0.3  # of a page without text that is a scan, not an empty page
_LETTERS_UNSEEN_MIN, _LETTERS_SHARE_MIN = 10, 1.2  # ligatures count twice in the other reader
_PAGES_MAX = 5_000  # half an hour's reading
_BOX_SHARE_MAX = 0.6  # of the page: larger areas are its background
_BOX_MIN = 40.0  # points: smaller ones hold no text
_CELL_CHARS_MAX = 400  # a table with longer cells only lays out its page
_RULES_MAX = 3000  # a page with more is a drawing, in which looking for tables takes minutes


def read(source: Source) -> Document:
    """The document of a PDF. Raises ReadError for one that is encrypted, damaged or has no text at all."""
    try:
        with pdfplumber.open(io.BytesIO(source.data), unicode_norm=None) as file:
            _check_pages(file, source.name)
            read_pages, scanned, damaged = _pages(file, pdfium.Pages(source.data))
            title, made = _told(file.metadata, "Title"), _told(file.metadata, "CreationDate")
            language = _told({"Lang": resolve_and_decode(file.doc.catalog.get("Lang"))}, "Lang")
    except ReadError:
        raise
    except Exception as error:  # parsers of hostile files fail in every way there is
        raise _unreadable(source.name, _cause(error)) from error
    if not any(page.pieces or page.insets for page in read_pages):
        raise _without_text(source.name, len(read_pages), scanned, damaged)
    update = {
        "date": told.day(made),
        "language": told.language(language),
        "notes": _notes(scanned, damaged),
    }
    return printed_text.document(source, read_pages, title).model_copy(update=update)


def _check_pages(file: PDF, name: str) -> None:
    pages = sum(1 for _ in islice(PDFPage.create_pages(file.doc), _PAGES_MAX + 1))
    if pages > _PAGES_MAX:
        raise ReadError(f"{name!r} has more than {_PAGES_MAX} pages. Split it and read its parts.")


def _pages(file: PDF, seen: pdfium.Pages) -> tuple[list[Page], list[int], list[int]]:
    """The pages, and the numbers of those that are pictures and of those that cannot be read."""
    found: list[Page] = []
    scanned: list[int] = []
    damaged: list[int] = []
    for page in file.pages:
        try:
            found.append(_page(page, seen))
            if not found[-1].pieces and not found[-1].insets and _is_picture(page):
                scanned.append(page.page_number)
        except Exception as error:  # one damaged page must not take the others with it
            _cause(error)
            found.append(Page(page.page_number, float(page.width), float(page.height)))
            damaged.append(page.page_number)
        finally:
            page.close()
    return found, scanned, damaged


def _page(page: PdfPage, seen: pdfium.Pages) -> Page:
    shown = _shown(page)
    drawn = _seen(page, shown, seen) if _is_undecoded(page, seen) else _drawn(page, shown)
    glyphs = list(_glyphs(drawn, shown))
    insets = []
    for area, rows in [*_tables(page, shown), *ruled_rows.tables(_horizontal_edges(page, shown), glyphs)]:
        held = [glyph for glyph in glyphs if area.holds(glyph.area)]
        cells = [[pieces([g for g in held if cell.holds(g.area)]) for cell in row] for row in rows]
        if _is_table(cells):
            glyphs = [glyph for glyph in glyphs if not area.holds(glyph.area)]
            insets.append(Inset(area, rows=cells))
    for area in _boxes(page, shown):
        boxed = pieces([glyph for glyph in glyphs if area.holds(glyph.area)])
        if _is_box(area, boxed):
            glyphs = [glyph for glyph in glyphs if not area.holds(glyph.area)]
            inside = around(piece.area for piece in boxed)
            insets.append(Inset(inside, boxed, right=area.x1 - max(0.0, inside.x0 - area.x0)))
    return Page(page.page_number, shown.width, shown.height, pieces(glyphs), insets)


def _shown(page: PdfPage) -> Area:
    """The part of a page that is shown, where pdfplumber counts: the crop box turned as the page is."""
    x0, y0, x1, y1 = page.page_obj.mediabox
    left, low, right, high = getattr(page.page_obj, "cropbox", None) or page.page_obj.mediabox
    left, low, right, high = max(left, x0), max(low, y0), min(right, x1), min(high, y1)
    if left >= right or low >= high:
        left, low, right, high = x0, y0, x1, y1
    return _turned(page, left, low, right, high)


def _turned(page: PdfPage, left: float, low: float, right: float, high: float) -> Area:
    """An area of a page as it is kept, turned as the page is shown, where pdfplumber counts."""
    x0, y0, x1, y1 = page.page_obj.mediabox
    turned = {
        0: Area(left - x0, y1 - high, right - x0, y1 - low),
        90: Area(low - y0, left - x0, high - y0, right - x0),
        180: Area(x1 - right, low - y0, x1 - left, high - y0),
        270: Area(y1 - high, x1 - right, y1 - low, x1 - left),
    }[page.rotation]
    dx, dy = page.mediabox[0], page.mediabox[1]
    return Area(turned.x0 + dx, turned.top + dy, turned.x1 + dx, turned.bottom + dy)


def _area(found: dict[str, Any], shown: Area) -> Area:
    return Area(
        found["x0"] - shown.x0, found["top"] - shown.top, found["x1"] - shown.x0, found["bottom"] - shown.top
    )


def _drawn(page: PdfPage, shown: Area) -> Iterator[Glyph]:
    for char in page.chars:
        if char["upright"]:
            area = _area(char, shown)
            yield _glyph(char["text"], area, area.height, str(char["fontname"]))


def _seen(page: PdfPage, shown: Area, seen: pdfium.Pages) -> Iterator[Glyph]:
    for mark in seen.marks(page.page_number - 1):
        if (mark.angle + page.rotation) % 360 == 0:
            yield _glyph(mark.text, _local(_turned(page, *mark.box), shown), mark.size, mark.font)


def _glyph(text: str, area: Area, size: float, font: str) -> Glyph:
    return Glyph(text, area, round(size, 1), bool(_BOLD.search(font)), bool(_DINGBATS.search(font)))


def _is_undecoded(page: PdfPage, seen: pdfium.Pages) -> bool:
    """Whether many letters of a page are seen by the other reader only, which is asked where that may be."""
    decoded = sum(char["text"][0].isalnum() for char in page.chars if char["text"])
    if decoded and not _has_own_character_maps(page):
        return False
    return bool(seen.letters(page.page_number - 1) > _LETTERS_UNSEEN_MIN + _LETTERS_SHARE_MIN * decoded)


def _has_own_character_maps(page: PdfPage) -> bool:
    """Whether a font's codes are told by a map in the file, which pdfminer does not read."""
    fonts = resolve1((resolve1(page.page_obj.resources) or {}).get("Font")) or {}
    return any(isinstance(resolve1(resolve1(font).get("Encoding")), PDFStream) for font in fonts.values())


def _glyphs(drawn: Iterator[Glyph], shown: Area) -> Iterator[Glyph]:
    """The characters that can be seen; what is drawn twice to look bold is there once."""
    whole = Area(0, 0, shown.width, shown.height)
    seen: set[tuple[str, int, int]] = set()
    for glyph in drawn:
        key = (glyph.text, round(glyph.area.x0), round(glyph.area.bottom))
        if glyph.size and whole.holds(glyph.area) and (key not in seen or glyph.text.isspace()):
            seen.add(key)
            yield glyph


def _tables(page: PdfPage, shown: Area) -> Iterator[tuple[Area, list[list[Area]]]]:
    """The ruled tables of two rows and two columns or more, with their cells."""
    if len(page.edges) > _RULES_MAX:
        return
    for table in page.find_tables():
        rows = [[cell for cell in row.cells if cell] for row in table.rows]
        if sum(len(row) > 1 for row in rows) > 1:
            yield _local(table.bbox, shown), [[_local(cell, shown) for cell in row] for row in rows]


def _horizontal_edges(page: PdfPage, shown: Area) -> list[Area]:
    """Rules, and the upper and lower edges of what is filled or framed."""
    if len(page.edges) > _RULES_MAX:
        return []
    return [_area(edge, shown) for edge in page.edges if edge["orientation"] == "h"]


def _local(box: Sequence[float], shown: Area) -> Area:
    return Area(box[0] - shown.x0, box[1] - shown.top, box[2] - shown.x0, box[3] - shown.top)


def _is_table(cells: Sequence[Sequence[Sequence[Piece]]]) -> bool:
    texts = ["".join(piece.text for piece in cell) for row in cells for cell in row]
    filled = [text for text in texts if text.strip()]
    return len(filled) > 2 and max(map(len, filled)) <= _CELL_CHARS_MAX


def _boxes(page: PdfPage, shown: Area) -> list[Area]:
    """The filled or framed areas, the smallest first, that are neither rules nor the background."""
    drawn = [_area(found, shown) for found in (*page.rects, *page.curves) if found["fill"] or found["stroke"]]
    most = _BOX_SHARE_MAX * shown.width * shown.height
    large = {
        area
        for area in drawn
        if area.width >= _BOX_MIN and area.height >= _BOX_MIN / 2 and area.width * area.height < most
    }
    return sorted(large, key=lambda area: (area.width * area.height, area))


def _is_box(area: Area, boxed: Sequence[Piece]) -> bool:
    """Whether an area holds text of its own: two lines or more."""
    return len({round(piece.area.bottom / 3) for piece in boxed}) > 1


def _is_picture(page: PdfPage) -> bool:
    pictured = sum(float(image["width"] * image["height"]) for image in page.images)
    return pictured > _PICTURE_SHARE_MIN * float(page.width * page.height)


def _told(metadata: dict[str, Any], name: str) -> str:
    value = metadata.get(name)
    return value.strip() if isinstance(value, str) else ""


def _notes(scanned: Sequence[int], damaged: Sequence[int]) -> tuple[str, ...]:
    notes = []
    if scanned:
        notes.append(f"{_named(scanned)} without text: scanned, so nothing was read from there")
    if damaged:
        notes.append(f"{_named(damaged)} damaged: nothing was read from there")
    return tuple(notes)


def _named(numbers: Sequence[int]) -> str:
    """Page numbers as a reader would give them: "pages 3-5, 9 are"."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and stretches[-1][-1] == number - 1:
            stretches[-1][1:] = [number]
        else:
            stretches.append([number])
    shown = ", ".join("-".join(map(str, stretch)) for stretch in stretches)
    return f"page {shown} is" if len(numbers) == 1 else f"pages {shown} are"


def _cause(error: Exception) -> Exception:
    """The failure behind one of pdfplumber. Raises MemoryError if it was that, which no other page mends."""
    cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
    if isinstance(cause, MemoryError):
        raise cause
    return cause if isinstance(cause, Exception) else error


def _unreadable(name: str, cause: Exception) -> ReadError:
    if isinstance(cause, PDFPasswordIncorrect):
        return ReadError(f"{name!r} is encrypted with a password. Save it without one and read it again.")
    return ReadError(f"{name!r} is no PDF that can be read: {type(cause).__name__}. Open and save it anew.")


def _without_text(name: str, pages: int, scanned: Sequence[int], damaged: Sequence[int]) -> ReadError:
    if scanned:
        return ReadError(
            f"{name!r} is scanned: its {pages} pages are pictures without text. "
            "Add the text with character recognition (such as ocrmypdf) and read it again."
        )
    if damaged:
        return ReadError(f"{name!r} is damaged: none of its {pages} pages can be read. Save it anew.")
    return ReadError(f"{name!r} has no text to read. Check that it is the file you meant.")
