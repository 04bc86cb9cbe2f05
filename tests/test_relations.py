"""Relations between named things: who bought whom, who is where, who takes part, what letters stand for."""

from __future__ import annotations

import pytest

from corpus.facts import Fact
from tests.extraction import facts_of


def related(text: str, outcome_type: str) -> list[Fact]:
    return facts_of(text, "relation", outcome_type)


@pytest.mark.parametrize(
    "text",
    [
        "Ferrow Ltd acquired Tarnwood Ltd.",
        "Tarnwood Ltd was acquired by Ferrow Ltd.",
        "Tarnwood Ltd was sold to Ferrow Ltd.",
        "Ferrow Ltd purchased Tarnwood Ltd.",
    ],
)
def test_the_buyer_is_the_subject_and_the_target_the_object(text: str) -> None:
    (fact,) = related(text, "business_growth")
    assert (fact.subject, fact.predicate, fact.object) == ("Ferrow Ltd", "acquire", "Tarnwood Ltd")


@pytest.mark.parametrize(
    "text",
    [
        "Tarnwood Ltd was founded in 1997, raised money and was bought by Ferrow Ltd.",
        "The success of Tarnwood Ltd led to its acquisition by Ferrow Ltd.",
        "They saw the takeover of Tarnwood Ltd by Ferrow Ltd.",
        "They saw Ferrow Ltd's purchase of Tarnwood Ltd.",
        "The firm Tarnwood Ltd (bought by the pharma giant Ferrow Ltd) sells kits.",
    ],
    ids=["far subject", "its", "noun", "possessive", "bracket"],
)
def test_a_purchase_is_read_off_the_words_between(text: str) -> None:
    (fact,) = related(text, "business_growth")
    assert (fact.subject, fact.object) == ("Ferrow Ltd", "Tarnwood Ltd")


def test_a_firm_bought_three_times_has_three_buyers() -> None:
    found = related(
        "Tarnwood Ltd was bought by Kelm Ltd (2005), Orrel Ltd (2009) and Ferrow Ltd in 2012.",
        "business_growth",
    )
    assert [(fact.subject, fact.date) for fact in found] == [
        ("Kelm Ltd", "2005"),
        ("Orrel Ltd", "2009"),
        ("Ferrow Ltd", "2012"),
    ]


def test_a_purchase_has_its_price_and_year() -> None:
    (fact,) = related("Ferrow Ltd acquired Tarnwood Ltd for over £12 million in 2016.", "business_growth")
    assert (fact.value, fact.unit, fact.qualifier, fact.date) == (12e6, "GBP", "over", "2016")


@pytest.mark.parametrize(
    "text",
    [
        "Ferrow Ltd bought shares in Tarnwood Ltd.",
        "Ferrow Ltd bought a licence from Tarnwood Ltd.",
        "Ferrow Ltd sold lamps to nurses.",
        "Ferrow Ltd met Tarnwood Ltd.",
        "One of the compounds (Tarnwood) was acquired by Ferrow Ltd.",
    ],
)
def test_a_purchase_of_parts_or_goods_is_none_of_the_company(text: str) -> None:
    assert related(text, "business_growth") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Norvia Ltd, based in Lund, sells kits.", "Lund"),
        ("Norvia Ltd (Oslo) sells kits.", "Oslo"),
        ("Norvia Ltd, from Sweden, sells kits.", "Sweden"),
        ("Norvia Ltd, a Swedish company, sells kits.", "Sweden"),
        ("The Lund-based company Norvia Ltd sells kits.", "Lund"),
        ("The Swedish company Norvia Ltd sells kits.", "Sweden"),
    ],
)
def test_an_organisation_is_where_it_is_said_to_be_based(text: str, place: str) -> None:
    (fact,) = related(text, "location")
    assert (fact.subject, fact.predicate, fact.place) == ("Norvia Ltd", "base", place)


@pytest.mark.parametrize(
    "text",
    [
        "Norvia Ltd sells kits in Lund.",
        "Norvia Ltd met in Lund.",
        "Dr Anna Kvist, from Lund, sells kits.",
        "The LUMEN-3 project was a trial in Lund.",
        "The study (Kvist, Lund; Hale, Oslo) went on.",
    ],
    ids=["market", "event", "person", "what has no seat", "surnames"],
)
def test_other_places_are_not_where_it_is_based(text: str) -> None:
    assert related(text, "location") == []


@pytest.mark.parametrize(
    "text",
    [
        "Norvia Ltd is a partner in the LUMEN-3 project.",
        "Norvia Ltd participated in the LUMEN-3 project.",
        "The LUMEN-3 project partner Norvia Ltd sells kits.",
        "They met the LUMEN-3 project. Norvia Ltd is a partner in the project.",
    ],
)
def test_a_partner_takes_part_in_its_project(text: str) -> None:
    (fact,) = related(text, "participation")
    assert (fact.subject, fact.object, fact.project) == ("Norvia Ltd", "LUMEN-3", "LUMEN-3")


def test_a_partner_of_several_projects_takes_part_in_each() -> None:
    found = related("Norvia Ltd is a partner in the projects LUMEN-3 and EuroSkel.", "participation")
    assert [fact.object for fact in found] == ["LUMEN-3", "EuroSkel"]


def test_who_speaks_of_a_project_takes_no_part_in_it() -> None:
    assert related("Norvia Ltd wrote about the LUMEN-3 project.", "participation") == []


def test_an_abbreviation_in_brackets_stands_for_the_words_before_it() -> None:
    (fact,) = related("They met the Arctic Fisheries Board (AFB) in May.", "definition")
    assert (fact.subject, fact.predicate, fact.object) == ("AFB", "stand for", "Arctic Fisheries Board")
    assert related("The result (AFB) was good.", "definition") == []
