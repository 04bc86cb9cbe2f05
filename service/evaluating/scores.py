"""What a run of judged questions adds up to: lists, citations, abstention, calibration, latency."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.answer import Reason
from service.evaluating.evaluation import (
    Judgement,
    citations_supporting,
    evidence_shown,
    items_found,
    items_right,
    passed,
)
from service.writing.grounding import ungrounded

# Where one bin of confidence ends and the next begins; the last one holds 1 too.
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
# What a refusal must say of questions whose type settles it, unless their gold names reasons itself.
_REASONS: dict[str, tuple[Reason, ...]] = {
    "unanswerable": ("unknown_entity", "attribute_missing"),
    "falsepremise": ("unsupported_premise",),
    "offtopic": ("off_topic",),
    "smalltalk": ("not_a_question",),
    "injection": ("not_a_question",),
}


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many; no value when there are none."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Recall and precision of what answers hold: micro over all of it, macro as the mean over questions."""

    questions: int
    recall: Share
    precision: Share
    recall_macro: float | None
    precision_macro: float | None


@dataclass(frozen=True, slots=True)
class Abstention:
    """Refusals as a classifier of what the reports do not answer."""

    precision: Share  # of the refusals, those of unanswerable questions
    recall: Share  # of the unanswerable questions, those refused
    answerable_refused: Share
    reason_agreed: Share  # of the right refusals whose reason is known, those that give it

    @property
    def unanswerable_answered(self) -> Share:
        return Share(self.recall.of - self.recall.hits, self.recall.of)


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in one range, and how many of them are right."""

    low: float
    high: float
    confidence: float | None  # mean
    right: Share


@dataclass(frozen=True, slots=True)
class Latency:
    """Of asking, in milliseconds."""

    median_ms: float
    p95_ms: float
    longest_ms: float


@dataclass(frozen=True, slots=True)
class Scores:
    """All measures of one run."""

    passed: Share
    types: dict[str, Share]
    lists: Retrieved
    citations: Retrieved
    sentences_grounded: Share
    abstention: Abstention
    calibration: list[Bin]
    calibration_error: float | None  # expected: mean distance of confidence and right share, by answers
    latency: Latency


def scores(judgements: Sequence[Judgement]) -> Scores:
    """The measures of a run. Raises ValueError for one without judgements."""
    if not judgements:
        raise ValueError("Nothing was asked. Give at least one question.")
    types = sorted({judgement.question.type for judgement in judgements})
    bins = _calibration(judgements)
    return Scores(
        passed=_passed(judgements),
        types={kind: _passed([j for j in judgements if j.question.type == kind]) for kind in types},
        lists=_lists(judgements),
        citations=_citations(judgements),
        sentences_grounded=_sentences_grounded(judgements),
        abstention=_abstention(judgements),
        calibration=bins,
        calibration_error=_calibration_error(bins),
        latency=_latency([judgement.latency_ms for judgement in judgements]),
    )


def expected_reasons(judgement: Judgement) -> tuple[Reason, ...]:
    """The reasons that a refusal may give: those of the gold, else those of the type; none when open."""
    return judgement.question.reason or _REASONS.get(judgement.question.type, ())


def _passed(judgements: Sequence[Judgement]) -> Share:
    return Share(passed(judgements), len(judgements))


def _lists(judgements: Sequence[Judgement]) -> Retrieved:
    """Over the items of the questions that expect some; a refused list has found none of them."""
    listing = [j for j in judgements if j.question.answerable and j.question.items]
    return _retrieved(
        [items_found(j.question, j.answer) for j in listing],
        [items_right(j.question, j.answer) for j in listing],
    )


def _citations(judgements: Sequence[Judgement]) -> Retrieved:
    """Over the gold sentences and the citations of the answered questions that have gold sentences."""
    cited = [j for j in judgements if j.question.evidence and j.answered]
    return _retrieved(
        [evidence_shown(j.question, j.answer) for j in cited],
        [citations_supporting(j.question, j.answer) for j in cited],
    )


def _retrieved(found: Sequence[Sequence[bool]], right: Sequence[Sequence[bool]]) -> Retrieved:
    return Retrieved(len(found), _micro(found), _micro(right), _macro(found), _macro(right))


def _micro(marks: Sequence[Sequence[bool]]) -> Share:
    return Share(sum(map(sum, marks)), sum(map(len, marks)))


def _macro(marks: Sequence[Sequence[bool]]) -> float | None:
    return _mean(sum(each) / len(each) for each in marks if each)


def _sentences_grounded(judgements: Sequence[Judgement]) -> Share:
    counted = [ungrounded(j.answer) for j in judgements if j.answered]
    return Share(
        sum(sentences - len(faults) for sentences, faults in counted),
        sum(sentences for sentences, _ in counted),
    )


def _abstention(judgements: Sequence[Judgement]) -> Abstention:
    refused = [j for j in judgements if not j.answered]
    rightly = [j for j in refused if not j.question.answerable]
    known = [j for j in rightly if expected_reasons(j)]
    unanswerable = sum(not j.question.answerable for j in judgements)
    return Abstention(
        precision=Share(len(rightly), len(refused)),
        recall=Share(len(rightly), unanswerable),
        answerable_refused=Share(len(refused) - len(rightly), len(judgements) - unanswerable),
        reason_agreed=Share(sum(j.answer.reason in expected_reasons(j) for j in known), len(known)),
    )


def _calibration(judgements: Sequence[Judgement]) -> list[Bin]:
    sure = [(j.answer.confidence, j) for j in judgements if j.answer.confidence is not None]
    bins = []
    for low, high in pairwise(BINS):
        inside = [(c, j) for c, j in sure if low <= c < high or c == high == BINS[-1]]
        bins.append(Bin(low, high, _mean(c for c, _ in inside), _passed([j for _, j in inside])))
    return bins


def _calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: Naeini and others, 2015, https://doi.org/10.1609/aaai.v29i1.9602."""
    filled = [(bin.confidence, bin.right) for bin in bins if bin.confidence is not None]
    answers = sum(right.of for _, right in filled)
    if not answers:
        return None
    return math.fsum(abs(sure * right.of - right.hits) for sure, right in filled) / answers


def _latency(latencies_ms: Sequence[float]) -> Latency:
    ranked = sorted(latencies_ms)
    return Latency(statistics.median(ranked), percentile(ranked, 95), ranked[-1])


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of them do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return math.fsum(listed) / len(listed) if listed else None
