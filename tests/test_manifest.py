"""An index that is not exactly what was built is refused, with the command that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import Entry, build
from index.embedder import HashEmbedder
from index.lexical import TOKENISER
from index.manifest import (
    BrokenIndexError,
    Manifest,
    MissingIndexError,
    StaleIndexError,
    current_generation,
    generation_name,
    read_manifest,
    require,
    require_corpus,
)

FILES = [
    "entries.jsonl",
    "vectors.faiss",
    "terms.txt",
    "postings_starts.npy",
    "postings_rows.npy",
    "postings_weights.npy",
    "manifest.json",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    entries = [
        Entry("psg_1", "passage", "doc_1", "Norvia Biotech was founded in 2011."),
        Entry("fct_1", "fact", "doc_1", "spin out Norvia Biotech 2011"),
    ]
    build(entries, HashEmbedder(), tmp_path / "index", "corpus-1")
    return tmp_path / "index"


def read(folder: Path) -> Manifest:
    return read_manifest(folder, current_generation(folder))


def test_a_manifest_says_what_the_index_was_made_from(folder: Path) -> None:
    manifest = read(folder)
    assert (manifest.model, manifest.dimension, manifest.fingerprint) == ("hash-256", 256, "corpus-1")
    assert (manifest.passages, manifest.facts, manifest.documents, manifest.entries) == (1, 1, 1, 2)
    assert set(manifest.files) == set(FILES) - {"manifest.json"}


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_refused(folder: Path, name: str) -> None:
    path = current_generation(folder) / name
    stored = bytearray(path.read_bytes())
    stored[len(stored) // 2] ^= 1
    path.write_bytes(stored)
    with pytest.raises(BrokenIndexError, match=f"is damaged: '{name}'.*Rebuild it with: impactqa index"):
        read(folder)


def test_a_manifest_that_reads_well_but_was_altered_is_refused(folder: Path) -> None:
    path = current_generation(folder) / "manifest.json"
    path.write_text(path.read_text().replace("corpus-1", "corpus-2"))
    with pytest.raises(BrokenIndexError, match=r"'manifest\.json' has changed since it was built"):
        read(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (current_generation(folder) / name).unlink()
    with pytest.raises(BrokenIndexError, match=f"'{name}' is missing"):
        read(folder)


@pytest.mark.parametrize("pointer", [b"", b"../../elsewhere", b"000001", b"\xff\xfe"])
def test_a_pointer_that_names_no_generation_is_refused(folder: Path, pointer: bytes) -> None:
    (folder / "current").write_bytes(pointer)
    with pytest.raises(BrokenIndexError, match="'current' names no generation"):
        current_generation(folder)


def test_a_folder_without_an_index_is_told_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(MissingIndexError, match="does not exist. Build it with: impactqa index"):
        current_generation(tmp_path / "index")


def test_another_model_is_refused(folder: Path) -> None:
    with pytest.raises(StaleIndexError) as refusal:
        require(folder, read(folder), TOKENISER, "bge-small", 384)
    assert str(refusal.value) == (
        f"Index '{folder}' was built with 'hash-256' (256 dimensions), "
        "the service is set to 'bge-small' (384). Rebuild it with: impactqa index"
    )


def test_another_tokeniser_is_refused(folder: Path) -> None:
    with pytest.raises(StaleIndexError, match=f"splits words by '{TOKENISER}', the service by 'other-2'"):
        require(folder, read(folder), "other-2", "hash-256", 256)


def test_another_state_of_the_corpus_is_refused(folder: Path) -> None:
    require_corpus(folder, read(folder), "corpus-1")
    with pytest.raises(StaleIndexError, match=r"another state of the corpus \('corpus-1'\)"):
        require_corpus(folder, read(folder), "corpus-2")


def test_another_format_is_refused(folder: Path) -> None:
    older = read(folder).model_copy(update={"format_version": 1})
    renamed = current_generation(folder).rename(folder / "generations" / generation_name(9, older))
    (renamed / "manifest.json").write_bytes(older.to_bytes())
    (folder / "current").write_text(renamed.name)
    with pytest.raises(StaleIndexError, match="has format 1, the service reads format 2"):
        read(folder)


def test_a_future_manifest_is_stale_rather_than_damaged(folder: Path) -> None:
    (current_generation(folder) / "manifest.json").write_text('{"format_version": 3, "shards": []}')
    with pytest.raises(StaleIndexError, match="has format 3, the service reads format 2"):
        read(folder)


def test_equal_contents_have_equal_versions_and_others_do_not(folder: Path) -> None:
    manifest = read(folder)
    other = manifest.model_copy(update={"fingerprint": "corpus-2"})
    assert manifest.version == Manifest.model_validate_json(manifest.to_bytes()).version != other.version
    assert generation_name(3, manifest) == f"000003-{manifest.version}"
