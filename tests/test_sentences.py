"""Sentences: cut where they end, whatever reports do to their stops."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import spans


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Norvia Ltd. and Baxley Inc. Europe merged.",
        "It met three needs; The first was cost; The second was time.",
        "Dr. A. B. Prior, e.g. Norvia’s founder, gave approx. 50 % of it.",
        "It cost £3.2 million (i.e. a lot. Really) in 18 000 cases.",
        "The test (see Fig. 2 and pp. 3) works [S4: Letter. From Norvia], they say.",
        "It grew by 2.5 per cent vs. Baxley.",
    ],
)
def test_one_sentence_stays_whole(sentence: str) -> None:
    assert cut(sentence) == [sentence]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It was sold for £3.2M.", "Norvia bought it."),
        ("Attendance grew threefold since then", "More than 250+ nurses came."),
        ("They use kitsE.", "Norvia sells them."),
        ("It was founded as Norvia Ltd.", "The company grew."),
        ("It was bought by Norvia Ltd.", "Baxley was founded in 2010."),
        ("It has a factual statement)5.1,5.2.", "Between 2002 and 2008 Norvia grew."),
        ("It fell by 30%.", "Norvia grew."),
        ("It was approved by the FDA.", "Norvia sells it."),
        ("It is in use [4].", "Norvia sells it."),
        ("It is in use. [4]", "Norvia sells it."),
        ("It is in use.4", "Norvia sells it."),
        ("“It works.”", "She was glad."),
        ("The answer was no.", "Norvia left."),
    ],
)
def test_two_sentences_are_cut(first: str, second: str) -> None:
    assert cut(f"{first} {second}") == [first, second]


def test_a_mark_at_the_end_is_no_sentence() -> None:
    assert cut("It is in use. (S3).") == ["It is in use. (S3)."]


@given(st.text(alphabet='aB1 .;([])"’%£\n-', max_size=80))
def test_sentences_hold_all_but_the_white_space_between(text: str) -> None:
    found = spans(text)
    assert "".join("".join(text[start:end] for start, end in found).split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)


def test_a_heading_left_in_the_line_is_cut_off() -> None:
    assert cut("Growth and jobs Since its creation the firm grew. Protein A in the dish is used.") == [
        "Growth and jobs",
        "Since its creation the firm grew.",
        "Protein A in the dish is used.",
    ]
