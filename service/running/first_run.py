"""What a start may find missing and makes good: documents in an empty folder, the index of a store."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import Embedder
from index.manifest import MissingIndexError, SearchIndexError, current_generation, read_manifest
from service.knowledge.indexing import rebuild
from service.settings import Settings

SAMPLES_DIR = Path(str(resources.files("corpus"))) / "samples"


def prepare(settings: Settings, store: Store, embedder: Embedder) -> None:
    """The store holds something to ask about, unless the settings forbid samples; its index is up to date.

    An index of another model is left as it is: that is for the operator to decide.
    """
    if settings.index_samples and not store.document_list():
        _say(f"'{settings.data_dir}' is empty: reading the bundled samples. Add yours: impactqa ingest PATH")
        for ingested in ingest([SAMPLES_DIR], store, limits=settings.reading_limits):
            if ingested.outcome == "failed":
                _say(f"{ingested.path.name} was not read: {ingested.reason}")
    if _lags(settings.index_dir, store, embedder):
        _say(f"Building the index in '{settings.index_dir}'.")
        rebuild(store, embedder, settings.index_dir, keeps_unused=True, exact_max=settings.exact_vectors_max)


def _lags(folder: Path, store: Store, embedder: Embedder) -> bool:
    """True when an ingest was stopped before its index was built, and when there is none or a useless one.

    Vectors are in the store, so that building it again is a matter of seconds.
    """
    try:
        manifest = read_manifest(folder, current_generation(folder))
    except MissingIndexError:
        return True
    except SearchIndexError as error:
        _say(str(error))
        return True
    return manifest.model == embedder.name and manifest.fingerprint != store.fingerprint()


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()
