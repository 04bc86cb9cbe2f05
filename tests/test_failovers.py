"""When the server that takes writes is killed, its replica takes over: what was acknowledged stays, reads go on."""

from __future__ import annotations

import pytest

from tests.failovers import rounds_of


@pytest.mark.slow
@pytest.mark.usefixtures("pgvector")  # skipped with it
def test_a_failover_under_load_loses_nothing_and_reads_go_on() -> None:
    found = rounds_of(2, seed=7, say=lambda message: None)
    assert (found.lost, found.answers > 0, found.uploads > 0) == (0, True, True)
    assert found.reads_served >= 0.999, str(found)
