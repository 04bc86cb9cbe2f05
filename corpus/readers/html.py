"""HTML: the main content of a page as blocks.

The parser of the standard library reads it, because libraries that find the main content give no
positions, and every character of a document must lead back to its place in the source.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from corpus.assembly import Draft, Kind, Source, assembled
from corpus.columns import row
from corpus.document import Document
from corpus.normalise import plain, word_list
from corpus.readers.told import day, language
from corpus.traced import Traced, joined

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS, _VOID = word_list("html_blocks"), word_list("html_void")
_NEVER_READ, _AROUND_CONTENT = word_list("html_unread"), word_list("html_around")
_AROUND_ROLES = word_list("html_around_roles")
_ENDED_BY = {  # elements that a start tag ends without an end tag, up to the element that holds them
    **dict.fromkeys(("td", "th"), (("td", "th"), ("table", "tr"))),
    **dict.fromkeys(("tr", "tbody", "thead", "tfoot"), (("td", "th", "tr"), ("table",))),
    "li": (("li",), ("ul", "ol")),
    "p": (("p",), ("li", "td", "div", "section", "blockquote")),
}
_DEPTH_MAX = 256  # of elements in elements: browsers stop at 512, pages that nest deeper close nothing
_TAG = re.compile(r"<[a-z/!?]", re.IGNORECASE)
_DATES = word_list("html_dates")
_MAIN_SHARE_MIN = 0.3  # a <main> or <article> with less of the text than this is a teaser


def read(source: Source) -> Document:
    """The document of a page: its main element if it marks one, else all but what stands around it."""
    page = _Page(source.text, _AROUND_CONTENT)
    drafts = page.content() or _Page(source.text, frozenset()).content()
    headed = any(draft.kind == "heading" for draft in drafts[:3])
    document = assembled(source, drafts, "" if headed else " ".join(page.title.split()))
    return document.model_copy(update={"language": language(page.language), "date": day(page.date)})


class _Page(HTMLParser):
    """Collects the blocks of a page while it is parsed."""

    def __init__(self, text: str, skipped: frozenset[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.title = self.language = self.date = ""
        self._text = text
        self._skipped = skipped
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._open: list[tuple[str, bool]] = []  # open elements, and whether each hides what it holds
        self._deeper = 0  # elements below the deepest that are told apart
        self._hidden = 0
        self._drafts: list[tuple[Draft, bool]] = []  # and whether each stands in the main element
        self._collected: list[Traced] = []
        self._header: list[Traced] = []
        self._cells: list[tuple[Traced, bool]] | None = None  # of the open row, and which are headers
        self.feed(text[: _finished(text)])
        self.close()
        self._end_block()

    def content(self) -> list[Draft]:
        """The blocks of the main element, or all where none holds enough."""
        everything = [draft for draft, _ in self._drafts]
        main = [draft for draft, is_main in self._drafts if is_main]
        return main if _chars(main) > _MAIN_SHARE_MIN * _chars(everything) else everything

    # Called by the parser

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._close_implied(tag)
        self._note_told(tag, dict(attrs))
        if tag == "br" and self._collected and self._collected[-1].text != "\n":
            self._collected.append(Traced.inserted("\n"))
        elif tag in _BLOCKS or tag == "br":
            self._end_block()
        if tag == "table":
            self._header, self._cells = [], None
        elif tag == "tr":
            self._end_row()
            self._cells = []
        elif tag in ("td", "th"):
            self._end_cell()
        if tag in _VOID:
            return
        if len(self._open) == _DEPTH_MAX:
            self._deeper += 1
        else:
            hides = self._hides(tag, dict(attrs))
            self._hidden += hides
            self._open.append((tag, hides))

    def _note_told(self, tag: str, attributes: dict[str, str | None]) -> None:
        """Notes what the page says of itself."""
        if tag == "html":
            self.language = attributes.get("lang") or ""
        elif tag == "meta" and (attributes.get("name") or attributes.get("property") or "").lower() in _DATES:
            self.date = self.date or attributes.get("content") or ""

    def handle_endtag(self, tag: str) -> None:
        if self._deeper:
            self._deeper -= tag not in _VOID
            if tag in _BLOCKS:
                self._end_block()
            return
        if all(name != tag for name, _ in self._open):
            return
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        elif tag in _BLOCKS:
            self._end_block()
        if tag in ("tr", "table"):
            self._end_row()
        while self._open:
            name, hides = self._open.pop()
            self._hidden -= hides
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        start = self._offset()
        if self._inside("title"):
            self.title += "" if self._inside("svg") else data
        elif not self._hidden and self._text.startswith(data, start):
            self._collected.append(Traced(data, range(start, start + len(data))))

    def handle_entityref(self, name: str) -> None:
        self._reference("&" + name)

    def handle_charref(self, name: str) -> None:
        self._reference("&#" + name)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Where "<![...]>" ends; the inherited method raises AssertionError on sections it does not know."""
        end = self.rawdata.find(">", i)
        return end + 1 if end >= 0 else -1

    def _close_implied(self, tag: str) -> None:
        """Ends the cell, row, item or paragraph that the start of another one ends."""
        ended, container = _ENDED_BY.get(tag, ((), ()))
        for name, _ in reversed(self._open.copy()):
            if name in container:
                return
            if name in ended:
                self.handle_endtag(name)

    # Text

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _reference(self, reference: str) -> None:
        """A character reference: all it stands for came from where its "&" is."""
        start = self._offset()
        plain = html.unescape(reference + ";")
        if self._inside("title"):
            self.title += plain
        elif not self._hidden and self._text.startswith("&", start):
            self._collected.append(Traced(plain, (start,) * len(plain)))

    def _inside(self, *tags: str) -> bool:
        return any(name in tags for name, _ in self._open)

    def _hides(self, tag: str, attributes: dict[str, str | None]) -> bool:
        if tag in _NEVER_READ:
            return True
        if tag == "a" and self._inside("sup"):  # the mark of a note
            return True
        if not self._skipped:
            return False
        if tag in self._skipped and not (tag == "header" and self._inside("main", "article")):
            return True
        return "hidden" in attributes or attributes.get("role") in _AROUND_ROLES

    # Blocks

    def _end_block(self) -> None:
        if self._cells is not None:  # blocks inside a cell only part its words
            self._collected.append(Traced.inserted(" "))
        else:
            self._add(self._kind(), self._taken())

    def _taken(self) -> Traced:
        collected, self._collected = self._collected, []
        return plain(joined(collected)) if collected else Traced("", ())

    def _kind(self) -> Kind:
        for name, _ in reversed(self._open):
            if name in _HEADINGS:
                return "heading"
            if name == "li":
                return "item"
            if name in ("td", "th", "table"):
                break
        return "paragraph"

    def _add(self, kind: Kind, content: Traced) -> None:
        if content:
            self._drafts.append((Draft(kind, content), self._inside("main", "article")))

    def _end_cell(self) -> None:
        if self._cells is not None and self._inside("td", "th"):
            is_header = next(name for name, _ in reversed(self._open) if name in ("td", "th")) == "th"
            self._cells.append((self._taken(), is_header))

    def _end_row(self) -> None:
        cells, self._cells = self._cells, None
        if not cells:
            return
        contents = [content for content, _ in cells]
        if all(is_header for _, is_header in cells) and len(cells) > 1 and not self._header:
            self._header = contents
        elif len(cells) == 1:  # a table that only lays out its page
            self._add("paragraph", contents[0])
        elif cells[0][1] and not self._header:
            self._add("row", joined([contents[0], row((), contents[1:])], ": "))
        else:
            self._add("row", row(self._header, contents))


def _finished(text: str) -> int:
    """Where a page ends that was cut off inside a tag, which the parser would look for again and again."""
    begun = _TAG.search(text, text.rfind(">") + 1)
    return begun.start() if begun else len(text)


def _chars(drafts: list[Draft]) -> int:
    return sum(len(draft.content.text) for draft in drafts)
