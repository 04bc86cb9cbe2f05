"""The measures of one or two runs as a person or a program reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from service.evaluating.evaluation import Judgement
from service.evaluating.scores import Scores, Share, expected_reasons

Rows = list[tuple[str, ...]]


def type_rows(runs: Mapping[str, Scores]) -> Rows:
    """A row for each type of question and one for all: the share passed in each run."""
    first = next(iter(runs.values()))
    kinds = [(kind, [run.types[kind] for run in runs.values()]) for kind in first.types]
    return [
        (name, *map(_counted, each)) for name, each in [*kinds, ("all", [r.passed for r in runs.values()])]
    ]


def measure_rows(runs: Mapping[str, Scores]) -> Rows:
    """A row for each measure beside the score, with its value in each run."""
    listed = [list(_measures(run)) for run in runs.values()]
    return [(row[0][0], *(value for _, value in row)) for row in zip(*listed, strict=True)]


def calibration_rows(run: Scores) -> Rows:
    """A row for each bin of confidence that holds answers: how sure they were, how many are right."""
    return [
        (
            f"{bin.low:.1f}-{bin.high:.1f}",
            str(bin.right.of),
            _decimal(bin.confidence),
            _decimal(bin.right.value),
        )
        for bin in run.calibration
        if bin.right.of
    ]


def failure_lines(judgements: Sequence[Judgement]) -> Iterator[str]:
    """Three lines for each question that failed: it, what is wrong, what was answered."""
    for judgement in judgements:
        if judgement.faults:
            yield f"{judgement.question.id}  [{judgement.question.type}]  {judgement.question.question}"
            yield f"    {'; '.join(judgement.faults)}"
            yield f"    {judgement.answer.answer[:200]!r}"


def as_json(run: Scores, judgements: Sequence[Judgement]) -> dict[str, Any]:
    """All measures and every failed question of a run, for programs; shares as hits, of and value."""
    measures: dict[str, Any] = _plain(run)
    return measures | {
        "failed": [
            {
                "id": j.question.id,
                "type": j.question.type,
                "faults": j.faults,
                "answer": j.answer.answer,
                "reason": j.answer.reason,
                "reasons_expected": expected_reasons(j),
            }
            for j in judgements
            if j.faults
        ]
    }


def _measures(run: Scores) -> Iterator[tuple[str, str]]:
    for name, found in (("list items", run.lists), ("citations", run.citations)):
        for measure, share, macro in (
            ("recall", found.recall, found.recall_macro),
            ("precision", found.precision, found.precision_macro),
        ):
            yield f"{name}: {measure}, micro", _counted(share)
            yield f"{name}: {measure}, macro", f"{_decimal(macro)}  (mean of {found.questions})"
    yield "sentences cited for all they say", _counted(run.sentences_grounded)
    yield "abstention: precision", _counted(run.abstention.precision)
    yield "abstention: recall", _counted(run.abstention.recall)
    yield "answerable questions refused", _counted(run.abstention.answerable_refused)
    yield "unanswerable questions answered", _counted(run.abstention.unanswerable_answered)
    yield "refusals that give the right reason", _counted(run.abstention.reason_agreed)
    yield "expected calibration error", _decimal(run.calibration_error)
    yield (
        "latency: median, 95 %, longest (ms)",
        (f"{run.latency.median_ms:.0f}, {run.latency.p95_ms:.0f}, {run.latency.longest_ms:.0f}"),
    )


def _counted(share: Share) -> str:
    return "-" if share.value is None else f"{share.value:.3f}  ({share.hits} of {share.of})"


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _plain(value: Any) -> Any:
    if isinstance(value, Share):
        return {"hits": value.hits, "of": value.of, "value": value.value}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
