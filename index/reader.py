"""Reading a passage with a question beside it: whether it answers, and which of its words are what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.export import ANSWERS, IDS, INSIDE, MASK, READER_GRAPH, TOKENIZER, TYPES
from index.graphs import session

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QUESTION_PIECES_MAX = 36
TITLE_PIECES_MAX = 12  # of the document's title
BEFORE_PIECES_MAX = 26  # of the sentence before, its last ones
PASSAGE_PIECES_MAX = 120
READS_KEPT = 4096  # 1 KB each
UNREAD = -9.0  # log-odds of what lies beyond the pieces that are read
FIRST, SEPARATOR = 101, 102  # the ids of [CLS] and [SEP]

Odds = NDArray[np.float32]


class Passage(NamedTuple):
    """A passage with what it stands in."""

    title: str
    before: str  # the sentence before it, "" at the beginning of a section
    text: str


class Read(NamedTuple):
    """What the reader makes of one passage."""

    answers: float  # log-odds that the passage answers the question
    inside: Odds  # log-odds of each wordpiece of the passage to be part of what is asked for
    offsets: Sequence[tuple[int, int]]  # start and end of each wordpiece in the text of the passage

    def asked(self) -> list[tuple[int, int]]:
        """Start and end of each stretch of the passage that is likelier than not what is asked for, likeliest first."""
        likely = self.inside > 0
        found: list[tuple[float, int, int]] = []
        for i, (start, end) in enumerate(self.offsets):
            if likely[i] and i and likely[i - 1]:
                odds, first, _ = found[-1]
                found[-1] = (max(odds, float(self.inside[i])), first, end)
            elif likely[i]:
                found.append((float(self.inside[i]), start, end))
        return [(start, end) for _, start, end in sorted(found, key=lambda item: (-item[0], item[1]))]

    def odds_of(self, start: int, end: int) -> float:
        """The log-odds of the likeliest wordpiece between two characters of the passage; UNREAD when none was read."""
        return max(self._between(start, end), default=UNREAD)

    def least_odds_of(self, start: int, end: int) -> float:
        """The log-odds of the least likely wordpiece between two characters; UNREAD when none was read."""
        return min(self._between(start, end), default=UNREAD)

    def _between(self, start: int, end: int) -> list[float]:
        return [
            float(odds)
            for odds, (first, last) in zip(self.inside, self.offsets, strict=True)
            if first < end and start < last
        ]

    def borders(self, spans: Sequence[tuple[int, int]]) -> Odds:
        """How much more the least likely wordpiece of each span is what is asked for than the likelier one beside it."""
        starts, ends = np.array(self.offsets, dtype=np.int64).reshape(-1, 2).T
        around = np.concatenate([[UNREAD], self.inside, [UNREAD]])
        found = []
        for start, end in spans:
            first, behind = np.searchsorted(ends, start, "right"), np.searchsorted(starts, end, "left")
            inside = self.inside[first:behind]
            least = float(inside.min()) if len(inside) else UNREAD
            found.append(least - max(around[first], around[behind + 1]))
        return np.array(found, dtype=np.float32)


class Pair(NamedTuple):
    """A question and a passage as the network takes them."""

    ids: list[int]
    start: int  # of the passage among the ids; what is before it has type 0, it and what is behind it type 1
    offsets: Sequence[tuple[int, int]]  # of the wordpieces of the passage in its text


def pair_tokenizer(file: Path) -> Tokenizer:
    """A tokenizer that neither cuts nor pads: `paired` cuts each part by itself."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def paired(tokenizer: Tokenizer, question: str, passage: Passage) -> Pair:
    """The question, what the passage stands in, and the passage, each behind the other, none of them too long."""
    asked, _ = _pieces(tokenizer, question)
    title, _ = _pieces(tokenizer, passage.title)
    before, _ = _pieces(tokenizer, passage.before)
    text, offsets = _pieces(tokenizer, passage.text)
    first = [FIRST, *asked[:QUESTION_PIECES_MAX], SEPARATOR]
    around = [*title[:TITLE_PIECES_MAX], *before[-BEFORE_PIECES_MAX:], SEPARATOR]
    ids = [*first, *around, *text[:PASSAGE_PIECES_MAX], SEPARATOR]
    return Pair(ids, len(first) + len(around), offsets[:PASSAGE_PIECES_MAX])


def _pieces(tokenizer: Tokenizer, text: str) -> tuple[Sequence[int], Sequence[tuple[int, int]]]:
    found = tokenizer.encode(text.encode("utf-8", "replace").decode(), add_special_tokens=False)
    return found.ids, found.offsets


class PassageReader:
    """The network of docs/reader.md over the graph that index.export made of it.

    Each passage is read alone, so that what is read in it depends on no other one; `threads` are read at once.
    """

    def __init__(self, place: Path, threads: int = 2) -> None:
        self.place = place
        self._tokenizer = pair_tokenizer(place / TOKENIZER)
        self._session = session(place / READER_GRAPH)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reader")
        self._remembered = lru_cache(READS_KEPT)(self._read)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Read]:
        """What is read in each passage with the question beside it."""
        return list(self._pool.map(lambda passage: self._remembered(question, passage), passages))

    def _read(self, question: str, passage: Passage) -> Read:
        pair = paired(self._tokenizer, question, passage)
        ids = np.array([pair.ids], dtype=np.int64)
        types = (np.arange(ids.shape[1]) >= pair.start).astype(np.int64)[None, :]
        fed = {IDS: ids, MASK: np.ones_like(ids), TYPES: types}
        answers, inside = self._session.run([ANSWERS, INSIDE], fed)
        words = np.asarray(inside[0, pair.start : pair.start + len(pair.offsets)])
        return Read(float(answers[0]), words, pair.offsets)
