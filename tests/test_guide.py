"""The integration guide: what it shows is run as it stands there, against a running service."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.node_clients import NodeClients
from tests.serving import Served

GUIDE = (Path(__file__).parents[1] / "docs" / "integrations.md").read_text("utf-8")
HERE = "http://127.0.0.1:8000"


def documented(language: str, holding: str = "") -> list[Any]:
    """Each program of the guide in the language, named by its heading."""
    heading, found = "", []
    for title, program in re.findall(
        rf"^## (.+?)$|^```{language}\n(.+?)^```$", GUIDE, re.MULTILINE | re.DOTALL
    ):
        heading = title or heading
        if program and holding in program:
            found.append(pytest.param(program, id=heading))
    return found


@pytest.mark.parametrize("program", documented("python"))
def test_a_python_program_runs(running: Served, capsys: pytest.CaptureFixture[str], program: str) -> None:
    exec(program.replace(HERE, running.url), {"__name__": "documented"})
    assert f"{running.url}/documents/" in capsys.readouterr().out


@pytest.mark.parametrize("command", documented("sh", "curl"))
def test_a_command_runs(running: Served, command: str) -> None:
    sent = ["sh", "-c", command.replace(HERE, running.url)]
    assert "Tarnwood Cells Ltd" in subprocess.run(sent, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
@pytest.mark.parametrize("program", documented("js"))
def test_a_program_for_node_runs(running: Served, node_clients: NodeClients, program: str) -> None:
    printed = node_clients.run(program.replace(HERE, running.url))
    assert "Tarnwood Cells Ltd" in printed
    assert f"{running.url}/documents/" in printed


@pytest.mark.parametrize("settings", documented("json"))
def test_settings_in_json_are_json(settings: str) -> None:
    assert f"{HERE}/mcp" in json.dumps(json.loads(settings))
