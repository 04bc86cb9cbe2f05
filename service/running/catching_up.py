"""The index brought up to what the store holds, for whoever waits at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.terminal import progress_bars, say

if TYPE_CHECKING:  # commands import what they use, so that `impactqa --help` is there at once
    from corpus.store import Store
    from service.settings import Settings


def catch_up(settings: Settings, store: Store, anyway: bool = False) -> None:
    """Brings the index up to what the store holds, showing how far it is."""
    from service.knowledge.indexing import is_current, rebuild
    from service.parts import embedder_of

    if not anyway and is_current(store, settings.index_dir):
        return
    with progress_bars() as progress:
        task = progress.add_task("indexing", total=None)
        manifest = rebuild(
            store,
            embedder_of(settings),
            settings.index_dir,
            lambda done, count: progress.update(task, completed=done, total=count),
            exact_max=settings.exact_vectors_max,
        )
    say(f"Indexed {manifest.passages} passages and {manifest.facts} facts of {manifest.documents} documents.")
