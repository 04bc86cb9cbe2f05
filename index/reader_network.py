"""The reader: question and passage in one network, which says whether the one answers the other, and with which words.

The encoder of sentences, trained on with both texts before it, so that every word of the passage is seen beside
every word of the question (Nogueira and Cho, 2019, https://arxiv.org/abs/1901.04085). All its linear maps were
trained; index/data/reader.safetensors holds how each changed, in whole steps of 8 bits for every row.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812  (its usual name)
from safetensors.torch import load_file
from torch import Tensor, nn

from index.pretrained import bert

STEPS, STEP = (
    ".steps",
    ".step",
)  # of a matrix: how many steps each weight changed, and how long a step of its row is
STEPS_MAX = 127
SEPARATOR = 102  # the id of [SEP], as BERT has it

Weights = Mapping[str, Tensor]


class Reader(nn.Module):
    """The network over pairs of question and passage; `folder` holds the encoder that it starts from."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = bert(folder)
        size = self.bert.config.hidden_size
        self.inside = nn.Linear(size, 1)
        self.hidden = nn.Linear(2 * size, size)
        self.answer = nn.Linear(size, 1)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Log-odds that each passage answers, shape (pairs,), and that each token is part of what is asked for.

        The second has shape (pairs, tokens); tokens of type 1 are those of the passage.
        """
        states = self.bert(
            input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()
        passage = ((token_type_ids == 1) & (input_ids != SEPARATOR)).to(states.dtype)[..., None]
        mean = (states * passage).sum(1) / passage.sum(1).clamp(min=1)
        seen = F.gelu(self.hidden(torch.cat([states[:, 0], mean], dim=-1)))
        return self.answer(seen).squeeze(-1), self.inside(states).squeeze(-1)


def changes_of(reader: Reader, folder: Path) -> dict[str, Tensor]:
    """What training changed, by name: matrices in steps, all else whole in half precision."""
    before = Reader(folder).state_dict()
    kept: dict[str, Tensor] = {}
    for name, after in reader.state_dict().items():
        change = after - before[name]
        if not name.startswith("bert.") or (change.ndim < 2 and change.any()):
            kept[name] = after.half()
        elif change.any():
            step = (change.abs().amax(dim=1, keepdim=True) / STEPS_MAX).clamp(min=1e-9)
            kept[name + STEPS] = (change / step).round().to(torch.int8)
            kept[name + STEP] = step
    return {name: tensor.contiguous() for name, tensor in kept.items()}


def trained(folder: Path, changes: Path) -> Reader:
    """The reader as it was trained: the encoder of `folder` with `changes` made. Raises ValueError if they do not fit."""
    reader = Reader(folder)
    learnt = {name: tensor.float() for name, tensor in load_file(str(changes)).items()}
    weights = reader.state_dict()
    unknown = [name for name in learnt if name.removesuffix(STEPS).removesuffix(STEP) not in weights]
    if unknown:
        raise ValueError(f"'{changes}' holds no changes of this encoder: {unknown[:3]} do not fit.")
    for name, tensor in learnt.items():
        if name.endswith(STEPS):
            weight = name.removesuffix(STEPS)
            weights[weight] = weights[weight] + tensor * learnt[weight + STEP]
        elif not name.endswith(STEP):
            weights[name] = tensor
    reader.load_state_dict(weights)
    return reader.eval()
