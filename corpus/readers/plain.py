"""Plain text, often the text of a PDF: lines become headings, paragraphs and list items."""

from __future__ import annotations

from corpus import layout, normalise
from corpus.assembly import Source, assembled
from corpus.document import Document
from corpus.traced import Traced


def read(source: Source) -> Document:
    """The document of a plain text, its words and sentences made whole."""
    return assembled(source, layout.drafts(normalise.cleaned(Traced.source(source.text))))
