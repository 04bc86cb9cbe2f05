"""What training learnt about mentions: whether one is a thing, of what sort it is, whether it is asked for.

A mention is seen as the states of its wordpieces in their sentence: their mean, the first and the last one.
docs/member-reader.md tells what was learnt from what, and what came of it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from index.embedder import Matrix, TokenStates
from service.lists.mentions import Span

WEIGHTS = "data/mentions.safetensors"


def seen(states: TokenStates, spans: list[Span]) -> Matrix:
    """The mentions as the network takes them, shape (len(spans), 3 x dimension); zeros for one beyond the model's limit."""
    starts = np.array([start for start, _ in states.offsets])
    ends = np.array([end for _, end in states.offsets])
    found = np.zeros((len(spans), 3 * states.states.shape[1]), dtype=np.float32)
    for row, (start, end) in enumerate(spans):
        pieces = states.states[(ends > start) & (starts < end) & (ends > starts)]
        if len(pieces):
            found[row] = np.concatenate([pieces.mean(0), pieces[0], pieces[-1]])
    return found


class MentionNetwork:
    """The learnt maps, as matrices; `scores` takes the features of service/lists/mention_features.py."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._weights = weights

    def things(self, mentions: Matrix) -> Matrix:
        """How surely each mention is a thing, cut rightly; shape (mentions,)."""
        found: Matrix = self._mapped("thing", mentions)[:, 0]
        return found

    def sorts(self, mentions: Matrix) -> Matrix:
        """Of what sort each mention is: unit vectors near those of the nouns that fit."""
        return _units(self._mapped("sort", mentions))

    def noun(self, embedding: Matrix) -> Matrix:
        """The vector of a noun near which mentions of its sort lie; shape (size,)."""
        found: Matrix = _units(self._mapped("noun", embedding.reshape(1, -1)))[0]
        return found

    def scores(self, features: Matrix) -> Matrix:
        """The log-odds that each mention is a member of the list asked for; shape (mentions,)."""
        hidden: Matrix = np.tanh(self._mapped("hidden", features))
        found: Matrix = (self._mapped("linear", features) + self._mapped("output", hidden))[:, 0]
        return found

    def _mapped(self, name: str, rows: Matrix) -> Matrix:
        mapped: Matrix = rows @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return mapped


@lru_cache(maxsize=1)
def network() -> MentionNetwork:
    """The network as it was trained, read once."""
    from safetensors.numpy import load

    stored = load(files("service").joinpath(WEIGHTS).read_bytes())
    return MentionNetwork({name: tensor.astype(np.float32) for name, tensor in stored.items()})


def _units(rows: Matrix) -> Matrix:
    units: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return units
