"""The clients of Node, installed from npm at the versions of tests/node/package-lock.json, once for all tests."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

FOLDER = Path(__file__).parent / "node"
MAJOR_MIN = 20
INSTALL_SECONDS_MAX = 180
NOT_TESTED = "NO NODE CLIENT WAS TESTED (openai, ai, @modelcontextprotocol/sdk): "


class Said(NamedTuple):
    """What a client shows: the text, and the addresses of its sources."""

    text: str
    urls: list[str]


class NodeClients(NamedTuple):
    """A folder with the clients and the program that lets them ask."""

    folder: Path

    def said(self, url: str, questions: Sequence[str]) -> dict[str, list[Said]]:
        """By client, what the service at `url` answers to each question."""
        command = ["node", "clients.mjs", url, *questions]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return {name: [Said(**one) for one in told] for name, told in json.loads(run.stdout).items()}

    def run(self, program: str) -> str:
        """What a program prints."""
        command = ["node", "--input-type=module", "--eval", program]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return run.stdout


def installed(folder: Path) -> NodeClients:
    """The clients in a folder; the tests that need them are skipped where they cannot be had."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip(NOT_TESTED + f"install Node {MAJOR_MIN} or later with npm")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < MAJOR_MIN:
        pytest.skip(NOT_TESTED + f"Node is {version}, they need {MAJOR_MIN}")
    shutil.copytree(FOLDER, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    try:
        npm = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(NOT_TESTED + f"npm did not install them within {INSTALL_SECONDS_MAX} s")
    if npm.returncode:
        pytest.skip(NOT_TESTED + f"npm could not install them: {npm.stderr.strip()[-300:]}")
    return NodeClients(folder)
