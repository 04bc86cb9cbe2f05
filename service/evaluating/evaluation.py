"""Questions with known answers are asked, and each answer is judged: what is wrong with it, in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpus.store import Store
from service.answer import Answer
from service.evaluating.questions import Question
from service.understanding.phrases import mentions, shows

# What a person wants to read: a list or comparison may take a page, a look-up a paragraph.
_WORDS_MAX, _WORDS_MAX_LONG = 90, 300
_LONG_TYPES = frozenset({"list", "count", "describe", "compare", "conflict", "followup"})
_STRAY_SHARE_MAX = 0.2  # of the items, those that are neither expected nor allowed

Ask = Callable[[str, Sequence[Answer]], Answer]  # question, earlier answers -> answer


@dataclass(frozen=True)
class Judgement:
    """One answered question and what is wrong with the answer; nothing is when it passed."""

    question: Question
    answer: Answer
    faults: tuple[str, ...]
    latency_ms: float

    @property
    def answered(self) -> bool:
        return self.answer.status == "answered"


def evaluate(
    ask: Ask,
    store: Store,
    questions: Sequence[Question],
    progress: Callable[[Judgement], None] = lambda _: None,
) -> list[Judgement]:
    """The judgement of every question, each asked in a conversation of its own, after its history."""
    judgements = []
    for question in questions:
        judgements.append(_asked(ask, store, question))
        progress(judgements[-1])
    return judgements


def passed(judgements: Sequence[Judgement]) -> int:
    """How many of the answers have no fault."""
    return sum(not judgement.faults for judgement in judgements)


def _asked(ask: Ask, store: Store, question: Question) -> Judgement:
    history: list[Answer] = []
    for earlier in question.history:
        history.append(ask(earlier, history))
    started = time.perf_counter()
    answer = ask(question.question, history)
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


def items_found(question: Question, answer: Answer) -> list[bool]:
    """For each expected item, whether a label of the answer names it."""
    return [
        any(mentions(item.label, spelling) for item in answer.items for spelling in group)
        for group in question.items or ()
    ]


def items_right(question: Question, answer: Answer) -> list[bool]:
    """For each item of the answer, whether it is expected or allowed."""
    allowed = [spelling for group in question.items or () for spelling in group] + list(question.also_ok)
    return [any(mentions(item.label, spelling) for spelling in allowed) for item in answer.items]


def evidence_shown(question: Question, answer: Answer) -> list[bool]:
    """For each gold sentence, whether a citation of the answer shows it."""
    return [any(shows(cited.quote, gold) for cited in answer.citations) for gold in question.evidence]


def citations_supporting(question: Question, answer: Answer) -> list[bool]:
    """For each citation of the answer, whether it shows a gold sentence."""
    return [any(shows(cited.quote, gold) for gold in question.evidence) for cited in answer.citations]


def _omissions(question: Question, answer: Answer) -> Iterator[str]:
    said = _everything(answer)
    for group in question.must:
        if not any(mentions(said, spelling) for spelling in group):
            yield f"does not say '{group[0]}'"


def _item_faults(question: Question, answer: Answer) -> Iterator[str]:
    if question.items is None:
        return
    for group, found in zip(question.items, items_found(question, answer), strict=True):
        if not found:
            yield f"leaves out '{group[0]}'"
    right = items_right(question, answer)
    if right.count(False) > _STRAY_SHARE_MAX * len(right):
        stray = [item.label for item, is_right in zip(answer.items, right, strict=True) if not is_right]
        yield f"lists besides: {', '.join(stray[:3])}"


def _unfounded(question: Question, answer: Answer) -> Iterator[str]:
    if question.evidence and not any(evidence_shown(question, answer)):
        yield "cites none of the evidence"


def _everything(answer: Answer) -> str:
    return " | ".join((answer.answer, *(item.label for item in answer.items)))
