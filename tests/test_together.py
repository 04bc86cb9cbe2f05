"""Encoding together: everyone gets their own vector, in batches of one length, and failures reach who waits."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.together import BATCH_MAX, Ids, Together, Vectors


class Encoder:
    """An encoder that keeps what it was given, and waits for a sign before its first batch."""

    def __init__(self) -> None:
        self.batches: list[list[Ids]] = []
        self.go = threading.Event()

    def encode(self, texts: list[Ids]) -> Vectors:
        self.batches.append(texts)
        self.go.wait(10)
        if any(0 in ids for ids in texts):
            raise ValueError("0 is no token")
        return np.array([[sum(ids)] for ids in texts], dtype=np.float32)


def test_those_that_wait_are_encoded_together_and_get_their_own() -> None:
    encoder = Encoder()
    together = Together(encoder.encode, threads=1)
    texts = [[number] * (3 + number % 6) for number in range(1, 31)]
    with ThreadPoolExecutor(30) as pool:
        found = [pool.submit(together.vector, ids) for ids in texts]
        while len(together._waiting) + sum(map(len, encoder.batches)) < len(texts):
            time.sleep(0.001)
        encoder.go.set()
        assert [float(vector.result()[0]) for vector in found] == [sum(ids) for ids in texts]
    assert len(encoder.batches) < len(texts) / 2
    assert max(map(len, encoder.batches)) <= BATCH_MAX


def test_a_batch_has_texts_of_one_length() -> None:
    encoder = Encoder()
    encoder.go.set()
    together = Together(encoder.encode, threads=2)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(together.vector, [[1] * (length % 7 + 1) for length in range(40)]))
    assert all(len({len(ids) for ids in batch}) == 1 for batch in encoder.batches)


def test_a_failure_reaches_who_waits_and_nobody_later() -> None:
    encoder = Encoder()
    encoder.go.set()
    together = Together(encoder.encode, threads=1)
    with pytest.raises(ValueError, match="0 is no token"):
        together.vector([1, 0])
    assert together.vector([1, 2])[0] == 3
