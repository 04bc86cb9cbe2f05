"""PDF text as PDFium sees it: for pages whose fonts pdfminer cannot decode, such as those with character maps of their own."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import PdfiumError, raw

_FONT_BYTES_MAX = 128
_LINE_END_HYPHEN = "\x02"


class Mark(NamedTuple):
    """A character and its box (left, low, right, high) in points from the page's own origin, as it is kept."""

    text: str
    box: tuple[float, float, float, float]
    size: float
    angle: int  # degrees by which it is turned clockwise on the page as it is kept
    font: str


class Pages:
    """The pages of a PDF, counted from 0; they hold nothing where PDFium cannot read them."""

    def __init__(self, data: bytes) -> None:
        try:
            self._file: Any = pypdfium2.PdfDocument(data)
        except PdfiumError:
            self._file = None

    def letters(self, number: int) -> int:
        """How many letters and digits stand on a page."""
        text = self._text(number)
        return sum(map(str.isalnum, text.get_text_range())) if text else 0

    def marks(self, number: int) -> Iterator[Mark]:
        """The characters of a page that are drawn, in the order of the file; a ligature is one mark."""
        last: Mark | None = None
        for mark in self._characters(number):
            if last and last.box == mark.box:
                last = last._replace(text=last.text + mark.text)
                continue
            if last:
                yield last
            last = mark
        if last:
            yield last

    def _characters(self, number: int) -> Iterator[Mark]:
        text = self._text(number)
        for at in range(text.count_chars() if text else 0):
            character = chr(raw.FPDFText_GetUnicode(text, at)).replace(_LINE_END_HYPHEN, "-")
            box = text.get_charbox(at, loose=True)
            is_drawn = box[0] < box[2] and box[1] < box[3] and not raw.FPDFText_IsGenerated(text, at)
            if is_drawn and character >= " ":
                angle = round(math.degrees(raw.FPDFText_GetCharAngle(text, at))) % 360
                yield Mark(character, box, raw.FPDFText_GetFontSize(text, at), angle, _font(text, at))

    def _text(self, number: int) -> Any:
        try:
            return self._file[number].get_textpage() if self._file else None
        except (PdfiumError, IndexError):
            return None


def _font(text: Any, at: int) -> str:
    name = ctypes.create_string_buffer(_FONT_BYTES_MAX)
    raw.FPDFText_GetFontInfo(text, at, name, _FONT_BYTES_MAX, None)
    return name.value.decode("utf-8", errors="replace")
