"""A passage as an answer tells it: cut to length, with the name that its pronoun stands for in front."""

from __future__ import annotations

import re
from collections.abc import Collection

from service.evidence import Line, Quote, quote_of, quotes_of
from service.knowledge.knowledge import Knowledge
from service.lookups.clipping import clipped

LOOK_BACK_PASSAGES = 12  # how far before a pronoun the name that it stands for is looked for
_LEANS = re.compile(
    r"(?:They|It|Its|Their|He|She|The (?:company|firm|project|spin-?out|spin-?off|programme|initiative))\b"
)


def told(
    knowledge: Knowledge,
    position: int,
    around: str = "",
    words_max: int = 45,
    text: str = "",
    beside: Collection[int] = (),
) -> Line:
    """The line of a passage; `text` replaces its words, `beside` are other passages that are told."""
    passage = knowledge.passages[position]
    words = clipped(text or passage.text, around, words_max)
    named = None if _is_named_beside(knowledge, position, beside) else _antecedent(knowledge, position)
    if named is None or not _LEANS.match(passage.text) or words.startswith("…"):
        return Line(words, quotes_of(passage))
    name, quote = named
    return Line(f"{name}: {words}", (*quotes_of(passage), quote))


def _is_named_beside(knowledge: Knowledge, position: int, beside: Collection[int]) -> bool:
    """True when a passage that is told before already names what this one speaks of."""
    key = knowledge.spoken_of.get(position)
    return any(other < position and key in knowledge.keys_at(other) for other in beside)


def _antecedent(knowledge: Knowledge, position: int) -> tuple[str, Quote] | None:
    """The name that a passage refers to, as printed nearest before it, and the quote of that passage."""
    key = knowledge.spoken_of.get(position)
    if key is None:
        return None
    document_id = knowledge.passages[position].document_id
    forms = sorted(knowledge.entities[key].forms, key=lambda form: (-len(form), form))
    for before in range(position - 1, max(position - LOOK_BACK_PASSAGES, 0) - 1, -1):
        passage = knowledge.passages[before]
        if passage.document_id != document_id:
            return None
        name = next((form for form in forms if form in passage.text), None)
        if name is not None:
            return name, quote_of(passage)
    return None
