"""A stored document as a person reads it: headings, paragraphs and lists, with a quote marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from corpus.document import Block, Document


@dataclass(frozen=True)
class Segment:
    """A stretch of a block, inside the quote or outside of it."""

    text: str
    marked: bool = False
    opens: bool = False  # the quote begins here: links lead to this segment


@dataclass(frozen=True)
class ReadBlock:
    """A block by its kind, with the anchor that links to it."""

    kind: str
    anchor: str
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True)
class Group:
    """Neighbouring blocks of one kind: the items of a list, the rows of a table, or a single block."""

    kind: str
    blocks: tuple[ReadBlock, ...]


def groups(document: Document, start: int = 0, end: int = 0) -> list[Group]:
    """The document in reading order; text[start:end] is marked, in as many blocks as it runs through."""
    blocks = [
        ReadBlock(block.kind, f"b{number}", tuple(_segments(document.text, block, start, end)))
        for number, block in enumerate(document.blocks)
    ]
    grouped: list[Group] = []
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        if kind in ("item", "row"):
            grouped.append(Group(kind, tuple(run)))
        else:
            grouped.extend(Group(kind, (block,)) for block in run)
    return grouped


def around(document: Document, start: int, end: int, chars: int) -> list[Group]:
    """The blocks that text[start:end] stands in, marked, with those up to `chars` before and behind it."""
    first, last = start - chars, end + chars
    near = [block for block in document.blocks if block.end > first and block.start < last]
    return groups(document.model_copy(update={"blocks": tuple(near)}), start, end)


def contents(document: Document) -> list[tuple[str, str]]:
    """(anchor, heading) of every heading, in order."""
    return [
        (f"b{number}", document.text[block.start : block.end])
        for number, block in enumerate(document.blocks)
        if block.kind == "heading"
    ]


def _segments(text: str, block: Block, start: int, end: int) -> Iterator[Segment]:
    begin, stop = max(block.start, start), min(block.end, end)
    if begin >= stop:
        yield Segment(text[block.start : block.end])
        return
    if block.start < begin:
        yield Segment(text[block.start : begin])
    first = not _begun_before(text, block, start)
    yield Segment(text[begin:stop], marked=True, opens=first)
    if stop < block.end:
        yield Segment(text[stop : block.end])


def _begun_before(text: str, block: Block, start: int) -> bool:
    """True when the quote, which begins at `start`, has words before this block already."""
    return bool(text[start : max(block.start, start)].strip())
