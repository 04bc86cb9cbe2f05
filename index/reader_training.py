"""Training of the reader on questions with passages that answer them and passages that do not.

    python -m index.reader_training QUESTIONS.jsonl index/data/reader.safetensors

A line is {"question": …, "passages": [{"title": …, "before": …, "text": …, "answers": true, "spans": [[3, 9]]}, …]};
"spans" are the characters of the text that are what is asked for, and may be left out where they are not known.
What was trained on what, and what came of it, is in docs/reader.md.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  (its usual name)
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from index.embedder import default_folder
from index.export import TOKENIZER
from index.reader import Pair, Passage, pair_tokenizer, paired
from index.reader_network import Reader, changes_of

BATCH_PAIRS = 40
RATE, HEADS_RATE = 8e-5, 4e-4  # of learning; rises over WARM_UP_STEPS, then falls to RATE_LEAST of it
WARM_UP_STEPS, RATE_LEAST = 100, 0.03
ANSWERS_MAX = 2  # passages of a question that answer it, in one round
OTHERS_MAX = 4  # and that do not
LOSSES = (1.0, 0.5, 0.7)  # how much each of the three counts, see `_loss`


@dataclass(frozen=True)
class Judged:
    """A passage with whether it answers and, where known, which of its characters are what is asked for."""

    passage: Passage
    answers: bool
    spans: Sequence[tuple[int, int]] | None


@dataclass(frozen=True)
class Example:
    """A question with its passages."""

    question: str
    passages: Sequence[Judged]


def trained(examples: Sequence[Example], folder: Path, epochs: float = 1, seed: int = 0) -> Reader:
    """The reader after `epochs` over the examples, from the encoder of `folder`."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    reader = Reader(folder).train()
    reader.bert.embeddings.word_embeddings.requires_grad_(False)  # shared with the other graphs
    body = [item for item in reader.bert.parameters() if item.requires_grad]
    heads = [item for name, item in reader.named_parameters() if not name.startswith("bert.")]
    optimizer = torch.optim.AdamW([{"params": body, "rate": RATE}, {"params": heads, "rate": HEADS_RATE}])
    tokenizer = pair_tokenizer(folder / TOKENIZER)
    batches = list(_batches(examples, order, epochs))
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = (
                group["rate"]
                * min(1.0, (step + 1) / WARM_UP_STEPS)
                * max(RATE_LEAST, 1 - step / len(batches))
            )
        loss = _loss(reader, tokenizer, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
    return reader.eval()


def _loss(reader: Reader, tokenizer: Tokenizer, batch: Sequence[Example]) -> Tensor:
    """How wrong the reader is: about each passage, about which of a question's answers, and about their words."""
    pairs = [paired(tokenizer, item.question, told.passage) for item in batch for told in item.passages]
    told = [judged for item in batch for judged in item.passages]
    ids, mask, types = _tensors(pairs)
    answers, inside = reader(ids, mask, types)
    right = torch.tensor([float(judged.answers) for judged in told])
    known, asked = _spans(pairs, told, ids.shape[1])
    words = F.binary_cross_entropy_with_logits(inside, asked, reduction="none") * known
    parts = (
        F.binary_cross_entropy_with_logits(answers, right),
        _choice(answers, right, [len(item.passages) for item in batch]),
        words.sum() / known.sum().clamp(min=1),
    )
    return torch.stack([weight * part for weight, part in zip(LOSSES, parts, strict=True)]).sum()


def _choice(answers: Tensor, right: Tensor, sizes: Sequence[int]) -> Tensor:
    """The mean surprise at the answering passages of the questions that have both kinds."""
    found = [
        odds.logsumexp(0) - odds[truth > 0].logsumexp(0)
        for odds, truth in zip(
            torch.split(answers, list(sizes)), torch.split(right, list(sizes)), strict=True
        )
        if truth.any() and not truth.all()
    ]
    return torch.stack(found).mean() if found else answers.sum() * 0


def _tensors(pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and types of pairs, padded to the longest; shape (pairs, tokens) each."""
    width = max(len(pair.ids) for pair in pairs)
    ids, mask, types = (torch.zeros(len(pairs), width, dtype=torch.int64) for _ in range(3))
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
        mask[row, : len(pair.ids)] = 1
        types[row, pair.start : len(pair.ids)] = 1
    return ids, mask, types


def _spans(pairs: Sequence[Pair], told: Sequence[Judged], width: int) -> tuple[Tensor, Tensor]:
    """Which tokens are known to be asked for or not, and which are; shape (pairs, tokens) each."""
    known, asked = torch.zeros(len(pairs), width), torch.zeros(len(pairs), width)
    for row, (pair, judged) in enumerate(zip(pairs, told, strict=True)):
        if judged.spans is None and judged.answers:
            continue
        spans = judged.spans or ()
        for piece, (first, last) in enumerate(pair.offsets):
            known[row, pair.start + piece] = 1
            asked[row, pair.start + piece] = any(start < last and first < end for start, end in spans)
    return known, asked


def _batches(examples: Sequence[Example], order: random.Random, epochs: float) -> Iterator[list[Example]]:
    """Examples with some of their passages, about BATCH_PAIRS pairs at a time."""
    batch: list[Example] = []
    for _ in range(int(epochs * len(examples))):
        item = order.choice(examples)
        right = [judged for judged in item.passages if judged.answers]
        wrong = [judged for judged in item.passages if not judged.answers]
        some = [
            *order.sample(right, min(ANSWERS_MAX, len(right))),
            *order.sample(wrong, min(OTHERS_MAX, len(wrong))),
        ]
        batch.append(Example(item.question, some))
        if sum(len(each.passages) for each in batch) >= BATCH_PAIRS:
            yield batch
            batch = []
    if batch:
        yield batch


def _examples(file: Path) -> list[Example]:
    with file.open(encoding="utf-8") as lines:
        told: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    return [
        Example(
            item["question"],
            [
                Judged(
                    Passage(one.get("title", ""), one.get("before", ""), one["text"]),
                    one["answers"],
                    [(start, end) for start, end in one["spans"]] if "spans" in one else None,
                )
                for one in item["passages"]
            ],
        )
        for item in told
    ]


def main(arguments: Sequence[str]) -> None:
    """Trains on one file and writes the other."""
    questions, output = map(Path, arguments)
    folder = default_folder()
    save_file(changes_of(trained(_examples(questions), folder), folder), str(output))


if __name__ == "__main__":
    main(sys.argv[1:])
