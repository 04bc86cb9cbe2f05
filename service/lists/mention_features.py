"""What speaks for a mention as a member of the list asked for, in numbers that the network weighs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.taxonomy import plain
from index.embedder import Matrix
from index.reader import Read
from service.knowledge.knowledge import Knowledge
from service.lists.enumeration_fit import known_sort
from service.lists.mentions import Span
from service.lookups.support import Support
from service.understanding.understand import Reading

SCORE_LEAST = 0.001  # of a passage that was not among the candidates
LABEL_WORDS_MAX = 8
ROW_MAX = 8
FEATURES = 46  # columns, of which
FIT_COLUMNS = 4  # the first come of the fit of sort and noun
SCORE_COLUMN = 11  # and this one is the support of the passage
ODDS_SCALE = 4.0  # of log-odds, so that they are of the size of the other features
UNREAD = -1.0
DOCUMENT_BEST = 3  # passages that say how much a document is about the question

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Mentioned:
    """The mentions of the passages looked into, a row each."""

    labels: Sequence[str]
    spans: Sequence[Span]
    positions: Rows  # of the passage of each
    rows: Rows  # the number of the row of names that each stands in
    things: Matrix
    sorts: Matrix


def features(
    reading: Reading,
    knowledge: Knowledge,
    ranked: Sequence[Support],
    found: Mentioned,
    noun: Matrix,
    reads: Mapping[int, Read],
) -> Matrix:
    """The features of each mention, shape (mentions, features).

    `noun` is the vector of what is asked for, `reads` what was read at each position with the question beside it.
    """
    support = _by_passage(knowledge, ranked, found.positions)
    fit = found.sorts @ noun
    asked = set(re.findall(r"\w+", plain(reading.question)))
    repeated = np.array([_share_in(label, asked) for label in found.labels], dtype=np.float32)
    capital = np.array(
        [label[:1].isupper() or label[:1].isdigit() for label in found.labels], dtype=np.float32
    )
    words = np.array([min(len(label.split()), LABEL_WORDS_MAX) for label in found.labels]) / LABEL_WORDS_MAX
    sizes = np.bincount(found.rows)[found.rows]
    in_question = [plain(label) in plain(reading.question) for label in found.labels]
    sorts = np.array([known_sort(reading, knowledge, label) for label in found.labels], dtype=np.float32)
    columns = [
        fit,
        row_mean(fit, found.rows),
        fit - fit.max(initial=-1.0),
        fit * support[:, 0],
        found.things * np.float32(1 / 3),
        row_mean(found.things * np.float32(1 / 3), found.rows),
        capital,
        row_mean(capital, found.rows),
        words,
        np.minimum(sizes, ROW_MAX) / ROW_MAX,
        sizes > 1,
        *support.T,
        np.array(in_question),
        repeated,
        row_mean(repeated, found.rows),
        np.full(len(fit), bool(reading.kinds)),
        np.full(len(fit), reading.intent == "who"),
        np.full(len(fit), bool(reading.named)),
        *_by_reader(knowledge, found, reads).T,
        sorts,
        row_mean(sorts, found.rows),
        _attached(knowledge, found),
    ]
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


# What joins a mention to one that it only says more of: "the first ward at the Norvia Hospital".
_ATTACHING = re.compile(r"\s*(?:at|in|of|for|from|by|on|with|to)\s+(?:the |an? |its |their )?")


def _attached(knowledge: Knowledge, found: Mentioned) -> Matrix:
    """1 for a mention that only a preposition parts from the one before it in its passage, else 0."""
    told = np.zeros(len(found.labels), dtype=np.float32)
    for i in range(1, len(found.labels)):
        if found.positions[i] == found.positions[i - 1]:
            text = knowledge.passages[int(found.positions[i])].text
            between = text[found.spans[i - 1][1] : found.spans[i][0]]
            told[i] = _ATTACHING.fullmatch(between) is not None
    return told


def _by_passage(knowledge: Knowledge, ranked: Sequence[Support], positions: Rows) -> Matrix:
    """A row for each mention: the support of its passage first, then what that, the one before and its document say."""
    of = {item.position: item for item in ranked}
    scores = {position: _odds(item.score) for position, item in of.items()}
    sought = {position: item.parts["sought"] for position, item in of.items()}
    documents: dict[str, list[int]] = {}
    for position in of:
        documents.setdefault(knowledge.passages[position].document_id, []).append(position)
    best = {id: max(scores[at] for at in inside) for id, inside in documents.items()}
    best_sought = {id: max(sought[at] for at in inside) for id, inside in documents.items()}
    several = {
        id: float(np.mean(sorted((scores[at] for at in inside), reverse=True)[:DOCUMENT_BEST]))
        for id, inside in documents.items()
    }
    top, top_sought = max(best.values(), default=0.0), max(best_sought.values(), default=0.0)
    table = []
    for position in positions.tolist():
        id = knowledge.passages[position].document_id
        before = (
            of.get(position - 1) if position and knowledge.passages[position - 1].document_id == id else None
        )
        item = of[position]
        table.append(
            (
                scores[position],
                scores[before.position] if before else _odds(SCORE_LEAST),
                best[id],
                several[id],
                best[id] - top,
                scores[position] - top,
                scores[position] - best[id],
                item.coverage,
                item.entity,
                item.parts["weakest"],
                item.parts["lexical"],
                before.entity if before else 0.0,
                sought[position],
                before.parts["sought"] if before else 0.0,
                best_sought[id],
                sought[position] - top_sought,
                sought[position] - best_sought[id],
            )
        )
    return np.array(table, dtype=np.float32).reshape(len(positions), -1)


def _by_reader(knowledge: Knowledge, found: Mentioned, reads: Mapping[int, Read]) -> Matrix:
    """A row for each mention: whether its passage answers, then whether its words are what is asked for."""
    answers = {position: read.answers / ODDS_SCALE for position, read in reads.items()}
    documents = {position: knowledge.passages[position].document_id for position in reads}
    best: dict[str, float] = {}
    for position, odds in answers.items():
        best[documents[position]] = max(odds, best.get(documents[position], odds))
    top = max(answers.values(), default=0.0)
    passages = [
        (answers[position], answers[position] - top, best[documents[position]])
        for position in found.positions.tolist()
    ]
    words = [
        _inside(reads[position], span)
        for position, span in zip(found.positions.tolist(), found.spans, strict=True)
    ]
    table = np.array([(*first, *rest) for first, rest in zip(passages, words, strict=True)], dtype=np.float32)
    table = table.reshape(len(words), -1)
    mean = table[:, 3] if len(words) else np.empty(0, dtype=np.float32)
    beside = np.stack([row_mean(mean, found.rows), mean - mean.max(initial=-9.0)], axis=1)
    return np.concatenate([table.reshape(len(words), 7), beside], axis=1)


def _inside(read: Read, span: Span) -> tuple[float, float, float, float]:
    """How far the words of a span are inside what is asked for: the mean, the most, the least, and those beside it."""
    start, end = span
    pieces = [i for i, (first, last) in enumerate(read.offsets) if first < end and start < last]
    if not pieces:  # beyond what the reader reads of a passage
        return UNREAD, UNREAD, UNREAD, UNREAD
    odds = read.inside / ODDS_SCALE
    within = odds[pieces[0] : pieces[-1] + 1]
    beside = [float(odds[i]) for i in (pieces[0] - 1, pieces[-1] + 1) if 0 <= i < len(odds)]
    return float(within.mean()), float(within.max()), float(within.min()), max(beside, default=UNREAD)


def _odds(score: float) -> float:
    """A quarter of the log-odds of a probability, within what it may be."""
    score = min(max(score, 1e-4), 1 - 1e-4)
    return math.log(score / (1 - score)) / 4


def row_mean(values: Matrix, rows: Rows) -> Matrix:
    """For each mention the mean over the row that it stands in."""
    means = (np.bincount(rows, values) / np.maximum(np.bincount(rows), 1))[rows]
    return means.astype(np.float32)


def _share_in(label: str, asked: set[str]) -> float:
    """The share of a label's words that the question has."""
    words = set(re.findall(r"\w+", plain(label)))
    return len(words & asked) / max(len(words), 1)
