"""Facts to take along, as tables and records; and the documents they stand in, for lists of references."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from corpus.document import Document
from corpus.facts import Fact
from corpus.store import Store
from service.facts_table import as_csv

Format = Literal["csv", "json", "bibtex", "csl"]

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "bibtex": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
}
FILE_NAMES: dict[Format, str] = {
    "csv": "facts.csv",
    "json": "facts.json",
    "bibtex": "sources.bib",
    "csl": "sources.json",
}

# What TeX reads as its own; a backslash goes first in the pattern, so that none of ours is escaped again.
_TEX = re.compile(r"[\\{}$&#%_^~]")
_TEX_WORDS = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def exported(store: Store, facts: Sequence[Fact], format: Format) -> str:
    """The facts, or the documents they stand in, in this format."""
    if format == "csv":
        return as_csv(facts)
    if format == "json":
        return _json({"facts": [fact.model_dump(mode="json") for fact in facts], "total": len(facts)})
    documents = [store.document(id) for id in dict.fromkeys(fact.document_id for fact in facts)]
    return as_bibtex(documents) if format == "bibtex" else _json([csl(one) for one in documents])


def as_bibtex(documents: Sequence[Document]) -> str:
    """The documents as BibTeX entries."""
    return "\n".join(map(_bibtex, documents))


def csl(document: Document) -> dict[str, Any]:
    """The document as an item of CSL-JSON."""
    item: dict[str, Any] = {
        "id": document.id,
        "type": "report",
        "title": document.title,
        "language": document.language,
        "note": document.source_name,
    }
    if document.date:
        item["issued"] = {"date-parts": [[int(part) for part in document.date.split("-")]]}
    return item


def _bibtex(document: Document) -> str:
    fields = {
        "title": f"{{{_tex(document.title)}}}",  # braces of its own keep the capitals
        "year": document.date[:4],
        "month": document.date[5:7].lstrip("0"),
        "language": document.language,
        "howpublished": _tex(document.source_name),
        "note": f"ImpactQA {_tex(document.id)}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{document.id},", *lines, "}", ""])


def _tex(text: str) -> str:
    """The text as TeX prints it."""
    return _TEX.sub(lambda sign: _TEX_WORDS.get(sign[0], "\\" + sign[0]), " ".join(text.split()))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
