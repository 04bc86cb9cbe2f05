"""Who "it", "they" or "the company" is: the last fitting thing that the section spoke of."""

from __future__ import annotations

import pytest

from corpus.reference import CONFIDENCE, Referent
from tests.extraction import steps


def subjects(text: str) -> list[Referent]:
    return [referent for resolved in steps(text).resolved() for referent in resolved.subjects]


@pytest.mark.parametrize(
    ("text", "referent"),
    [
        ("Norvia Ltd sells kits.", Referent("norvia", "named")),
        ("Norvia Ltd, a small firm in Lund, sells kits.", Referent("norvia", "named")),
        ("The LUMEN-3 project trained nurses.", Referent("lumen3", "through")),
        ("Norvia's kits help nurses.", Referent("norvia", "through")),
        ("The team employs nurses.", Referent(None, "none")),
        ("The staff of Norvia Ltd have trained nurses.", Referent(None, "none")),
    ],
    ids=["name", "apposition", "compound", "owner", "nobody", "inside"],
)
def test_the_subject_of_a_sentence_is_who_it_names(text: str, referent: Referent) -> None:
    assert subjects(text)[-1] == referent


@pytest.mark.parametrize(
    ("text", "referent"),
    [
        ("Norvia Ltd grew. It employs nurses.", Referent("norvia", "pronoun")),
        ("Norvia Ltd grew. Its kits help nurses.", Referent("norvia", "possessive")),
        ("Norvia Ltd grew. The company employs nurses.", Referent("norvia", "noun")),
        ("Norvia Ltd met Dr Anna Kvist. It employs nurses.", Referent("norvia", "pronoun")),
        ("Dr Anna Kvist met Norvia Ltd. Later she employed nurses.", Referent("annakvist", "pronoun")),
        ("They saw the LUMEN-3 project and Norvia Ltd. The project grew.", Referent("lumen3", "noun")),
        ("They saw the LUMEN-3 project and Norvia Ltd. The company grew.", Referent("norvia", "noun")),
        ("They met Norvia Ltd. The university grew.", Referent(None, "none")),
    ],
    ids=["it", "its", "noun", "it is no person", "she is one", "project", "company", "no such kind"],
)
def test_a_later_subject_is_the_last_fitting_one(text: str, referent: Referent) -> None:
    assert subjects(text)[-1] == referent


def test_a_new_section_starts_afresh() -> None:
    assert subjects("# One\n\nNorvia Ltd grew.\n\n# Two\n\nIt employs nurses.")[-1].key is None


def test_what_a_document_speaks_of_most_is_meant_in_every_section() -> None:
    text = "# One\n\n" + "They met Norvia Ltd in May. " * 4 + "\n\n# Two\n\nThe company employs nurses."
    assert subjects(text)[-1] == Referent("norvia", "noun")


def test_a_thing_called_a_project_right_behind_its_name_is_one() -> None:
    found = steps("They met EBOREX. Nurses liked the project.")
    found.resolved()
    assert found.registry.kind("eborex") == "project"


def test_the_project_is_found_inside_a_sentence() -> None:
    (found,) = (
        steps("They met the LUMEN-3 project. In May the project has trained nurses.").resolved()[1].anaphora
    )
    assert found[2] == "lumen3"


def test_the_focus_of_a_passage_is_whom_it_does_not_name() -> None:
    found = steps("Norvia Ltd grew. It employs nurses. Ferrow Ltd likes it.")
    mentions = [found.registry.by_passage.get(number, []) for number in range(3)]
    foci = [resolved.focus(own) for resolved, own in zip(found.resolved(), mentions, strict=True)]
    assert foci == [None, "norvia", None]


def test_a_named_subject_is_worth_most() -> None:
    assert max(CONFIDENCE, key=lambda how: CONFIDENCE[how]) == "named"
    assert min(CONFIDENCE, key=lambda how: CONFIDENCE[how]) == "none"
