"""How fast search is at each size, how much it finds, and how near it is to what the machine can do.

Run as a program, in a process that has one thread for each computation: `python -m
service.evaluating.search_bench SIZE…` prints the figures as JSON.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.passages import index_text
from corpus.sheets import is_table
from corpus.store import STANDING, Store
from index.build import build, text_sha256
from index.embedder import Embedder, Matrix, SentenceTransformerEmbedder, model_folder
from index.retriever import Retriever
from index.vectors import Vectors
from service.evaluating.growth import Grown, varied
from service.evaluating.limits import cpu_ms, flops_per_token, gemm_flops_per_ms, read_ms
from service.evaluating.scores import percentile
from service.examples import example_questions
from service.parts import embedder_of
from service.settings import Settings

CLIENTS = (1, 8, 32)
_QUESTIONS = 40  # made from the corpus
_SEARCHES = 100  # of each number of clients
_ROUNDS = 9  # of each measurement and its limit, in turns, so that other work on the machine slows both
_BULK_TEXTS = 128

Figures = dict[str, float]


def search_figures(settings: Settings, sizes: Sequence[int]) -> dict[str, Figures]:
    """Figures by name, those of encoding under "encoding", the others under their number of passages."""
    embedder = embedder_of(settings.model_copy(update={"threads": 1}))
    with Store.open(*settings.store_place) as store:
        texts = passage_texts(store)
        questions = example_questions(store.facts(review=STANDING), _QUESTIONS) or texts[:_QUESTIONS]
        vectors = passage_vectors(store, embedder, texts)
    found, fresh = {}, varied(questions)
    if isinstance(embedder, SentenceTransformerEmbedder):
        found["encoding"] = _encoding(embedder, model_folder(settings.model), texts, fresh)
    for size in sizes:
        found[str(size)] = _at_size(Grown(texts, vectors, size), embedder, fresh, settings)
    return found


def passage_texts(store: Store) -> list[str]:
    """What is embedded of the passages of reports, each text once."""
    return list(
        dict.fromkeys(
            index_text(passage, document)
            for document in store.documents()
            if not is_table(document.media_type)
            for passage in store.passages(document.id)
        )
    )


def passage_vectors(store: Store, embedder: Embedder, texts: Sequence[str]) -> Matrix:
    """The vector of each text, as stored; encoded anew unless all are."""
    digests = [text_sha256(text) for text in texts]
    stored = store.embeddings.of(embedder.name, digests)
    rows = [np.frombuffer(stored[digest], dtype="<f4") for digest in digests if digest in stored]
    return np.array(rows, dtype=np.float32) if len(rows) == len(texts) else embedder.encode(texts)


def _encoding(
    embedder: SentenceTransformerEmbedder, model: Path, texts: Sequence[str], fresh: Iterator[str]
) -> Figures:
    """What one question and many passages take, and what the multiplications in them take at least."""
    per_token = flops_per_token(model)
    bulk = [texts[number * len(texts) // _BULK_TEXTS] for number in range(_BULK_TEXTS)]
    bulk_flops = per_token * sum(embedder.token_counts(bulk))
    embedder.encode_question(next(fresh))
    rates, one, tokens, many = [], [], [], []
    for _ in range(_ROUNDS):
        rates.append(gemm_flops_per_ms())
        for question in islice(fresh, 10):
            one.append(cpu_ms(lambda question=question: embedder.encode_question(question)))  # type: ignore[misc]
            tokens += embedder.token_counts([question])
        many.append(cpu_ms(lambda: embedder.encode(bulk)))
    together, apart = _questions_per_s(embedder, fresh)
    rate = max(rates)
    return {
        "gemm_gflops": rate / 1e6,
        "question_tokens": statistics.fmean(tokens),
        "question_ms": statistics.median(one),
        "question_over_limit": statistics.median(
            _ratio(took, per_token * count / rate) for took, count in zip(one, tokens, strict=True)
        ),
        "questions_per_s_16_clients": together,
        "questions_per_s_16_clients_each_alone": apart,
        "together_over_alone": _ratio(together, apart),
        "bulk_passages_per_s": _BULK_TEXTS * 1000 / statistics.median(many),
        "bulk_share_of_limit": _ratio(bulk_flops / rate, statistics.median(many)),
    }


def _questions_per_s(embedder: SentenceTransformerEmbedder, fresh: Iterator[str]) -> tuple[float, float]:
    """What is encoded for 16 clients, by CPU second: as it is, and by a thread for each that batches nothing."""
    ways: tuple[Callable[[str], Matrix], ...] = (embedder.encode_question, embedder.encode_question_alone)
    took: tuple[list[float], ...] = ([], [])
    with ThreadPoolExecutor(16) as pool:
        for _ in range(_ROUNDS):
            for way, times_ms in zip(ways, took, strict=True):
                asked = list(islice(fresh, 64))
                times_ms.append(cpu_ms(lambda way=way, asked=asked: list(pool.map(way, asked))))  # type: ignore[misc]
    together, apart = (64_000 / statistics.median(times_ms) for times_ms in took)
    return together, apart


def _at_size(grown: Grown, embedder: Embedder, fresh: Iterator[str], settings: Settings) -> Figures:
    asked = [embedder.encode_question(question) for question in islice(fresh, _QUESTIONS)]
    figures = _of_vectors(grown.vectors, np.vstack(asked))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        started = time.process_time()
        build(grown.entries(), grown.embedder(embedder), folder, "", exact_max=settings.exact_vectors_max)
        figures["build_s"] = time.process_time() - started
        files = (path for path in folder.rglob("*") if path.is_file())
        figures["disk_mb"] = sum(path.stat().st_size for path in files) / 1e6
        retriever = Retriever.open(folder, embedder)
        for clients in CLIENTS:
            figures |= _of_searches(retriever, fresh, clients)
        del retriever
        figures["resident_mb"] = _resident_mb(folder)
    return figures


def _of_vectors(matrix: Matrix, vectors: Matrix) -> Figures:
    """Exact search against reading the memory it reads; the short list against exact search."""
    exact, listed = Vectors.build(matrix, len(matrix)), Vectors.build(matrix, 0)
    exact_ms, limit_ms, listed_ms, recalls = [], [], [], []
    for vector in vectors:
        limit_ms.append(read_ms(matrix))
        exact_ms.append(cpu_ms(lambda vector=vector: exact.nearest(vector, 10)))  # type: ignore[misc]
        listed_ms.append(cpu_ms(lambda vector=vector: listed.nearest(vector, 200)))  # type: ignore[misc]
        nearest, found = exact.nearest(vector, 10), listed.nearest(vector, 200)[:10]
        recalls.append(len(set(nearest.tolist()) & set(found.tolist())) / max(len(nearest), 1))
    return {
        "exact_ms": statistics.median(exact_ms),
        "read_limit_ms": statistics.median(limit_ms),
        "exact_over_limit": statistics.median(map(_ratio, exact_ms, limit_ms)),
        "listed_ms": statistics.median(listed_ms),
        "listed_recall_at_10": statistics.fmean(recalls),
    }


def _of_searches(retriever: Retriever, fresh: Iterator[str], clients: int) -> Figures:
    """Latencies of whole searches (encoding, vectors, words, ranking) that so many threads ask for at once."""
    first, *asked = islice(fresh, _SEARCHES + 1)

    def latency_ms(question: str) -> float:
        started = time.perf_counter()
        retriever.ranked(question, limit=10, kind="passage")
        return (time.perf_counter() - started) * 1000

    retriever.ranked(first)
    with ThreadPoolExecutor(clients) as pool:
        latencies_ms = list(pool.map(latency_ms, asked))
    return {
        f"search_p50_ms_{clients}": statistics.median(latencies_ms),
        f"search_p99_ms_{clients}": percentile(latencies_ms, 99),
    }


def _resident_mb(folder: Path) -> float:
    """The memory of a fresh process that has searched the index."""
    code = f"from {__spec__.name if __spec__ else __name__} import searched; searched({str(folder)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def searched(folder: str) -> None:
    """Prints the resident megabytes of this process after some searches of an index."""
    retriever = Retriever.open(Path(folder), embedder_of(Settings()))
    for number in range(20):
        retriever.ranked(f"What was achieved by project {number}?", limit=10)
    print(resident_mb("self"))  # noqa: T201


def resident_mb(process: str) -> float:
    """Megabytes of memory that a process holds; 0 where the system does not tell (it is Linux that does)."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0.0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["VmRSS"].split()[0]) / 1000


def _ratio(one: float, other: float) -> float:
    return one / max(other, 1e-6)


if __name__ == "__main__":
    print(json.dumps(search_figures(Settings(), [int(size) for size in sys.argv[1:]])))  # noqa: T201
