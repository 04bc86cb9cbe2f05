"""Files that are made to break whoever reads them, each small on the disk."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx

from tests.printed import Printer

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MB = 1_000_000


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts, packed as hard as it goes."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(
                ZipInfo(name), data, ZIP_DEFLATED
            )  # of no date: the same parts are the same bytes
    return file.getvalue()


def word(changes: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file of one paragraph, with some parts changed or added."""
    made = docx.Document()
    made.add_paragraph("Norvia Biotech filed 12 patents in 2015.")
    return repacked(_saved(made), changes or {})


def repacked(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    """The same zip with some parts changed or added."""
    with ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, **changes})


def _saved(made: docx.document.Document) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def word_that_unpacks_to_much() -> bytes:
    return word({"word/media/image1.png": bytes(400 * _MB)})


def word_of_many_parts() -> bytes:
    return word({f"word/media/{number}": b"" for number in range(100_000)})


def word_of_a_billion_laughs() -> bytes:
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "laugh">' for n in range(12)
    )
    body = (
        f"<!DOCTYPE w:document [{entities}]>"
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>"
    )
    return word({"word/document.xml": body.encode()})


def word_of_an_outside_entity() -> bytes:
    body = (
        '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>Secret: &x; is all there is.</w:t></w:r></w:p></w:body></w:document>"
    )
    return word({"word/document.xml": body.encode()})


def word_nested_deeply() -> bytes:
    depth = 100_000
    body = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        + b"<w:sdt>" * depth
        + b"<w:p/>"
        + b"</w:sdt>" * depth
        + b"</w:body></w:document>"
    )
    return word({"word/document.xml": body})


def workbook(sheet: bytes) -> bytes:
    """An Excel file with this one sheet."""
    package = "http://schemas.openxmlformats.org/package/2006"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
                f'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="{kind}'
                '.sheet.main+xml"/></Types>'
            ).encode(),
            "_rels/.rels": (
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{related}/'
                'officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ).encode(),
            "xl/workbook.xml": (
                f'<workbook xmlns="{_MAIN}" xmlns:r="{related}"><sheets><sheet name="A" sheetId="1" '
                'r:id="rId1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{related}/'
                'worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            ).encode(),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def workbook_of_two_far_cells() -> bytes:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return workbook(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>")


def workbook_that_unpacks_to_much() -> bytes:
    row = b'<row><c t="inlineStr"><is><t>norvia</t></is></c></row>'
    rows = row * (400 * _MB // len(row))
    return workbook(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>")


def pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    file, places = io.BytesIO(b""), []
    file.write(b"%PDF-1.7\n")
    for number, content in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return file.getvalue()


_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)


def pdf_of_one_page(content: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    return pdf([_CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream(content), _FONT])


def pdf_of_many_pages() -> bytes:
    pages = 6_000
    many = [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources<</Font<</F %d 0 R>>>>>>"
        % (3 + pages, 4 + pages)
    ] * pages
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + pages))
    text = stream(b"BT /F 12 Tf 50 700 Td (Norvia filed 12 patents.) Tj ET")
    return pdf([_CATALOGUE, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages), *many, text, _FONT])


def pdf_whose_pages_hold_themselves() -> bytes:
    return pdf(
        [_CATALOGUE, b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]
    )


def pdf_whose_length_is_itself() -> bytes:
    return pdf(
        [
            _CATALOGUE,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox 6 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            b"<</Length 4 0 R>>stream\nBT (x) Tj ET\nendstream",
            _FONT,
            b"6 0 R",
        ]
    )


def pdf_whose_drawing_draws_itself() -> bytes:
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</XObject<</X 5 0 R>>/Font<</F 6 0 R>>>>>>"
    )
    drawing = zlib.compress(b"/X Do /X Do BT /F 12 Tf 50 700 Td (Norvia.) Tj ET")
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 5 0 R>>/Font<</F 6 0 R>>>>"
        b"/Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(drawing), drawing)
    )
    return pdf([_CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream(b"/X Do"), form, _FONT])


def pdf_of_a_packed_desert() -> bytes:
    """One page whose drawing unpacks to a gigabyte of blanks."""
    return pdf_of_one_page(b" " * (1000 * _MB) + b"BT /F 12 Tf 50 700 Td (Norvia filed 12 patents.) Tj ET")


def pdf_of_many_marks() -> bytes:
    """One page with a million letters."""
    return pdf_of_one_page(b"BT /F 1 Tf 50 700 Td " + b"(Norvia filed) Tj " * 80_000 + b"ET")


def json_nested_deeply() -> bytes:
    return b"[" * 200_000 + b"]" * 200_000


def page_nested_deeply() -> bytes:
    return b"<div>" * 100_000 + b"Norvia filed 12 patents." + b"</div>" * 100_000


def page_of_one_endless_tag() -> bytes:
    return b"<p>Norvia filed patents.</p>" + b"<a " * 500_000


def text_of_one_endless_word() -> bytes:
    return b"a" * (2 * _MB)


def text_of_one_endless_sentence() -> bytes:
    return b"Norvia filed patents and " * 4_000


def table_of_one_endless_row() -> bytes:
    return b"outcome_type,subject\n" + b"patent," * 500_000


def encrypted_pdf() -> bytes:
    return Printer("secret").lines(["Norvia filed 12 patents."]).data()
