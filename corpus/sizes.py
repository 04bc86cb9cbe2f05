"""Which companies are small: said of them, or implied by the paragraphs they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.passages import Passage
from corpus.registry import Registry
from corpus.taxonomy import plain

_ANNOUNCES = re.compile(
    r"\b(?:smes|small (?:and|to|&) medium[- ]sized (?:enterprises|companies)|small companies)\b"
)


def mark_small_companies(passages: Sequence[Passage], registry: Registry) -> None:
    """Marks companies as SMEs by context: they lead a paragraph of a section that announced SMEs.

    A sentence about SMEs opens such a stretch, the next heading ends it. Only a name with evidence of being a
    company, and that is not itself introduced as somebody's spin-off, is taken.
    """
    announced, section, block = False, None, -1
    for number, passage in enumerate(passages):
        if passage.kind == "heading" or passage.section != section:
            announced, section = False, passage.section
        leads_block = passage.block != block
        block = passage.block
        if announced and leads_block and passage.kind != "heading":
            _mark_leading_name(registry, number, passage)
        announced = announced or _announces(passage, bool(registry.by_passage.get(number)))


def _announces(passage: Passage, names_somebody: bool) -> bool:
    """True when a passage speaks of SMEs in general: it names nobody, or it begins with them."""
    text = plain(passage.text)
    return _ANNOUNCES.search(text[:80] if names_somebody else text) is not None


def _mark_leading_name(registry: Registry, number: int, passage: Passage) -> None:
    mentions = registry.by_passage.get(number, [])
    for mention in mentions[:2]:
        evidence = registry.entities[mention.key]
        after = plain(passage.text[mention.end : mention.end + 80])
        if evidence.kind != "company" or re.match(
            r"[^.]{0,40}\bis (?:an?|the) (?:\w+ )?(?:spin|start)", after
        ):
            continue
        if "sme" not in evidence.kinds:
            evidence.said_at.setdefault("sme_implied", (number, mention.start, mention.end))
        return
