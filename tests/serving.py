"""A service in a process of its own, at a free port of this machine, stopped by its id."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from service.running.server import free_port, is_healthy

START_SECONDS_MAX = 90


class Served(NamedTuple):
    """Where the service answers, its process, and the file it logs to: a pipe would fill up and stop it."""

    url: str
    process: subprocess.Popen[bytes]
    log: BinaryIO

    def stop(self, signal: int) -> str:
        """Everything it said, once it has ended."""
        self.process.send_signal(signal)
        self.process.wait(timeout=15)
        return said(self.log)


def command(
    data_dir: Path, *arguments: str, log: BinaryIO, model: str = "hash", store: str = "", **more: str
) -> subprocess.Popen[bytes]:
    """`impactqa ARGUMENTS` over `data_dir`, started; what it says on stderr goes to `log`.

    `more` are further settings, by the names that they have in the program.
    """
    settings = {"data_dir": str(data_dir), "model": model, "store": store} | more
    variables = {f"IMPACTQA_{name.upper()}": value for name, value in settings.items()}
    words = [sys.executable, "-m", "service", *arguments]
    return subprocess.Popen(words, env=os.environ | variables, stderr=log)


def said(log: BinaryIO) -> str:
    """What a process has written to its log so far."""
    log.seek(0)
    return log.read().decode()


@contextmanager
def served(data_dir: Path, model: str = "hash", store: str = "", **settings: str) -> Iterator[Served]:
    """A service over `data_dir` that answers already."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        TemporaryFile() as log,
        command(
            data_dir, "serve", "--port", str(port), log=log, model=model, store=store, **settings
        ) as process,
    ):
        try:
            deadline = time.monotonic() + START_SECONDS_MAX
            while not is_healthy(url):
                assert process.poll() is None, said(log)
                assert time.monotonic() < deadline, "the service did not start"
                time.sleep(0.05)
            yield Served(url, process, log)
        finally:
            process.kill()
