"""Enumerations of a sentence, read off its surface."""

from __future__ import annotations

import pytest

from corpus.parsing import parse
from service.lists.coordination import enumerations


def labels(text: str) -> list[tuple[str, ...]]:
    return [found.labels for found in enumerations(parse(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The kits are sold in Norway, Chile and South Korea.", ("Norway", "Chile", "South Korea")),
        ("The guide was translated into Dutch, Greek, and Polish.", ("Dutch", "Greek", "Polish")),
        ("It gave us soil samples, water data and coins.", ("soil samples", "water data", "coins")),
        ("They face legal, moral and tax hurdles.", ("legal hurdles", "moral hurdles", "tax hurdles")),
        ("It was used for other crops, including barley, oats and rye.", ("barley", "oats", "rye")),
        ("It helped new firms (e.g. Norvia, Pellucid, Orrell).", ("Norvia", "Pellucid", "Orrell")),
        ("Norvia sells 20 courses as well as a degree in optics.", ("20 courses", "degree")),
        ("It covers storage and transport, as well as diagnostics.", ("storage", "transport", "diagnostics")),
    ],
)  # fmt: skip
def test_members_are_cut_out_as_printed(text: str, expected: tuple[str, ...]) -> None:
    assert expected in labels(text)


def test_brackets_are_left_out_of_a_member() -> None:
    assert ("Norvia", "Pellucid Assays") in labels(
        "It was sold by Norvia (France) and Pellucid Assays (Peru)."
    )


def test_two_adjectives_of_one_noun_are_no_enumeration() -> None:
    assert labels("Small and medium-sized firms gain.") == []


def test_a_sentence_without_and_enumerates_nothing() -> None:
    assert labels("Norvia employs 40 people.") == []
