"""How good the answers to questions with known answers are: asked, judged, counted by type of question."""

from __future__ import annotations

import re
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.store import Store
from service.answer import Answer
from service.ask import Assistant

# What a person wants to read: a list or comparison may take a page, a look-up a paragraph.
_WORDS_MAX, _WORDS_MAX_LONG = 90, 300
_LONG_TYPES = frozenset({"list", "count", "describe", "compare", "conflict", "followup"})
_STRAY_SHARE_MAX = 0.2  # of the items, those that are neither expected nor allowed
_EVIDENCE_SHARE_MIN = 0.5  # of a gold sentence's words, those that its citation must hold


class Question(BaseModel):
    """A question with what a right answer says. Each group lists spellings of which one must occur."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    type: str
    question: str
    history: tuple[str, ...] = ()
    answerable: bool = True
    must: tuple[tuple[str, ...], ...] = ()
    items: tuple[tuple[str, ...], ...] | None = None  # None: the items are not judged
    also_ok: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """One answered question and what is wrong with the answer; nothing is when it passed."""

    question: Question
    answer: Answer
    faults: tuple[str, ...]
    latency_ms: float


@dataclass(frozen=True)
class Report:
    """All judgements of a run."""

    judgements: list[Judgement] = field(default_factory=list)

    def by_type(self) -> dict[str, tuple[int, int]]:
        """(passed, asked) for each type of question, in alphabetical order."""
        types = sorted({judgement.question.type for judgement in self.judgements})
        return {kind: self.passed(kind) for kind in types}

    def passed(self, kind: str | None = None) -> tuple[int, int]:
        """(passed, asked) of one type, or of all."""
        chosen = [not j.faults for j in self.judgements if kind in (None, j.question.type)]
        return sum(chosen), len(chosen)

    @property
    def latency_ms_median(self) -> float:
        return statistics.median([judgement.latency_ms for judgement in self.judgements] or [0.0])


def read_questions(path: Path) -> list[Question]:
    """The questions of a JSON Lines file. Raises ValueError naming the line that is not one."""
    questions = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                questions.append(Question.model_validate_json(line))
            except ValidationError as error:
                wrong = error.errors()[0]
                place = ".".join(str(part) for part in wrong["loc"]) or "the line"
                raise ValueError(
                    f"'{path}' line {number}: {place}: {wrong['msg']}. Mend the line."
                ) from error
    return questions


def evaluate(
    assistant: Assistant,
    store: Store,
    questions: Sequence[Question],
    progress: Callable[[Judgement], None] | None = None,
) -> Report:
    """The report on every question, each asked in a conversation of its own, after its history."""
    report = Report()
    for question in questions:
        report.judgements.append(_asked(assistant, store, question))
        if progress:
            progress(report.judgements[-1])
    return report


def _asked(assistant: Assistant, store: Store, question: Question) -> Judgement:
    history: list[Answer] = []
    for earlier in question.history:
        history.append(assistant.ask(earlier, history))
    started = time.perf_counter()
    answer = assistant.ask(question.question, history)
    latency_ms = (time.perf_counter() - started) * 1000
    faults = (*judge(question, answer), *misquotations(store, answer))
    return Judgement(question, answer, faults, latency_ms)


def judge(question: Question, answer: Answer) -> list[str]:
    """What is wrong with the answer, in words; empty when it passes."""
    faults = [f"says '{phrase}'" for phrase in question.must_not if mentions(_everything(answer), phrase)]
    if not question.answerable:
        return faults + (["answered, though nothing supports it"] if answer.status == "answered" else [])
    if answer.status != "answered":
        return [*faults, "not answered"]
    words_max = _WORDS_MAX_LONG if question.items or question.type in _LONG_TYPES else _WORDS_MAX
    if (words := len(answer.answer.split())) > words_max:
        faults.append(f"{words} words, at most {words_max}")
    return [
        *faults,
        *_omissions(question, answer),
        *_item_faults(question, answer),
        *_unfounded(question, answer),
    ]


def misquotations(store: Store, answer: Answer) -> list[str]:
    """The citations whose quote does not stand where they say it does."""
    return [
        f"citation {citation.number} is not what its document says"
        for citation in answer.citations
        if store.document(citation.document_id).text[citation.start : citation.end] != citation.quote
    ]


def _omissions(question: Question, answer: Answer) -> Iterator[str]:
    said = _everything(answer)
    for group in question.must:
        if not any(mentions(said, spelling) for spelling in group):
            yield f"does not say '{group[0]}'"


def _item_faults(question: Question, answer: Answer) -> Iterator[str]:
    if question.items is None:
        return
    labels = [item.label for item in answer.items]
    for group in question.items:
        if not any(mentions(label, spelling) for label in labels for spelling in group):
            yield f"leaves out '{group[0]}'"
    allowed = [spelling for group in question.items for spelling in group] + list(question.also_ok)
    stray = [label for label in labels if not any(mentions(label, spelling) for spelling in allowed)]
    if len(stray) > _STRAY_SHARE_MAX * len(labels):
        yield f"lists besides: {', '.join(stray[:3])}"


def _unfounded(question: Question, answer: Answer) -> Iterator[str]:
    quotes = [citation.quote for citation in answer.citations]
    if question.evidence and not any(_shows(quote, gold) for quote in quotes for gold in question.evidence):
        yield "cites none of the evidence"


def _shows(quote: str, gold: str) -> bool:
    """True when the quote holds half of the gold sentence's words, or is itself a piece of it."""
    quoted, wanted = set(tokens(quote)), set(tokens(gold))
    if not wanted:
        return False
    return len(wanted & quoted) >= _EVIDENCE_SHARE_MIN * len(wanted) or (len(quoted) > 3 and quoted <= wanted)


def _everything(answer: Answer) -> str:
    return " | ".join((answer.answer, *(item.label for item in answer.items)))


_SIGNS = str.maketrans({"’": "'", "‘": "'", "\u00ad": None})
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
_THOUSANDS = re.compile(r"(?<=\d)[ ,](?=\d{3}(?!\d))")


def tokens(text: str) -> list[str]:
    """The words and figures of a text as they are compared: one case, figures without separators."""
    folded = unicodedata.normalize("NFKC", text.translate(_SIGNS)).lower()
    return _TOKEN.findall(_THOUSANDS.sub("", " ".join(folded.split())))


def mentions(text: str, phrase: str) -> bool:
    """True when the phrase's words stand in `text` in a row; a longer last word may go on ("-s")."""
    said, sought = tokens(text), tokens(phrase)
    starts = range(len(said) - len(sought) + 1)
    return bool(sought) and any(_agree(said[start : start + len(sought)], sought) for start in starts)


def _agree(said: Sequence[str], sought: Sequence[str]) -> bool:
    goes_on = sought[-1].isalpha() and len(sought[-1]) > 3 and said[-1].startswith(sought[-1])
    return said[:-1] == sought[:-1] and (goes_on or said[-1] == sought[-1])


def summary_rows(report: Report) -> Iterable[tuple[str, int, int]]:
    """(type, passed, asked) by type, then for all."""
    for kind, (passed, asked) in report.by_type().items():
        yield kind, passed, asked
    yield "all", *report.passed()
