"""Requests made up from the OpenAPI: `python -m tests.fuzz --cases 5000` sends so many and prints what is wrong."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.running import logs
from service.running.app import create_app
from service.settings import Settings
from tests.library import collected

PER_ROUND = 50  # of one operation; those that there is little to vary of give fewer


class Outcome(NamedTuple):
    """How many requests of each operation were sent, the statuses that came back, and what is wrong."""

    cases: Counter[str]
    statuses: Counter[int]
    faults: list[str]


def fuzzed(client: TestClient, cases: int) -> Outcome:
    """What became of `cases` made-up requests, spread over all operations but the streams that end with a job."""
    described = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    described.app = client.app
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    operations = [operation for operation in operations if not operation.path.endswith("/events")]
    sent: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    faults: list[str] = []

    def send(case: Case[Any]) -> None:
        reply = case.call(session=client)  # type: ignore[arg-type]
        sent[case.operation.label] += 1
        statuses[reply.status_code] += 1
        try:
            # A question of spaces is a string, and no question: 422 is the right reply to it.
            case.validate_response(reply, excluded_checks=[positive_data_acceptance])
        except (AssertionError, FailureGroup) as fault:
            faults.append(f"{case.operation.label}: {fault}")

    for number in count():
        for operation in operations:
            some = min(PER_ROUND, -(-(cases - sent.total()) // len(operations)))
            if sent.total() < cases:
                limits = settings(
                    max_examples=max(1, some),
                    deadline=None,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                seed(number)(limits(given(case=operation.as_strategy())(send)))()
        if sent.total() >= cases:
            break
    return Outcome(sent, statuses, faults)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000)
    cases = parser.parse_args().cases
    logs.configure("critical")
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=collected(Path(folder)), model="hash", requests_per_minute=0))
        started = time.monotonic()
        with TestClient(app, raise_server_exceptions=False) as client:
            outcome = fuzzed(client, cases)
    sys.stdout.write(
        f"{outcome.cases.total()} requests of {len(outcome.cases)} operations in {time.monotonic() - started:.0f} s; "
        f"statuses {dict(sorted(outcome.statuses.items()))}; {len(outcome.faults)} wrong\n"
    )
    sys.stdout.writelines(f"\n{fault}\n" for fault in outcome.faults[:20])
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
