"""Plain text, often the text of a PDF: lines become headings, paragraphs and list items."""

from __future__ import annotations

from corpus.assembly import Source, assembled
from corpus.document import Document
from corpus.hyphens import broken_words
from corpus.layout import drafts
from corpus.marks import note_marks, page_numbers
from corpus.normalise import characters
from corpus.traced import Traced


def read(source: Source) -> Document:
    """The document of a plain text, its words and sentences made whole."""
    content = Traced.source(source.text).ruled(characters, note_marks, page_numbers, broken_words)
    return assembled(source, drafts(content))
