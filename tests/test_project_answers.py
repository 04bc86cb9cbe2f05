"""Questions about projects in imported tables: answered over all rows, or left to the reports."""

from __future__ import annotations

import pytest

from corpus.ingest import ingest
from corpus.store import Store
from service.evidence import Draft, Refusal
from service.knowledge.knowledge import Knowledge
from service.projects.project_answers import from_project_rows
from service.understanding.understand import understand
from service.writing.cite import checked

PROJECTS = """rcn,acronym,startDate,endDate,totalCost,ecMaxContribution,coordinator,coordinatorCountry,numOrg
1,LUMEN-3,2015-04-01,2019-03-31,6000000.00,5000000.50,UNIVERSITY OF NORVIA,NO,4
2,Quillon,2016-01-01,2016-12-31,80000.00,50000.00,QUILLON SYSTEMS LIMITED,UK,1
3,ARVENTA,2016-06-01,2021-05-31,9000000.00,7000000.00,UNIVERSITY OF NORVIA,NO,2
"""
PARTICIPANTS = """project_rcn,name,short_name,country,activity_type
1,UNIVERSITY OF NORVIA,UNOR,NO,HES
1,TARNWOOD DIAGNOSTICS GMBH,Tarnwood,DE,PRC
1,HALDEN INSTITUTE,RUN,EL,REC
1,ORVO BIOTECH AS,Orvo,NO,PRC
2,QUILLON SYSTEMS LIMITED,Quillon,UK,PRC
3,UNIVERSITY OF NORVIA,UNOR,NO,HES
3,HALDEN INSTITUTE,RUN,EL,REC
"""


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "projects.csv").write_text(PROJECTS)
    (folder / "participants.csv").write_text(PARTICIPANTS)
    with Store.open(folder / "data") as store:
        ingest([folder / "projects.csv", folder / "participants.csv"], store)
        return Knowledge(store)


def found(question: str, knowledge: Knowledge, limit: int = 100) -> Draft | Refusal | None:
    return from_project_rows(understand(question, knowledge), knowledge, limit)


def draft(question: str, knowledge: Knowledge, limit: int = 100) -> Draft:
    """What leaves the last gate, which drops every sentence that its rows do not bear."""
    answered = found(question, knowledge, limit)
    assert isinstance(answered, Draft), answered
    left = checked(answered, knowledge, question)
    assert left is not None
    assert len(left.members) == len(answered.members)
    return left


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("How many projects does Norway coordinate?", ["LUMEN-3", "ARVENTA"]),
        ("Which Norwegian projects started in 2016?", ["ARVENTA"]),
        ("Which projects does the University of Norvia coordinate?", ["LUMEN-3", "ARVENTA"]),
        ("Which projects does Halden Institute take part in?", ["LUMEN-3", "ARVENTA"]),
        ("Which projects have partners from Greece?", ["LUMEN-3", "ARVENTA"]),
        ("Which projects received more than 5 million euros?", ["LUMEN-3", "ARVENTA"]),
        ("Which projects have more than 2 participants?", ["LUMEN-3"]),
        ("Which projects ended in 2019?", ["LUMEN-3"]),
        ("Which companies took part in LUMEN-3?", ["TARNWOOD DIAGNOSTICS GMBH", "ORVO BIOTECH AS"]),
        ("Which universities were involved in LUMEN-3?", ["UNIVERSITY OF NORVIA"]),
        ("Which research institutes participate in LUMEN-3?", ["HALDEN INSTITUTE"]),
        ("Which German companies took part in LUMEN-3?", ["TARNWOOD DIAGNOSTICS GMBH"]),
        ("Who coordinates Quillon?", ["QUILLON SYSTEMS LIMITED"]),
        ("Which countries take part in LUMEN-3?", ["Norway", "Germany", "Greece"]),
        ("Which project got the largest contribution?", ["ARVENTA"]),
        ("Which project ran the shortest?", ["Quillon"]),
        ("Which country coordinates the most projects?", ["Norway"]),
        ("Which organisation takes part in the most projects?", ["UNIVERSITY OF NORVIA", "HALDEN INSTITUTE"]),
    ],
)
def test_a_list_names_every_member_over_all_rows(
    knowledge: Knowledge, question: str, labels: list[str]
) -> None:
    assert [member.label for member in draft(question, knowledge).members] == labels


@pytest.mark.parametrize(
    ("question", "text", "number"),
    [
        ("How many projects does Norway coordinate?", "2", 2),
        ("How many participants does LUMEN-3 have?", "4", 4),
        ("What is the EU contribution of LUMEN-3?", "5,000,000.50 EUR", 5000000.5),
        ("How much did ARVENTA cost?", "9,000,000 EUR", 9000000),
        (
            "What is the total EU contribution to projects coordinated in Norway?",
            "12,000,000.50 EUR",
            12000000.5,
        ),
        ("What was the average cost of projects coordinated by Norway?", "7,500,000 EUR", 7500000),
    ],
)
def test_a_figure_is_worked_out_over_all_rows(
    knowledge: Knowledge, question: str, text: str, number: float
) -> None:
    figure = draft(question, knowledge).figures[0]
    assert (figure.text, figure.number) == (text, number)


def test_a_sum_shows_its_formula_and_cites_every_row(knowledge: Knowledge) -> None:
    (figure,) = draft("What is the total EU contribution to projects from Norway?", knowledge).figures
    assert figure.formula == "sum of EU contribution over 2 projects: 5,000,000.50 + 7,000,000"
    assert len({(quote.document_id, quote.start) for quote in figure.quotes}) == 2


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When did LUMEN-3 start?", "LUMEN-3: start 2015-04-01."),
        ("When does LUMEN-3 end?", "LUMEN-3: end 2019-03-31."),
        ("Does Tarnwood take part in LUMEN-3?", "Yes: TARNWOOD DIAGNOSTICS GMBH takes part in LUMEN-3."),
        ("What is Quillon?", "Quillon is coordinated by QUILLON SYSTEMS LIMITED (United Kingdom)."),
    ],
)
def test_a_question_about_one_project_is_told_in_a_sentence(
    knowledge: Knowledge, question: str, text: str
) -> None:
    assert draft(question, knowledge).lines[0].text == text


def test_a_no_names_who_does_coordinate(knowledge: Knowledge) -> None:
    (line,) = draft("Does Tarnwood coordinate LUMEN-3?", knowledge).lines
    assert line.text.startswith("No: LUMEN-3 is coordinated by UNIVERSITY OF NORVIA, not by TARNWOOD")


def test_counts_by_country_count_each_project_once(knowledge: Knowledge) -> None:
    members = draft("How many projects does each country coordinate?", knowledge).members
    assert [(member.label, member.detail) for member in members] == [
        ("Norway", "2 projects"),
        ("United Kingdom", "1 project"),
    ]


def test_a_list_that_is_cut_still_counts_all(knowledge: Knowledge) -> None:
    cut = draft("How many projects are there?", knowledge, limit=2)
    assert (len(cut.members), cut.figures[0].number, cut.truncated) == (2, 3, True)


def test_what_no_row_fits_is_said_to_be_in_no_row(knowledge: Knowledge) -> None:
    refused = found("How many projects does Malta coordinate?", knowledge)
    assert isinstance(refused, Refusal)
    assert refused.text == "The imported tables name no project coordinated in Malta; every row was searched."


@pytest.mark.parametrize(
    "question",
    [
        "How many patents did LUMEN-3 file?",
        "Which hospitals took part in LUMEN-3?",
        "Which SMEs took part in LUMEN-3?",
        "How many jobs did projects in Norway create?",
        "Which projects developed a vaccine?",
        "How much did Tarnwood receive?",
        "Which companies took part in Zorvex?",
    ],
)
def test_what_rows_do_not_tell_is_left_to_the_reports(knowledge: Knowledge, question: str) -> None:
    assert found(question, knowledge) is None
