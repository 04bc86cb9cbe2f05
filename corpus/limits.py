"""What reading one file may take."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_SECONDS_PER_KB = 0.2  # of a file: PDF takes half a second a page, of which there may be 3 kB


class Limits(NamedTuple):
    """What reading one file, and extracting what it states, may take."""

    seconds: int = 30  # of the processor, and more for a large file
    memory_bytes: int = 2_000_000_000

    def seconds_for(self, path: Path) -> int:
        """Seconds that the file at `path` may take."""
        return self.seconds + round(path.stat().st_size / 1000 * _SECONDS_PER_KB)
