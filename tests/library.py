"""A service over the shared reports and three printed ones, and a question asked of its page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page
from reportlab.pdfgen.canvas import Canvas

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import HashEmbedder
from service.knowledge.indexing import rebuild
from tests.printed import WIDTH, Printer
from tests.reports import REPORTS

QUESTION = "Which SMEs spun off companies?"
PRINTED = "How many jobs did Brackwater Sensors create?"
NOTHING = "How many submarines did the Zorblatt Institute sell?"


def turn(canvas: Canvas) -> None:
    """The page is stored lying on its side and shown upright."""
    canvas.setPageRotation(90)
    canvas.rotate(90)
    canvas.translate(0, -WIDTH)


LAID: dict[str, Callable[[Canvas], None]] = {
    "Brackwater Sensors": lambda canvas: None,
    "Quillmark Optics": turn,
    "Stellmoor Textiles": lambda canvas: canvas.setCropBox((40, 60, 550, 700)),
}


def printed(company: str, lay: Callable[[Canvas], None]) -> bytes:
    """A report of two pages, the second of them, with one sentence, laid out by `lay`."""
    printer = (
        Printer().lines([f"{company}: ten years on", "", f"{company} is a company in Norway."]).next_page()
    )
    lay(printer.canvas)
    return printer.lines([f"{company} has created 58 jobs in Bergen since 2012."], top=300).data()


def collected(folder: Path) -> Path:
    """A data folder with the reports, ingested and indexed."""
    reports, data_dir = folder / "reports", folder / "data"
    reports.mkdir()
    for name, text in REPORTS.items():
        (reports / name).write_text(text, "utf-8")
    for company, lay in LAID.items():
        (reports / f"{company.split()[0]}.pdf").write_bytes(printed(company, lay))
    with Store.open(data_dir) as store:
        ingest([reports], store)
        rebuild(store, HashEmbedder(), data_dir / "index")
    return data_dir


def asked(page: Page, question: str = QUESTION) -> None:
    """Types a question on the start page and waits for its answer."""
    page.goto("/")
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("html.ready").wait_for()
