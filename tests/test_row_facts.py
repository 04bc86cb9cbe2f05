"""What a table row says: the first cell is what it is about, every other cell says something of it."""

from __future__ import annotations

from corpus.facts import Fact
from tests.extraction import extracted


def row(section: str, header: str, cells: str) -> list[Fact]:
    rule = "|".join("---" for _ in header.split("|"))
    return extracted(f"# {section}\n\n|{header}|\n|{rule}|\n|{cells}|\n").facts


def test_a_cell_with_a_figure_is_a_fact_of_the_first_cell() -> None:
    (fact,) = row("Firms", "Company|Employees", "Tarnwood Ltd|over 40")
    assert (fact.outcome_type, fact.subject, fact.subject_type) == ("employment", "Tarnwood Ltd", "company")
    assert (fact.value, fact.qualifier, fact.value_text, fact.unit) == (40, "over", "over 40", "Employees")


def test_under_a_header_that_only_counts_the_first_cell_is_counted() -> None:
    (fact,) = row("Results", "Kind|Number", "Granted patents|12")
    assert (fact.outcome_type, fact.value, fact.unit, fact.subject) == ("patent", 12, "Granted patents", "")


def test_a_company_with_a_year_was_founded_then() -> None:
    fact, _ = row("Firms", "Company|Founded|University", "Tarnwood Ltd|2014|Haldenmark University")
    assert (fact.outcome_type, fact.object, fact.date) == ("spin_out", "Tarnwood Ltd", "2014")
    assert fact.subject == "Haldenmark University"


def test_in_a_table_of_spin_outs_every_row_is_one() -> None:
    (fact,) = row("Spin-outs", "Name|Year", "Kelplab|2014")
    assert (fact.outcome_type, fact.object) == ("spin_out", "Kelplab")


def test_another_thing_with_a_year_is_no_founded_company() -> None:
    (patent,) = row("Results", "Patent|Year", "Kelp lamp|2014")
    assert (patent.outcome_type, patent.subject, patent.date) == ("patent", "Kelp lamp", "2014")
    (project,) = row("Results", "Project|Start", "LUMEN-3|2014")
    assert project.outcome_type != "spin_out"


def test_a_cell_with_a_text_is_what_the_first_cell_has() -> None:
    (fact,) = row("Results", "Patent|Holder", "Kelp lamp|Norvia Ltd")
    assert (fact.subject, fact.predicate, fact.object) == ("Kelp lamp", "holder", "Norvia Ltd")
    assert fact.object_key == "norvia"
