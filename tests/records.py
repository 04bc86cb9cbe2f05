"""Records for the tests of the store: a few lines of text, each a passage and a fact."""

from __future__ import annotations

import hashlib
from typing import Any

from corpus.document import Block, Document, Run
from corpus.facts import Entity, Fact
from corpus.passages import Passage
from corpus.selectors import select

Records = tuple[Document, list[Passage], list[Entity], list[Fact]]


def report(name: str, *lines: str, title: str = "Report", **fields: Any) -> Records:
    """A document whose every line is a passage and a fact (a patent unless `fields` say otherwise)."""
    fields.setdefault("outcome_type", "patent")
    text = "\n".join(lines)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    id = f"doc_{sha256[:16]}"
    spans = [(sum(map(len, lines[:n])) + n, sum(map(len, lines[: n + 1])) + n) for n in range(len(lines))]
    document = Document(
        id=id,
        title=title,
        source_name=name,
        media_type="text/plain",
        sha256=sha256,
        encoding="utf-8",
        text=text,
        blocks=tuple(Block(kind="paragraph", start=start, end=end) for start, end in spans),
        runs=(Run(0, len(text), 0),),
    )
    passages = [
        Passage(
            id=f"psg_{id}_{n}",
            document_id=id,
            start=start,
            end=end,
            text=text[start:end],
            section="",
            kind="sentence",
            block=n,
        )
        for n, (start, end) in enumerate(spans)
    ]
    facts = [
        Fact(
            id=f"fct_{id}_{n}",
            document_id=id,
            selector=select(text, *span),
            **{"outcome_type": "patent"} | fields,
        )
        for n, span in enumerate(spans)
    ]
    norvia = Entity(key="norvia", document_id=id, name="Norvia Biotech", kind="company", mentions=((0, 3),))
    return document, passages, [norvia], facts
