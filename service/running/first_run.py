"""What a start may find missing and makes good: documents in an empty folder, the index of a store."""

from __future__ import annotations

import sys
import time
from importlib import resources
from pathlib import Path

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import Embedder
from index.manifest import BusyIndexError, MissingIndexError, SearchIndexError
from index.place import IndexPlace, index_of
from service.knowledge.indexing import rebuild
from service.settings import Settings

BUILD_SECONDS_MAX = 600  # of waiting for another process that does the same over the same store
SAMPLES_DIR = Path(str(resources.files("corpus"))) / "samples"


def prepare(settings: Settings, store: Store, embedder: Embedder) -> None:
    """The store holds something to ask about, unless the settings forbid samples; its index is up to date.

    An index of another model is left as it is: that is for the operator to decide.
    """
    if settings.index_samples and not store.document_list():
        _say(f"'{settings.data_dir}' is empty: reading the bundled samples. Add yours: impactqa ingest PATH")
        limits = settings.reading_limits
        for ingested in ingest([SAMPLES_DIR], store, wait_seconds=BUILD_SECONDS_MAX, limits=limits):
            if ingested.outcome == "failed":
                _say(f"{ingested.path.name} was not read: {ingested.reason}")
    index = index_of(store, settings.index_dir)
    if _lags(index, store, embedder):
        _say(f"Building the index in '{index.name}'.")
        _bring_up(index, settings, store, embedder)


def _bring_up(index: IndexPlace, settings: Settings, store: Store, embedder: Embedder) -> None:
    """The index holds what the store holds, whoever builds it: another service that starts, or reads, may be at it."""
    deadline = time.monotonic() + BUILD_SECONDS_MAX
    exact_max = settings.exact_vectors_max
    while True:
        try:
            rebuild(store, embedder, settings.index_dir, keeps_unused=True, exact_max=exact_max)
        except BusyIndexError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
        if not _lags(index, store, embedder):
            return


def _lags(index: IndexPlace, store: Store, embedder: Embedder) -> bool:
    """True when an ingest was stopped before its index was built, and when there is none or a useless one.

    Vectors are in the store, so that building it again is a matter of seconds.
    """
    try:
        manifest = index.manifest()
    except MissingIndexError:
        return True
    except SearchIndexError as error:
        _say(str(error))
        return True
    return manifest.model == embedder.name and manifest.fingerprint != store.fingerprint()


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()
