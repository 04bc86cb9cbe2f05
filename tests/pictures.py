"""The pictures of the README (`make pictures`): the main pages over the samples, light, dark and on a phone.

Two samples are printed as PDFs first, so that a page of a report can be seen.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

import weasyprint
from PIL import Image
from playwright.sync_api import Page

from corpus.ingest import ingest
from corpus.store import Store
from service.running.first_run import SAMPLES_DIR
from tests.browser import chromium, opened
from tests.serving import served

QUESTION = "Which companies were spun off?"

PRINT = """<style>
@page { size: A4; margin: 26mm 24mm; @bottom-right { content: counter(page); font: 9pt sans-serif; color: #777 } }
body { font: 10.5pt/1.5 serif } h1 { font: 700 21pt/1.2 sans-serif; color: #0b5563; margin: 0 0 8mm }
h2 { font: 700 12.5pt sans-serif; margin: 7mm 0 2mm }
</style>"""


class Picture(NamedTuple):
    """A state of a page, by the name of its file."""

    name: str
    width: int
    height: int
    scheme: Literal["dark", "light"]
    show: Callable[[Page], None]


def start(page: Page) -> None:
    page.goto("/")


def answer(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    page.locator(".answer button.mark").first.wait_for()


def quote(page: Page) -> None:
    answer(page)
    page.locator(".answer .mark").first.hover()
    page.locator("#quote-card").wait_for()


def report(page: Page) -> None:
    answer(page)
    page.locator(".answer .mark").first.click()
    page.get_by_role("link", name="Show it in the report").click()
    page.locator("#evidence .drawn").first.wait_for()


def facts(page: Page) -> None:
    page.goto("/facts")


def documents(page: Page) -> None:
    page.goto("/documents")


PICTURES = [
    Picture("start-light", 1280, 900, "light", start),
    Picture("answer-light", 1280, 900, "light", quote),
    Picture("report-light", 1440, 900, "light", report),
    Picture("report-dark", 1440, 900, "dark", report),
    Picture("answer-dark", 1280, 900, "dark", quote),
    Picture("facts-light", 1280, 1150, "light", facts),
    Picture("facts-dark", 1280, 900, "dark", facts),
    Picture("documents-light", 1280, 900, "light", documents),
    Picture("documents-phone", 390, 844, "light", documents),
    Picture("start-dark", 1280, 900, "dark", start),
    Picture("facts-phone", 390, 844, "light", facts),
    Picture("answer-phone", 390, 844, "light", answer),
    Picture("report-phone", 390, 844, "light", report),
]


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        data_dir = collected(Path(scratch))
        with served(data_dir, model="all-MiniLM-L6-v2") as service, chromium() as browser:
            for picture in PICTURES:
                with opened(
                    browser, service.url, width=picture.width, height=picture.height, scheme=picture.scheme
                ) as page:
                    picture.show(page)
                    shot = Image.open(io.BytesIO(page.screenshot()))
                    shot.quantize(dither=Image.Dither.NONE).save(
                        folder / f"{picture.name}.png", optimize=True
                    )


def collected(scratch: Path) -> Path:
    """A data folder with the samples, the Markdown ones printed."""
    reports = Path(shutil.copytree(SAMPLES_DIR, scratch / "reports"))
    for path in reports.glob("*.md"):
        print_pdf(path.read_text("utf-8"), path.with_suffix(".pdf"))
        path.unlink()
    with Store.open(scratch / "data") as store:
        ingest([reports], store)
    return scratch / "data"


def print_pdf(markdown: str, pdf: Path) -> None:
    """Writes the headings, lists and paragraphs of a Markdown text as a PDF."""
    blocks = []
    for block in re.split(r"\n{2,}", markdown.strip()):
        if block.startswith("- "):
            blocks.append(
                "<ul>"
                + "".join(f"<li>{_flat(item)}</li>" for item in re.split(r"^- ", block, flags=re.M)[1:])
                + "</ul>"
            )
        else:
            level = len(block) - len(block.lstrip("#"))
            tag = f"h{level}" if level else "p"
            blocks.append(f"<{tag}>{_flat(block.lstrip('# '))}</{tag}>")
    weasyprint.HTML(string=PRINT + "".join(blocks)).write_pdf(pdf)


def _flat(text: str) -> str:
    return escape(" ".join(text.replace("*", "").split()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
