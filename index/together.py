"""Texts that several threads want encoded at the same moment go through the model in one batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ids = Sequence[int]  # of the tokens of a text
Vectors = NDArray[np.float32]

BATCH_MAX = 8  # a text takes half as long among eight as alone, and no less among sixteen


class _Waiting(NamedTuple):
    ids: Ids
    vector: Future[Vectors]


class Together:
    """Encodes token ids for whoever asks; those that wait meanwhile and are as long go next, together.

    Nothing waits for company: a text that comes alone is encoded at once. Only texts of as many tokens share a
    batch: the encoder of questions then computes bit for bit what it computes for the text alone, so an answer
    does not depend on what others ask at the same time. (Filling lengths up to multiples of 4 makes larger
    batches, but 16 clients get no more from them, and a text alone takes a fifth longer.)
    """

    def __init__(self, encode: Callable[[list[Ids]], Vectors], threads: int) -> None:
        """`encode` is given texts of one length; up to `threads` batches run at once."""
        self._encode = encode
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encode")
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def vector(self, ids: Ids) -> Vectors:
        """The vector of one text, shape (dimension,)."""
        mine = _Waiting(ids, Future())
        with self._lock:
            self._waiting.append(mine)
        self._pool.submit(self._encode_next)
        return mine.vector.result()

    def _encode_next(self) -> None:
        """Encodes the text that has waited longest and those that fit it; nothing when an earlier batch had it."""
        batch = self._next_batch()
        if not batch:
            return
        try:
            vectors = self._encode([waiting.ids for waiting in batch])
        except BaseException as error:
            for waiting in batch:
                waiting.vector.set_exception(error)
            return
        for waiting, vector in zip(batch, vectors, strict=True):
            waiting.vector.set_result(vector)

    def _next_batch(self) -> list[_Waiting]:
        with self._lock:
            if not self._waiting:
                return []
            length = len(self._waiting[0].ids)
            batch = [waiting for waiting in self._waiting if len(waiting.ids) == length][:BATCH_MAX]
            taken = {id(waiting) for waiting in batch}
            self._waiting = [waiting for waiting in self._waiting if id(waiting) not in taken]
            return batch
