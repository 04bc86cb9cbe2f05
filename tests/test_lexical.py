"""Words as they are searched for, and BM25 over them."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import FILES, Bm25, tokens

TEXTS = [
    "The compound AB-12X was licensed to Norvia Biotech.",
    "Norvia Biotech employs 18 000 people.",
    "Barley yields rose; barley prices fell.",
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("18 000 patients", "18,000 patients"),
        ("18\u202f000 patients", "18000 patients"),
        ("1 234 567", "1,234,567"),
        ("Café Zürich", "cafe zurich"),
        ("O\u2019Brien\u2019s spin\u2011offs", "O'Brien's spin-offs"),
        ("Parkinson's disease", "Parkinson disease"),
        ("organisations licensed programmes", "organization licenses program"),
        ("tumour centres", "tumor center"),
        ("patents were patented", "patent patent"),
        ("NORVIA WAS FOUNDED", "Norvia was founded"),
        ("LUMEN\u2122 project", "Lumen project"),
    ],
)
def test_these_are_the_same_words(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AB-12X", {"ab12x", "ab", "12x"}),
        ("R&D", {"rd"}),
        ("a spin-off", {"spinoff", "spin", "off"}),
        ("£3.2M in all", {"3.2m", "3.2"}),
        ("15.8%", {"15.8"}),
        ("2014\u20132016", {"2014-2016", "2014", "2016"}),
        ("1/2000", {"1/2000", "1", "2000"}),
    ],
)
def test_a_compound_is_searchable_whole_and_in_parts(text: str, expected: set[str]) -> None:
    assert expected <= set(tokens(text))


def test_figures_side_by_side_are_not_glued_together() -> None:
    assert {"2014", "300"} <= set(tokens("In 2014 300 people came."))
    assert "12000" not in tokens("1/2000")


def test_function_words_do_not_count_but_abbreviations_like_them_do() -> None:
    assert tokens("who are they, and what is it?") == []
    assert tokens("The WHO and the IT unit") == ["who", "it", "unit"]


@given(st.text())
def test_any_text_gives_words_that_fit_on_a_line(text: str) -> None:
    assert all(token and not token.isspace() and "\n" not in token for token in tokens(text))


def test_many_threads_may_stem_at_once() -> None:
    texts = [f"licensing w{'abcdefghij'[number % 10] * (number % 7 + 1)}ations" for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(tokens, texts))
    assert together == [tokens(text) for text in texts]


def test_a_score_is_the_one_of_the_formula() -> None:
    scores = Bm25.build(["barley barley oats", "oats", "rye"]).scores("barley")
    rarity, length, mean_length = math.log(1 + 2.5 / 1.5), 3, 5 / 3
    expected = rarity * 2 * 1.9 / (2 + 0.9 * (0.25 + 0.75 * length / mean_length))
    assert scores.tolist() == pytest.approx([expected, 0, 0])


def test_a_word_said_twice_counts_twice() -> None:
    bm25 = Bm25.build(TEXTS)
    assert bm25.scores("barley, barley").tolist() == (2 * bm25.scores("barley")).tolist()


@pytest.mark.parametrize("question", ["AB-12X", "ab 12x", "12X", "AB12X"])
def test_a_code_is_found_in_any_spelling(question: str) -> None:
    assert Bm25.build(TEXTS).scores(question).argmax() == 0


def test_words_that_occur_nowhere_score_nothing() -> None:
    assert not Bm25.build(TEXTS).scores("zeppelin").any()
    assert not Bm25.build(TEXTS).scores("").any()
    assert Bm25.build([]).scores("barley").shape == (0,)


def test_saved_scores_come_back_as_they_were(tmp_path: Path) -> None:
    built = Bm25.build([*TEXTS, "lone \ud800x surrogate"])
    built.save(tmp_path)
    loaded = Bm25.load(tmp_path, 4)
    for text in [*TEXTS, "lone \ud800x"]:
        assert (loaded.scores(text) == built.scores(text)).all()


def test_the_files_hold_no_pickle(tmp_path: Path) -> None:
    Bm25.build(TEXTS).save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    assert all(np.load(path, allow_pickle=False).dtype != object for path in tmp_path.glob("*.npy"))
