"""Which companies are small: the text says so, or they lead a paragraph where SMEs were announced."""

from __future__ import annotations

import pytest

from tests.extraction import extracted

ANNOUNCED = "# Firms\n\nSmall and medium-sized enterprises gain much.\n\n"


def sizes(text: str) -> dict[str, str]:
    return {entity.name: entity.sme for entity in extracted(text).entities}


@pytest.mark.parametrize(
    "text", ["They met the SME Tarnwood Cells.", "They met Tarnwood Cells, a small company from Lund."]
)
def test_a_company_is_small_when_the_text_says_so(text: str) -> None:
    assert sizes(text) == {"Tarnwood Cells": "stated"}


def test_a_company_that_leads_a_paragraph_about_smes_is_implied_to_be_one() -> None:
    assert sizes(ANNOUNCED + "Tarnwood Ltd sells kits. They met Ferrow Ltd.") == {
        "Tarnwood Ltd": "implied",
        "Ferrow Ltd": "unknown",
    }


@pytest.mark.parametrize(
    "text",
    [
        "# Firms\n\nEnterprises gain much.\n\nTarnwood Ltd sells kits.",
        ANNOUNCED + "# Others\n\nTarnwood Ltd sells kits.",
        ANNOUNCED + "Sales help. They met Tarnwood Ltd of late.",
        ANNOUNCED + "Tarnwood Ltd is a spin-off of a school.",
        "Tarnwood Ltd sells kits.\n\nSmall and medium-sized enterprises gain much.",
    ],
    ids=["not announced", "next section", "not leading", "spin-off", "before"],
)
def test_a_company_elsewhere_is_not(text: str) -> None:
    assert sizes(text)["Tarnwood Ltd"] == "unknown"


def test_an_implied_size_has_the_passage_that_implies_it() -> None:
    (entity,) = extracted(ANNOUNCED + "Tarnwood Ltd sells kits.").entities
    assert entity.sme_evidence is not None
    assert entity.sme_evidence.exact == "Tarnwood Ltd sells kits."
