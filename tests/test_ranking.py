"""Fusing two scores into one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ranking import RANKINGS, Ranking, Scores, fuse, reciprocal_rank_fusion, weighted_mix


def scores(*values: float) -> Scores:
    return np.array(values, dtype=np.float32)


def test_the_mix_weighs_the_dense_score_more() -> None:
    assert weighted_mix(scores(1, 0), scores(0, 1)).tolist() == pytest.approx([0.6, 0.4])


def test_a_reciprocal_score_adds_up_the_ranks() -> None:
    fused = reciprocal_rank_fusion(scores(0.9, 0.1, 0.5), scores(2.0, 3.0, 0.0))
    assert fused.tolist() == pytest.approx([1 / 61 + 1 / 62, 1 / 63 + 1 / 61, 1 / 62])


def test_what_is_not_found_is_not_ranked() -> None:
    assert reciprocal_rank_fusion(scores(0, 0), scores(-0.1, 0)).tolist() == [0, 0]


@pytest.mark.parametrize("ranking", RANKINGS)
def test_what_both_sides_put_first_comes_first(ranking: Ranking) -> None:
    assert fuse(ranking, scores(0.2, 0.9, 0.4), scores(0.1, 1.0, 0.3)).argmax() == 1


@pytest.mark.parametrize("ranking", RANKINGS)
@given(pairs=st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0, 1, width=32)), min_size=1))
def test_better_on_both_sides_is_never_worse(ranking: Ranking, pairs: list[tuple[float, float]]) -> None:
    dense, lexical = scores(*(d for d, _ in pairs)), scores(*(w for _, w in pairs))
    fused = fuse(ranking, dense, lexical)
    better = (dense[:, None] > dense) & (lexical[:, None] > lexical)
    assert (fused[:, None] >= fused)[better].all()
