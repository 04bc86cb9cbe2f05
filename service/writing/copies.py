"""An answer to take along: question, text, numbered sources and where it came from, in other formats."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import partial
from typing import Literal

from markupsafe import Markup, escape

from service.answer import Answer, Citation, Wording
from service.facts_table import csv_text
from service.writing.prose import MARKER, as_html

Format = Literal["text", "markdown", "html", "csv"]

MEDIA_TYPES: dict[Format, str] = {
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "csv": "text/csv",
}

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def copied(answer: Answer, format: Format, url: str) -> str:
    """The answer in this format; `url` is its own address."""
    if format == "csv":
        return csv_text(["answer", "quote", "document", "section", "page"], _rows(answer))
    return {"text": _as_text, "markdown": _as_markdown, "html": _as_html}[format](answer, url)


def composed_by(answer: Answer) -> str:
    """Whether a language model had a hand in it."""
    if answer.restated_by:
        question = answer.standalone_question
        restated = f"The language model {answer.restated_by} put the question in other words: “{question}”"
        return f"{restated} {_worded_by(answer.wording)}" if answer.wording else restated
    return _worded_by(answer.wording) if answer.wording else "No language model was used."


def _worded_by(wording: Wording) -> str:
    if not wording.reworded:
        return (
            f"The language model {wording.model} was asked to reword the answer; none of its words were used."
        )
    count = len(wording.reworded)
    sentences = "1 sentence is" if count == 1 else f"{count} sentences are"
    return f"{sentences} worded by the language model {wording.model} and checked against ours."


def _as_text(answer: Answer, url: str) -> str:
    sources = [f"[{one.number}] “{_flat(one.quote)}” {_where(one)}" for one in answer.citations]
    listed = ["Sources", *sources, ""] if sources else []
    return "\n".join([answer.question, "", answer.answer, "", *listed, _origin(answer), url, ""])


def _as_markdown(answer: Answer, url: str) -> str:
    text = "\n".join(_marked_down(line) for line in answer.answer.splitlines() if line.strip())
    sources = [
        f"{one.number}. > {_escaped(_flat(one.quote))}\n\n   {_escaped(_where(one))}"
        for one in answer.citations
    ]
    listed = ["**Sources**", "", *sources, ""] if sources else []
    origin = f"*{_escaped(_origin(answer))}* <{url}>"
    return "\n".join([f"## {_escaped(answer.question)}", text, "", *listed, origin, ""])


def _as_html(answer: Answer, url: str) -> str:
    """HTML without classes or scripts, to paste into a document."""
    numbers = {one.number for one in answer.citations}
    sources = Markup("\n").join(
        Markup('<li value="{}"><q>{}</q> {}</li>').format(one.number, _flat(one.quote), _where(one))
        for one in answer.citations
    )
    listed = Markup("<p><b>Sources</b></p>\n<ol>\n{}\n</ol>\n").format(sources) if sources else Markup("")
    return Markup('<h2>{}</h2>\n{}\n{}<p><i>{}</i> <a href="{}">{}</a></p>\n').format(
        answer.question,
        as_html(answer.answer, partial(_raised, numbers=numbers)),
        listed,
        _origin(answer),
        url,
        url,
    )


def _rows(answer: Answer) -> Iterator[tuple[object, ...]]:
    """A row for each member or figure of the answer and each of its sources; without any, for each source."""
    told = [(item.label, item.citations) for item in answer.items]
    told = told or [(f"{value.value} {value.unit}".strip(), value.citations) for value in answer.values]
    told = told or [("", tuple(one.number for one in answer.citations))]
    by_number = {one.number: one for one in answer.citations}
    for name, numbers in told:
        for one in (by_number[number] for number in numbers if number in by_number):
            yield name, _flat(one.quote), one.document_title, one.section, one.page


def _where(citation: Citation) -> str:
    """Title, section and page of a citation, as one reads them."""
    page = f"page {citation.page}" if citation.page else ""
    parts = dict.fromkeys(
        (citation.document_title, citation.section, page)
    )  # a title may head its own section
    return ", ".join(part for part in parts if part)


def _origin(answer: Answer) -> str:
    return f"Automated answer from report passages. {composed_by(answer)}"


def _flat(quote: str) -> str:
    return " ".join(quote.split())


def _escaped(text: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", text)


def _marked_down(line: str) -> str:
    """A line of the answer, its own bullet and markers kept."""
    bullet = "- " if line.startswith("- ") else ""
    escaped = _escaped(line.removeprefix("- "))
    return (bullet or "\n") + re.sub(r"\\\[(\d{1,4})\\\]", r"[\1]", escaped)


def _raised(text: str, numbers: Collection[int]) -> Markup:
    """The text with the marks of sources raised."""
    parts = MARKER.split(text)
    return Markup("").join(
        _mark(int(part), numbers) if at % 2 else escape(part) for at, part in enumerate(parts)
    )


def _mark(number: int, numbers: Collection[int]) -> Markup:
    return Markup("<sup>[{}]</sup>" if number in numbers else "[{}]").format(number)
