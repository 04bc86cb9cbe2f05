"""Names in a sentence: found by how they are written, with what belongs to them and nothing else."""

from __future__ import annotations

import pytest

from corpus.names import names
from corpus.parsing import parse


def named(text: str, common: set[str] | None = None, known: set[str] | None = None) -> list[str]:
    return [name.text for name in names(parse(text), common or set(), known or set())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The kit is made by Norvia Biotech Ltd.", ["Norvia Biotech Ltd"]),
        ("It reported to Tarn & Quill Laboratories.", ["Tarn & Quill Laboratories"]),
        ("They met the Institute for the Study of Kelp.", ["Institute for the Study of Kelp"]),
        ("It joined the Federation of Millers and Growers.", ["Federation of Millers and Growers"]),
        ("It was led by Maria de la Torre.", ["Maria de la Torre"]),
        ("Kits are sold by Kvist van der Aa GmbH.", ["Kvist van der Aa GmbH"]),
        ("The group met LUMEN-3, EuroSkel and OPEN-ATLAS.", ["LUMEN-3", "EuroSkel", "OPEN-ATLAS"]),
    ],
    ids=["legal form", "ampersand", "of and for", "and after of", "particles", "two particles", "acronyms"],
)
def test_a_name_keeps_all_that_belongs_to_it(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was bought by Norvia and Ferrow Optics.", ["Norvia", "Ferrow Optics"]),
        ("The group of Norvia of late met.", ["Norvia"]),
        ("They saw Norvia's Ferrow lamps.", ["Norvia", "Ferrow"]),
        ("It left Tarnwood Ltd. Ferrow Optics Ltd came.", ["Tarnwood Ltd", "Ferrow Optics Ltd"]),
        ("The staff met Professor Jon Aldermoor.", ["Jon Aldermoor"]),
        ("They met SME Tarnwood Cells.", ["Tarnwood Cells"]),
    ],
    ids=["and", "of", "possessive", "end of sentence", "title", "class word"],
)
def test_a_name_ends_where_another_thing_begins(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Many patients took part in March.",
        "The SMEs met their CEO.",
        "The pan-European fund paid for a Norvia-funded school.",
        "The staff moved to the Academy.",
        "Their results are in Figure 3.",
        "Training improved.",
        "The firm sold 12 kits.",
    ],
    ids=["month", "class words", "compounds", "never alone", "label", "first word", "none"],
)
def test_other_capitals_are_no_names(text: str) -> None:
    assert named(text) == []


def test_a_first_word_that_the_document_also_writes_small_is_no_name() -> None:
    assert named("Norvia sells kits.") == ["Norvia"]
    assert named("Norvia sells kits.", common={"norvia"}) == []


def test_a_first_word_seen_as_name_inside_a_sentence_is_a_name() -> None:
    assert named("Lumen grew quickly.", common={"lumen"}, known={"lumen"}) == ["Lumen"]


def test_a_first_word_that_is_described_as_a_firm_is_a_name() -> None:
    assert named("Arvenna, based in the north, sells kits.") == ["Arvenna"]


def test_a_name_stands_where_it_says() -> None:
    text = "“Norvia Biotech Ltd.,” said Dr Anna Kvist’s friend, “grew.”"
    found = names(parse(text))
    assert [text[name.start : name.end] for name in found] == [name.text for name in found]
    assert [name.text for name in found] == ["Norvia Biotech Ltd.", "Anna Kvist"]
