"""What an abbreviation stands for, where reports spell it out in more than one way."""

from __future__ import annotations

from service.ask import Assistant
from tests.ventures import assistant_over

REPORTS = {
    "one.md": "# Old walls\n\nThe Halden Estates and Regeneration Trust (HEART) paid for the website, with Ada Winters and the mayor.\n",
    "two.md": (
        "# New walls\n\nThe plan was made by the mayor, the director of the Halden Economic and Regeneration Trust (HEART) and "
        "the Calder Archive.\n"
    ),
}


reports = assistant_over(REPORTS)


def test_each_long_form_of_an_abbreviation_is_told_with_its_source(reports: Assistant) -> None:
    answer = reports.ask("What does HEART stand for?")
    assert "Halden Estates and Regeneration Trust" in answer.answer
    assert "Economic and Regeneration Trust" in answer.answer
    assert len({citation.document_id for citation in answer.citations}) == 2


def test_what_stands_beside_a_long_form_is_no_member_of_a_list(reports: Assistant) -> None:
    assert not reports.ask("What does HEART stand for?").items
