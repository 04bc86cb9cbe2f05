"""When two words mean the same: stems, concept classes, equal beginnings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.vocabulary import (
    SAME_BEGINNING,
    SAME_CONCEPT,
    SAME_STEM,
    best,
    everyday_words,
    light_stems,
    people_stems,
    similarity,
    stem,
    stems,
    words,
)


def test_words_are_lower_case_without_accents_or_possessives() -> None:
    assert words("Société Norvia’s e-learning") == ["societe", "norvia", "e-learning"]


@pytest.mark.parametrize("printed", ["12 500", "12,500", "12\u00a0500", "12\u202f500", "12500"])
def test_a_number_split_by_thousands_is_one_word(printed: str) -> None:
    assert words(f"over {printed} jobs") == ["over", "12500", "jobs"]


def test_forms_of_a_word_have_one_stem() -> None:
    assert len({stem(word) for word in ("patent", "patents", "patented")}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("university", "universal"), ("policy", "police"), ("animal", "animate"), ("news", "new")],
)
def test_words_of_another_meaning_keep_stems_of_their_own(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_hyphenated_word_also_counts_as_its_parts() -> None:
    assert stems("spin-offs") == [stem("spinoffs"), "spin", "off"]


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        ("jobs", "job", SAME_STEM),
        ("hired", "employees", SAME_CONCEPT),
        ("purchased", "acquired", SAME_CONCEPT),
        ("diagnosis", "diagnostics", SAME_BEGINNING),
        ("jobs", "patents", 0.0),
        ("plant", "planet", 0.0),
    ],
    ids=["stem", "concept", "purchase", "beginning", "none", "short"],
)
def test_two_words_agree_as_far_as_they_mean_the_same(asked: str, said: str, expected: float) -> None:
    assert similarity(stem(asked), stem(said)) == expected == similarity(stem(said), stem(asked))


def test_the_best_of_several_words_counts_and_none_is_nothing() -> None:
    assert best(stem("hired"), stems("patents and employees")) == SAME_CONCEPT
    assert best(stem("hired"), []) == 0.0


def test_people_are_asked_for_in_general_and_counted_by_sort() -> None:
    asked, counted = people_stems()
    assert stem("people") in asked & counted
    assert stem("nurses") not in asked | counted
    assert stem("trainees") in counted - asked


def test_words_that_need_not_stand_in_an_answer_are_light() -> None:
    assert stem("mention") in light_stems()
    assert stem("patent") not in light_stems()
    assert {"patent", "mention"} <= everyday_words()


@given(st.text(), st.text())
def test_any_two_words_agree_to_a_degree(one: str, other: str) -> None:
    assert all(0.0 <= similarity(a, b) <= 1.0 for a in stems(one) for b in stems(other))
