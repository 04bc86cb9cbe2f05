"""Passages: the sentences and list items of a document, each with its section and its lead."""

from __future__ import annotations

import hashlib
from typing import Literal

from corpus import sentences
from corpus.document import Block, Document
from corpus.selectors import Record

ITEM_WORDS_MAX = 60  # a longer list item is a paragraph in disguise and is cut into its sentences


class Passage(Record):
    """A sentence, list item, heading or row: text == document.text[start:end]."""

    id: str  # "psg_" and 16 hex digits of sha256 over document id, start and end
    document_id: str
    start: int
    end: int
    text: str
    section: str
    kind: Literal["sentence", "item", "heading", "row"]
    block: int  # position of its block in Document.blocks: passages of one paragraph share it
    lead: tuple[int, int] | None = None  # span of the words that introduce an item
    page: int | None = None
    focus: str = ""  # what "it", "they" or "the company" in this passage refers to, "" when unknown


def split(document: Document) -> list[Passage]:
    """The passages of a document in reading order; they never overlap and never cross a block."""
    return [
        _passage(document, number, start, end)
        for number, block in enumerate(document.blocks)
        for start, end in _spans(document.text, block)
    ]


def _spans(text: str, block: Block) -> list[tuple[int, int]]:
    own = text[block.start : block.end]
    whole = block.kind in ("heading", "row") or (block.kind == "item" and len(own.split()) <= ITEM_WORDS_MAX)
    if whole:
        return [(block.start, block.end)]
    return [(block.start + start, block.start + end) for start, end in sentences.spans(own)]


def _passage(document: Document, number: int, start: int, end: int) -> Passage:
    block = document.blocks[number]
    return Passage(
        id="psg_" + hashlib.sha256(f"{document.id} {start} {end}".encode()).hexdigest()[:16],
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        section=block.section,
        kind="sentence" if block.kind == "paragraph" else block.kind,
        block=number,
        lead=block.lead,
        page=document.page_map.page(start) if document.page_map else block.page,
    )


def index_text(passage: Passage, document: Document) -> str:
    """The words a passage is found by: section, lead and focus before its own text."""
    lead = document.text[slice(*passage.lead)] if passage.lead else ""
    parts = [passage.section, lead, passage.focus, passage.text]
    return ". ".join(part.rstrip(" .:") for part in parts if part)
