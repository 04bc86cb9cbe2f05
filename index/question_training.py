"""Training of the encoder of questions on questions whose answering passages are known.

    python -m index.question_training QUESTIONS.jsonl PASSAGES.jsonl index/data/question.safetensors

PASSAGES holds {"id", "document_id", "text"} a line, QUESTIONS {"question", "passage_ids"}: the passages that answer.
Only the side of the question learns; passages keep the vectors of the unchanged model, so that all of them can
be contrasted with each question at once. What was measured is in docs/question-encoder.md.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from index.embedder import SentenceTransformerEmbedder, default_folder
from index.question_network import Changed, QuestionEncoder, base_weights

EPOCHS = 3
BATCH_QUESTIONS = 64
RATE = 1e-3  # of learning, after WARM_UP_STEPS; falls to RATE_LEAST of it
WARM_UP_STEPS, RATE_LEAST = 30, 0.03
DROPOUT = 0.1
SCALE = 20.0  # of cosines before the softmax, as sentence-transformers has it
TWIN_COSINE = 0.85  # a passage so like an answering one may answer too, and is contrasted with none
QUESTION_PIECES_MAX = 40
_FAR = -1e4


@dataclass(frozen=True)
class Examples:
    """Questions with the rows of the passages that answer them, and these passages as vectors."""

    questions: Sequence[str]
    answers: Sequence[Sequence[int]]
    passages: Tensor  # shape (passages, size), unit vectors
    documents: Tensor  # shape (passages,): the number of each passage's document


def trained(examples: Examples, folder: Path, epochs: float = EPOCHS, seed: int = 0) -> QuestionEncoder:
    """The encoder after `epochs` over the examples; the same examples and seed give the same weights on one machine."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    encoder = QuestionEncoder(base_weights(folder / "model.safetensors")).train()
    tokenizer = _tokenizer(folder)
    learnt = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learnt, RATE, weight_decay=0.01)
    steps = max(1, int(epochs * len(examples.questions) / BATCH_QUESTIONS))
    batches = _batches(len(examples.questions), order)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / WARM_UP_STEPS) * max(RATE_LEAST, 1 - step / steps)
        chosen = next(batches)
        vectors = encoder(*_tokens(tokenizer, [examples.questions[i] for i in chosen]), dropout=DROPOUT)
        loss = _loss(vectors, [examples.answers[i] for i in chosen], examples)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
    return encoder.eval()


def changes_of(encoder: QuestionEncoder) -> dict[str, Tensor]:
    """What was learnt, by name, in half precision: all that has to be kept beside the model."""
    fixed = {
        f"{name}.{part}"
        for name, module in encoder.named_modules()
        if isinstance(module, Changed)
        for part in ("weight", "bias")
    }
    return {
        name: tensor.to(torch.float16).contiguous()
        for name, tensor in encoder.state_dict().items()
        if name not in fixed and not name.startswith("norm.")
    }


def _loss(vectors: Tensor, answers: Sequence[Sequence[int]], examples: Examples) -> Tensor:
    """The mean surprise at the answering passages, among all passages and among those of their document."""
    scores = SCALE * vectors @ examples.passages.T
    answering = torch.zeros_like(scores, dtype=torch.bool)
    for row, rows in enumerate(answers):
        answering[row, list(rows)] = True
    likeness = torch.stack(
        [(examples.passages @ examples.passages[list(rows)].T).amax(1) for rows in answers]
    )
    scores = scores.masked_fill((likeness > TWIN_COSINE) & ~answering, _FAR)
    own = (
        examples.documents[None, :] == torch.stack([examples.documents[rows[0]] for rows in answers])[:, None]
    )
    right = scores.masked_fill(~answering, _FAR).logsumexp(1)
    among_all, among_own = scores.logsumexp(1), scores.masked_fill(~own, _FAR).logsumexp(1)
    return ((among_all - right) + (among_own - right)).mean() / 2


def _batches(count: int, order: random.Random) -> Iterator[list[int]]:
    """Rows of questions without end, all of them once before any comes again."""
    rest: list[int] = []
    while True:
        if len(rest) < min(BATCH_QUESTIONS, count):
            rest = order.sample(range(count), count)
        yield rest[:BATCH_QUESTIONS]
        rest = rest[BATCH_QUESTIONS:]


def _tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(QUESTION_PIECES_MAX)
    tokenizer.enable_padding()
    return tokenizer


def _tokens(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    encoded = tokenizer.encode_batch(list(texts))
    ids = torch.tensor([text.ids for text in encoded])
    return ids, torch.tensor([text.attention_mask for text in encoded])


def _examples(questions: Path, passages: Path) -> Examples:
    told = list(_lines(passages))
    row_of = {passage["id"]: row for row, passage in enumerate(told)}
    documents: dict[str, int] = {}
    numbers = [documents.setdefault(passage["document_id"], len(documents)) for passage in told]
    asked = list(_lines(questions))
    vectors = SentenceTransformerEmbedder().encode([passage["text"] for passage in told])
    return Examples(
        [question["question"] for question in asked],
        [[row_of[id] for id in question["passage_ids"]] for question in asked],
        torch.from_numpy(np.asarray(vectors)),
        torch.tensor(numbers),
    )


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def main(arguments: Sequence[str]) -> None:
    """Trains on two files and writes the third."""
    questions, passages, output = map(Path, arguments)
    encoder = trained(_examples(questions, passages), default_folder())
    save_file(changes_of(encoder), str(output))


if __name__ == "__main__":
    main(sys.argv[1:])
