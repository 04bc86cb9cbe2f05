"""Whether the store, its index and its inbox are what they were, and belong together."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import ValidationError

from corpus.disk import sha256
from corpus.inbox import Inbox
from corpus.store import Store
from corpus.verification import Fault
from index.embedder import Embedder
from index.lexical import TOKENISER
from index.manifest import REBUILD, SearchIndexError, require
from index.place import index_of
from service.knowledge.indexing import entries
from service.settings import Settings

_IDS_SHOWN = 5


def faults(settings: Settings, store: Store, embedder: Embedder) -> Iterator[Fault]:
    """Everything that is wrong, each with how to mend it; nothing when all is well."""
    yield from store.verification.faults()
    yield from _faults_of_index(settings, store, embedder)
    yield from _faults_of_inbox(store)


def _faults_of_index(settings: Settings, store: Store, embedder: Embedder) -> Iterator[Fault]:
    index = index_of(store, settings.index_dir)
    folder = index.name
    try:
        manifest = index.manifest()
        require(folder, manifest, TOKENISER, embedder.name, embedder.dimension)
        indexed = {row.id for row in index.rows()}
    except SearchIndexError as error:
        yield Fault(f"Index '{folder}'", error.fact, error.remedy)
        return
    try:
        stored = {entry.id for entry in entries(store)}
    except ValidationError:  # named already, as a fault of its document
        return
    if missing := stored - indexed:
        yield Fault(f"Index '{folder}'", f"lacks {_listed(missing)} of the store", REBUILD)
    if surplus := indexed - stored:
        yield Fault(f"Index '{folder}'", f"holds {_listed(surplus)} that the store has not", REBUILD)
    if not missing and not surplus and manifest.fingerprint != store.fingerprint():
        yield Fault(f"Index '{folder}'", "was built from another state of the store", REBUILD)


def _faults_of_inbox(store: Store) -> Iterator[Fault]:
    inbox = Inbox(store.data_dir)
    for job in store.jobs.unfinished():
        for file in job.files:
            path = inbox.path(job.id, file.stored)
            if file.stored and not file.outcome and not (path.is_file() and sha256(path) == file.sha256):
                yield Fault(f"Upload '{file.name}' of {job.id}", "is missing or damaged", "Send it again.")


def _listed(ids: Collection[str]) -> str:
    shown = ", ".join(sorted(ids)[:_IDS_SHOWN])
    more = ", ..." if len(ids) > _IDS_SHOWN else ""
    return f"{len(ids)} {'entry' if len(ids) == 1 else 'entries'} ({shown}{more})"
