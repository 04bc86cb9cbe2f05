"""Training of the reader of mentions: first of what sort mentions are, then which of them lists ask for.

    python -m service.evaluating.mention_training SORTS.jsonl DATA=QUESTIONS.jsonl ...

writes service/data/mentions.safetensors: after the first part too, since the second reads with it.

A line of SORTS is {"text", "start", "end", "sorts"}: a sentence, a mention in it and the nouns that fit it in the
singular, none for a wrong cut. DATA is a data folder with its reports ingested, QUESTIONS as `impactqa eval` takes
them, of which those with items count. What was measured is in docs/member-reader.md.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  (its usual name)
from safetensors.torch import save_file
from torch import Tensor, nn

from corpus.taxonomy import plain, plural
from index.embedder import Matrix, SentenceTransformerEmbedder
from service.knowledge.knowledge import Knowledge
from service.lists.member_reader import asked_for, read_into, seen_in
from service.lists.mention_features import FEATURES, FIT_COLUMNS, SCORE_COLUMN, Mentioned, features
from service.lists.mention_network import WEIGHTS, seen
from service.lists.mention_network import network as stored_network
from service.lists.read_members import CANDIDATES_READ
from service.lookups.lookup import candidates
from service.parts import Parts
from service.settings import Settings
from service.understanding.understand import understand

SIZE, HIDDEN = 96, 48
SCORERS = 3  # that begin differently, and whose log-odds are averaged
SORT_STEPS, SORT_BATCH = 700, 256
LIST_EPOCHS, LIST_BATCH = 10, 8
RATE, RATE_LEAST = 3e-3, 0.03  # of learning, falling to this share of it
DROPOUT_SORT, DROPOUT_LIST = 0.2, 0.1
OTHERS_WORTH = 2.0  # of mentions that are no members, beside one item
SYNONYM_COSINE = 0.62  # nouns so close may both fit: a missing one is no error
EVIDENCE_SHARE = 0.5  # of its words, that a passage must have to be the evidence


@dataclass(frozen=True)
class Sorted:
    """Mentions whose sorts are known."""

    mentions: Tensor  # as mention_network.seen gives them
    sorts: Sequence[Sequence[int]]  # rows of the nouns that fit each
    nouns: Tensor  # unit vectors of the nouns, in the singular
    plurals: Tensor


@dataclass(frozen=True)
class Asked:
    """One list question over one corpus."""

    mentions: Tensor
    features: Tensor
    rows: Tensor
    noun: Tensor
    items: Tensor  # by mention, which item it is from 1 on; 0 for none, -1 where that is not known


class Scorer(nn.Module):
    """Which mentions are members, by their features."""

    def __init__(self, features: int, hidden: int) -> None:
        super().__init__()
        self.linear, self.hidden = nn.Linear(features, 1), nn.Linear(features, hidden)
        self.output = nn.Linear(hidden, 1)
        nn.init.zeros_(self.linear.weight)
        nn.init.constant_(self.linear.bias, -4.0)
        nn.init.zeros_(self.output.weight)

    def forward(self, given: Tensor) -> Tensor:
        """The log-odds of each mention."""
        given = F.dropout(given, DROPOUT_LIST, self.training)
        found: Tensor = (self.linear(given) + self.output(torch.tanh(self.hidden(given))))[:, 0]
        return found


class Network(nn.Module):
    """service/lists/mention_network.py as it learns."""

    def __init__(self, wide: int, features: int) -> None:
        super().__init__()
        self.thing, self.sort = nn.Linear(wide, 1), nn.Linear(wide, SIZE)
        self.noun = nn.Linear(wide // 3, SIZE)
        self.scale, self.bias = nn.Parameter(torch.tensor(8.0)), nn.Parameter(torch.tensor(-4.0))
        self.scorer = Scorer(features, HIDDEN * SCORERS)
        self.mean, self.spread = torch.zeros(features), torch.ones(features)

    def fit(self, mentions: Tensor, nouns: Tensor, dropout: float) -> Tensor:
        """The cosine of each mention's sort and each noun."""
        sorts = F.normalize(self.sort(F.dropout(mentions, dropout, self.training)), dim=-1)
        return sorts @ F.normalize(self.noun(F.dropout(nouns, dropout, self.training)), dim=-1).T

    @torch.no_grad()
    def given(self, asked: Asked) -> Tensor:
        """The features of each mention of a question, with those of the fit that was learnt."""
        fit = self.fit(asked.mentions, asked.noun[None], 0.0)[:, 0]
        sizes = torch.bincount(asked.rows).float()
        means = (torch.zeros(len(sizes)).index_add_(0, asked.rows, fit) / sizes.clamp(min=1))[asked.rows]
        learnt = torch.stack([fit, means, fit - fit.max(), fit * asked.features[:, SCORE_COLUMN]], 1)
        return torch.cat([learnt, asked.features[:, FIT_COLUMNS:]], 1)

    def scores(self, asked: Asked) -> Tensor:
        """The log-odds of each mention of a question."""
        found: Tensor = self.scorer((self.given(asked) - self.mean) / self.spread)
        return found


def learn_sorts(network: Network, known: Sorted, order: random.Random) -> None:
    """The first part: which mentions are things, and of what sort."""
    parts = (network.thing, network.sort, network.noun)
    learnt = [*(p for part in parts for p in part.parameters()), network.scale, network.bias]
    optimizer = torch.optim.AdamW(learnt, 2e-3, weight_decay=0.05)
    for _ in range(SORT_STEPS):
        loss = _sort_loss(network, known, order, SORT_BATCH, DROPOUT_SORT)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


def learn_lists(network: Network, asked: Sequence[Asked], order: random.Random) -> None:
    """The second part: which mentions lists ask for; the sorts stay, or they learn the documents by heart."""
    given = [network.given(question) for question in asked]
    every = torch.cat(given)
    network.mean, network.spread = every.mean(0), every.std(0) + 1e-2
    questions = [
        ((features - network.mean) / network.spread, question.items)
        for features, question in zip(given, asked, strict=True)
        if (question.items > 0).any()
    ]
    network.scorer = together([_learnt_scorer(questions, every.shape[1], order) for _ in range(SCORERS)])


def _learnt_scorer(questions: Sequence[tuple[Tensor, Tensor]], features: int, order: random.Random) -> Scorer:
    """A scorer that learnt from the features of questions and the item that each mention is."""
    scorer, questions = Scorer(features, HIDDEN), list(questions)
    optimizer = torch.optim.AdamW(scorer.parameters(), RATE, weight_decay=0.05)
    for epoch in range(LIST_EPOCHS):
        order.shuffle(questions)
        optimizer.param_groups[0]["lr"] = RATE * max(RATE_LEAST, 1 - epoch / LIST_EPOCHS)
        for start in range(0, len(questions), LIST_BATCH):
            batch = questions[start : start + LIST_BATCH]
            loss = torch.stack([_list_loss(scorer(given), items) for given, items in batch]).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(scorer.parameters(), 5.0)
            optimizer.step()
    return scorer


@torch.no_grad()
def together(scorers: Sequence[Scorer]) -> Scorer:
    """One scorer that gives the mean log-odds of several."""
    features, hidden = scorers[0].linear.in_features, sum(each.hidden.out_features for each in scorers)
    joined, share = Scorer(features, hidden), 1 / len(scorers)
    for part in ("weight", "bias"):
        linear = [getattr(each.linear, part) for each in scorers]
        getattr(joined.linear, part).copy_(torch.stack(linear).mean(0))
        getattr(joined.hidden, part).copy_(torch.cat([getattr(each.hidden, part) for each in scorers]))
    joined.output.weight.copy_(share * torch.cat([each.output.weight for each in scorers], 1))
    joined.output.bias.copy_(torch.stack([each.output.bias for each in scorers]).mean(0))
    return joined


def _sort_loss(network: Network, known: Sorted, order: random.Random, size: int, dropout: float) -> Tensor:
    """How badly the nouns of a batch of mentions are told from the nouns of the others, and cuts from things."""
    chosen = order.sample(range(len(known.sorts)), min(size, len(known.sorts)))
    nouns = sorted({noun for row in chosen for noun in known.sorts[row]})
    place = {noun: column for column, noun in enumerate(nouns)}
    fits = torch.zeros(len(chosen), len(nouns))
    for row, mention in enumerate(chosen):
        fits[row, [place[noun] for noun in known.sorts[mention]]] = 1.0
    alike = (known.nouns[nouns] @ known.nouns[nouns].T > SYNONYM_COSINE).float()
    unsure = (fits @ alike > 0) & (fits == 0)
    vectors = known.plurals if order.random() < 0.6 else known.nouns
    mentions = known.mentions[chosen]
    things = network.thing(F.dropout(mentions, dropout, network.training))[:, 0]
    scores = network.scale * network.fit(mentions, vectors[nouns], dropout) + things[:, None] + network.bias
    surprise = F.binary_cross_entropy_with_logits(scores, fits, reduction="none").masked_fill(unsure, 0.0)
    cut = F.binary_cross_entropy_with_logits(2 * things, (fits.sum(1) > 0).float())
    return surprise.sum() / fits.sum().clamp(min=1) / 2 + cut


def _list_loss(scores: Tensor, items: Tensor) -> Tensor:
    """How badly members are told from other mentions: each by itself, and each item against all others."""
    others = scores[items == 0]
    told = [scores[items == item] for item in sorted(set(items.tolist())) if item > 0]
    members = sum(F.softplus(-mine).mean() for mine in told)
    alone = (OTHERS_WORTH * F.softplus(others).sum() + members) / len(told)
    above = others.logsumexp(0)
    against = sum(torch.logaddexp(mine.logsumexp(0), above) - mine.logsumexp(0) for mine in told) / len(told)
    loss: Tensor = (alone + against) / 2
    return loss


def weights_of(network: Network) -> dict[str, Tensor]:
    """What service/lists/mention_network.py reads: the features' own means and spreads are part of the maps."""
    kept = {}
    for name in ("thing", "sort", "noun", "hidden", "linear", "output"):
        part = getattr(network.scorer if hasattr(network.scorer, name) else network, name)
        weight, bias = part.weight.detach(), part.bias.detach()
        if name in {"hidden", "linear"}:
            weight = weight / network.spread
            bias = bias - weight @ network.mean
        exact = name in {"hidden", "linear", "output"}
        kept[f"{name}.weight"] = (weight if exact else weight.half()).contiguous()
        kept[f"{name}.bias"] = (bias if exact else bias.half()).contiguous()
    return kept


def known_sorts(file: Path, embedder: SentenceTransformerEmbedder) -> Sorted:
    """The mentions of a file with their sorts."""
    told = list(_lines(file))
    nouns = sorted({noun for line in told for noun in line["sorts"]})
    place = {noun: row for row, noun in enumerate(nouns)}
    mentions = [seen(embedder.token_states(line["text"]), [(line["start"], line["end"])])[0] for line in told]
    return Sorted(
        torch.from_numpy(np.stack(mentions)),
        [[place[noun] for noun in line["sorts"]] for line in told],
        torch.from_numpy(embedder.encode(nouns)),
        torch.from_numpy(embedder.encode([plural(noun) for noun in nouns])),
    )


def asked_lists(data: Path, questions: Path) -> Iterator[Asked]:
    """The list questions of a file over the corpus of a data folder."""
    assistant = Parts.open(Settings(data_dir=data)).assistant
    embedder = assistant.retriever.embedder
    if not isinstance(embedder, SentenceTransformerEmbedder):
        raise SystemExit("Mentions are learnt with the default model only. Unset IMPACTQA_MODEL.")
    for line in _lines(questions):
        if not line.get("items") or line.get("history"):
            continue
        knowledge = assistant.knowledge.naming([line["question"]])
        reading = understand(line["question"], knowledge)
        ranked = candidates(reading, knowledge, assistant.retriever, CANDIDATES_READ)
        looked_into = read_into(reading, knowledge, ranked, embedder)
        if looked_into is None:
            continue
        found, reads = looked_into
        given = features(reading, knowledge, ranked, found, np.zeros(SIZE, dtype=np.float32), reads)
        noun = embedder.encode([asked_for(reading)])
        texts = [knowledge.passages[position].text for position in found.positions.tolist()]
        yield Asked(
            torch.from_numpy(_states(found, knowledge, embedder)),
            torch.from_numpy(given),
            torch.from_numpy(found.rows),
            torch.from_numpy(noun[0]),
            torch.tensor([_item(label, text, line) for label, text in zip(found.labels, texts, strict=True)]),
        )


def _states(found: Mentioned, knowledge: Knowledge, embedder: SentenceTransformerEmbedder) -> Matrix:
    """What the network takes of each mention found."""
    rows = []
    for span, position in zip(found.spans, found.positions.tolist(), strict=True):
        spans, states = _seen_in(knowledge.passages[position].text, embedder)
        rows.append(states[spans.index(span)])
    return np.stack(rows)


_seen_in = lru_cache(maxsize=4096)(seen_in)


def _item(label: str, text: str, line: dict[str, Any]) -> int:
    """Which item a mention is: only where the question's evidence stands is that sure."""
    named = [
        number
        for number, names in enumerate(line["items"], 1)
        if any(plain(name) in plain(label) for name in names)
    ]
    if len(named) == 1:
        return named[0] if _is_evidence(text, line["evidence"]) else -1
    return -1 if named or any(plain(name) in plain(label) for name in line.get("also_ok", ())) else 0


def _is_evidence(text: str, evidence: Iterable[str]) -> bool:
    words = set(plain(text).split())
    return any(
        len(words & set(plain(sentence).split()))
        >= EVIDENCE_SHARE * max(len(words), len(plain(sentence).split()))
        for sentence in evidence
    )


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def main(arguments: Sequence[str]) -> None:
    """Trains on the files and writes the weights of the service, which must be a checkout."""
    sorts, *corpora = arguments
    output = Path(str(files("service").joinpath(WEIGHTS)))
    torch.manual_seed(0)
    order = random.Random(0)
    known = known_sorts(Path(sorts), SentenceTransformerEmbedder())
    network = Network(known.mentions.shape[1], FEATURES)
    learn_sorts(network, known, order)
    save_file(weights_of(network), output)
    stored_network.cache_clear()
    asked = [
        question
        for corpus in corpora
        for data, _, questions in [corpus.partition("=")]
        for question in asked_lists(Path(data), Path(questions))
    ]
    learn_lists(network, asked, order)
    save_file(weights_of(network.eval()), output)


if __name__ == "__main__":
    main(sys.argv[1:])
