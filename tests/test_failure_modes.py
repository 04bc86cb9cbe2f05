"""docs/failure-modes.md promises nothing that no test shows."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_test_that_the_failure_modes_name_is_there() -> None:
    named = re.findall(r"`(test_\w+)` \|", (ROOT / "docs/failure-modes.md").read_text("utf-8"))
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in code] == []
