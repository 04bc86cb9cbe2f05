"""Measures overload: `python -m tests.overload` has many clients ask one service and prints what they saw.

Targets: accepted p99 at most 3 x the unloaded one; the rest 503 with Retry-After in under 100 ms; nothing else; the
next question within 5 s as before. Clients and service share the machine, which the clients' side of 100 threads feels.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.load import Reply, asked_by, machine, memory_mb, quantile, stocked, told
from tests.serving import served


class Outcome(NamedTuple):
    """What the clients saw: alone, all at once, and afterwards."""

    alone: list[Reply]
    loaded: list[Reply]
    after: list[Reply]
    memory_before_mb: float
    memory_after_mb: float

    @property
    def accepted(self) -> list[float]:
        return [reply.seconds for reply in self.loaded if reply.status == 200]

    @property
    def refused(self) -> list[float]:
        return [reply.seconds for reply in self.loaded if reply.status == 503]

    @property
    def other(self) -> list[Reply]:
        """What is neither an answer nor a refusal that says when to come again."""
        return [
            r for r in self.loaded if r.status not in (200, 503) or (r.status == 503 and not r.retry_after)
        ]

    @property
    def ratio(self) -> float:
        """The accepted p99 over the unloaded one."""
        return quantile(self.accepted, 0.99) / quantile([reply.seconds for reply in self.alone], 0.99)

    def __str__(self) -> str:
        alone, after = ([reply.seconds for reply in one] for one in (self.alone, self.after))
        return "\n".join(
            (
                told("alone", alone),
                told("accepted", self.accepted) + f" ({self.ratio:.1f} x alone)",
                told("refused", self.refused),
                f"other: {len(self.other)}",
                told("afterwards", after),
                f"memory: {self.memory_before_mb:.0f} MB before, {self.memory_after_mb:.0f} MB after",
                machine(),
            )
        )


def measure(folder: Path, clients: int, seconds: float, model: str = "hash", **settings: str) -> Outcome:
    """What `clients` see within `seconds`; each comes again after the second that a refusal asks for."""
    with served(stocked(folder, model), model=model, requests_per_minute="0", **settings) as service:
        asked_by(1, service.url, 2)
        before = memory_mb(service)
        alone = asked_by(1, service.url, min(10.0, seconds))
        loaded = asked_by(clients, service.url, seconds, pause=_comes_again)
        after = asked_by(1, service.url, 5)
        time.sleep(1)
        return Outcome(alone, loaded, after, before, memory_mb(service))


def _comes_again(reply: Reply) -> float:
    """Seconds after which a client asks anew: those that it was told, and up to one more, as clients should."""
    return float(reply.retry_after) + random.random() if reply.retry_after else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--model", default="all-MiniLM-L6-v2")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = measure(Path(folder), given.clients, given.seconds, given.model)
    sys.stdout.write(f"{outcome}\n")
    sys.exit(bool(outcome.other))


if __name__ == "__main__":
    main()
