"""Abbreviations and the words they stand for."""

from __future__ import annotations

import pytest

from corpus.abbreviations import long_form


@pytest.mark.parametrize(
    ("before", "short", "long"),
    [
        ("They met the Arctic Fisheries Board ", "AFB", "Arctic Fisheries Board"),
        ("It ran a test of kelp oil ", "TKO", "test of kelp oil"),
        ("They train marine biologists ", "MBs", "marine biologists"),
        ("It measures the electrocardiogram ", "ECG", ""),
        ("The result was good ", "AFB", ""),
        ("They met in the Kelp Institute; Board ", "KIB", ""),
        ("It is called norvia ", "Norvia", ""),
    ],
    ids=["name", "small words", "plural", "one word", "no match", "two clauses", "no abbreviation"],
)
def test_the_words_before_a_bracket_spell_an_abbreviation_out(before: str, short: str, long: str) -> None:
    assert long_form(before, short) == long
