"""Claims that a sentence denies without a "not" beside their words, and matters that it leaves open."""

from __future__ import annotations

import pytest

from service.ask import Assistant
from service.lookups.opposites import says_contrary
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


CONTRARIES = {
    "figures.md": (
        "# A helmet and its riders\n\nInstitution: Marlow University\n\nThe Marlow helmet has been worn by over 4,000 riders in Norvia. "
        "Accidents of riders with the Marlow helmet have declined since 2009. Riders with the Marlow helmet were at no greater risk "
        "of neck pain than others.\n\nThe Marlow helmet was tested together with two other universities.\n\n"
        "The Brennan Board funded the crash laboratory in Halden. Riders with the Marlow helmet are insured at a fee cut to 10%.\n"
    )
}
contraries = assistant_over(CONTRARIES)


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Have accidents of riders with the Marlow helmet increased?", "No: "),
        ("Have accidents of riders with the Marlow helmet gone down?", "Yes: "),
        ("Were riders with the Marlow helmet at higher risk of neck pain than others?", "No: "),
        ("Has the Marlow helmet been worn by fewer than 1,000 riders?", "No: "),
        ("Has the Marlow helmet been worn by more than 1,000 riders?", "Yes: "),
        ("Was the Marlow helmet tested by Marlow University alone?", "No: "),
    ],
)
def test_a_claim_is_weighed_against_what_is_contrary_to_it(
    contraries: Assistant, question: str, opening: str
) -> None:
    assert contraries.ask(question).answer.startswith(opening)


def test_what_is_said_of_one_does_not_make_true_that_it_was_the_only_one(contraries: Assistant) -> None:
    answer = contraries.ask("Did the Brennan Board alone fund the crash laboratory in Halden?").answer
    assert not answer.startswith("Yes")


def test_a_share_of_something_else_is_no_part_of_all(contraries: Assistant) -> None:
    answer = contraries.ask("Are all riders with the Marlow helmet insured?").answer
    assert not answer.startswith("No")


def test_a_figure_alone_does_not_make_true_that_it_rose(contraries: Assistant) -> None:
    answer = contraries.ask("Has the number of riders with the Marlow helmet gone up in Norvia?").answer
    assert not answer.startswith("Yes")


@pytest.mark.parametrize(
    ("asked", "said", "is_contrary"),
    [
        ("Did costs rise?", "Costs fell by a tenth.", True),
        ("Did costs rise?", "There was no increase in costs.", True),
        ("Did costs rise?", "Costs rose and waiting times fell.", False),
        ("Did costs not rise?", "Costs fell by a tenth.", False),
        ("Is the valve safe?", "The valve is no danger to children.", False),
        ("Was it done in collaboration with Halden?", "It was done by Norvia alone.", False),
    ],
)
def test_words_of_contrary_sense_speak_against_a_claim_unless_they_are_negated(
    asked: str, said: str, is_contrary: bool
) -> None:
    assert says_contrary(asked, said) == is_contrary
