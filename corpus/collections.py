"""Collections: documents that belong together, and readers who see only those of some.

A document is in one collection, and knows nothing of others: the same bytes in two are two documents, with ids and
names of their own, so that no upload tells whether another collection holds them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from corpus.document import DEFAULT_COLLECTION, Document
from corpus.facts import Entity, Fact
from corpus.passages import Passage

DEFAULT = DEFAULT_COLLECTION
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_BEHIND = "//"  # no path below a folder has it


class Reach(NamedTuple):
    """What somebody may read: the documents of these collections, or all of them."""

    names: tuple[str, ...] | None = None

    @classmethod
    def of(cls, names: Iterable[str]) -> Reach:
        """The reach over these collections; over everything when none is named."""
        return cls(tuple(sorted(set(names))) or None)

    @classmethod
    def read(cls, told: str) -> Reach:
        """The reach that `told` wrote."""
        return cls.of(told.split())

    @property
    def told(self) -> str:
        """The names with spaces between, "" for everything."""
        return " ".join(self.names or ())

    @property
    def home(self) -> str:
        """The collection that new documents go to unless another is named."""
        return DEFAULT if self.names is None or DEFAULT in self.names else self.names[0]

    def holds(self, collection: str) -> bool:
        """True when documents of the collection may be read."""
        return self.names is None or collection in self.names

    def covers(self, other: Reach) -> bool:
        """True when whatever `other` may read may be read here too."""
        return self.names is None or (other.names is not None and set(other.names) <= set(self.names))


EVERYTHING = Reach()


def checked(name: str) -> str:
    """The name of a collection. Raises ValueError for what is none."""
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no name of a collection. Take up to 40 small letters, digits and hyphens, as in 'annual-reports'."
        )
    return name


def source_name(name: str, collection: str) -> str:
    """What a file of the collection is stored as: its name, behind that of any but the default collection."""
    return name if collection == DEFAULT else f"{collection}{_BEHIND}{name}"


def file_name(source_name: str) -> str:
    """The name that `source_name` was given."""
    return source_name.rpartition(_BEHIND)[2]


def identity(sha256: str, collection: str) -> str:
    """What no two documents share: the digest of their bytes, and the collection they are in."""
    return sha256 if collection == DEFAULT else f"{collection} {sha256}"


def placed(
    document: Document,
    passages: Sequence[Passage],
    entities: Sequence[Entity],
    facts: Sequence[Fact],
    collection: str,
) -> tuple[Document, list[Passage], list[Entity], list[Fact]]:
    """What was read from a file as it is stored in a collection, under ids that are the collection's own."""
    id = own_id(document.id, collection)
    name = source_name(document.source_name, collection)
    told = {"id": id, "source_name": name, "collection": collection}
    return (
        document.model_copy(update=told),
        [each.model_copy(update={"id": own_id(each.id, collection), "document_id": id}) for each in passages],
        [each.model_copy(update={"document_id": id}) for each in entities],
        [each.model_copy(update={"id": own_id(each.id, collection), "document_id": id}) for each in facts],
    )


def own_id(id: str, collection: str) -> str:
    """The id that something read from a file has in a collection."""
    if collection == DEFAULT:
        return id
    kind, _, _ = id.partition("_")
    return f"{kind}_{hashlib.sha256(f'{collection} {id}'.encode()).hexdigest()[:16]}"
