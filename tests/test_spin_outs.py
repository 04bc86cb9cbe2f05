"""Spin-outs: which company came out of whom, when and where."""

from __future__ import annotations

import pytest

from corpus.facts import Fact
from tests.extraction import facts_of


def spin_outs(text: str) -> list[Fact]:
    return facts_of(text, "relation", "spin_out")


@pytest.mark.parametrize(
    "text",
    [
        "Tarnwood Ltd, a spin-off of Haldenmark University, sells kits.",
        "Haldenmark University spun out Tarnwood Ltd.",
        "Haldenmark University founded Tarnwood Ltd.",
        "Haldenmark University's spin-off Tarnwood Ltd raised money.",
        "Haldenmark University spin-out company Tarnwood Ltd sells kits.",
        "Haldenmark University created a new company, Tarnwood Ltd.",
        "Tarnwood Ltd was established by Haldenmark University.",
        "Tarnwood Ltd is a successful spin-out from Haldenmark University.",
    ],
)
def test_a_company_comes_out_of_its_parent(text: str) -> None:
    (fact,) = spin_outs(text)
    assert (fact.subject, fact.predicate, fact.object) == (
        "Haldenmark University",
        "spin out",
        "Tarnwood Ltd",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Tarnwood Ltd sells kits to Haldenmark University.",
        "Tarnwood Ltd founded a school with Ferrow Ltd.",
        "Haldenmark University established a contract with Tarnwood Ltd.",
        "Tarnwood Ltd started trials.",
    ],
)
def test_other_dealings_make_no_spin_out(text: str) -> None:
    assert spin_outs(text) == []


def test_a_founding_has_its_year_and_place() -> None:
    (fact,) = spin_outs(
        "In 2012, LUMEN-3 partners met; Tarnwood Ltd, a spin-off in Norway, was founded in 2014."
    )
    assert (fact.date, fact.place) == ("2014", "")
    (fact,) = spin_outs("The LUMEN-3 project created a new company, Tarnwood Cells, in Norway.")
    assert (fact.place, fact.project, fact.date) == ("Norway", "LUMEN-3", "")


def test_hedges_stay_with_a_founding() -> None:
    (fact,) = spin_outs("Haldenmark University will found Tarnwood Ltd.")
    assert fact.modality == "planned"
    (fact,) = spin_outs("Haldenmark University did not found Tarnwood Ltd.")
    assert fact.polarity == "negated"


def test_a_parent_that_is_not_told_is_left_open() -> None:
    (fact,) = spin_outs("The spin-off Tarnwood Ltd sells kits.")
    assert (fact.subject, fact.subject_key) == ("", None)


def test_the_home_institution_of_a_report_is_the_parent_that_it_leaves_out() -> None:
    home = "Submitting institution: Haldenmark University"
    (fact,) = spin_outs(f"{home}\n\nThe spin-off Tarnwood Ltd sells kits.")
    assert fact.subject == "Haldenmark University"
    assert fact.lead is not None
    assert fact.lead.exact == home
