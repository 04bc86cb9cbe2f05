"""What a start costs: the processor time of a first answer, beside that of loading the same model otherwise."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from service.evaluating.limits import ONE_THREAD

_ROUNDS = 3

_FIRST_ANSWER = ("-m", "service", "ask", "What did the projects achieve?")
_FIRST_SEARCH = """
from corpus.store import Store
from index.place import index_of
from service.parts import embedder_of
from service.settings import Settings
settings = Settings()
with Store.open(*settings.store_place) as store:
    index_of(store, settings.index_dir).open(embedder_of(settings)).ranked("What did the projects achieve?")
"""
_OTHERWISE = """
import sys
from sentence_transformers import SentenceTransformer
SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True).encode("What did the projects achieve?")
"""


def start_figures(model: Path) -> dict[str, float]:
    """Seconds of the processor, the median of rounds in which each is started once."""
    commands = {
        "first_answer_cpu_s": _FIRST_ANSWER,
        "first_search_cpu_s": ("-c", _FIRST_SEARCH),
        "sentence_transformers_cpu_s": ("-c", _OTHERWISE, str(model)),
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(_ROUNDS):
        for name, arguments in commands.items():
            taken[name].append(_cpu_seconds(arguments))
    figures = {name: statistics.median(seconds) for name, seconds in taken.items()}
    otherwise = figures["sentence_transformers_cpu_s"]
    return figures | {
        "first_answer_over_sentence_transformers": figures["first_answer_cpu_s"] / otherwise,
        "first_search_over_sentence_transformers": figures["first_search_cpu_s"] / otherwise,
    }


def _cpu_seconds(arguments: Sequence[str]) -> float:
    """What a fresh Python process takes, user and system together."""
    before = _children_seconds()
    subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **ONE_THREAD},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return _children_seconds() - before


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
