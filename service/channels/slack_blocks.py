"""An answer as a Slack message: its text with linked marks, its sources, and buttons to judge it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from service.answer import Answer, Citation, Verdict
from service.channels.events import pieces
from service.channels.told import reading, title
from service.writing.copies import composed_by

Block = dict[str, Any]

_SECTION_CHARS_MAX = 3_000  # these are Slack's limits
_BLOCKS_MAX = 50
_ELEMENTS_MAX = 10
_FALLBACK_CHARS_MAX = 3_000  # notifications show its beginning
_SOURCES_MAX = 40  # what is beyond stands on the answer's own page
_QUOTE_CHARS_MAX = 200
_LABELS = {"useful": "Useful", "not_useful": "Not useful", "wrong_source": "Wrong source"}
_MARK = re.compile(r"\[(\d{1,4})\]", re.ASCII)


def message(answer: Answer, base: str) -> dict[str, Any]:
    """The blocks, and the text that notifications and screen readers get instead of them."""
    told = [*_sections(answer, base)]
    below = [*_sources(answer, base), _buttons(answer), _origin(answer, base)]
    room = _BLOCKS_MAX - len(below)
    text = escaped(f"{reading(answer)}{answer.answer}")
    return {"text": text[:_FALLBACK_CHARS_MAX], "blocks": [*told[:room], *below], "unfurl_links": False}


def escaped(text: str) -> str:
    """The text with nothing in it that Slack reads as a link, a mention or a group."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _sections(answer: Answer, base: str) -> Iterator[Block]:
    """The text, cut where Slack needs it."""
    urls = {citation.number: base + citation.url for citation in answer.citations}
    section = ""
    for piece in pieces(f"{reading(answer)}{answer.answer}"):
        linked = _MARK.sub(lambda mark: _linked(mark[0], urls.get(int(mark[1]))), escaped(piece))
        if section and len(section) + len(linked) > _SECTION_CHARS_MAX:
            yield _section(section)
            section = ""
        section += linked
    if section:
        yield _section(section)


def _linked(mark: str, url: str | None) -> str:
    return f"<{url}|{mark}>" if url else mark


def _section(text: str) -> Block:
    return {"type": "section", "text": _words(text[:_SECTION_CHARS_MAX])}


def _words(text: str) -> Block:
    # "verbatim": no address or name in the text becomes a link by itself.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _sources(answer: Answer, base: str) -> Iterator[Block]:
    if not answer.citations and answer.nearest:
        yield {"type": "context", "elements": [_words("The nearest passages, which do not answer it:")]}
    listed = [_source(one, base, f"[{one.number}] ") for one in answer.citations]
    shown = (listed or [_source(one, base, "") for one in answer.nearest])[:_SOURCES_MAX]
    for first in range(0, len(shown), _ELEMENTS_MAX):
        some = shown[first : first + _ELEMENTS_MAX]
        yield {"type": "context", "elements": [_words(source) for source in some]}


def _source(citation: Citation, base: str, mark: str) -> str:
    quote = " ".join(citation.quote.split())
    clipped = quote if len(quote) <= _QUOTE_CHARS_MAX else f"{quote[:_QUOTE_CHARS_MAX]}…"
    name = escaped(title(citation)).replace("|", "¦")
    return f"<{base}{citation.url}|{mark}{name}> “{escaped(clipped)}”"


def _buttons(answer: Answer) -> Block:
    buttons = [
        {
            "type": "button",
            "action_id": verdict,
            "value": answer.id,
            "text": {"type": "plain_text", "text": _LABELS[verdict]},
        }
        for verdict in get_args(Verdict)
    ]
    return {"type": "actions", "elements": buttons}


def _origin(answer: Answer, base: str) -> Block:
    told = escaped(f"Automatic answer, quoted from reports. {composed_by(answer)}")
    return {"type": "context", "elements": [_words(f"{told} <{base}/answers/{answer.id}|Open it>")]}
