"""Stores of every kind, empty: what a test of the store asks of one holds for all."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from corpus.store import Store

KINDS = ("sqlite", "postgresql")


class Place(NamedTuple):
    """Where a store is: what `Store.open` takes."""

    data_dir: Path
    address: str = ""
    read_address: str = ""

    def open(self) -> Store:
        return Store.open(*self)
