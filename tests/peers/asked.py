"""One program that is measured: it answers each line of standard input, and tells what that took.

Runs in the environment of the program measured, so it imports the standard library and numpy alone.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Search = Callable[[str], list[str]]


class Passages(NamedTuple):
    """What every program is given: the model's folder, texts and their vectors, row by row."""

    model: str
    texts: list[str]
    vectors: NDArray[np.float32]


def given(folder: Path) -> Passages:
    """The passages that compare.py wrote to the folder."""
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    return Passages((folder / "model").read_text("utf-8"), texts, np.load(folder / "vectors.npy"))


def answer_lines(opened: Callable[[Path], Search]) -> None:
    """Opens the program over the folder named first on the command line, then answers line by line."""
    out = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no answer
    started = time.process_time()
    search = opened(Path(sys.argv[1]))
    _tell(out, opened_cpu_s=time.process_time() - started, resident_mb=_resident_mb())
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        found = search(line.strip())
        _tell(
            out,
            cpu_ms=(time.process_time() - cpu) * 1000,
            wall_ms=(time.perf_counter() - wall) * 1000,
            found=found[:10],
            resident_mb=_resident_mb(),
        )


def _tell(out: Any, **figures: object) -> None:
    print(json.dumps(figures), file=out, flush=True)


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000
