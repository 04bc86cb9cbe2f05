"""A corpus grown from real text: passages of the documents at hand, then halves of two of them joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import numpy as np

from index.build import Entry
from index.embedder import Embedder, Matrix

_SHARE = 0.6  # of the second passage in the vector of two: as near to its neighbours as real passages are
_NOISE = 0.02


class Grown:
    """Texts with vectors of their own, the first `len(texts)` real, as many more as are asked for grown.

    Encoding a million passages takes ten hours on one core; their vectors are mixed from those of the
    passages that they are joined from, which is near to what the model makes of such texts.
    """

    def __init__(self, texts: Sequence[str], vectors: Matrix, size: int) -> None:
        chance = np.random.default_rng(20_240_131)
        grown = max(size - len(texts), 0)
        first = chance.integers(len(texts), size=grown)
        second = chance.integers(len(texts), size=grown)
        self.texts = [*texts[:size], *_joined(texts, first.tolist(), second.tolist())]
        self.vectors = np.empty((size, vectors.shape[1]), dtype=np.float32)
        real = min(len(texts), size)
        self.vectors[:real] = vectors[:real]
        for start in range(0, grown, 100_000):  # a million at once would need twice the memory
            part = slice(start, min(start + 100_000, grown))
            mixed = vectors[first[part]] + _SHARE * vectors[second[part]]
            mixed += _NOISE * chance.standard_normal(mixed.shape, dtype=np.float32)
            mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
            self.vectors[real + part.start : real + part.stop] = mixed

    def entries(self) -> list[Entry]:
        """Each text as a passage; a thousand make a document."""
        return [
            Entry(f"psg_{number:07}", "passage", f"doc_{number // 1000:04}", text)
            for number, text in enumerate(self.texts)
        ]

    def embedder(self, embedder: Embedder) -> Embedder:
        """The embedder, which knows the vectors of these texts."""
        return _Knowing(embedder, {text: number for number, text in enumerate(self.texts)}, self.vectors)


class _Knowing:
    def __init__(self, embedder: Embedder, rows: Mapping[str, int], vectors: Matrix) -> None:
        self._embedder, self._rows, self._vectors = embedder, rows, vectors
        self.name, self.dimension = embedder.name, embedder.dimension
        self.reader = embedder.reader

    def encode(self, texts: Sequence[str]) -> Matrix:
        known = [self._rows.get(text) for text in texts]
        if any(row is None for row in known):
            return self._embedder.encode(texts)
        return np.asarray(self._vectors[[row for row in known if row is not None]], dtype=np.float32)

    def encode_question(self, text: str) -> Matrix:
        return self._embedder.encode_question(text)


def _joined(texts: Sequence[str], first: Sequence[int], second: Sequence[int]) -> Iterator[str]:
    """The first words of one text and the last of another; a number tells equal joins apart."""
    for number, (one, other) in enumerate(zip(first, second, strict=True)):
        opening, ending = texts[one].split(), texts[other].split()
        yield " ".join([*opening[: len(opening) // 2], *ending[len(ending) // 2 :], str(number)])


def varied(questions: Sequence[str]) -> Iterator[str]:
    """Ever more questions, no two the same, so that none is answered from what is remembered of another."""
    yield from questions
    for year in count(1900):
        yield from (f"{question.rstrip('?')} in {year}?" for question in questions)
