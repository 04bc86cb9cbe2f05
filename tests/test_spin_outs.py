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


@pytest.mark.parametrize(
    "text",
    [
        "Anna Kvist and Jon Berg co-founded the award-winning start-up company Tarnwood Ltd in 2001.",
        "Tarnwood Ltd was founded in 2001 by Professor Anna Kvist and Dr Jon Berg.",
        "The dye led to the creation in 2001 of Tarnwood Ltd (by Anna Kvist and CEO Jon Berg).",
    ],
    ids=["active", "passive", "noun"],
)
def test_people_found_a_company(text: str) -> None:
    found = [fact for fact in spin_outs(text) if fact.predicate == "found"]
    assert [(fact.subject, fact.object, fact.date) for fact in found] == [
        ("Anna Kvist", "Tarnwood Ltd", "2001"),
        ("Jon Berg", "Tarnwood Ltd", "2001"),
    ]


def test_whoever_founded_one_company_founded_the_next_of_the_sentence() -> None:
    found = spin_outs(
        "In 2008 Ferrow Ltd created Tarnwood Ltd (see there) and in 2009 created Kelm Ltd to grow."
    )
    assert [(fact.subject, fact.object, fact.date) for fact in found] == [
        ("Ferrow Ltd", "Tarnwood Ltd", "2008"),
        ("Ferrow Ltd", "Kelm Ltd", "2009"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tarnwood Ltd spun out from Haldenmark University in 2010.",
        "They spun out and it was decided to spin out Tarnwood Ltd. (in 2010) from Haldenmark University.",
        "It became a spin-out from Haldenmark University, a software company called Tarnwood Ltd, in 2010.",
    ],
)
def test_the_words_between_tell_the_origin(text: str) -> None:
    assert [(fact.subject, fact.object) for fact in spin_outs(text)] == [
        ("Haldenmark University", "Tarnwood Ltd")
    ]


def test_a_department_stands_for_its_institution() -> None:
    home = "Submitting institution: Haldenmark University"
    (fact,) = spin_outs(f"{home}\n\nTarnwood Ltd is a spin-off from the School of Optics.")
    assert fact.subject == "Haldenmark University"


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
