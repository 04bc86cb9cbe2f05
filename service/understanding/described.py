"""What a question describes instead of naming: "the project that makes drugs greener" is put by its name."""

from __future__ import annotations

import re

from corpus.taxonomy import kind_of, plain
from index.retriever import Retriever
from service.knowledge.knowledge import Knowledge
from service.lookups.lookup import candidates
from service.lookups.reranking import reranked
from service.understanding.inflection import is_plural
from service.understanding.understand import understand

ODDS_MIN = 0.5  # log-odds from which a passage tells which thing is described
AMONG = 3
_KINDS = frozenset({"project", "programme", "company", "sme", "academic", "patient_organisation", "network"})
_DESCRIBED = re.compile(
    r"\bthe (?P<noun>(?:[\w-]+ )?[a-z-]+) (?:that|which) (?P<clause>(?:\w[\w'’-]*[ ,]+)+[\w'’-]+)(?=\W*$)",
    re.IGNORECASE,
)

_GOVERNED = re.compile(r"\b(?:is|are|was|were|has|have|had|will|can|could|may)\s+$", re.IGNORECASE)
_INVERTED = re.compile(
    r"\b(?:do|does|did)\s+$", re.IGNORECASE
)  # "did the firm that sells tiles raise": a verb is last


def with_described_named(question: str, knowledge: Knowledge, retriever: Retriever) -> str:
    """The question with the name of what it describes; as it stands when no passage surely tells which that is."""
    found = _DESCRIBED.search(question)
    kind = kind_of(plain(found["noun"]).split()[-1]) if found else None
    if (
        found is None
        or kind not in _KINDS
        or is_plural(found["noun"].split()[-1])
        or retriever.embedder.reader is None
    ):
        return question
    if _GOVERNED.search(question[: found.start()]):
        return question  # "is the firm that sells tiles hiring": nothing tells where the clause ends
    clause, rest = found["clause"], ""
    if _INVERTED.search(question[: found.start()]):
        clause, _, verb = clause.rpartition(" ")
        rest = f" {verb}"
    name = _named(f"Which {found['noun']} {clause}?", kind, knowledge, retriever) if clause else ""
    return f"{question[: found.start()]}{name}{rest}{question[found.end() :]}" if name else question


def _named(question: str, kind: str, knowledge: Knowledge, retriever: Retriever) -> str:
    """The one thing of a kind that the likeliest passage names or speaks of; "" when there is none."""
    reading = understand(question, knowledge)
    ranked = reranked(
        reading, knowledge, candidates(reading, knowledge, retriever), retriever.embedder.reader
    )
    for item in ranked[:AMONG]:
        if item.read is None or item.read.answers < ODDS_MIN:
            continue
        spoken = knowledge.spoken_of.get(item.position)
        keys = knowledge.keys_at(item.position) | ({spoken} if spoken else set())
        fitting = [key for key in keys - reading.keys if knowledge.entities[key].kind in {kind, "other"}]
        known = [key for key in fitting if knowledge.entities[key].kind == kind] or fitting
        if len(known) == 1:
            return knowledge.entities[known[0]].name
    return ""
