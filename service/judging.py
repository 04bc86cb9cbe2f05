"""Yes or no: answers that weigh what the reports say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.taxonomy import kind_of, plain
from corpus.vocabulary import stem, words
from service.evidence import Draft, Line
from service.knowledge import Knowledge
from service.list_answer import list_answer
from service.lookup import accepted, lookup
from service.members import members
from service.support import Support
from service.understand import Reading

_NEGATION = re.compile(r"\b(?:no|not|never|none|without|neither|nor|cannot)\b|n't\b")
_ANY = re.compile(r"\b(?:any|some|one of the|a single)\s+([\w-]+)")


def yes_no(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """Yes or no with the sentence that says so; None when no sentence does."""
    if _ANY.search(plain(reading.question)) and reading.kind == "":
        listed = _any_member(reading, knowledge)
        if listed is not None:
            return listed
    found = lookup(reading, knowledge, [item for item in ranked if accepted(reading, knowledge, item)])
    if found is None:
        return None
    verdict = "No" if _denied(reading, found.lines[0].text) else "Yes"
    if verdict == "Yes" and _not_yet(reading, knowledge, found):
        verdict = "No, not yet"
    first = found.lines[0]
    return replace(
        found,
        lines=(
            replace(first, text=f"{verdict}: {first.text}", computed="polarity of the cited sentence"),
            *found.lines[1:],
        ),
    )


def _any_member(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """ "Did any SME ...?" is yes when the list of such SMEs is not empty."""
    match = _ANY.search(plain(reading.question))
    kind = kind_of(match[1]) if match else None
    if match is None or kind is None:
        return None
    asked = replace(
        reading,
        kind=kind,
        kinds=(kind,),
        noun=tuple(stem(word) for word in words(match[1])),
        noun_text=match[1],
        intent="list",
    )
    found = members(asked, knowledge)
    if not found:
        return None
    draft = list_answer(asked, knowledge, found, limit=5)
    lines = (
        Line(
            f"Yes: the reports name {len(found)}.",
            draft.lines[0].quotes,
            computed=f"count of the {len(found)} below",
        ),
    )
    return replace(draft, lines=lines)


def _not_yet(reading: Reading, knowledge: Knowledge, found: Draft) -> bool:
    """True when the question asks whether something is done and the sentence says it is planned or open."""
    if re.match(
        r"\W*(?:will|would|can|could|may|might|does|do|is .* (?:planning|going|expected))\b",
        plain(reading.question),
    ):
        return False
    quote = found.lines[0].quotes[0]
    position = knowledge.passage_at(quote.document_id, quote.start)
    clauses = [fact for fact in knowledge.facts_at.get(position or 0, []) if fact.extractor == "clause"]
    return bool(clauses) and all(fact.modality != "achieved" for fact in clauses)


def _denied(reading: Reading, text: str) -> bool:
    """True when the sentence negates a word that the question asks about (within three words of it)."""
    lowered = plain(text)
    asked = set(reading.content)
    tokens = words(lowered)
    for i, token in enumerate(tokens):
        if _NEGATION.fullmatch(token) and any(stem(near) in asked for near in tokens[i + 1 : i + 5]):
            return not _NEGATION.search(plain(reading.question))
    return False
