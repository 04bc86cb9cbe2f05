"""Names that answers lead with, cited where they are printed when the sentence itself says them otherwise."""

from __future__ import annotations

import re
from dataclasses import replace

from service.evidence import Draft, Quote, quote_of
from service.knowledge.knowledge import Knowledge
from service.writing.grounding import strangers

_LED = re.compile(r"([^:]{2,80}): ")  # "Norvia Biotech Ltd: The company ..."


def with_names_cited(draft: Draft, knowledge: Knowledge) -> Draft:
    """The draft whose members and lines also cite a passage that prints the names they give.

    "Norvia Biotech Ltd: The company raised ..." needs more than the sentence about "the company": a reader
    could not see there whose money it was.
    """
    members = [replace(m, quotes=_completed(m.label, m.quotes, knowledge)) for m in draft.members]
    lines = []
    for line in draft.lines:
        led = _LED.match(line.text)
        quotes = line.quotes
        for name in [*([led[1]] if led else []), *(m.label for m in members if m.label in line.text)]:
            quotes = _completed(name, quotes, knowledge)
        lines.append(replace(line, quotes=quotes))
    return replace(draft, lines=tuple(lines), members=tuple(members))


def _completed(name: str, quotes: tuple[Quote, ...], knowledge: Knowledge) -> tuple[Quote, ...]:
    """The quotes, and the passage nearest before them that prints the name, when they do not."""
    texts = [knowledge.documents[quote.document_id].text[quote.start : quote.end] for quote in quotes]
    if not quotes or not strangers(name, texts):
        return quotes
    naming = _nearest(name, quotes[0], knowledge)
    return quotes if naming is None else (*quotes, naming)


def _nearest(name: str, quote: Quote, knowledge: Knowledge) -> Quote | None:
    """The passage that prints a name: before `quote`, else after it, else in another document."""
    words = r"\s+".join(map(re.escape, name.split()))
    printed = re.compile(rf"(?<!\w){words}(?!\w)")
    starts = [match.start() for match in printed.finditer(knowledge.documents[quote.document_id].text)]
    for start in sorted(starts, key=lambda start: (start > quote.start, abs(start - quote.start))):
        position = knowledge.passage_at(quote.document_id, start)
        if position is not None and printed.search(knowledge.passages[position].text):
            return quote_of(knowledge.passages[position])
    key = knowledge.names.key_of(name)
    for position in sorted(knowledge.entities[key].passages) if key in knowledge.entities else ():
        if printed.search(knowledge.passages[position].text):
            return quote_of(knowledge.passages[position])
    return None
