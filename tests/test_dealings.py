"""Deals between named things: who paid for what, who licensed to whom, who won which prize."""

from __future__ import annotations

import pytest

from tests.extraction import facts_of


def deals(text: str, predicate: str) -> list[tuple[str, str]]:
    return [(fact.subject, fact.object) for fact in facts_of(text, "relation") if fact.predicate == predicate]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The study was funded by the Nordic Kelp Foundation.", [("Nordic Kelp Foundation", "The study")]),
        ("Ferrow Ltd invested £3m in Tarnwood Ltd.", [("Ferrow Ltd", "Tarnwood Ltd")]),
        ("Tarnwood Ltd raised £2 million from Ferrow Ltd.", [("Ferrow Ltd", "Tarnwood Ltd")]),
        ("Tarnwood Ltd was awarded £95k by the Kelp Foundation.", [("Kelp Foundation", "Tarnwood Ltd")]),
        (
            "The study was funded by the Kelp Foundation and the Optics Trust.",
            [("Kelp Foundation", "The study"), ("Optics Trust", "The study")],
        ),
        ("The Kelp Foundation wrote about the award scheme.", []),
    ],
)
def test_who_pays_is_the_subject(text: str, expected: list[tuple[str, str]]) -> None:
    assert deals(text, "fund") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferrow Ltd licensed the dye to Tarnwood Ltd.", [("Ferrow Ltd", "Tarnwood Ltd")]),
        ("Ferrow Ltd granted an exclusive licence to Tarnwood Ltd.", [("Ferrow Ltd", "Tarnwood Ltd")]),
        ("The dye has been licensed to Tarnwood Ltd and Kelm Ltd.", [("", "Tarnwood Ltd"), ("", "Kelm Ltd")]),
        ("Tarnwood Ltd obtained a licence to the LUMEN-3 technology.", [("", "Tarnwood Ltd")]),
        ("The dye was licensed for use in Norway by Ferrow Ltd.", []),
    ],
)
def test_a_licence_goes_from_subject_to_object(text: str, expected: list[tuple[str, str]]) -> None:
    assert deals(text, "license") == expected


@pytest.mark.parametrize(
    ("text", "winners"),
    [
        ("In 2011 Tarnwood Ltd won the Nordic Kelp Award.", ["Tarnwood Ltd"]),
        ("Anna Kvist was awarded the Nordic Kelp Award.", ["Anna Kvist"]),
        ("Dr Anna Kvist and Tarnwood Ltd won the Nordic Kelp Award.", ["Anna Kvist", "Tarnwood Ltd"]),
        (
            "With Kelm Ltd and Ferrow Ltd (Chile), Anna Kvist and Tarnwood Ltd won the Nordic Kelp Award.",
            ["Anna Kvist", "Tarnwood Ltd"],
        ),
        (
            "They saw the award of the Nordic Kelp Award to Anna Kvist and Tarnwood Ltd.",
            ["Anna Kvist", "Tarnwood Ltd"],
        ),
        ("Tarnwood Ltd did not win the Nordic Kelp Award.", []),
    ],
)
def test_winners_are_told_with_their_prize(text: str, winners: list[str]) -> None:
    assert deals(text, "win") == [(winner, "Nordic Kelp Award") for winner in winners]
