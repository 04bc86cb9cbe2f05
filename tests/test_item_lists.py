"""What a report lists item by item: its members belong together, and its items speak for one another."""

from __future__ import annotations

import pytest

from service.ask import Assistant
from tests.ventures import assistant_over

REPORTS = {
    "orrell.md": (
        "# People of the Orrell programme\n\nThe Orrell programme joins firms and patients.\n\n"
        "Researchers of the Orrell programme have won many prizes:\n\n"
        "- Brennan Research Award\n- Good Practice Award from Norvia World (imaging)\n- Halden Medal (2014)\n"
        "- Marlow-Winters UK for Girls in Chemistry Fellowship\n- Good Practice Award from Norvia World (open data)\n\n"
        "## Patients\n\nPatient organisation Fenland Europe is an active partner in the Orrell projects LUMEN-3 and ATLAS-9. "
        "The US-based patient advocacy group Breath Speaks is a partner in the project LUMEN-3 and gives USD 2 million.\n\n"
        "## Products\n\nTarnwood Cells, an SME, has commercialised a cell line. Pellucid Assays, an SME, developed a tool for tests. "
        "Merrowby Analytics, an SME, has put its software on the market. Corvane Imaging, an SME based in Lyon, has opened an office "
        "in Dresden. Halden Optics, a Swedish-based SME, has grown from 6 to 60 employees. Norvia Labs is an SME from Paris.\n\n"
        "## Science in figures\n\nWhat the Orrell programme published:\n\n- 820 publications\n- 6 400 citations\n"
        "- 12 % of papers are among the tenth of papers with the largest number of citations\n"
    ),
    "sales.md": (
        "# What became of the firms\n\nInstitution: Marlow University\n\nAda Winters founded Cordwell in 2003 to grow cells. "
        "Brightwater Ltd acquired Cordwell in 2008 for £2 million. One year later Gannet plc bought several of the cell lines, "
        "the oldest included, from Brightwater Ltd; the price was $700 000.\n"
    ),
}


reports = assistant_over(REPORTS)


def labels(assistant: Assistant, question: str) -> list[str]:
    return [item.label for item in assistant.ask(question).items]


def test_a_list_of_items_is_told_to_its_end_and_alike_items_are_told_apart(reports: Assistant) -> None:
    assert labels(reports, "Which prizes have the researchers of the Orrell programme won?") == [
        "Brennan Research Award",
        "Good Practice Award from Norvia World (imaging)",
        "Halden Medal (2014)",
        "Marlow-Winters UK for Girls in Chemistry Fellowship",
        "Good Practice Award from Norvia World (open data)",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Which patient organisations are named?",
        "Which patient organisations are mentioned as working with the Orrell programme?",
    ],
)
def test_all_of_a_kind_are_those_that_facts_know_as_such(reports: Assistant, question: str) -> None:
    assert labels(reports, question) == ["Fenland Europe", "Breath Speaks"]


def test_what_is_brought_to_market_is_not_what_was_only_developed(reports: Assistant) -> None:
    question = "Which SMEs have brought a product, test or tool to market?"
    assert labels(reports, question) == ["Tarnwood Cells", "Merrowby Analytics"]


def test_an_item_counts_what_the_other_items_of_its_list_speak_of(reports: Assistant) -> None:
    answer = reports.ask("How many citations have the publications of the Orrell programme received?").answer
    assert "6 400 citations" in answer


def test_who_opened_an_office_is_not_who_grew(reports: Assistant) -> None:
    assert labels(reports, "Which SMEs opened an office abroad?") == ["Corvane Imaging"]
    assert labels(reports, "Which SME grew from 6 to 60 employees?") == ["Halden Optics"]


def test_the_countries_of_a_kind_are_those_where_its_members_are_based(reports: Assistant) -> None:
    assert labels(reports, "In which countries are the SMEs based?") == ["France", "Sweden"]


def test_a_verb_behind_the_asked_noun_is_none_of_it(reports: Assistant) -> None:
    answer = reports.ask("Which SMEs work on cell lines?").answer
    assert "SMEs work" not in answer
    assert "SME work" not in answer


def test_what_somebody_founded_and_sold_is_a_firm_and_who_sold_its_goods_was_not_sold(
    reports: Assistant,
) -> None:
    assert labels(reports, "Which companies were sold?") == ["Cordwell"]
