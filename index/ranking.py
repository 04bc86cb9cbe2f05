"""One score out of two: what the vectors say of an entry and what its words say."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Ranking = Literal["weighted", "reciprocal", "dense", "lexical"]
RANKINGS: tuple[Ranking, ...] = get_args(Ranking)

DENSE_WEIGHT = 0.6
RECIPROCAL_K = 60


def fuse(ranking: Ranking, dense: Scores, lexical: Scores) -> Scores:
    """The score of each candidate under `ranking`, from its cosine and its share of the best BM25 score."""
    match ranking:
        case "weighted":
            return weighted_mix(dense, lexical)
        case "reciprocal":
            return reciprocal_rank_fusion(dense, lexical)
        case "dense":
            return dense
        case "lexical":
            return lexical


def weighted_mix(dense: Scores, lexical: Scores, dense_weight: float = DENSE_WEIGHT) -> Scores:
    """The mean of both scores, `dense_weight` going to the dense one; `lexical` is BM25 over its maximum."""
    return np.asarray(dense_weight * dense + (1 - dense_weight) * lexical, dtype=np.float32)


def reciprocal_rank_fusion(*rankings: Scores, k: int = RECIPROCAL_K) -> Scores:
    """The sum of 1 / (k + rank) over `rankings`, each given as scores; a score of 0 or less is not ranked.

    Cormack, Clarke and Buettcher, 2009, https://doi.org/10.1145/1571941.1572114, with their k of 60.
    """
    return np.asarray(sum(_reciprocal_ranks(scores, k) for scores in rankings), dtype=np.float32)


def _reciprocal_ranks(scores: Scores, k: int) -> NDArray[np.float64]:
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(scores > 0, 1 / (k + ranks), 0.0)
