"""A service in a process of its own, at a free port of this machine, stopped by its id."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from service.running.server import free_port, is_healthy

START_SECONDS_MAX = 90


class Served(NamedTuple):
    """Where the service answers, and its process."""

    url: str
    process: subprocess.Popen[str]


def command(data_dir: Path, *arguments: str, model: str = "hash") -> subprocess.Popen[str]:
    """`impactqa ARGUMENTS` over `data_dir`, started."""
    settings = {"IMPACTQA_DATA_DIR": str(data_dir), "IMPACTQA_MODEL": model}
    settings["IMPACTQA_LOG_LEVEL"] = "error"  # a line for each request would fill the pipe, and the service stop
    words = [sys.executable, "-m", "service", *arguments]
    return subprocess.Popen(words, env=os.environ | settings, stderr=subprocess.PIPE, text=True)


@contextmanager
def served(data_dir: Path, model: str = "hash") -> Iterator[Served]:
    """A service over `data_dir` that answers already."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with command(data_dir, "serve", "--port", str(port), model=model) as process:
        try:
            deadline = time.monotonic() + START_SECONDS_MAX
            while not is_healthy(url):
                assert process.poll() is None, process.stderr.read() if process.stderr else ""
                assert time.monotonic() < deadline, "the service did not start"
                time.sleep(0.05)
            yield Served(url, process)
        finally:
            process.kill()
