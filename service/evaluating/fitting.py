"""The weights of a passage's support (service/data/support.toml), fitted on questions with gold sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.ask import Assistant
from service.evaluating.questions import Question
from service.lookups.acceptance import ANSWER_MIN
from service.lookups.lookup import candidates
from service.understanding.phrases import shows
from service.understanding.understand import understand

CANDIDATES = 10  # of each question that are labelled: what ranking puts forward, right or wrong
RIDGE = 1 / 0.3  # inverse of the C that the answering notes found
FOLDS = 8
STEPS_MAX = 50  # Newton's method needs about 8
_NOT_LOOKED_UP = frozenset({"list", "count", "smalltalk", "injection"})

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """The labelled candidates of one question: features in rows, best ranked first."""

    document_id: str  # that holds the answer, or that comes nearest to it
    answerable: bool
    rows: Numbers  # shape (candidates, features)
    holds: Numbers  # 1 where the passage shows a gold sentence, else 0


@dataclass(frozen=True)
class Weights:
    """A fitted score: 1 / (1 + exp(-bias - weights . features))."""

    bias: float
    weights: dict[str, float]

    def to_toml(self) -> str:
        """The text of support.toml."""
        lines = [f"{name} = {value:.2f}" for name, value in self.weights.items()]
        return "\n".join([f"bias = {self.bias:.2f}", "", "[weights]", *lines, ""])


@dataclass(frozen=True)
class Validation:
    """How a fit does on questions about documents that it has not seen; shares, nan where nothing counts."""

    questions: int
    documents: int
    auc: float  # over all candidates
    right: float  # of the answerable: best candidate above ANSWER_MIN, it or the next holds the answer
    wrongly_refused: float  # of the answerable
    rightly_refused: float  # of the unanswerable


def examples(assistant: Assistant, questions: Sequence[Question]) -> tuple[list[str], list[Example]]:
    """(names of the features, an example for each question that is looked up and stands alone)."""
    names: list[str] = []
    found = []
    for question in questions:
        if (
            question.history
            or question.type in _NOT_LOOKED_UP
            or (question.answerable and not question.evidence)
        ):
            continue
        reading = understand(question.question, assistant.knowledge)
        ranked = candidates(reading, assistant.knowledge, assistant.retriever)[:CANDIDATES]
        if not ranked:
            continue
        passages = [assistant.knowledge.passages[item.position] for item in ranked]
        names = list(ranked[0].parts)
        holds = [any(shows(passage.text, gold) for gold in question.evidence) for passage in passages]
        about = holds.index(True) if any(holds) else 0
        found.append(
            Example(
                passages[about].document_id,
                question.answerable,
                np.array([list(item.parts.values()) for item in ranked]),
                np.array(holds, dtype=np.float64),
            )
        )
    if not any(example.holds.any() for example in found):
        raise ValueError("No question has evidence among its candidates. Give questions on these documents.")
    return names, found


def fit(names: Sequence[str], given: Sequence[Example]) -> Weights:
    """Logistic regression, classes balanced, features standardised, with a ridge; always the same weights."""
    rows, holds = np.concatenate([e.rows for e in given]), np.concatenate([e.holds for e in given])
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1.0
    x = np.column_stack([np.ones(len(rows)), (rows - mean) / spread])
    balance = np.where(holds == 1, len(holds) / (2 * holds.sum()), len(holds) / (2 * (1 - holds).sum()))
    ridge = np.diag([0.0] + [RIDGE] * rows.shape[1])
    found = np.zeros(x.shape[1])
    for _ in range(STEPS_MAX):
        p = 1 / (1 + np.exp(-x @ found))
        gradient = x.T @ (balance * (p - holds)) + ridge @ found
        step = np.linalg.solve(x.T @ (x * (balance * p * (1 - p))[:, None]) + ridge, gradient)
        found = found - step
        if np.abs(step).max() < 1e-9:
            break
    weights = found[1:] / spread
    return Weights(float(found[0] - weights @ mean), dict(zip(names, map(float, weights), strict=True)))


def validated(names: Sequence[str], given: Sequence[Example]) -> Validation:
    """The fit tried on each of FOLDS groups of documents after fitting on the others."""
    documents = sorted({example.document_id for example in given})
    fold_of = {document_id: number % FOLDS for number, document_id in enumerate(documents)}
    tried: list[tuple[Example, Numbers]] = []
    for fold in range(min(FOLDS, len(documents))):
        rest = [example for example in given if fold_of[example.document_id] != fold]
        if not any(example.holds.any() for example in rest):
            raise ValueError("All questions are about one document. Give questions on several, to validate.")
        weights = fit(names, rest)
        tried += [(e, _probabilities(weights, e.rows)) for e in given if fold_of[e.document_id] == fold]
    return Validation(len(given), len(documents), _auc(tried), *_decisions(tried))


def _probabilities(weights: Weights, rows: Numbers) -> Numbers:
    found = 1 / (1 + np.exp(-weights.bias - rows @ np.array(list(weights.weights.values()))))
    return np.asarray(found, dtype=np.float64)


def _decisions(tried: Sequence[tuple[Example, Numbers]]) -> Iterator[float]:
    """The shares of a Validation after its AUC, in order."""
    best = [(example, p.max(), np.argsort(-p, kind="stable")[:2]) for example, p in tried]
    positive = [each for each in best if each[0].answerable]
    yield _mean([p >= ANSWER_MIN and bool(e.holds[first].any()) for e, p, first in positive])
    yield _mean([p < ANSWER_MIN for _, p, _ in positive])
    yield _mean([p < ANSWER_MIN for e, p, _ in best if not e.answerable])


def _auc(tried: Sequence[tuple[Example, Numbers]]) -> float:
    """The chance that a passage that holds an answer scores above one that does not; a tie counts half."""
    scores = np.concatenate([p for _, p in tried])
    holds = np.concatenate([example.holds for example, _ in tried])
    gaps = scores[holds == 1][:, None] - scores[holds == 0][None, :]
    return float(((gaps > 0) + 0.5 * (gaps == 0)).mean())


def _mean(values: Sequence[bool]) -> float:
    return float(sum(values) / len(values)) if values else float("nan")
