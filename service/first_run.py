"""The first start: a newcomer's empty data folder gets the bundled samples, and every store its index."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import Embedder
from index.manifest import MissingIndexError, current_generation
from service.indexing import rebuild
from service.settings import Settings

SAMPLES_DIR = Path(str(resources.files("corpus"))) / "samples"


def prepare(settings: Settings, store: Store, embedder: Embedder) -> None:
    """The store holds something to ask about, unless the settings forbid samples, and has an index."""
    if settings.index_samples and not store.document_list():
        _say(f"'{settings.data_dir}' is empty: reading the bundled samples. Add reports with: impactqa ingest PATH")
        for ingested in ingest([SAMPLES_DIR], store):
            if ingested.outcome == "failed":
                _say(f"{ingested.path.name} was not read: {ingested.reason}")
    try:
        current_generation(settings.index_dir)
    except MissingIndexError:
        _say(f"Building the index in '{settings.index_dir}'.")
        rebuild(store, embedder, settings.index_dir)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
