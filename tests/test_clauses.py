"""Clauses: who does what in a sentence, and how sure it is."""

from __future__ import annotations

import pytest

from corpus.clauses import Clause, Span, clauses, polarity
from corpus.parsing import parse


def written(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""


def said(text: str) -> list[tuple[str, str, str]]:
    """Subject, predicate and object of every clause."""
    return [
        (written(text, clause.subject), clause.predicate, written(text, clause.object))
        for clause in clauses(parse(text))
    ]


def clause_of(text: str, predicate: str) -> Clause:
    return next(clause for clause in clauses(parse(text)) if clause.predicate == predicate)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norvia filed three patents.", [("Norvia", "file", "three patents")]),
        (
            "Norvia filed three patents and sold its kits.",
            [("Norvia", "file", "three patents"), ("Norvia", "sell", "its kits")],
        ),
        ("Norvia grew; Ferrow closed.", [("Norvia", "grow", ""), ("Ferrow", "close", "")]),
        (
            "The tool, which was developed by Ferrow, helps doctors.",
            [("The tool", "develop", "by Ferrow"), ("The tool", "help", "doctors")],
        ),
        ("Norvia spun off a company.", [("Norvia", "spin off", "a company")]),
        ("There is a network of 12 clinics.", [("", "be", "a network of 12 clinics")]),
    ],
    ids=["simple", "coordinated", "two sentences", "relative", "particle", "there is"],
)
def test_each_predicate_has_its_subject_and_object(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Norvia will found a company.", "found"),
        ("Norvia wants to found a company.", "found"),
        ("Norvia did not found a company.", "found"),
        ("Norvia has found a company.", "find"),
        ("A cure can be found.", "find"),
    ],
)
def test_to_found_is_not_to_find(text: str, predicate: str) -> None:
    assert clauses(parse(text))[-1].predicate == predicate


def test_a_clause_covers_its_own_words_only() -> None:
    text = "Norvia filed three patents and sold its kits."
    spans = [text[clause.start : clause.end] for clause in clauses(parse(text))]
    assert spans == ["Norvia filed three patents and", "sold its kits"]


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Norvia sold kits and filed patents.", "file"),
        ("A test developed by Ferrow is sold.", "develop"),
        ("Norvia received money to build a plant.", "build"),
    ],
    ids=["coordination", "participle", "infinitive"],
)
def test_a_subject_from_another_clause_is_inherited(text: str, predicate: str) -> None:
    assert clause_of(text, predicate).inherited
    assert not clauses(parse(text))[-1 if predicate == "develop" else 0].inherited


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        ("The firm was founded by two students.", True),
        ("The firm founded by two students grew.", True),
        ("Two students founded the firm.", False),
    ],
    ids=["auxiliary", "participle", "active"],
)
def test_passives_are_told_from_actives(text: str, passive: bool) -> None:
    assert clause_of(text, "found").passive is passive


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norvia has not sold the kits.", "negated"),
        ("Norvia never sold the kits.", "negated"),
        ("No kits were sold.", "negated"),
        ("Norvia sold the kits without notice.", "affirmed"),
    ],
    ids=["not", "never", "no", "none"],
)
def test_a_negated_clause_is_negated(text: str, expected: str) -> None:
    assert polarity(clause_of(text, "sell")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norvia sold kits.", "achieved"),
        ("Norvia is selling kits.", "achieved"),
        ("Norvia will sell kits.", "planned"),
        ("Norvia plans to sell kits.", "planned"),
        ("Norvia received money to sell kits.", "planned"),
        ("Norvia may sell kits.", "potential"),
        ("Norvia is exploring how to sell kits.", "potential"),
        ("Norvia could sell kits.", "potential"),
    ],
)
def test_how_sure_a_clause_is_follows_from_its_verbs(text: str, expected: str) -> None:
    assert clause_of(text, "sell").modality == expected
