"""Whether a sentence stands on what it cites: each of its numbers and names occurs in the cited words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from corpus.numerals import DIGITS, WORDS, value_of
from corpus.places import places, within
from corpus.remembered import remembered
from corpus.taxonomy import plain
from service.answer import Answer, Citation, Value

_NUMBER = re.compile(rf"(?<![\d.,]){DIGITS}|(?<![\w-])(?:{WORDS})(?![\w-])", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+")
# A word written like a name: with a capital anywhere in it ("mRNA", "EU-AIMS"), not the M of "50M".
_NAME = re.compile(r"(?<![^\W_])[^\W\d_][\w&+’'.-]*")
_MARKED = re.compile(r"(?P<text>.*?)(?P<marks>(?:[\s–]?\[\d+\])+)(?=[\s:]|$)|(?P<bare>.+)$", re.DOTALL)
# Words that answers begin with or write of their own; no report needs to have them.
_OWN = frozenset(
    word
    for words in (
        "yes no not yet the a an of in on at by for from and or together both",
        "there it its they their this these those that more other others another report reports",
    )
    for word in words.split()
)


class Sentence(NamedTuple):
    """A sentence of an answer, the numbers of the citations behind it, and where it starts in the answer."""

    text: str
    citations: tuple[int, ...]
    start: int


def sentences(answer: Answer) -> Iterator[Sentence]:
    """The sentences of an answer, each with its marks ("[2][3]", "[1]–[7]"); without them, no citations."""
    start = 0
    for line in answer.answer.split("\n"):
        for match in _MARKED.finditer(line):
            text = match["text"] or match["bare"] or ""
            if stripped := text.strip(" -:"):
                before = len(text) - len(text.lstrip(" -:"))
                yield Sentence(stripped, tuple(_marked(match["marks"] or "")), start + match.start() + before)
        start += len(line) + 1


def strangers(text: str, sources: Iterable[str]) -> list[str]:
    """The numbers and names of a text that no source holds, as they are printed.

    Numbers are compared by value ("three" is 3), names word by word; a place stands on a source that names
    it otherwise or names what lies in it ("French" for France, Berlin for Germany).
    """
    listed = list(sources)
    said = {word for source in listed for word in _TOKEN.findall(plain(source))}
    said |= {word.removesuffix("s") for word in said}  # one of the "SMEs" is an SME
    values = {_value(number) for source in listed for number in _numbers(source)}
    missing = [number for number in _numbers(text) if _value(number) not in values]
    names = [name for name in names_in(text) if not said.issuperset(_TOKEN.findall(plain(name)))]
    return missing + (_not_placed(text, names, listed) if names else [])


def ungrounded(answer: Answer) -> tuple[int, list[str]]:
    """(sentences counted, one fault for each that is not cited or holds what its citations do not)."""
    quotes = {citation.number: words_of(citation) for citation in answer.citations}
    shown = list(formulas(answer))
    told = list(sentences(answer))
    faults = []
    for sentence in told:
        cited = [quotes[number] for number in sentence.citations if number in quotes]
        if len(cited) < max(len(sentence.citations), 1):
            faults.append(f"'{sentence.text}' cites nothing")
        elif missing := strangers(sentence.text, cited + shown):
            faults.append(f"'{sentence.text}' cites nothing that says {', '.join(missing)}")
    return len(told), faults


def names_in(text: str) -> Iterator[str]:
    """The words of a text that are written like names, in order."""
    for match in _NAME.finditer(text):
        word = match[0].rstrip(".-'’")
        if any(char.isupper() for char in word) and plain(word) not in _OWN:
            yield word


def _marked(marks: str) -> Iterator[int]:
    """The numbers of marks, a dash standing for all between."""
    previous, goes_on = 0, False
    for part in re.findall(r"\d+|–", marks):
        if part == "–":
            goes_on = True
            continue
        yield from range(previous + 1 if goes_on else int(part), int(part) + 1)
        previous, goes_on = int(part), False


def _not_placed(text: str, names: Sequence[str], sources: Sequence[str]) -> list[str]:
    named = [place for source in sources for place in places(source)]
    stand = {
        word
        for place in places(text)
        if any(within(other.name, place.name) for other in named)
        for word in _TOKEN.findall(plain(place.text))
    }
    return [name for name in names if not stand.issuperset(_TOKEN.findall(plain(name)))]


def words_of(citation: Citation) -> str:
    """What a citation lets a sentence say: its quote, and what a person corrected in it, who and when."""
    changes = [f"{change.now} | {change.by} | {change.at[:10]}" for change in citation.corrections]
    return " | ".join([citation.quote, *changes])


def formulas(answer: Answer) -> Iterator[str]:
    """How the computed figures of an answer were worked out, and what came out."""
    values: Sequence[Value] = (*answer.values, *(v for conflict in answer.conflicts for v in conflict.values))
    for value in values:
        if value.formula:
            yield f"{value.formula} = {value.value} {value.unit}"


@remembered
def _numbers(text: str) -> list[str]:
    return [match[0] for match in _NUMBER.finditer(text)]


def _value(printed: str) -> float | str:
    try:
        return value_of(printed)
    except ValueError:
        return plain(printed)
