"""Draft blocks put together as a Document: one stored text, its sections and leads, and the way back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from corpus import sentences
from corpus.document import Block, Document, Run
from corpus.page_map import Print, page_map
from corpus.traced import NOWHERE, Traced, joined

Kind = Literal["heading", "paragraph", "item", "row"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A block on its way into a document."""

    kind: Kind
    content: Traced
    page: int | None = None
    box: int | None = None  # which side box it stands in; its headings hold for that box only
    section: str = ""  # where it stands, when no heading says so: "row 12"


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file and the characters they decode to."""

    data: bytes
    name: str
    media_type: str
    text: str
    encoding: str  # such that text.encode(encoding) == data[mark_bytes:]
    mark_bytes: int = 0  # length of the byte order mark


def assembled(
    source: Source, drafts: Sequence[Draft], title: str = "", print: Print | None = None
) -> Document:
    """The document of these blocks, titled as given, else by its first heading, else by its file name.

    With a `print` their characters lead to places on pages, and to no byte of the source.
    """
    content = _stored(drafts)
    sha256 = hashlib.sha256(source.data).hexdigest()
    first_heading = next((draft.content.text for draft in drafts[:3] if draft.kind == "heading"), "")
    return Document(
        id="doc_" + sha256[:16],
        title=title or first_heading or re.sub(r"\.\w+$", "", source.name),
        source_name=source.name,
        media_type=source.media_type,
        sha256=sha256,
        encoding=source.encoding,
        text=content.text,
        blocks=tuple(_blocks(drafts)),
        runs=() if print else tuple(_runs(content, source)),
        page_map=page_map(content.origins, print) if print else None,
    )


def _stored(drafts: Sequence[Draft]) -> Traced:
    parts: list[Traced] = []
    for number, draft in enumerate(drafts):
        if number:
            parts.append(Traced.inserted(_separator(drafts[number - 1], draft)))
        parts.append(draft.content)
    return joined(parts) if parts else Traced("", ())


def _separator(above: Draft, below: Draft) -> str:
    """One line break inside a list or table, an empty line elsewhere."""
    return "\n" if above.kind == below.kind and below.kind in ("item", "row") else "\n\n"


def _blocks(drafts: Sequence[Draft]) -> Iterator[Block]:
    start, section, main_section, box = 0, "", "", None
    lead: tuple[int, int] | None = None
    heading: tuple[int, int] | None = None
    for number, draft in enumerate(drafts):
        if number:
            start += len(_separator(drafts[number - 1], draft))
        end = start + len(draft.content.text)
        if draft.box != box:  # a box opens or closes: what its headings said holds no longer
            main_section = section if box is None else main_section
            section, box = main_section, draft.box
        listed = draft.kind in ("item", "row")
        if not listed:
            heading = (start, end) if draft.kind == "heading" else heading
            lead = _lead(draft, start) or heading
        elif number and draft.kind != drafts[number - 1].kind and drafts[number - 1].kind in ("item", "row"):
            lead = heading  # a table below a list is not what introduced the list
        own_lead = lead if listed else None
        yield Block(
            kind=draft.kind,
            start=start,
            end=end,
            section=draft.section or section,
            lead=own_lead,
            page=draft.page,
        )
        if draft.kind == "heading":
            section = draft.content.text
        start = end


_LEAD_WORDS_MAX = 20  # a longer block without a stop is no title of a list
_ANNOUNCES = re.compile(r"\b(?:following|follows|below|include[sd]?|including|such as|namely)\b[^.]*\.?$")


def _lead(draft: Draft, start: int) -> tuple[int, int] | None:
    """The span of the words that would introduce a list below this block."""
    text = draft.content.text
    if draft.kind == "heading":
        return start, start + len(text)
    short = not text.endswith((".", "!", "?")) and len(text.split()) <= _LEAD_WORDS_MAX
    if text.endswith(":") or short or _ANNOUNCES.search(text[-120:]):
        first, last = sentences.spans(text)[-1]
        return start + first, start + last
    return None


def _runs(content: Traced, source: Source) -> Iterator[Run]:
    """Stretches copied as they are; a character that stands for another one is a run of its own."""
    byte_at = _byte_offsets(source)
    start, length = 0, len(content.text)
    origins, text = content.origins, content.text
    while start < length:
        origin = origins[start]
        end = start + 1
        if origin == NOWHERE:
            start = end
            continue
        if source.text[origin] == text[start]:
            shift = origin - start
            while end < length and origins[end] == end + shift and source.text[end + shift] == text[end]:
                end += 1
        yield Run(start, end, byte_at[origin])
        start = end


def _byte_offsets(source: Source) -> Sequence[int]:
    if source.text.isascii() and len(source.text) == len(source.data) - source.mark_bytes:
        return range(source.mark_bytes, len(source.data))
    widths = {character: len(character.encode(source.encoding)) for character in set(source.text)}
    return list(accumulate((widths[character] for character in source.text), initial=source.mark_bytes))
