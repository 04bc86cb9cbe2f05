"""What stands on pages but does not belong to their text: running heads, running feet, page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from corpus.readers.printed import Page, Piece

_MARGIN_SHARE = 0.12  # of a page's height, at its top and at its foot
_REPEATED_MIN = 3  # pages, wherever they are
_PAGE_NUMBER = re.compile(
    r"\W*(?:p(?:age|\.)?\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_SAME_HEIGHT, _OTHER_RASTER = 4, 100_000  # points; above any height


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without what is repeated in their margins, whatever number it carries."""
    on_pages: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page in pages:
        for piece in page.pieces:
            for key in _keys(piece, page):
                on_pages[key].add(page.number)
    repeated = {
        key for key, numbers in on_pages.items() if len(numbers) >= _REPEATED_MIN or _in_a_row(numbers)
    }
    return [
        replace(page, pieces=[piece for piece in page.pieces if not _is_furniture(piece, page, repeated)])
        for page in pages
    ]


def _in_a_row(numbers: set[int]) -> bool:
    """Whether two are of neighbouring pages, or of neighbouring right-hand pages: heads change with chapters."""
    return any({number + 1, number + 2} & numbers for number in numbers)


def _is_furniture(piece: Piece, page: Page, repeated: set[tuple[str, int]]) -> bool:
    return any(key in repeated for key in _keys(piece, page)) or _is_page_number(piece, page)


def _keys(piece: Piece, page: Page) -> list[tuple[str, int]]:
    """What a piece in a margin says at which height, once with each number that may count the pages.

    Heights come in two rasters, so that two that are nearly the same have one in common.
    """
    text = "".join(piece.text.split()).lower()
    if not text or not _in_margin(piece, page):
        return []
    counted = (
        f"{text[: n.start()]}\0{int(n[0]) - page.number}{text[n.end() :]}" for n in _NUMBER.finditer(text)
    )
    height = piece.area.middle[1] / _SAME_HEIGHT
    return [
        (said, at) for said in (text, *counted) for at in (int(height), int(height + 0.5) + _OTHER_RASTER)
    ]


def _in_margin(piece: Piece, page: Page) -> bool:
    margin = _MARGIN_SHARE * page.height
    return piece.area.bottom < margin or piece.area.top > page.height - margin


def _is_page_number(piece: Piece, page: Page) -> bool:
    """A number alone on the outermost line."""
    if not _in_margin(piece, page) or not _PAGE_NUMBER.fullmatch(piece.text.strip()):
        return False
    others = [other.area for other in page.pieces if other is not piece]
    return all(a.top >= piece.area.bottom for a in others) or all(a.bottom <= piece.area.top for a in others)
