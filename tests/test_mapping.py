"""Mapping files: checked before a row is read, with messages that say where the fault is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import tables
from corpus.mapping import named, shipped
from corpus.sheets import TableError
from corpus.tables import FactsTable
from tests.workbooks import write_workbook

GRANTS = """
title = "Grants"
[codes.kinds]
U = "academic"
C = "company"
[[table]]
name = "grants"
recognised_by = ["Holder", "Amount"]
required = ["Holder"]
decimal = ","
dates = "%d/%m/%Y"
shown = { Country = "countries", Amount = "EUR" }
[table.entity.holder]
name = "{Holder}"
kind = "{Kind|kinds}"
aliases = ["{Short}"]
[[table.fact]]
outcome_type = "funding_contribution"
subject = "@holder"
predicate = "receive"
value = "{Amount}"
unit = "EUR"
place = "{Country|countries}"
date = "{Day}"
needs = ["Amount"]
"""
HEADER = "Holder;Short;Kind;Country;Amount;Day"


def imported(folder: Path, *rows: str, mapping: str = GRANTS) -> FactsTable:
    (folder / "grants.toml").write_text(mapping)
    (folder / "grants.csv").write_text("\n".join((HEADER, *rows)))
    return tables.read(folder / "grants.csv", named(str(folder / "grants.toml")))


def test_a_row_states_what_the_mapping_says_and_cites_its_cells(tmp_path: Path) -> None:
    read = imported(tmp_path, "Norvia Biotech;NB;C;EL;1.250.000,50;31/12/2014")
    (fact,) = read.facts
    assert (fact.subject, fact.subject_type, fact.value, fact.unit) == (
        *("Norvia Biotech", "company"),
        *(1250000.5, "EUR"),
    )
    assert (fact.place, fact.date) == ("Greece", "2014-12-31")
    assert fact.section == "row 2, columns Holder, Country, Amount, Day"
    assert fact.selector.exact == (
        "Holder: Norvia Biotech; Short: NB; Kind: C; Country: EL (Greece); "
        "Amount: 1.250.000,50 EUR; Day: 31/12/2014"
    )
    assert read.entities[0].aliases == ("NB",)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";N;C;NO;5;", "Holder: is empty"),
        ("Norvia;N;X;NO;5;", "Kind: 'X' is none of the kinds: U, C"),
        ("Norvia;N;C;NO;5.5;", "Amount: '5.5x'"),
        ("Norvia;N;C;NO;five;", "Amount: 'five' is not a number such as 7000 or 15,8"),
        ("Norvia;N;C;NO;5;2014-12-31", "Day: '2014-12-31' is no date of the form %d/%m/%Y"),
        ("Norvia;N;C;NO", "has 4 cells, the header has 6"),
    ],
)
def test_a_bad_row_is_told_by_its_number_and_the_rest_is_imported(
    tmp_path: Path, row: str, reason: str
) -> None:
    read = imported(tmp_path, "LUMEN Institute;;U;NO;7;", row.replace("5.5", "5.5x"))
    assert [fact.subject for fact in read.facts] == ["LUMEN Institute"]
    assert [(fault.number, fault.reason[: len(reason)]) for fault in read.rejected] == [(3, reason)]


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ('"{Country|countries}"', '"{Country|lands}"', "uses the code list 'lands'; known: countries, kinds"),
        ("@holder", "@owner", "fact 1: subject = '@owner' is no entity of the table; known: holder"),
        ('"funding_contribution"', '"funding"', "table.1.fact.1.outcome_type: 'funding' is unknown"),
        ('"{Amount}"', '"{Amount"', "has a brace that is not closed"),
        ("predicate", "predicat", "table.1.fact.1.predicat: is no key of a mapping"),
        ('recognised_by = ["Holder", "Amount"]', "", "table.1.recognised_by: is missing"),
        ("[[table]]", "[[table]", "is no valid TOML"),
    ],
)
def test_a_wrong_mapping_is_refused_where_it_is_wrong(
    tmp_path: Path, was: str, now: str, message: str
) -> None:
    with pytest.raises(TableError) as refused:
        imported(tmp_path, "Norvia;;C;NO;5;", mapping=GRANTS.replace(was, now, 1))
    assert message in str(refused.value)
    assert "grants.toml" in str(refused.value)


def test_an_unknown_mapping_is_answered_with_the_known_ones() -> None:
    with pytest.raises(TableError, match="'cordis' is unknown. Give a .toml file or one of: cordis_partic"):
        named("cordis")


def test_a_shipped_mapping_is_found_by_its_name_however_it_is_hyphened() -> None:
    assert named("cordis-projects") is shipped()["cordis_projects"]


def test_a_table_without_the_columns_of_the_mapping_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("Holder,Name\nNorvia,x\n")
    (tmp_path / "grants.toml").write_text(GRANTS)
    with pytest.raises(TableError, match="'other.csv' is no table of Grants: as grants it lacks amount"):
        tables.read(tmp_path / "other.csv", named(str(tmp_path / "grants.toml")))


def test_two_things_of_one_name_and_different_ids_stay_two(tmp_path: Path) -> None:
    header = "rcn,acronym,ecMaxContribution,coordinator"
    (tmp_path / "p.csv").write_text(f"{header}\n1,LUMEN,5,Norvia\n2,Lumen,7,Norvia\n")
    read = tables.read(tmp_path / "p.csv")
    keys = {fact.subject_key for fact in read.facts if fact.value}
    assert len(keys) == 2


def test_outcome_sections_of_a_workbook_become_outcomes_of_their_types(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "outcomes.xlsx",
        {
            "Spinouts": [
                ["Outcome Type", "Company", "Year Established", "Country of Spinout"],
                ["Spin Outs", "Norvia Biotech Ltd", 2014, "United Kingdom"],
            ],
            "IP": [
                ["Outcome Type", "Outcome Sub-type", "Record Title", "Year Protection Granted"],
                ["IP", "Patent granted", "Lumen sensor", 2015],
                ["IP", "Trade Mark", "LUMENIA", 2016],
            ],
            "SkillsShortage": [["Outcome Type", "Problem?"], ["Skills", "Yes"]],
        },
    )
    read = tables.read(path)
    assert [(fact.outcome_type, fact.object or fact.subject, fact.date) for fact in read.facts] == [
        ("spin_out", "Norvia Biotech Ltd", "2014"),
        ("location", "Norvia Biotech Ltd", ""),
        ("patent", "Lumen sensor", "2015"),
        ("trademark", "LUMENIA", "2016"),
    ]
    assert read.facts[0].section == "Spinouts, row 2, columns Company, Year Established"
    assert read.unread == ("SkillsShortage",)
