"""JSON that is no table of facts: its names become headings, its texts paragraphs, its values rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from corpus.assembly import Draft, Kind, Source, assembled
from corpus.columns import row
from corpus.document import Document
from corpus.layout import drafts
from corpus.normalise import plain
from corpus.readers.encoding import ReadError
from corpus.traced import Traced

_TITLES = ("title", "name", "heading", "label")
_TEXT_CHARS_MIN = 100  # a longer value is text, not a value


def read(source: Source) -> Document:
    """The document of JSON or JSON Lines. Raises ReadError for what is neither.

    Its characters lead back to no byte, since JSON escapes them.
    """
    try:
        found = list(_blocks(_loaded(source.text, by_line=source.media_type == "application/jsonl")))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{source.name!r} is no valid JSON: {error}. Correct it.") from error
    return assembled(source, found)


def _loaded(text: str, by_line: bool) -> Any:
    return [json.loads(line) for line in text.splitlines() if line.strip()] if by_line else json.loads(text)


def _blocks(value: Any) -> Iterator[Draft]:
    if isinstance(value, dict):
        yield from _record(value)
    elif isinstance(value, list):
        for member in value:
            if isinstance(member, dict | list):
                yield from _blocks(member)
            else:
                yield from _draft("item", _shown(member))
    else:
        yield from _text(_shown(value))


def _record(record: dict[str, Any]) -> Iterator[Draft]:
    """The title of a record, its short values as one row, then its texts and inner records by name."""
    rest = {name: value for name, value in record.items() if value not in (None, "")}
    title = next((n for n in rest if n.lower() in _TITLES and isinstance(rest[n], str)), None)
    if title and not all(map(_is_short, rest.values())):
        yield from _draft("heading", rest.pop(title))
    short = {name: _shown(value) for name, value in rest.items() if _is_short(value)}
    values = row([_traced(_worded(name)) for name in short], list(map(_traced, short.values())))
    if values:
        yield Draft("row", values)
    for name, value in rest.items():
        if name not in short:
            yield from _draft("heading", _worded(name))
            yield from _text(value) if isinstance(value, str) else _blocks(value)


def _is_short(value: Any) -> bool:
    if isinstance(value, list):
        return (
            not any(isinstance(member, dict | list) for member in value)
            and len(_shown(value)) < _TEXT_CHARS_MIN
        )
    return not isinstance(value, dict) and len(_shown(value)) < _TEXT_CHARS_MIN


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _worded(name: str) -> str:
    """A name as a heading: "project_aims" as "Project aims"."""
    words = " ".join(name.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def _text(text: str) -> Iterator[Draft]:
    yield from drafts(Traced.inserted(text))


def _traced(text: str) -> Traced:
    return plain(Traced.inserted(text))


def _draft(kind: Kind, text: str) -> Iterator[Draft]:
    content = _traced(text)
    if content:
        yield Draft(kind, content)
