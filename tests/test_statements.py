"""What single statements say: facts of clauses, of list items and of figures."""

from __future__ import annotations

import pytest

from corpus.statements import PHRASE_CHARS_MAX
from tests.extraction import facts_of


def clause_types(text: str) -> list[str]:
    return [fact.outcome_type for fact in facts_of(text, "clause")]


def test_a_clause_is_a_fact_of_who_did_what_where_and_when() -> None:
    (fact,) = facts_of("Norvia Ltd employed forty people in Oslo in 2014.", "clause")
    assert (fact.outcome_type, fact.subject, fact.subject_type) == ("employment", "Norvia Ltd", "company")
    assert (fact.predicate, fact.object) == ("employ", "forty people")
    assert (fact.place, fact.date, fact.confidence) == ("Oslo", "2014", 0.9)


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Norvia Ltd won a prize for two patents.", ["award", "patent"]),
        ("The staff saw a whale.", ["qualitative_claim"]),
        ("The trial was praised.", ["clinical_trial"]),
        ("Norvia Ltd grew and won a prize.", ["qualitative_claim", "award"]),
        ("The software, network, courses and patents were praised.", ["patent", "training_and_education"]),
        ("There is hope.", []),
    ],
    ids=["nearest first", "words of the subject", "passive", "own clause", "summary", "empty verb"],
)
def test_a_clause_has_the_types_that_its_predicate_shows(text: str, types: list[str]) -> None:
    found = clause_types(text)
    assert found[: len(types)] == types
    assert len(found) <= 3


@pytest.mark.parametrize(
    ("text", "polarity", "modality"),
    [
        ("Norvia Ltd has not filed a patent.", "negated", "achieved"),
        ("Norvia Ltd will file a patent.", "affirmed", "planned"),
        ("Norvia Ltd may file a patent.", "affirmed", "potential"),
    ],
)
def test_hedges_stay_with_the_fact(text: str, polarity: str, modality: str) -> None:
    (fact,) = facts_of(text, "clause", "patent")
    assert (fact.polarity, fact.modality) == (polarity, modality)


def test_the_one_project_of_a_sentence_is_the_project_of_its_facts() -> None:
    (one,) = facts_of("Nurses were trained in the LUMEN-3 project.", "clause")
    assert one.project == "LUMEN-3"
    (two,) = facts_of("Nurses were trained in the projects LUMEN-3 and EuroSkel.", "clause")
    assert two.project == ""


def test_a_long_phrase_is_cut_at_a_word() -> None:
    (fact,) = facts_of(f"Norvia Ltd sold kits{' of the team' * 30}.", "clause")
    assert PHRASE_CHARS_MAX - 5 <= len(fact.object) <= PHRASE_CHARS_MAX
    assert fact.object.endswith(" of")


def test_a_list_item_says_what_its_lead_says_of_it() -> None:
    first, second = facts_of("The prizes include:\n\n- Kelp Medal, 2014\n- two others\n", "item", "award")
    assert (first.subject, first.predicate, first.object) == ("The prizes", "list", "Kelp Medal, 2014")
    assert (first.object_key, first.object_type, first.date) == ("kelpmedal", "award", "2014")
    assert (second.object, second.object_key) == ("two others", None)
    assert first.lead is not None
    assert first.lead.exact == "The prizes include:"


def test_a_list_below_a_heading_has_the_heading_as_lead() -> None:
    (fact,) = facts_of("# Prizes\n\n- Kelp Medal, 2014\n", "item")
    assert (fact.outcome_type, fact.subject, fact.section) == ("award", "Prizes", "Prizes")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norvia Ltd trained over 40 nurses.", (40, None, "nurses", "over", "over 40", "")),
        ("Norvia Ltd trained 30 to 40 nurses.", (30, 40, "nurses", "", "30 to 40", "")),
        ("Norvia Ltd raised €2.5 million.", (2.5e6, None, "EUR", "", "€2.5 million", "")),
        ("Norvia Ltd trained 40 nurses per year.", (40, None, "nurses", "", "40", "per year")),
        ("Norvia Ltd trained 40 nurses per month.", (40, None, "nurses", "", "40", "per month")),
        ("To date, Norvia Ltd trained 40 nurses.", (40, None, "nurses", "", "40", "cumulative")),
    ],
    ids=["hedge", "range", "money", "yearly", "monthly", "in total"],
)
def test_a_figure_keeps_its_unit_hedge_and_basis(text: str, expected: tuple[object, ...]) -> None:
    (fact,) = facts_of(text, "quantity")
    assert (fact.value, fact.value_max, fact.unit, fact.qualifier, fact.value_text, fact.basis) == expected
    assert fact.subject == "Norvia Ltd"


def test_a_share_is_of_something() -> None:
    (fact,) = facts_of("Firms received 18% of the funding.", "quantity")
    assert (fact.outcome_type, fact.value, fact.unit) == ("funding_indicator", 18, "%")
    assert (fact.object, fact.basis) == ("funding", "funding")


def test_growth_tells_what_a_figure_grew_from() -> None:
    earlier, later = facts_of("The staff grew from 12 in 2010 to 40 in 2014.", "quantity")
    assert (earlier.date, earlier.basis, later.date, later.basis) == ("2010", "", "2014", "from 12")


def test_a_background_figure_is_no_result() -> None:
    text = "Every year the disease affects 30,000 employees."
    assert {fact.outcome_type for fact in facts_of(text, "quantity")} == {"context_statistic"}


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Norvia Ltd filed 12 patents and trained 40 nurses.", ["patent", "training_and_education"]),
        ("Courses:\n\n- 12 nurses\n", ["training_and_education"]),
        ("Norvia Ltd saw 12 whales.", ["qualitative_claim"]),
    ],
    ids=["nearest words", "lead", "none"],
)
def test_a_figure_has_the_type_of_the_words_nearest_to_it(text: str, types: list[str]) -> None:
    assert [fact.outcome_type for fact in facts_of(text, "quantity")] == types


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Over 40 jobs were created in Norway and 12 in Sweden.", ["Norway", "Sweden"]),
        ("Orders came from Norway (£2 million) and Sweden (£3 million).", ["Norway", "Sweden"]),
        ("In Norway, 40 jobs were created.", ["Norway"]),
    ],
    ids=["behind", "brackets", "before"],
)
def test_a_figure_has_the_place_it_is_about(text: str, places: list[str]) -> None:
    assert [fact.place for fact in facts_of(text, "quantity")] == places


def test_a_figure_that_two_firms_share_is_neither_alone_s() -> None:
    (fact,) = facts_of("Norvia Ltd and Baxley Ltd together employ 40 people.", "quantity")
    assert (fact.subject, fact.subject_key, fact.basis) == ("Norvia Ltd and Baxley Ltd", None, "together")


def test_the_money_of_a_person_and_a_firm_is_the_firm_s() -> None:
    (fact,) = facts_of("Professor Anna Kvist and Norvia Ltd won a second award (£100k).", "quantity")
    assert fact.subject == "Norvia Ltd"
