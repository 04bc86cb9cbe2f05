"""Answers as tests put them together: what is not given is empty."""

from __future__ import annotations

from typing import Any

from service.answer import Answer, Citation, Coverage, UnderstoodAs


def answer_of(text: str, understood_as: UnderstoodAs, *quotes: str, **fields: Any) -> Answer:
    """An answer with a citation for each quote; without a text it is none."""
    return Answer(
        id="",
        question="",
        standalone_question="",
        understood_as=understood_as,
        status="answered" if text else "no_answer",
        answer=text,
        coverage=Coverage(facts_matched=1, documents_searched=1),
        citations=tuple(cited(number, quote) for number, quote in enumerate(quotes, 1)),
        **fields,
    )


def cited(number: int, quote: str) -> Citation:
    """A citation of words that stand at the start of some document."""
    return Citation(
        number=number,
        id=f"cit_{number}",
        document_id="doc_1",
        document_title="A title",
        quote=quote,
        start=0,
        end=len(quote),
        url="",
        document_sha256="",
    )
