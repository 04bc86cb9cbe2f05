"""How well a search finds what people judged relevant: recall, nDCG and reciprocal rank over qrels."""

from __future__ import annotations

import gzip
import json
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.build import Entry, Progress, build
from index.embedder import Embedder
from index.ranking import RANKINGS, Ranking
from index.retriever import Retriever

Run = Mapping[str, Sequence[str]]  # question id -> entry ids, best first
Qrels = Mapping[str, Mapping[str, int]]  # question id -> entry id -> relevance, 0 for not relevant


@dataclass(frozen=True, slots=True)
class Metrics:
    """Means over all judged questions."""

    questions: int
    k: int
    recall: float  # at k
    ndcg: float  # at k
    mrr: float  # at k


@dataclass(frozen=True, slots=True)
class Collection:
    """A retrieval benchmark: what is searched, what is asked, what is relevant."""

    entries: list[Entry]
    questions: dict[str, str]
    qrels: dict[str, dict[str, int]]


def evaluate_run(run: Run, qrels: Qrels, k: int = 10) -> Metrics:
    """The means of a run; a judged question that the run leaves out counts as nothing found."""
    judged = {question: grades for question, grades in qrels.items() if any(g > 0 for g in grades.values())}
    if not judged:
        raise ValueError("Qrels name no relevant entry. Give at least one question with a relevance above 0.")
    rankings = [(run.get(question, ()), grades) for question, grades in judged.items()]

    def mean(metric: Callable[[Sequence[str], Mapping[str, int], int], float]) -> float:
        return math.fsum(metric(ranked, grades, k) for ranked, grades in rankings) / len(rankings)

    return Metrics(len(rankings), k, mean(recall_at), mean(ndcg_at), mean(reciprocal_rank_at))


def recall_at(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """The share of the relevant entries that stand among the first `k`."""
    relevant = {entry for entry, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant)


def ndcg_at(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """The discounted gain of the first `k` over that of the best order, as trec_eval counts it.

    Järvelin and Kekäläinen, 2002, https://doi.org/10.1145/582415.582418; the gain is the relevance itself.
    """
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    return _discounted([grades.get(entry, 0) for entry in ranked[:k]]) / _discounted(ideal[:k])


def reciprocal_rank_at(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """1 over the rank of the first relevant entry; 0 when none stands among the first `k`."""
    return next((1 / rank for rank, entry in enumerate(ranked[:k], 1) if grades.get(entry, 0) > 0), 0.0)


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def search_all(retriever: Retriever, questions: Mapping[str, str], limit: int = 100) -> dict[str, list[str]]:
    """The run of a retriever: the ids it finds for each question, best first."""
    return {
        question: [hit.id for hit in retriever.ranked(text, limit)] for question, text in questions.items()
    }


def benchmark(
    collection: Collection, embedder: Embedder, k: int = 10, progress: Progress | None = None
) -> dict[Ranking, Metrics]:
    """How well each way of ranking does on the questions of a collection, from one index over its entries."""
    with tempfile.TemporaryDirectory() as folder:
        build(collection.entries, embedder, Path(folder), fingerprint="", progress=progress)
        return {
            ranking: evaluate_run(
                search_all(
                    Retriever.open(Path(folder), embedder, ranking=ranking), collection.questions, max(k, 100)
                ),
                collection.qrels,
                k,
            )
            for ranking in RANKINGS
        }


def read_collection(folder: Path) -> Collection:
    """The collection in a BEIR folder (https://github.com/beir-cellar/beir): corpus, judged questions, qrels.

    corpus.jsonl with `_id`, `title` and `text`; queries.jsonl with `_id` and `text`; qrels/test.tsv. Files
    may be gzipped, `id` and `sentences` may stand for `_id` and `text`, and the TREC forms `*topics.tsv`
    (id, text) and `*qrels.txt` (question, 0, entry, relevance) may take the place of the last two.
    """
    qrels = _read_qrels(_one_of(folder, "qrels/test.tsv", "*qrels.txt"))
    questions = dict(_read_questions(_one_of(folder, "queries.jsonl*", "*topics.tsv")))
    return Collection(
        entries=[_entry(record) for record in _records(_one_of(folder, "corpus.jsonl*"))],
        questions={question: text for question, text in questions.items() if question in qrels},
        qrels=qrels,
    )


def _one_of(folder: Path, *patterns: str) -> Path:
    for pattern in patterns:
        if found := sorted(folder.glob(pattern)):
            return found[0]
    raise FileNotFoundError(
        f"Collection '{folder}' has no {' or '.join(patterns)}. Give the folder of a collection in BEIR form."
    )


def _records(path: Path) -> Iterator[dict[str, str | list[str]]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _entry(record: dict[str, str | list[str]]) -> Entry:
    name = str(record.get("_id", record.get("id")))
    body = record.get("text") or record.get("sentences") or ""
    text = body if isinstance(body, str) else " ".join(sentence.strip() for sentence in body)
    return Entry(id=name, kind="passage", document_id=name, text=f"{record.get('title', '')} {text}".strip())


def _read_questions(path: Path) -> Iterator[tuple[str, str]]:
    if path.suffix == ".tsv":
        for line in path.read_text(encoding="utf-8").splitlines():
            name, text = line.split("\t", 1)
            yield name, text
    else:
        for record in _records(path):
            yield str(record.get("_id", record.get("id"))), str(record["text"])


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        question, *_, entry, grade = line.split()
        if grade.isdigit():  # not so in the heading of a BEIR file
            qrels.setdefault(question, {})[entry] = int(grade)
    return qrels
