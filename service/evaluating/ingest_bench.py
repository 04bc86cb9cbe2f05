"""How fast files become answers: read, extracted, embedded, indexed; and what memory that takes."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from corpus import passages, readers
from corpus.confined import reading_process
from corpus.ingest import ingest
from corpus.limits import Limits
from corpus.store import Store
from index.embedder import Embedder
from service.knowledge.indexing import rebuild
from service.running.first_run import SAMPLES_DIR

_FILE_SENTENCES = 250  # as ten pages have


def ingest_figures(
    embedder: Embedder, limits: Limits, count: int, say: Callable[[str], None]
) -> dict[str, float]:
    """Figures by name, over some `count` passages made of the sentences of the samples.

    The first file, which pays for loading the readers, is not counted. Without extraction means that files are
    read and cut into passages, which are embedded and indexed.
    """
    with tempfile.TemporaryDirectory() as temporary, Store.open(Path(temporary) / "data") as store:
        folder = Path(temporary)
        first, added, *files = _written(folder, count)
        index = folder / "index"
        ingest([first], store, limits=limits)
        rebuild(store, embedder, index)

        say(f"Reading {count} passages without extracting anything.")
        started = time.perf_counter()
        cut = sum(len(passages.split(readers.read(path))) for path in files)
        read_seconds = time.perf_counter() - started

        say("Ingesting them.")
        started = time.perf_counter()
        ingest(files, store, limits=limits)
        ingested_seconds = time.perf_counter() - started
        rebuild(store, embedder, index)
        seconds = time.perf_counter() - started

        started = time.perf_counter()
        ingest([added], store, limits=limits)
        rebuild(store, embedder, index)
        added_seconds = time.perf_counter() - started
    reading_process.close()
    return {
        "ingest_passages": float(cut),
        "ingest_passages_per_s": cut / seconds,
        "ingest_without_extraction_passages_per_s": cut / (read_seconds + seconds - ingested_seconds),
        "ingest_10_more_pages_s": added_seconds,
        "ingest_memory_mb": _peak_bytes() / 1_000_000,
    }


def _written(folder: Path, count: int) -> list[Path]:
    """Two short reports and so many that they hold `count` sentences, no two of which are the same."""
    documents = [readers.read(path) for path in sorted(SAMPLES_DIR.glob("*.*")) if path.suffix != ".csv"]
    said = [p.text for document in documents for p in passages.split(document) if p.kind == "sentence"]
    length = count + 2 * _FILE_SENTENCES
    sentences = [
        f"In case {number}, {text}" for number, text in zip(range(length), cycle(said), strict=False)
    ]
    written = []
    for number, start in enumerate(range(0, length, _FILE_SENTENCES)):
        paragraphs = (sentences[at : at + 5] for at in range(start, start + _FILE_SENTENCES, 5))
        written.append(folder / f"{number}.txt")
        written[-1].write_text("\n\n".join(map(" ".join, paragraphs)), "utf-8")
    return written


def _peak_bytes() -> int:
    """The most memory that this process and one that reads files have had, as if at the same time."""
    unit = 1 if sys.platform == "darwin" else 1024
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(peaks) * unit
