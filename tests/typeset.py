"""One report in every format: Markdown typed by hand becomes text, HTML, Word and PDF, as their programs write them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator

import docx

STYLE = """
@page { size: A4; margin: 2cm } body { font: 10pt serif; text-align: justify; hyphens: auto }
h1, h2 { text-align: left } h1 { font-size: 20pt } h2 { font-size: 13pt }
"""


def parts(markdown: str) -> Iterator[tuple[str, str]]:
    """The headings ("h1", "h2"), paragraphs ("p") and list items ("li") of a report."""
    for block in markdown.strip().split("\n\n"):
        for part in re.split(r"\n(?=- )", block):
            mark = re.match(r"(#+|-) ", part)
            kind = "p" if not mark else "li" if mark[1] == "-" else f"h{len(mark[1])}"
            yield kind, " ".join(part[mark.end() if mark else 0 :].split())


def as_text(markdown: str) -> bytes:
    shown = {"h1": "{}\n\n", "h2": "\n{}\n\n", "li": "- {}\n\n", "p": "{}\n\n"}
    return "".join(shown[kind].format(text) for kind, text in parts(markdown)).encode()


def as_html(markdown: str) -> bytes:
    body = "".join(f"<{kind}>{html.escape(text)}</{kind}>" for kind, text in parts(markdown))
    listed = re.sub(r"((?:<li>.*?</li>)+)", r"<ul>\1</ul>", body)
    return f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><body>{listed}</body></html>'.encode()


def as_word(markdown: str) -> bytes:
    file, made = io.BytesIO(), docx.Document()
    styles = {"h1": "Heading 1", "h2": "Heading 2", "li": "List Bullet", "p": "Normal"}
    for kind, text in parts(markdown):
        made.add_paragraph(text, style=styles[kind])
    made.save(file)
    return file.getvalue()


def as_pdf(markdown: str, style: str = "") -> bytes:
    """Set by WeasyPrint, whose import raises OSError where Pango is missing."""
    from weasyprint import HTML

    page = as_html(markdown).decode().replace("<body>", f"<style>{STYLE}{style}</style><body>")
    return bytes(HTML(string=page).write_pdf())
