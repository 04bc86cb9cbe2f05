"""Entities: the names of a document merged into one thing each, with its kind as the text tells it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.entities import entity_key
from corpus.registry import Evidence
from tests.extraction import steps


def kinds(text: str) -> dict[str, str]:
    """The kind of every entity by its name."""
    return {evidence.name: evidence.kind for evidence in steps(text).registry.entities.values()}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Norvia Biotech Ltd.", "norviabiotech"),
        ("The Norvia Biotech", "norviabiotech"),
        ("NORVIA BioTech", "norviabiotech"),
        ("Société Norvière S.A.", "societenorviere"),
        ("LUMEN-3", "lumen3"),
        ("Ltd", "ltd"),
    ],
)
def test_spellings_of_one_name_have_one_key(name: str, key: str) -> None:
    assert entity_key(name) == key


@given(st.text())
def test_a_key_is_the_key_of_itself(name: str) -> None:
    assert entity_key(entity_key(name)) == entity_key(name)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("They met Norvia, a biotech company from the north.", "Norvia", "company"),
        ("They met the patient organisation Norvia.", "Norvia", "patient_organisation"),
        ("Norvia is now a research council.", "Norvia", "funder"),
        ("They saw the NORVIA project.", "NORVIA", "project"),
        ("They met Tarnwood, based in Lund.", "Tarnwood", "company"),
        ("It was sold to Ferrow.", "Ferrow", "company"),
        ("They met Professor Jon Aldermoor.", "Jon Aldermoor", "person"),
        ("They thank Norvia.", "Norvia", "other"),
    ],
    ids=["apposition", "noun before", "is a", "noun behind", "based", "bought", "title", "nothing"],
)
def test_words_beside_a_name_tell_its_kind(text: str, name: str, kind: str) -> None:
    assert kinds(text)[name] == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Norvia GmbH", "company"),
        ("Norvia Therapeutics", "company"),
        ("University of Haldenmark", "academic"),
        ("Haldenmark University Prize", "award"),
        ("Federation of Nordic Growers", "network"),
        ("Ministry of Fisheries", "funder"),
        ("Journal of Kelp Studies", "journal"),
        ("Nordic Kelp Agency", "regulator"),
        ("School of Kelp Studies", "other"),
        ("Department of Optics", "other"),
        ("Haldenmark Medical School", "other"),
        ("Haldenmark University Challenge Fund", "funder"),
        ("Nordic Kelp Research Council", "funder"),
        ("Borough Council of Haldenmark", "other"),
        ("Scientific Advisory Group", "other"),
        ("Lund School of Design", "academic"),
    ],
)
def test_words_of_a_name_tell_its_kind(name: str, kind: str) -> None:
    assert kinds(f"They met the {name} in May.") == {name: kind}


@pytest.mark.parametrize("text", ["They hold an NKRB grant.", "It was funded by the NKRB."])
def test_who_pays_is_a_funder(text: str) -> None:
    assert kinds(text)["NKRB"] == "funder"


def test_a_branch_is_no_short_name_of_its_firm() -> None:
    assert set(kinds("They met Norvia Denmark Ltd. They like the company Norvia.")) == {
        "Norvia Denmark Ltd",
        "Norvia",
    }


def test_a_plural_tells_the_kind_of_all_that_it_lists() -> None:
    found = kinds("They met the projects LUMEN-3, OPEN-ATLAS and EuroSkel.")
    assert found == {"LUMEN-3": "project", "OPEN-ATLAS": "project", "EuroSkel": "project"}


def test_a_name_before_projects_is_their_programme() -> None:
    assert kinds("They visited all NORVIA projects.") == {"NORVIA": "programme"}


def test_a_partner_of_a_project_is_no_project() -> None:
    assert kinds("They met the project partner Norvia Ltd.") == {"Norvia Ltd": "company"}


@pytest.mark.parametrize(
    ("text", "name", "alias"),
    [
        ("The Arctic Fisheries Board (AFB) met. All of AFB came.", "Arctic Fisheries Board", "AFB"),
        ("They met Norvia Therapeutics. They like Norvia.", "Norvia Therapeutics", "Norvia"),
        ("They met Haldenmark Coastal University. They like HCU.", "Haldenmark Coastal University", "HCU"),
        ("They met Professor Jon Aldermoor. They like Aldermoor.", "Jon Aldermoor", "Aldermoor"),
        ("They met EBOREX. They like EBoREX.", "EBoREX", "EBOREX"),
        ("They met Norvia Optics Ltd. They like Norvia.", "Norvia Optics Ltd", "Norvia"),
        (
            "They met Norvia Optics Ltd. They like Norvia Optics Ltd7.",
            "Norvia Optics Ltd",
            "Norvia Optics Ltd7",
        ),
        (
            "They met the University of Haldenmark. They like Haldenmark University.",
            "University of Haldenmark",
            "Haldenmark University",
        ),
    ],
    ids=["abbreviation", "short name", "initials", "surname", "spelling", "firm", "note mark", "university"],
)
def test_other_names_of_a_thing_are_its_aliases(text: str, name: str, alias: str) -> None:
    (evidence,) = steps(text).registry.entities.values()
    assert evidence.name == name
    assert alias in {*evidence.forms, *evidence.aliases}


def test_a_bracket_that_does_not_abbreviate_is_a_name_of_its_own() -> None:
    assert len(kinds("They met the Arctic Fisheries Board (Norvia).")) == 2


def test_a_surname_of_two_persons_stands_for_none() -> None:
    text = "They met Dr Jon Aldermoor and Dr Eva Aldermoor. They like Aldermoor."
    assert set(kinds(text)) == {"Jon Aldermoor", "Eva Aldermoor", "Aldermoor"}


def test_places_are_no_entities() -> None:
    assert kinds("They met in Oslo, in Norway and at Norvia.") == {"Norvia": "other"}


def test_a_name_seen_inside_a_sentence_counts_at_the_start_of_others() -> None:
    (evidence,) = steps("They like Patching. Patching helps.").registry.entities.values()
    assert len(evidence.mentions) == 2


def test_the_head_of_a_document_tells_its_home_institution() -> None:
    registry = steps("Submitting institution: Haldenmark University\n\nNurses were trained.").registry
    assert registry.home == "haldenmarkuniversity"
    assert steps("Nurses of Haldenmark University were trained.").registry.home is None


@pytest.mark.parametrize(
    ("told", "institutions"),
    [
        ("King's College Halden", {"King's College Halden"}),
        ("UNIVERSITY OF NORVIA", {"UNIVERSITY OF NORVIA"}),
        ("1007 Lund University (H12)", {"Lund University"}),
        ("University of Norvia and Norvia School of Art", {"University of Norvia", "Norvia School of Art"}),
        ("Halden University / Norvia College", {"Halden University", "Norvia College"}),
    ],
)
def test_the_institutions_of_a_head_are_whole_names(told: str, institutions: set[str]) -> None:
    assert set(kinds(f"Institution: {told}\n\nNurses were trained.")) == institutions


def test_being_an_sme_makes_a_company() -> None:
    evidence = Evidence()
    evidence.add("sme", 3.0, (0, 0, 4))
    evidence.add("project", 2.0, (1, 0, 4))
    assert evidence.kind == "company"
    assert evidence.said_at["sme"] == (0, 0, 4)
