"""Measures ImpactQA beside txtai, Haystack and LlamaIndex: `python -m tests.peers.compare`.

All have the passages of the store that IMPACTQA_DATA_DIR names, the same vectors of them and the same model
file, and one thread. Each peer is installed from the package index into an environment of its own in the
folder given, torch first at the project's pin. All stay open side by side and are asked in turns, so that whatever
else the machine does slows all of them alike. Memory is read after the last question.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from corpus.store import STANDING
from index.embedder import model_folder
from service.evaluating.growth import varied
from service.evaluating.limits import ONE_THREAD
from service.evaluating.search_bench import passage_texts, passage_vectors
from service.examples import example_questions
from service.parts import Parts
from service.settings import Settings
from service.terminal import print_table
from tests.peers.impactqa_search import build_index

ROOT = Path(__file__).parents[2]
TORCH = next(line for line in (ROOT / "constraints.txt").read_text().splitlines() if line[:7] == "torch==")
PEERS = {
    "txtai": ("txtai",),
    "haystack": ("haystack-ai", "sentence-transformers-haystack"),
    "llama_index": ("llama-index-core", "llama-index-embeddings-huggingface"),
}
NAMES = {
    "impactqa_search": "ImpactQA, search",
    "impactqa_answers": "ImpactQA, whole answer",
    "peer_txtai": "txtai, hybrid",
    "peer_haystack": "Haystack, hybrid",
    "peer_llama_index": "LlamaIndex, dense",
}


def main() -> None:
    """Prints a table of what each took, and how many times ImpactQA's search and answer are cheaper."""
    parser = argparse.ArgumentParser(description="Measures ImpactQA beside its peers.")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "impactqa-peers")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=60)
    asked = parser.parse_args()
    settings = Settings()
    pythons = {name: _environment(asked.environments / name, PEERS[name]) for name in PEERS}
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        questions = _prepare(settings, folder, asked.passages)
        programs = {
            name: stack.enter_context(_opened(name, pythons.get(name.removeprefix("peer_")), folder))
            for name in NAMES
        }
        first, *fresh = islice(varied(questions), asked.questions + 1)
        for program in programs.values():
            _ask(program, first)  # what is loaded at first use has been used
        told = {name: [] for name in NAMES}  # type: dict[str, list[dict[str, Any]]]
        for question in fresh:
            for name, program in programs.items():
                told[name].append(_ask(program, question))
    _print(told)


def _environment(place: Path, packages: Sequence[str]) -> Path:
    """The Python of an environment that has the packages; made when it is not there."""
    python = place / "bin" / "python"
    if not (place / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, TORCH], check=True)
        subprocess.run([*install, *packages, "sentence-transformers"], check=True)
        (place / "installed").touch()
    return python


def _prepare(settings: Settings, folder: Path, count: int) -> list[str]:
    """Questions about the store, once the folder holds its first passages, their vectors and an index."""
    parts = Parts.open(settings)
    try:
        texts = passage_texts(parts.store)[:count]
        vectors = passage_vectors(parts.store, parts.embedder, texts)
        questions = example_questions(parts.store.facts(review=STANDING), 40)
        (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
        (folder / "model").write_text(str(model_folder(settings.model)), "utf-8")
        np.save(folder / "vectors.npy", vectors)
        build_index(folder, parts.embedder)
        print(f"{len(texts)} passages, load {os.getloadavg()[0]:.1f}, {platform.machine()}")  # noqa: T201
        return questions
    finally:
        parts.close()


@contextmanager
def _opened(name: str, python: Path | None, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that answers lines, opened."""
    command = [str(python or sys.executable), "-m", f"tests.peers.{name}", str(folder)]
    variables = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as program:
        _line(program)
        try:
            yield program
        finally:
            program.terminate()


def _ask(program: subprocess.Popen[str], question: str) -> dict[str, Any]:
    assert program.stdin is not None
    program.stdin.write(question + "\n")
    program.stdin.flush()
    return _line(program)


def _line(program: subprocess.Popen[str]) -> dict[str, Any]:
    assert program.stdout is not None
    line = program.stdout.readline()
    if not line:
        raise OSError(f"{program.args!r} ended. Run it by hand to see why.")
    told: dict[str, Any] = json.loads(line)
    return told


def _print(told: dict[str, list[dict[str, Any]]]) -> None:
    def middle(name: str, figure: str) -> float:
        return float(statistics.median(row[figure] for row in told[name]))

    rows = [
        (
            title,
            f"{min(row['cpu_ms'] for row in told[name]):.1f}",
            f"{middle(name, 'cpu_ms'):.1f}",
            f"{middle(name, 'wall_ms'):.1f}",
            f"{told[name][-1]['resident_mb']:.0f}",
            f"{middle('impactqa_search', 'cpu_ms') / middle(name, 'cpu_ms'):.2f}",
            f"{middle('impactqa_answers', 'cpu_ms') / middle(name, 'cpu_ms'):.2f}",
        )
        for name, title in NAMES.items()
    ]
    header = ("program", "CPU ms, least", "median", "wall ms", "MB", "search : it", "answer : it")
    print_table(header, rows)


if __name__ == "__main__":
    main()
