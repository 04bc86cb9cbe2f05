"""Plain characters: what PDF export and word processors put into a text is undone before it is read."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from importlib.resources import files

from corpus.traced import Edit, Traced

_WORDS: dict[str, str] = tomllib.loads(files("corpus").joinpath("data/text.toml").read_text("utf-8"))


def word_list(name: str) -> frozenset[str]:
    """The words that data/text.toml lists under `name`."""
    return frozenset(_WORDS[name].split())


FUNCTION_WORDS = word_list("function_words")

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_CONTROLS = "".join(map(chr, (*range(1, 9), *range(14, 32), *range(127, 133), *range(134, 160))))
_DIRECTIONS = (
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # that turn round what is shown
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff" + _DIRECTIONS + _CONTROLS
_REPLACEMENTS = {
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys(("\r\n", "\r", "\v", "\x85", "\u2028", "\u2029"), "\n"),
    **dict.fromkeys("\u2010\u2011", "-"),
    **{ligature: unicodedata.normalize("NFKC", ligature) for ligature in "ﬀﬁﬂﬃﬄﬅﬆ"},
}
_SOFT_BREAK = re.compile(r"\u00ad[ \t]*(?:\r\n?|\n)[ \t]*")
_ODD = re.compile(
    rf"{_SOFT_BREAK.pattern}|\r\n|[^\W\d_](?:{_SOFT_BREAK.pattern}|[\u0300-\u036f{re.escape(_INVISIBLE)}])*[\u0300-\u036f]"
    rf"|[{re.escape(''.join(odd for odd in _REPLACEMENTS if len(odd) == 1))}]"
)


def characters(text: str) -> Iterator[Edit]:
    """Odd spaces become plain ones, line ends "\\n", ligatures letters; invisible characters go.

    So a thousands separator is a plain space whatever it was: "18 000" stays one number, as printed.
    """
    for match in _ODD.finditer(text):
        odd = match.group()
        plain = _plain(_SOFT_BREAK.sub("", odd))
        if plain != odd:
            yield Edit(match.start(), match.end(), plain)


def _plain(odd: str) -> str:
    """What stands for these characters; a letter and its accents are composed."""
    if odd in _REPLACEMENTS:
        return _REPLACEMENTS[odd]
    return unicodedata.normalize("NFC", "".join(_REPLACEMENTS.get(character, character) for character in odd))


def white_space(text: str) -> Iterator[Edit]:
    """Each stretch of white space becomes one space; none stays before a stop that had a line of its own."""
    for match in re.finditer(r"\s+", text):
        below = text[match.end() : match.end() + 1]
        space = "" if "\n" in match.group() and below and below in ".,;:)" else " "
        if space != match.group():
            yield Edit(match.start(), match.end(), space)


def plain(content: Traced) -> Traced:
    """One line of plain characters, without white space at its ends."""
    return content.ruled(characters, white_space).strip()
