"""A corpus becomes an index: built beside the one in use, then swapped in by one pointer."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from corpus.disk import sha256, sync
from corpus.embeddings import Embeddings
from index import lexical
from index.embedder import Embedder, Matrix
from index.manifest import (
    GENERATIONS,
    MANIFEST,
    POINTER,
    BusyIndexError,
    Manifest,
    SearchIndexError,
    current_generation,
    generation_name,
    generation_number,
)
from index.vectors import EXACT_MAX, Vectors

Kind = Literal["passage", "fact"]
Progress = Callable[[int, int], None]

ENTRIES = "entries.jsonl"
NO_VECTOR = -1
CHUNK_TEXTS = 256  # between two calls of `progress`, and lost by a crash: 2 to 5 s on two cores


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage or a fact in the words it is found by."""

    id: str
    kind: Kind
    document_id: str
    text: str
    embedded_text: str | None = None  # whose vector it bears: None for its own, "" for none (words alone)


class Row(NamedTuple):
    """An entry as the index keeps it; its text stays in the store."""

    id: str
    kind: Kind
    document_id: str
    vector: int  # its row in the vectors, which it may share with others; NO_VECTOR without one


def build(
    entries: Sequence[Entry],
    embedder: Embedder,
    folder: Path,
    fingerprint: str,
    progress: Progress | None = None,
    embeddings: Embeddings | None = None,
    keeps_unused: bool = False,
    exact_max: int = EXACT_MAX,
) -> Manifest:
    """The manifest of a new index over `entries` in `folder`, already in use when this returns.

    Texts whose vectors are in `embeddings` are not embedded again, the others are kept there; `progress` is
    told how many of these are done, and how many there are. Vectors of other texts are forgotten, unless
    `keeps_unused`. Up to `exact_max` vectors are searched exactly. Whatever interrupts a build, `folder`
    answers as before. `fingerprint` names the state of the corpus. Raises BusyIndexError while another
    process builds.
    """
    ordered = in_order(entries)
    with _sole_builder(folder):
        texts = texts_embedded(ordered)
        vectors = Vectors.build(matrix_of(texts, embedder, embeddings, progress), exact_max)
        numbers = {text: number for number, text in enumerate(texts)}
        rows = [_row(entry, numbers) for entry in ordered]
        words = lexical.Bm25.build([entry.text for entry in ordered])
        with _new_generation(folder) as unfinished:
            _write_entries(unfinished / ENTRIES, rows)
            vectors.save(unfinished)
            words.save(unfinished)
            names = (ENTRIES, *vectors.files, *lexical.FILES)
            files = {name: sha256(unfinished / name) for name in names}
            manifest = manifest_of(rows, embedder, fingerprint, files)
            (unfinished / MANIFEST).write_bytes(manifest.to_bytes())
            _swap_in(folder, unfinished, manifest)
        if embeddings is not None and not keeps_unused:
            embeddings.keep_only({text_sha256(text) for text in texts})
    return manifest


def text_sha256(text: str) -> str:
    """What a text's vector is stored under."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_rows(path: Path) -> list[Row]:
    """The rows of an index, in order of their ids: the first is row 0 of BM25."""
    return [Row(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """By id, so that the order of ingestion leaves no trace and equal scores are told apart by row number."""
    ordered = sorted(entries, key=attrgetter("id"))
    for one, other in pairwise(ordered):
        if one.id == other.id:
            raise ValueError(f"Entry '{one.id}' occurs twice. Each passage and fact needs an id of its own.")
    return ordered


def texts_embedded(entries: Iterable[Entry]) -> list[str]:
    """Every text whose vector an entry bears, once, in order of the entries."""
    borne = (text_borne(entry) for entry in entries)
    return list(dict.fromkeys(text for text in borne if text is not None))


def text_borne(entry: Entry) -> str | None:
    """The text whose vector the entry bears; None without one."""
    return entry.text if entry.embedded_text is None else entry.embedded_text or None


def _row(entry: Entry, numbers: Mapping[str, int]) -> Row:
    text = text_borne(entry)
    return Row(entry.id, entry.kind, entry.document_id, NO_VECTOR if text is None else numbers[text])


def matrix_of(
    texts: Sequence[str], embedder: Embedder, embeddings: Embeddings | None, progress: Progress | None
) -> Matrix:
    """The vectors of the texts, shape (len(texts), dimension): stored ones, and new ones, which are stored."""
    digests = {text: text_sha256(text) for text in texts}
    stored = embeddings.of(embedder.name, digests.values()) if embeddings is not None else {}
    known = {digest: _vector(stored[digest]) for digest in stored}
    missing = {digest: text for text, digest in digests.items() if digest not in known}
    for vectors in _embedded(missing, embedder, progress):
        if embeddings is not None:
            embeddings.keep(embedder.name, {digest: _bytes(vectors[digest]) for digest in vectors})
        known |= vectors
    matrix = np.empty((len(texts), embedder.dimension), dtype=np.float32)
    for number, text in enumerate(texts):
        matrix[number] = known[digests[text]]
    return matrix


def _embedded(
    texts: Mapping[str, str], embedder: Embedder, progress: Progress | None
) -> Iterator[dict[str, Matrix]]:
    """The vector of each text under the hash it came with, chunk by chunk; by length, to save padding."""
    by_length = sorted(texts, key=lambda digest: (len(texts[digest]), digest))
    for start in range(0, len(by_length), CHUNK_TEXTS):
        chunk = by_length[start : start + CHUNK_TEXTS]
        yield dict(zip(chunk, embedder.encode([texts[digest] for digest in chunk]), strict=True))
        if progress:
            progress(start + len(chunk), len(texts))


def _vector(stored: bytes) -> Matrix:
    return np.frombuffer(stored, dtype="<f4").astype(np.float32)


def _bytes(vector: Matrix) -> bytes:
    return vector.astype("<f4").tobytes()


def _write_entries(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row._asdict()) + "\n" for row in rows)


def manifest_of(rows: Sequence[Row], embedder: Embedder, fingerprint: str, files: dict[str, str]) -> Manifest:
    """What is stated of a generation; `files` are its files with their sha256."""
    kinds = [row.kind for row in rows]
    return Manifest(
        model=embedder.name,
        dimension=embedder.dimension,
        tokeniser=lexical.TOKENISER,
        passages=kinds.count("passage"),
        facts=kinds.count("fact"),
        documents=len({row.document_id for row in rows}),
        fingerprint=fingerprint,
        files=files,
    )


@contextmanager
def _sole_builder(folder: Path) -> Iterator[None]:
    """Holds the folder's lock; the system lets go of it when the process ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyIndexError(
                folder, "is being built by another process", "Try again when that one has finished."
            ) from None
        yield


@contextmanager
def _new_generation(folder: Path) -> Iterator[Path]:
    """An empty folder for the files of the next generation, which is gone again unless it was swapped in."""
    numbers = [generation_number(generation) or 0 for generation in (folder / GENERATIONS).glob("*")]
    unfinished = folder / GENERATIONS / f"{max(numbers, default=0) + 1:06}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _swap_in(folder: Path, unfinished: Path, manifest: Manifest) -> None:
    """Puts the new generation into use in one step, once all of it is on the disk; then removes old ones."""
    previous = _generation_in_use(folder)
    for path in (*unfinished.iterdir(), unfinished):
        sync(path)
    number = int(unfinished.name.removesuffix(".unfinished"))
    generation = unfinished.rename(unfinished.with_name(generation_name(number, manifest)))
    sync(generation.parent)
    _point_to(folder, generation)
    # One old generation stays: a process that has just read the pointer may still be opening its files.
    for other in (folder / GENERATIONS).iterdir():
        if other not in (generation, previous):
            shutil.rmtree(other, ignore_errors=True)


def _point_to(folder: Path, generation: Path) -> None:
    pointer = folder / f"{POINTER}.new"
    pointer.write_text(f"{generation.name}\n", encoding="ascii")
    sync(pointer)
    os.replace(pointer, folder / POINTER)
    sync(folder)


def _generation_in_use(folder: Path) -> Path | None:
    try:
        return current_generation(folder)
    except SearchIndexError:
        return None
