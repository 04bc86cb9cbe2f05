"""The encoder of questions: the sentence encoder with low-rank changes that place a question near its answers.

A sentence encoder places texts that mean the same side by side; a question and the sentence that answers it do
not mean the same. The changes (Hu et al., 2021, https://arxiv.org/abs/2106.09685) are learnt on the side of the
question alone, so that the vectors of passages, and every index, stay those of the unchanged model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812  (its usual name)
from safetensors.torch import load_file
from torch import Tensor, nn

HEADS = 12
LAYERS = 6
RANK = 16  # of the changes: 0.67 million numbers in all, 1.3 MB
_EPSILON = 1e-12

Weights = Mapping[str, Tensor]


class Changed(nn.Module):
    """A linear map that stays, and a low-rank change of it that is learnt; `rank` 0 is the map alone."""

    weight: Tensor
    bias: Tensor

    def __init__(self, weights: Weights, name: str, rank: int) -> None:
        super().__init__()
        self.register_buffer("weight", weights[f"{name}.weight"].clone(), persistent=False)
        self.register_buffer("bias", weights[f"{name}.bias"].clone(), persistent=False)
        wide, deep = self.weight.shape
        self.down = nn.Parameter(torch.randn(rank, deep) / math.sqrt(deep)) if rank else None
        self.up = nn.Parameter(torch.zeros(wide, rank)) if rank else None

    def forward(self, states: Tensor) -> Tensor:
        given = F.linear(states, self.weight, self.bias)
        if self.down is None or self.up is None:
            return given
        return given + F.linear(F.linear(states, self.down), self.up)

    def merge(self) -> None:
        """Makes the change part of the map: the same results in one step."""
        if self.down is not None and self.up is not None:
            self.weight = self.weight + self.up.detach() @ self.down.detach()
            self.down = self.up = None


class Layer(nn.Module):
    """One layer of the encoder as BERT has it: attention, then two linear maps, each with its normalisation."""

    def __init__(self, weights: Weights, number: int, rank: int = 0) -> None:
        super().__init__()
        name = f"encoder.layer.{number}"
        self.query = Changed(weights, f"{name}.attention.self.query", rank)
        self.key = Changed(weights, f"{name}.attention.self.key", rank)
        self.value = Changed(weights, f"{name}.attention.self.value", rank)
        self.attended = Changed(weights, f"{name}.attention.output.dense", rank)
        self.inner = Changed(weights, f"{name}.intermediate.dense", rank)
        self.outer = Changed(weights, f"{name}.output.dense", rank)
        self.first_norm = _norm(weights, f"{name}.attention.output.LayerNorm", bool(rank))
        self.second_norm = _norm(weights, f"{name}.output.LayerNorm", bool(rank))

    def forward(self, states: Tensor, visible: Tensor, dropout: float = 0.0) -> Tensor:
        """The states after this layer, shape (texts, tokens, size); `visible` says which tokens are seen."""
        query, key, value = (self._heads(part(states)) for part in (self.query, self.key, self.value))
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=visible)
        seen = self.attended(seen.transpose(1, 2).reshape(states.shape))
        states = self.first_norm(states + F.dropout(seen, dropout, self.training))
        thought = self.outer(F.gelu(self.inner(states)))
        changed: Tensor = self.second_norm(states + F.dropout(thought, dropout, self.training))
        return changed

    def _heads(self, states: Tensor) -> Tensor:
        texts, tokens, size = states.shape
        return states.view(texts, tokens, HEADS, size // HEADS).transpose(1, 2)


class QuestionEncoder(nn.Module):
    """The whole encoder: embeddings, layers, the mean over the tokens, made a unit vector."""

    words: Tensor
    places: Tensor

    def __init__(self, weights: Weights, rank: int = RANK) -> None:
        super().__init__()
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        places = weights["embeddings.position_embeddings.weight"] + kind
        self.register_buffer("words", weights["embeddings.word_embeddings.weight"], persistent=False)
        self.register_buffer("places", places, persistent=False)
        self.norm = _norm(weights, "embeddings.LayerNorm", learnt=False)
        self.layers = nn.ModuleList(Layer(weights, number, rank) for number in range(LAYERS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, dropout: float = 0.0) -> Tensor:
        """Unit vectors, shape (texts, size), of token ids and their mask, shape (texts, tokens) both."""
        positions = torch.arange(input_ids.shape[1], device=input_ids.device)
        states: Tensor = self.norm(F.embedding(input_ids, self.words) + F.embedding(positions, self.places))
        visible = attention_mask.bool()[:, None, None, :]
        for layer in self.layers:
            states = layer(states, visible, dropout)
        shares = attention_mask.to(states.dtype) / attention_mask.sum(1, keepdim=True)
        # A product, not a sum: onnxruntime sums one text otherwise than several, and a question should have one vector.
        return F.normalize((shares[:, None, :] @ states).squeeze(1).float(), dim=-1)


def base_weights(file: Path) -> Weights:
    """The weights of the sentence encoder, by their names inside BERT."""
    return {name.removeprefix("bert."): tensor for name, tensor in load_file(str(file)).items()}


def trained(base: Path, changes: Path) -> QuestionEncoder:
    """The encoder as it was trained: the model of `base` with the changes of `changes` merged into it."""
    encoder = QuestionEncoder(base_weights(base))
    learnt = {name: tensor.float() for name, tensor in load_file(str(changes)).items()}
    missing, unknown = encoder.load_state_dict(learnt, strict=False)
    if unknown or any(not name.startswith("norm.") for name in missing):
        raise ValueError(
            f"'{changes}' holds no changes of this encoder: {[*missing, *unknown][:3]} do not fit."
        )
    for part in encoder.modules():
        if isinstance(part, Changed):
            part.merge()
    return encoder.eval()


def _norm(weights: Weights, name: str, learnt: bool) -> nn.LayerNorm:
    norm = nn.LayerNorm(weights[f"{name}.weight"].shape[0], eps=_EPSILON)
    norm.load_state_dict({"weight": weights[f"{name}.weight"], "bias": weights[f"{name}.bias"]})
    return norm.requires_grad_(learnt)
