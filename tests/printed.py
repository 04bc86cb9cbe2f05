"""PDF files that tests print and read again."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEADING = 14


class Printer:
    """A PDF in the making, undated when its bytes shall always be the same; places count from the top left corner."""

    def __init__(self, password: str = "", undated: bool = False) -> None:
        self._file = io.BytesIO()
        encryption = StandardEncryption(password) if password else None
        self.canvas = Canvas(self._file, pagesize=A4, encrypt=encryption, invariant=undated)

    def lines(self, lines: Sequence[str], x: float = 60, top: float = 100, size: float = 10) -> Printer:
        """Prints lines of text one below the other."""
        self.canvas.setFont("Helvetica", size)
        for number, line in enumerate(lines):
            self.canvas.drawString(x, HEIGHT - top - number * LEADING, line)
        return self

    def next_page(self) -> Printer:
        self.canvas.showPage()
        return self

    def data(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()
