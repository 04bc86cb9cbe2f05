"""Of many files with mistakes made at random, none stops the reading, and each that is refused is named."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.mutations import FAULTS, files, outcomes


@pytest.mark.slow
def test_spoilt_files_are_read_or_refused_by_name() -> None:
    found = list(outcomes(500, seed=7))
    assert [(name, each.said) for name, each in found if each.kind in FAULTS] == []
    counts = Counter(each.kind for _, each in found)
    assert min(counts["read"], counts["refused"]) > 50


def test_spoilt_files_are_the_same_for_a_seed() -> None:
    assert list(files(30, seed=3)) == list(files(30, seed=3))
