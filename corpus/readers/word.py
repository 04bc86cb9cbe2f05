"""DOCX: headings, paragraphs, list items, tables and text boxes in reading order; notes stand last."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from zipfile import BadZipFile

import docx
from docx.document import Document as WordFile
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.styles.style import BaseStyle
from docx.text.paragraph import Paragraph

from corpus import archives
from corpus.assembly import Draft, Source, assembled
from corpus.columns import rows
from corpus.document import Document
from corpus.layout import told
from corpus.lines import Chunk, Setting, chunks
from corpus.normalise import characters, plain
from corpus.readers.encoding import ReadError
from corpus.readers.told import language
from corpus.traced import Traced

_TEXT, _TAB, _PARAGRAPH, _TABLE = qn("w:t"), qn("w:tab"), qn("w:p"), qn("w:tbl")
_BREAKS = frozenset(map(qn, ("w:br", "w:cr")))
_REFERENCES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}
_BOX = qn("w:txbxContent")
# Deleted text, text moved away, codes of fields, and what repeats a drawing for older programs.
_UNREAD = frozenset(
    (
        *map(qn, ("w:del", "w:moveFrom", "w:instrText")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    )
)
_HEADINGS = ("heading", "title", "subtitle")


def read(source: Source) -> Document:
    """The document of a Word file. Raises ReadError for one that is encrypted, damaged or too large."""
    try:
        archives.check(source.data)
        file = docx.Document(io.BytesIO(source.data))
        text = _Text(file)
        text.add(file.element.body)
        drafts = [*told(text.chunks()), *(Draft("paragraph", note, section="Notes") for note in text.notes())]
        title, update = _title(file, drafts), _told_of(file)
    except MemoryError:
        raise
    except archives.TooMuch as error:
        raise _refused(source.name, str(error)) from error
    except BadZipFile as error:
        fact = "is encrypted, or saved by Word 2003 or older" if _is_compound(source.data) else "is damaged"
        raise _refused(source.name, fact) from error
    except Exception as error:  # parsers of hostile files fail in every way there is
        raise _refused(source.name, f"is no Word file that can be read ({type(error).__name__})") from error
    return assembled(source, drafts, title).model_copy(update=update)


@dataclass
class _Text:
    """What was read of a file so far."""

    file: WordFile
    pieces: list[Chunk] = field(default_factory=list)
    boxes: int = 0
    noted: list[tuple[str, str]] = field(default_factory=list)  # the kind and id of each note, as referred to

    def chunks(self) -> list[Chunk]:
        """What was read; where styles tell headings, nothing else is one."""
        if all(piece.setting != "heading" for piece in self.pieces):
            return self.pieces
        return [piece if piece.setting else replace(piece, setting="body") for piece in self.pieces]

    def add(self, parent: BaseOxmlElement, box: int | None = None) -> None:
        """Adds the paragraphs and tables below an element, whatever they are wrapped in."""
        for element in parent.iterchildren():
            if element.tag == _PARAGRAPH:
                self._add_paragraph(element, box)
            elif element.tag == _TABLE:
                self._add_table(element, box)
            elif isinstance(element.tag, str) and element.tag not in _UNREAD:
                self.add(element, box)

    def notes(self) -> Iterator[Traced]:
        """The notes in the order in which the text refers to them."""
        for kind in ("footnotes", "endnotes"):
            found = {element.get(qn("w:id")): element for element in _notes_of(self.file, kind)}
            for own, id in self.noted:
                if own == kind and id in found:
                    note = " ".join("".join(_words(found[id])).split())
                    if note:
                        yield plain(Traced.inserted(note))

    def _add_paragraph(self, element: BaseOxmlElement, box: int | None) -> None:
        self.noted += [(_REFERENCES[e.tag], e.get(qn("w:id"), "")) for e in element.iter(*_REFERENCES)]
        style = Paragraph(element, self.file).style
        names = [each.name.lower() for each in _line_of(style) if each.name]
        if any(name.startswith("toc") for name in names):
            return
        text = Traced.inserted("".join(_words(element))).ruled(characters)
        self.pieces += (replace(chunk, box=box) for chunk in _chunks(text, element, style, names))
        for inner in element.iter(_BOX):
            if not any(above.tag in _UNREAD for above in inner.iterancestors()):
                self.boxes += 1
                self.add(inner, self.boxes)

    def _add_table(self, element: BaseOxmlElement, box: int | None) -> None:
        table = [
            [plain(Traced.inserted(_cell_text(cell))) for cell in row.iterchildren(qn("w:tc"))]
            for row in element.iterchildren(qn("w:tr"))
        ]
        if all(len(row) < 2 for row in table):  # a frame around text
            for cell in element.iter(qn("w:tc")):
                self.add(cell, box)
            return
        self.noted += [(_REFERENCES[e.tag], e.get(qn("w:id"), "")) for e in element.iter(*_REFERENCES)]
        self.pieces += [
            Chunk(row, 1, None, True, row=True, box=box) for row in rows(table, _is_headed(element)) if row
        ]


def _chunks(
    text: Traced, element: BaseOxmlElement, style: BaseStyle | None, names: Sequence[str]
) -> Iterator[Chunk]:
    own = plain(text)
    if not own:
        return
    if any(name.startswith(_HEADINGS) for name in names):
        yield Chunk(own, 1, None, True, setting="heading")
    elif _is_listed(element, style) or any(name.startswith("list") for name in names):
        yield Chunk(own, 1, None, True, item=True)
    else:
        setting: Setting = "heading" if _is_bold(element) else ""
        yield from (replace(chunk, setting=setting) for chunk in chunks(text))


def _line_of(style: BaseStyle | None) -> Iterator[BaseStyle]:
    """A style and those it is based on."""
    while style is not None:
        yield style
        style = getattr(style, "base_style", None)


def _is_listed(element: BaseOxmlElement, style: BaseStyle | None) -> bool:
    numbered = [element, *(each.element for each in _line_of(style))]
    for each in numbered:
        number = each.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None:
            return bool(number.get(qn("w:val")) != "0")
    return False


def _is_bold(element: BaseOxmlElement) -> bool:
    """Whether every word of a paragraph is set bold, as who uses no styles sets headings."""
    runs = [run for run in element.iter(qn("w:r")) if "".join(_words(run)).strip()]
    bold = (run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs)
    return bool(runs) and all(
        mark is not None and mark.get(qn("w:val")) not in ("0", "false") for mark in bold
    )


def _is_headed(table: BaseOxmlElement) -> bool:
    """Whether the first row is one that is repeated on every page, or alone is bold."""
    first, *others = table.iterchildren(qn("w:tr"))
    repeated = first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    return repeated or (_is_bold(first) and not any(map(_is_bold, others)))


def _words(element: BaseOxmlElement) -> Iterator[str]:
    """The text of an element without that of the boxes inside it."""
    for child in element.iterchildren():
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag == _TAB:
            yield "\t"
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif isinstance(child.tag, str) and child.tag not in _UNREAD and child.tag != _BOX:
            yield from _words(child)


def _cell_text(cell: BaseOxmlElement) -> str:
    return " ".join("".join(_words(paragraph)) for paragraph in cell.iter(_PARAGRAPH))


def _notes_of(file: WordFile, kind: str) -> Iterator[BaseOxmlElement]:
    for related in file.part.rels.values():
        if not related.is_external and related.reltype.endswith(f"/{kind}"):
            yield from parse_xml(related.target_part.blob).iterchildren()


def _told_of(file: WordFile) -> dict[str, str]:
    """What the file says of itself, as fields of its document."""
    day = file.core_properties.modified
    return {
        "date": day.date().isoformat() if day else "",
        "language": language(file.core_properties.language),
    }


def _title(file: WordFile, drafts: Sequence[Draft]) -> str:
    """The title that the file carries, if it does not begin with a heading."""
    headed = any(draft.kind == "heading" for draft in drafts[:3])
    return "" if headed else " ".join(file.core_properties.title.split())


def _is_compound(data: bytes) -> bool:
    return data.startswith(b"\xd0\xcf\x11\xe0")


def _refused(name: str, fact: str) -> ReadError:
    return ReadError(f"{name!r} {fact}. Save it as .docx without a password, or as PDF, and read it again.")
