"""Nothing accepted is lost when the service is killed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_a_service_killed_at_any_step_or_moment_loses_nothing_it_accepted() -> None:
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    rounds = subprocess.run(
        [sys.executable, "-m", "tests.crashes", "--every", "1", "--random", "220"],
        env=os.environ | one_thread,
        capture_output=True,
        text=True,
        check=False,
    )
    assert rounds.returncode == 0, rounds.stderr[-4000:]
    steps, at_random, accepted, lost = (int(word) for word in rounds.stdout.split() if word.isdigit())
    assert (steps > 150, at_random, accepted > 250, lost) == (True, 220, True, 0)
