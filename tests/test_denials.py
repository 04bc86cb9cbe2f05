"""Claims that a sentence denies without a "not" beside their words, and matters that it leaves open."""

from __future__ import annotations

import pytest

from service.ask import Assistant
from tests.ventures import assistant_over

REPORTS = {
    "trials.md": (
        "# Two trials of a pump\n\nInstitution: Marlow University\n\nThe Aldermoor trial of the pump was stopped early in 2004, when "
        "harm was seen. The two later trials of the patch failed to reach their end points in diabetes.\n\n"
        "The pump has been sold in Norway since 2009, after long talks with the ministry and many letters, and approval of the pump in "
        "Canada is pending.\n"
    ),
    "nets.md": (
        "# Nets against fever\n\nInstitution: Norvia College\n\nThe Calder Fund will not allow its money to be used for nets "
        "that the Brennan Board has not tested. Before the Norvia net was made, treated nets had been shown by Halden Ltd.\n"
    ),
}


reports = assistant_over(REPORTS)


@pytest.mark.parametrize(
    ("question", "opening", "shown"),
    [
        ("Did the Aldermoor trial run to its planned end?", "No: ", "stopped early"),
        ("Did the later trials of the patch succeed in diabetes?", "No: ", "failed to reach"),
        (
            "Can Calder Fund money be used for nets that the Brennan Board has not tested?",
            "No: ",
            "not allow",
        ),
        ("Was the Norvia net the first treated net to be shown?", "No: ", "Halden Ltd"),
        ("Is the pump already approved in Canada?", "No, not yet: ", "pending"),
    ],
)
def test_a_claim_is_denied_by_what_it_cannot_go_with(
    reports: Assistant, question: str, opening: str, shown: str
) -> None:
    answer = reports.ask(question).answer
    assert answer.startswith(opening)
    assert shown in answer


def test_what_was_sold_is_not_denied(reports: Assistant) -> None:
    assert reports.ask("Has the pump been sold in Norway?").answer.startswith("Yes: ")
