"""The mentions of a sentence: every name, title and noun phrase in it that may be a member of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.parsing import Token

Span = tuple[int, int]  # characters of the text

WORDS_MAX = 14
PARTS_MAX = 4  # stretches of capitalised words that one name may join: "Ministry of Justice and Home Affairs"
_GAP_TOKENS_MAX = 2  # between two such stretches: "of the"
_LOWER_PARTS = frozenset(
    (
        "of",
        "for",
        "and",
        "the",
        "&",
        "in",
        "on",
        "de",
        "la",
        "du",
        "von",
        "van",
        "der",
        "di",
        "del",
        "at",
        "to",
    )
) | frozenset(("a", "with", "'s", "’s", "-", "–", "/"))
_TOKEN = re.compile(r"[^\s,;()\[\]“”\"]+")
_CAPITAL = re.compile(r"['‘’]?[A-ZÀ-Þ]|\d*[A-Za-z]*[A-Z]|[a-z]+[A-Z]")
_FIGURE = re.compile(r"\d[\d.]*")
_QUOTED = re.compile(r"[‘'“\"`]([^‘’“”\"`]{3,90}?)[’'”\"](?!\w)")
_PHRASE = frozenset(("NOUN", "PROPN", "ADJ", "NUM", "X"))
_PHRASE_END = frozenset(("NOUN", "PROPN", "NUM", "X"))
_PHRASE_GLUE = frozenset(("-", "‑", "–", "/", "’s", "'s", "&"))
_PHRASE_JOINTS = frozenset(("of", "for", "in", "on"))
_ROW_BEFORE = re.compile(r"\w,\s*(?:the |an? )?$")  # "A, B and C": no name "B and C"
# What may stand between two members of one row: a comma, "and", "the", one or two words in lower case.
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BETWEEN = re.compile(
    r"^\s*(?:,|;|/|&|and|or|, and|, or|; and|as well as|, as well as|\(|\),?|\) and)\s*"
    r"(?:the |a |an |in |to |at |by |for |with |from |of |both )?(?:[‘'“\"]|(?:[a-z-]+ ){0,2})?\s*$"
)


def mentions(text: str, tokens: Sequence[Token]) -> list[Span]:
    """The spans of all names, quoted titles and noun phrases, which may overlap, in reading order."""
    found = {*_names(text), *_titles(text), *_phrases(tokens)}
    return sorted(span for span in found if len(text[slice(*span)].split()) <= WORDS_MAX)


def rows(text: str, spans: Sequence[Span]) -> list[int]:
    """For each of some spans that do not overlap, in reading order, the number of the row that it stands in.

    What stands in brackets is no part of the row around them: "Norwegian (2010), Polish (2012) and Hebrew".
    """
    asides = [match.span() for match in _ASIDE.finditer(text)]
    numbers: list[int] = []
    last: dict[Span | None, int] = {}  # by brackets, the span before
    for i, (start, end) in enumerate(spans):
        around = next((aside for aside in asides if aside[0] < start and end < aside[1]), None)
        before = last.get(around)
        goes_on = before is not None and _is_joint(text[spans[before][1] : start])
        numbers.append(numbers[before] if goes_on and before is not None else max(numbers, default=-1) + 1)
        last[around] = i
    return numbers


def _is_joint(gap: str) -> bool:
    return _BETWEEN.match(_ASIDE.sub("", gap)) is not None


def _names(text: str) -> Iterator[Span]:
    """Stretches of capitalised words, and what small words join of them."""
    for stretches in _joined(text):
        for first in range(len(stretches)):
            for last in range(first, min(len(stretches), first + PARTS_MAX)):
                start, end = _trimmed(text, stretches[first][0], stretches[last][1])
                joins_row = " and " in text[start:end] and _ROW_BEFORE.search(text[:start])
                if end - start >= 2 and not joins_row:
                    yield start, end


def _joined(text: str) -> Iterator[list[Span]]:
    """Runs of stretches of capitalised words with no more than small words between them."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    run: list[Span] = []
    gap = 0
    for i, (start, end) in enumerate(tokens):
        word = text[start:end]
        beside = (
            i > 0 and not text[tokens[i - 1][1] : start].strip() and not _ends_sentence(text, tokens[i - 1])
        )
        if run and not beside:
            yield run
            run, gap = [], 0
        if _CAPITAL.match(word) or (run and not gap and _FIGURE.fullmatch(word)):
            if run and not gap:
                run[-1] = (run[-1][0], end)
            else:
                run.append((start, end))
            gap = 0
        elif run and word in _LOWER_PARTS and gap < _GAP_TOKENS_MAX:
            gap += 1
        elif run:
            yield run
            run, gap = [], 0
    if run:
        yield run


def _ends_sentence(text: str, token: Span) -> bool:
    return text[token[1] - 1] in ".:" and token[1] - token[0] > 4


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without the marks at its ends."""
    while end > start and text[end - 1] in ".:'’‘?!":
        end -= 1
    while start < end and text[start] in "'’‘":
        start += 1
    return start, end


def _titles(text: str) -> Iterator[Span]:
    yield from (match.span(1) for match in _QUOTED.finditer(text))


def _phrases(tokens: Sequence[Token]) -> Iterator[Span]:
    """Runs of adjectives and nouns, also with the phrase that "of", "for", "in" or "on" adds."""
    i = 0
    while i < len(tokens):
        if tokens[i].pos not in _PHRASE or tokens[i].text in _PHRASE_GLUE:
            i += 1
            continue
        end = _run_end(tokens, i)
        last = next((j for j in range(end - 1, i - 1, -1) if tokens[j].pos in _PHRASE_END), None)
        if last is not None:
            yield tokens[i].start, tokens[last].end
            further = _joint_end(tokens, last)
            if further is not None:
                yield tokens[i].start, tokens[further].end
        i = end


def _run_end(tokens: Sequence[Token], i: int) -> int:
    """The token behind a run of adjectives and nouns."""
    j = i + 1
    while j < len(tokens):
        glued = (
            tokens[j].text in _PHRASE_GLUE and j + 1 < len(tokens) and tokens[j + 1].pos in _PHRASE | {"VERB"}
        )
        if not glued and tokens[j].pos not in _PHRASE:
            break
        j += 1
    return j


def _joint_end(tokens: Sequence[Token], last: int) -> int | None:
    """The last token of the phrase that a preposition adds to one that ends with token `last`."""
    if last + 2 >= len(tokens) or tokens[last + 1].text not in _PHRASE_JOINTS:
        return None
    first = last + 2 + (tokens[last + 2].pos == "DET" and last + 3 < len(tokens))
    end = first
    while end < len(tokens) and tokens[end].pos in _PHRASE:
        end += 1
    return end - 1 if end > first else None
