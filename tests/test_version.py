"""The version of the extraction: what is stored is read again when it differs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from corpus.version import version

ROOT = Path(__file__).parent.parent


def test_the_version_is_the_same_in_another_process() -> None:
    program = "from corpus.version import version; print(version())"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert said.stdout.strip() == version()
    assert re.fullmatch("[0-9a-f]{12}", version())
