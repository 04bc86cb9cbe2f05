"""What the machine can do at best: multiplying matrices and reading memory, with one thread."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_SIDE = 2048  # of the matrices multiplied: large enough to run at the rate that the processor has


def cpu_ms(call: Callable[[], object]) -> float:
    """Milliseconds of the processor that a call takes in this process."""
    started = time.process_time()
    call()
    return (time.process_time() - started) * 1000


def gemm_flops_per_ms() -> float:
    """Floating-point operations a millisecond of the processor when single-precision matrices are multiplied."""
    one = np.ones((_SIDE, _SIDE), dtype=np.float32)
    return 2 * _SIDE**3 / cpu_ms(lambda: one @ one)


def read_ms(matrix: Matrix) -> float:
    """Milliseconds of the processor that reading all of a matrix once takes: a scalar product of its halves."""
    flat = matrix.reshape(-1)
    half = len(flat) // 2
    return cpu_ms(lambda: float(flat[:half] @ flat[half : 2 * half]))


def flops_per_token(model: Path) -> float:
    """Operations that the matrices of a BERT take for each token, attention between tokens left out."""
    shape = json.loads((model / "config.json").read_text("utf-8"))
    hidden, inner = shape["hidden_size"], shape["intermediate_size"]
    return float(2 * shape["num_hidden_layers"] * (4 * hidden * hidden + 2 * hidden * inner))
