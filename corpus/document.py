"""A report as it is stored: the normalised text that every offset counts in, and its blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from pydantic import ConfigDict, Field

from corpus.page_map import PageMap
from corpus.selectors import Record

DEFAULT_COLLECTION = "default"  # of documents that nobody put into another


class Run(NamedTuple):
    """Characters [start, end) of the stored text that stand for the source's bytes from `source_start` on.

    Runs are in order and do not overlap. A run of several characters is a verbatim copy. A run of one
    may also be a character that normalisation changed (a line end that became a space, a letter of a
    ligature). Characters in no run stand nowhere in the source: what parts blocks, or joins pieces.
    """

    start: int
    end: int
    source_start: int


class Block(Record):
    """A heading, paragraph, list item, boxed statement or table row: [start, end) of the stored text."""

    kind: Literal["heading", "paragraph", "item", "row"]
    start: int
    end: int
    section: str = ""  # the nearest heading above, "" before the first
    lead: tuple[int, int] | None = None  # the span of the sentence or heading that introduces an item
    page: int | None = None


class Document(Record):
    """One report. `text` is what offsets count in and what a reader is shown."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    id: str  # "doc_" and 16 hex digits of sha256, or of sha256 and collection
    title: str
    source_name: str  # file name, unique in a store: new bytes under the same name replace the old
    media_type: str
    sha256: str  # of the source bytes
    encoding: str  # of the source bytes, for the byte offsets in `runs`
    text: str
    blocks: tuple[Block, ...]
    runs: tuple[Run, ...] = Field(repr=False)
    language: str = "en"
    date: str = ""  # of the document, as it says itself: 2015-03-12, 2015-03, 2015
    notes: tuple[str, ...] = ()  # what of it could not be read, and why
    # Left out where it is the default one, as in records of earlier versions.
    collection: str = Field(
        default=DEFAULT_COLLECTION, exclude_if=lambda value: bool(value == DEFAULT_COLLECTION)
    )
    page_map: PageMap | None = Field(default=None, exclude=True, repr=False)  # kept beside the record


def source_offset(document: Document, offset: int) -> int | None:
    """The byte of the source that character `offset` of the stored text stands for.

    None for a character that normalisation inserted (what parts two blocks, a joining space).
    """
    run = _run_at(document.runs, offset)
    if run is None:
        return None
    copied = document.text[run.start : offset]
    return run.source_start + len(copied.encode(document.encoding))


def _run_at(runs: Sequence[Run], offset: int) -> Run | None:
    low, high = 0, len(runs)
    while low < high:
        middle = (low + high) // 2
        if runs[middle].end <= offset:
            low = middle + 1
        else:
            high = middle
    return runs[low] if low < len(runs) and runs[low].start <= offset else None
