"""What an index was made from, and whether a folder still holds exactly that."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from pydantic import ValidationError

from corpus.disk import sha256
from corpus.selectors import Record

FORMAT_VERSION = 2
MANIFEST = "manifest.json"
POINTER = "current"  # the file that names the generation in use
GENERATIONS = "generations"
REBUILD = "Rebuild it with: impactqa index"

_GENERATION = re.compile(r"(\d{6,})-([0-9a-f]{12})")


class SearchIndexError(Exception):
    """An index that cannot be used; each kind below says what to do about it.

    SearchIndexError
      + MissingIndexError   nothing was built yet
      + BrokenIndexError    the files are not those that were built
      + StaleIndexError     whole, but made with another model or from another corpus
      + BusyIndexError      another process is building it
    """

    def __init__(self, folder: Path | str, fact: str, remedy: str = REBUILD) -> None:
        super().__init__(f"Index '{folder}' {fact}. {remedy}")
        self.folder, self.fact, self.remedy = folder, fact, remedy


class MissingIndexError(SearchIndexError):
    """Nothing was built in the folder yet."""


class BrokenIndexError(SearchIndexError):
    """The files are not those that were built."""


class StaleIndexError(SearchIndexError):
    """The index is whole, but was made with another model, format or state of the corpus."""


class BusyIndexError(SearchIndexError):
    """Another process is building the index."""


class Manifest(Record):
    """What one generation of an index was made from, with the sha256 of each of its files.

    No time and no path: equal corpora and models give equal manifests.
    """

    format_version: int = FORMAT_VERSION
    model: str  # Embedder.name
    dimension: int
    tokeniser: str
    passages: int
    facts: int
    documents: int
    fingerprint: str  # of the corpus, as the caller of `build` states it
    files: dict[str, str]  # file name -> sha256

    @property
    def entries(self) -> int:
        return self.passages + self.facts

    @property
    def version(self) -> str:
        """The first 12 hex digits of the sha256 of the manifest as it is stored."""
        return _version(self.to_bytes())

    def to_bytes(self) -> bytes:
        return self.model_dump_json(indent=2).encode() + b"\n"


def current_generation(folder: Path) -> Path:
    """The folder of the generation that the pointer names."""
    try:
        name = (folder / POINTER).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise MissingIndexError(folder, "does not exist", "Build it with: impactqa index") from None
    except UnicodeDecodeError:
        name = ""
    if not _GENERATION.fullmatch(name):
        raise BrokenIndexError(folder, f"is damaged: '{POINTER}' names no generation")
    return folder / GENERATIONS / name


def generation_name(number: int, manifest: Manifest) -> str:
    """The name of a generation: its number, then the version of its manifest."""
    return f"{number:06}-{manifest.version}"


def generation_number(generation: Path) -> int | None:
    """The number in a generation's name; None when the folder is not a finished generation."""
    name = _GENERATION.fullmatch(generation.name)
    return int(name[1]) if name else None


def generation_version(generation: Path) -> str:
    """The version in a generation's name, which is that of its manifest."""
    return generation.name.partition("-")[2]


def read_manifest(folder: Path, generation: Path) -> Manifest:
    """The manifest of `generation`, once its bytes and those of its files proved to be as they were built.

    Raises StaleIndexError for another format, BrokenIndexError for anything else that is not as it was.
    """
    try:
        stored = (generation / MANIFEST).read_bytes()
        manifest = Manifest.model_validate_json(stored)
    except FileNotFoundError:
        raise BrokenIndexError(folder, f"is damaged: '{MANIFEST}' is missing") from None
    except ValidationError:
        raise _unreadable(folder, stored) from None
    if not generation.name.endswith(_version(stored)):
        raise BrokenIndexError(folder, f"is damaged: '{MANIFEST}' has changed since it was built")
    if manifest.format_version != FORMAT_VERSION:
        raise _other_format(folder, manifest.format_version)
    for name, expected in manifest.files.items():
        _require_unchanged(folder, generation / name, expected)
    return manifest


def require(folder: Path | str, manifest: Manifest, tokeniser: str, model: str, dimension: int) -> None:
    """Raises StaleIndexError unless the index was built with this tokeniser and model."""
    if manifest.tokeniser != tokeniser:
        raise StaleIndexError(folder, f"splits words by '{manifest.tokeniser}', the service by '{tokeniser}'")
    if (manifest.model, manifest.dimension) != (model, dimension):
        raise StaleIndexError(
            folder,
            f"was built with '{manifest.model}' ({manifest.dimension} dimensions), "
            f"the service is set to '{model}' ({dimension})",
        )


def require_corpus(folder: Path | str, manifest: Manifest, fingerprint: str) -> None:
    """Raises StaleIndexError unless the index was built from the corpus with this fingerprint."""
    if manifest.fingerprint != fingerprint:
        raise StaleIndexError(
            folder,
            f"was built from another state of the corpus ('{manifest.fingerprint}'), "
            f"the store is at '{fingerprint}'",
        )


def _require_unchanged(folder: Path, path: Path, expected: str) -> None:
    try:
        found = sha256(path)
    except FileNotFoundError:
        raise BrokenIndexError(folder, f"is damaged: '{path.name}' is missing") from None
    if found != expected:
        raise BrokenIndexError(folder, f"is damaged: '{path.name}' has changed since it was built")


def _unreadable(folder: Path, stored: bytes) -> SearchIndexError:
    """A manifest of another format is stale; anything else that cannot be read is damage."""
    version = re.search(rb'"format_version":\s*(\d+)', stored)
    if version and int(version[1]) != FORMAT_VERSION:
        return _other_format(folder, int(version[1]))
    return BrokenIndexError(folder, f"is damaged: '{MANIFEST}' cannot be read")


def _other_format(folder: Path, found: int) -> StaleIndexError:
    return StaleIndexError(folder, f"has format {found}, the service reads format {FORMAT_VERSION}")


def _version(stored: bytes) -> str:
    return hashlib.sha256(stored).hexdigest()[:12]
