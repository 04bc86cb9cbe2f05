"""What every chat channel tells of an answer: where its marks stand, and what they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import Request

from corpus.queries import NotFound
from service.answer import Answer, AskRequest, Citation
from service.channels.inert import inert
from service.parts import Parts


class Mark(NamedTuple):
    """A citation mark [n] in a text, at [start, end)."""

    start: int
    end: int
    citation: Citation


def shown(answer: Answer) -> str:
    """The text for front ends that read Markdown, behind the question where a language model put that otherwise."""
    return inert(f"{reading(answer)}{answer.answer}")


def reading(answer: Answer) -> str:
    """How a language model put the question that is answered, as a line before the answer; "" where none did."""
    if not answer.restated_by:
        return ""
    return f"Read by the language model {answer.restated_by} as “{answer.standalone_question}”\n\n"


def marks(answer: Answer) -> Iterator[Mark]:
    """The first mark of each citation in what is shown, in its order; a range "[1]–[9]" stands for all in it."""
    by_number = {citation.number: citation for citation in answer.citations}
    for match in re.finditer(r"\[(\d+)\](?:[–-]\[(\d+)\])?", shown(answer)):
        first, last = int(match[1]), int(match[2] or match[1])
        for number in range(first, last + 1):
            if citation := by_number.pop(number, None):
                yield Mark(match.start(), match.end(), citation)


def title(citation: Citation) -> str:
    """The document's title, with the page where it has pages."""
    return f"{citation.document_title}, p. {citation.page}" if citation.page else citation.document_title


def base_of(request: Request) -> str:
    """What the addresses of this service begin with, as people reach it."""
    public: str = request.app.state.parts.settings.public_url or str(request.base_url)
    return public.rstrip("/")


def address(request: Request, citation: Citation) -> str:
    """Where a person sees the cited words: an absolute address of this service."""
    return f"{base_of(request)}{citation.url}"


async def answered(parts: Parts, question: str, conversation_id: Any) -> Answer:
    """The answer to a question of a conversation, of a new one where the service no longer knows that."""
    known = conversation_id if isinstance(conversation_id, str) else None
    try:
        return await parts.answer(AskRequest(question=question, conversation_id=known or None))
    except NotFound:
        return await parts.answer(AskRequest(question=question))


def with_sources(answer: Answer, request: Request) -> str:
    """The text with a Markdown list of its sources, for clients that show nothing else of them."""
    if not answer.citations:
        return shown(answer)
    sources = [
        f"{citation.number}. [{_plain(title(citation))}]({address(request, citation)}): “{inert(' '.join(citation.quote.split()))}”"
        for citation in answer.citations
    ]
    return "\n".join([shown(answer), "", "**Sources**", "", *sources])


def _plain(text: str) -> str:
    """The text in one line, without what Markdown would read."""
    return re.sub(r"([\\`*_\[\]<>!])", r"\\\1", " ".join(text.split()))
