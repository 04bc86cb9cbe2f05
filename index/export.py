"""A sentence-transformers model, and its encoder of questions, as ONNX graphs that are made once.

Importing torch and sentence_transformers takes about 5 s and 700 MB, which only the first start should pay.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.graphs import quantize
from index.pretrained import sentence_transformer

if TYPE_CHECKING:
    from onnx import ModelProto, TensorProto
    from torch.nn import Module

    from index.pretrained import SentenceTransformer

WEIGHTS = "model.safetensors"
GRAPH = "model.onnx"
QUESTION_GRAPH = "question.onnx"
READER_GRAPH = "reader.onnx"
SHARED = "weights.bin"  # of all graphs
TOKENIZER = "tokenizer.json"
EMBEDDING, STATES = "embedding", "states"  # the outputs of a graph
IDS, MASK, TYPES = "input_ids", "attention_mask", "token_type_ids"  # and its inputs
ANSWERS, INSIDE = "answers", "inside"  # the outputs of the reader's
MANIFEST = "manifest.json"
FORMAT = "6"  # raised whenever the same weights would be exported differently
OPSET = 18
SHARED_BYTES_MIN = 1024  # smaller tensors stay in their graph
PAGE_BYTES = 4096  # a tensor begins with a page, so that it can be mapped


class Changes(NamedTuple):
    """The files of what training changed of a model."""

    questions: Path  # for the encoder of questions
    reader: Path  # for the reader of question and passage


def exported(folder: Path, weights_sha256: str, cache: Path, changes: Changes | None = None) -> Path:
    """The folder below `cache` with the graphs and the tokenizer of a model; exported when not there whole.

    With `changes` there are graphs for questions and for the reader too.
    Several processes may export at once: each writes a folder of its own, and the first one is kept.
    """
    changed = "".join(f"-{_sha256(file)[:8]}" for file in changes or ())
    place = cache / f"{weights_sha256[:16]}{changed}-{FORMAT}"
    if not _is_whole(place):
        shutil.rmtree(place, ignore_errors=True)
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as draft:
            whole = Path(draft) / "whole"
            whole.mkdir()
            _export(folder, whole, changes)
            try:
                whole.rename(place)
            except OSError:
                if not _is_whole(place):
                    raise
    return place


def _is_whole(place: Path) -> bool:
    """True when every file is the one that was written."""
    try:
        expected = json.loads((place / MANIFEST).read_text("utf-8"))
        return all(_sha256(place / name) == digest for name, digest in expected.items())
    except (OSError, ValueError):
        return False


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _export(folder: Path, place: Path, changes: Changes | None) -> None:
    model = sentence_transformer(folder)
    _write_embedding(model, place / GRAPH)
    if changes:
        from index import question_network, reader_network

        questions = question_network.trained(folder / WEIGHTS, changes.questions)
        _write_graph(questions, place / QUESTION_GRAPH, (IDS, MASK), (EMBEDDING,))
        reader = reader_network.trained(folder, changes.reader)
        _write_graph(reader, place / READER_GRAPH, (IDS, MASK, TYPES), (ANSWERS, INSIDE))
        quantize(place / READER_GRAPH)
    graphs = (GRAPH, QUESTION_GRAPH, READER_GRAPH)
    _share_weights([file for name in graphs if (file := place / name).exists()])
    _write_tokenizer(model, place / TOKENIZER)
    manifest = {file.name: _sha256(file) for file in sorted(place.iterdir())}
    (place / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _write_embedding(model: SentenceTransformer, file: Path) -> None:
    """Writes the graph of a model as sentence-transformers runs it."""
    import torch

    class Embedding(torch.nn.Module):
        """All modules of the model one after the other: transformer, pooling, and what else it has.

        Beside the embedding of each text come the states of its tokens, from which mentions are read.
        """

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor]:
            found = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return found["sentence_embedding"], found["token_embeddings"]

    _write_graph(Embedding().eval(), file, (IDS, MASK), (EMBEDDING, STATES))


def _write_graph(network: Module, file: Path, inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """Writes the graph from token ids, and what goes with them, to its outputs; texts and tokens may vary."""
    import torch

    ids = torch.ones((2, 8), dtype=torch.int64)
    texts, tokens = {0: "texts"}, {0: "texts", 1: "tokens"}
    axes = {EMBEDDING: texts, ANSWERS: texts}
    with warnings.catch_warnings(
        action="ignore"
    ):  # about conditions that hold for every text: a test compares
        torch.onnx.export(
            network,
            tuple(ids for _ in inputs),
            str(file),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: axes.get(name, tokens) for name in (*inputs, *outputs)},
            opset_version=OPSET,
            dynamo=False,  # the other exporter takes six times as long
        )


def _share_weights(graphs: Sequence[Path]) -> None:
    """The tensors of the graphs stand in one file beside them, equal ones once.

    onnxruntime maps that file instead of reading it: of the table of words only the rows of a text's words are
    ever in memory. Two graphs take 110 MB less so, and open in 0.11 instead of 0.29 s.
    """
    import onnx

    places: dict[bytes, int] = {}
    with graphs[0].with_name(SHARED).open("wb") as file:
        for path in graphs:
            graph = onnx.load(path)
            for tensor in _tensors(graph):
                data = onnx.numpy_helper.to_array(tensor).tobytes()
                if len(data) < SHARED_BYTES_MIN:
                    continue
                digest = hashlib.sha256(data).digest()
                if digest not in places:
                    file.write(bytes(-file.tell() % PAGE_BYTES))
                    places[digest] = file.tell()
                    file.write(data)
                _refer(tensor, places[digest], len(data))
            path.write_bytes(graph.SerializeToString())


def _tensors(graph: ModelProto) -> list[TensorProto]:
    """The tensors of a graph; constants, which the exporter writes as nodes, are put beside the others."""
    for node in [node for node in graph.graph.node if node.op_type == "Constant"]:
        value = next((part.t for part in node.attribute if part.name == "value"), None)
        if value is not None and value.ByteSize() >= SHARED_BYTES_MIN:
            value.name = node.output[0]
            graph.graph.initializer.append(value)
            graph.graph.node.remove(node)
    return list(graph.graph.initializer)


def _refer(tensor: TensorProto, offset: int, length: int) -> None:
    """The tensor says where its data stand, and holds none."""
    for field in ("raw_data", "float_data", "int64_data"):
        tensor.ClearField(field)
    tensor.data_location = tensor.EXTERNAL
    for key, value in (("location", SHARED), ("offset", offset), ("length", length)):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, str(value)


def _write_tokenizer(model: SentenceTransformer, file: Path) -> None:
    """Writes the tokenizer so that it cuts and pads by itself as the model does."""
    from tokenizers import Tokenizer

    kept = model.tokenizer
    tokenizer = Tokenizer.from_str(kept.backend_tokenizer.to_str())
    tokenizer.enable_truncation(model.max_seq_length or kept.model_max_length)
    tokenizer.enable_padding(pad_id=kept.pad_token_id, pad_token=kept.pad_token)
    tokenizer.save(str(file))
