"""The commands that measure: answers against known ones, speed, search alone; and the fit of the support."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.terminal import AsJson, print_json, print_table, progress_bars, say

if TYPE_CHECKING:  # the commands import what they use, so that `impactqa --help` is there at once
    from rich.progress import Progress, TaskID

measuring = typer.Typer()


class Rival(StrEnum):
    dense = "dense"


@measuring.command("eval")
def evaluate(
    questions: Annotated[
        Path,
        typer.Argument(
            help="Questions with known answers, JSON Lines; see docs/evaluation.md.", show_default=False
        ),
    ],
    against: Annotated[
        Rival | None, typer.Option(help="Also ask plain dense retrieval over the same sentences.")
    ] = None,
    sentences: Annotated[
        int, typer.Option(help="How many sentences plain retrieval answers with.", min=1)
    ] = 5,
    cosine_min: Annotated[float, typer.Option(help="Cosine below which plain retrieval abstains.")] = 0.0,
    failures: Annotated[
        bool, typer.Option("--failures", help="List the questions that failed, and why.")
    ] = False,
    at_least: Annotated[
        float, typer.Option(help="Exit with 1 below this share of passed questions.", min=0, max=1)
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Ask questions with known answers; measure answers, lists, citations, abstention, calibration."""
    from service.evaluating.dense_answers import DenseAnswers
    from service.evaluating.evaluation import Ask, evaluate
    from service.evaluating.questions import read_questions
    from service.evaluating.score_tables import as_json as scores_as_json
    from service.evaluating.score_tables import calibration_rows, failure_lines, measure_rows, type_rows
    from service.evaluating.scores import scores
    from service.parts import Parts
    from service.settings import Settings

    asked = read_questions(questions)
    with closing(Parts.open(Settings())) as parts, progress_bars() as progress:
        asks: dict[str, Ask] = {"impactqa": parts.assistant.ask}
        if against:
            asks[against] = DenseAnswers(
                parts.assistant.knowledge, parts.dense_retriever(), sentences, cosine_min
            ).ask
        judged = {}
        parts.warm_up()
        for name, ask in asks.items():
            task = progress.add_task(f"asking {name}", total=len(asked))
            judged[name] = evaluate(ask, parts.store, asked, partial(_advance, progress, task))
    runs = {name: scores(judgements) for name, judgements in judged.items()}
    if as_json:
        found = {name: scores_as_json(run, judged[name]) for name, run in runs.items()}
        print_json(found if against else found["impactqa"])
    else:
        if failures:
            typer.echo("\n".join(failure_lines(judged["impactqa"])))
        print_table(("passed", *runs), type_rows(runs))
        print_table(("\nmeasure", *runs), measure_rows(runs))
        print_table(("\nconfidence", "answers", "mean", "right"), calibration_rows(runs["impactqa"]))
    share = runs["impactqa"].passed.value or 0.0
    raise typer.Exit(0 if share >= at_least else 1)


@measuring.command()
def fit(
    questions: Annotated[
        list[Path], typer.Argument(help="Questions with gold sentences, JSON Lines.", show_default=False)
    ],
    output: Annotated[Path | None, typer.Option(help="File for the weights.", show_default=False)] = None,
) -> None:
    """Fit the weights of the support score on questions about the documents at hand."""
    from service.evaluating.fitting import examples, fit, validated
    from service.evaluating.questions import read_questions
    from service.parts import Parts
    from service.settings import Settings

    asked = [question for path in questions for question in read_questions(path)]
    with closing(Parts.open(Settings())) as parts:
        names, given = examples(parts.assistant, asked)
    weights, tried = fit(names, given), validated(names, given)
    say(
        f"{tried.questions} questions over {tried.documents} documents; on documents left out: AUC "
        f"{tried.auc:.3f}, right {tried.right:.3f}, wrongly refused {tried.wrongly_refused:.3f}, "
        f"rightly refused {tried.rightly_refused:.3f}"
    )
    if output:
        output.write_text(weights.to_toml(), "utf-8")
    else:
        typer.echo(weights.to_toml(), nl=False)


def _advance(progress: Progress, task: TaskID, _: object) -> None:
    progress.advance(task)


@measuring.command()
def bench(
    questions: Annotated[
        Path | None, typer.Argument(help="Questions, JSON Lines.", show_default=False)
    ] = None,
    rounds: Annotated[
        int, typer.Option(help="Rounds of 40 questions for each number of clients.", min=1)
    ] = 3,
    ingest: Annotated[int, typer.Option(help="How many passages are ingested.", min=250)] = 1000,
    passages: Annotated[
        int,
        typer.Option(
            help="Up to how many passages search is measured: 1000, 10000, 100000 or 1000000.", min=1000
        ),
    ] = 100_000,
    retrieval: Annotated[
        Path | None,
        typer.Option(help="Measure search alone instead, on a collection in BEIR form.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure start, answers, ingest and search at several sizes on this machine, with the documents at hand."""
    if retrieval:
        _bench_retrieval(retrieval, as_json)
        return
    from service.evaluating.bench import measure
    from service.evaluating.bench_tables import tables
    from service.settings import Settings

    found = measure(Settings(), questions, rounds, ingest, passages, say)
    if as_json:
        print_json(found)
        return
    for number, (header, rows) in enumerate(tables(found)):
        typer.echo("" if number else None, nl=bool(number))
        print_table(header, rows)


def _bench_retrieval(folder: Path, as_json: bool) -> None:
    """Prints how well each way of ranking finds what people judged relevant."""
    from dataclasses import asdict

    from index.evaluate import benchmark, read_collection
    from service.parts import embedder_of
    from service.settings import Settings

    collection = read_collection(folder)
    with progress_bars() as progress:
        task = progress.add_task("indexing", total=None)
        found = benchmark(
            collection,
            embedder_of(Settings()),
            progress=lambda done, count: progress.update(task, completed=done, total=count),
        )
    if as_json:
        print_json({ranking: asdict(metrics) for ranking, metrics in found.items()})
        return
    first = next(iter(found.values()))
    header = ("ranking", f"nDCG@{first.k}", f"recall@{first.k}", f"MRR@{first.k}")
    rows = [(name, f"{m.ndcg:.3f}", f"{m.recall:.3f}", f"{m.mrr:.3f}") for name, m in found.items()]
    print_table(header, rows)
    typer.echo(f"{first.questions} questions over {len(collection.entries)} texts")
