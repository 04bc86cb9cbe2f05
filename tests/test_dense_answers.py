"""Plain dense retrieval, which answers are compared with."""

from __future__ import annotations

from service.evaluating.dense_answers import SENTENCES, WORDS_MAX, DenseAnswers
from service.evaluating.evaluation import misquotations
from service.parts import Parts


def test_the_nearest_sentences_are_the_answer(parts: Parts) -> None:
    dense = DenseAnswers(parts.assistant.knowledge, parts.dense_retriever())
    given = dense.ask("Which SMEs spun off companies?")
    assert given.status == "answered"
    assert 1 <= len(given.citations) == len(given.items) <= SENTENCES
    assert len(given.answer.split()) <= WORDS_MAX + SENTENCES or len(given.items) == 1
    assert misquotations(parts.store, given) == []


def test_a_follow_up_is_asked_with_the_question_before(parts: Parts) -> None:
    dense = DenseAnswers(parts.assistant.knowledge, parts.dense_retriever())
    first = dense.ask("Which SMEs spun off companies?")
    assert dense.ask("Where?", [first]).standalone_question == "Which SMEs spun off companies? Where?"


def test_it_abstains_only_below_a_cosine(parts: Parts) -> None:
    shy = DenseAnswers(parts.assistant.knowledge, parts.dense_retriever(), cosine_min=0.999)
    assert shy.ask("What is the weather like?").status == "no_answer"
