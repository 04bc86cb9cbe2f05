"""Lists and counts: every member, each with the sentence that makes it one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.answer import Answer
from service.ask import Assistant
from service.lists.members import members
from service.lookups.clipping import clipped
from service.understanding.understand import understand

Ask = Callable[[str], Answer]


@pytest.fixture
def ask(ventures: Assistant) -> Ask:
    return ventures.ask


@pytest.fixture
def listed(ventures: Assistant) -> Callable[[str], list[str]]:
    """The labels of the members that a question asks for."""
    knowledge = ventures.knowledge
    return lambda question: [member.label for member in members(understand(question, knowledge), knowledge)]


def test_a_list_is_complete_and_every_member_is_cited(ask: Ask) -> None:
    answer = ask("Which SMEs spun off companies?")
    quotes = {citation.number: citation.quote for citation in answer.citations}
    assert [item.label for item in answer.items] == [
        "Tarnwood Cells Ltd",
        "Pellucid Assays",
        "Merrowby Analytics",
    ]
    assert all(item.label in quotes[item.citations[0]] for item in answer.items)


def test_a_list_says_how_many_it_names_and_how_that_was_counted(ask: Ask) -> None:
    answer = ask("Which SMEs spun off companies?")
    assert answer.answer.startswith("The reports name 3 SMEs")
    (value,) = answer.values
    assert (value.number, value.formula) == (3, "count of the members listed")


def test_a_count_that_exceeds_the_names_is_told(ask: Ask) -> None:
    answer = ask("Which spin-offs are named?")
    assert len(answer.items) == 4
    assert "counts 13 spin-offs in all" in answer.answer
    assert "not named" in answer.answer


def test_a_count_names_what_it_counted(ask: Ask) -> None:
    answer = ask("How many SMEs spun off companies?")
    assert answer.values[0].number == len(answer.items) == 3


def test_a_limit_cuts_the_list_and_says_so(ventures: Assistant) -> None:
    answer = ventures.ask("Which SMEs spun off companies?", limit=2)
    assert len(answer.items) == 2
    assert answer.coverage.truncated
    assert "3 SMEs" in answer.answer


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which French SMEs spun off companies?", ["Tarnwood Cells Ltd"]),
        ("Which SMEs are based in Germany?", ["Pellucid Assays", "Wrenfield Optics"]),
        ("Which SMEs are from Dresden?", ["Pellucid Assays", "Wrenfield Optics"]),
        ("Which projects trained doctoral students?", ["LUMEN-3", "ATLAS-9"]),
        ("Which companies were founded before 2012?", ["Tarnwood Imaging", "Wrenfield Optics"]),
        ("Which companies were founded in 2016?", ["Pellucid Optics"]),
        ("Which company raised more than £3 million?", ["Pellucid Assays"]),
        ("Which SME licensed software?", ["Wrenfield Optics"]),
        ("Which companies were spun off by Pellucid Assays?", ["Pellucid Optics"]),
        (
            "Which SMEs besides Pellucid Assays spun off companies?",
            ["Tarnwood Cells Ltd", "Merrowby Analytics"],
        ),
        ("For which SMEs is the number of employees given?", ["Tarnwood Cells Ltd", "Pellucid Assays"]),
        ("Which SMEs employ more than 50 people?", ["Pellucid Assays"]),
        ("Which SMEs in Spain spun off companies?", []),
        ("Which SMEs filed trademarks?", []),
    ],
)
def test_members_are_those_that_fit_every_condition(
    listed: Callable[[str], list[str]], question: str, expected: list[str]
) -> None:
    assert listed(question) == expected


def test_who_bought_is_not_who_was_bought(listed: Callable[[str], list[str]]) -> None:
    assert listed("Which company acquired Pellucid Optics?") == ["Corvane Ltd"]
    assert listed("Which company was acquired by Corvane?") == ["Pellucid Optics"]


def test_countries_are_listed_from_the_passages_that_fit(listed: Callable[[str], list[str]]) -> None:
    assert listed("In which countries are the SMEs that spun off companies?") == [
        "France",
        "Germany",
        "United Kingdom",
    ]


def test_an_item_of_a_list_is_found_by_the_words_that_introduce_the_list(ask: Ask) -> None:
    answer = ask("What did the firms achieve?")
    assert "4 awards for innovation" in answer.answer


def test_what_one_sentence_enumerates_are_members(ask: Ask) -> None:
    answer = ask("Which diseases does ATLAS-9 study?")
    assert [item.label for item in answer.items] == ["asthma", "gout", "lupus"]


def test_a_short_sentence_is_not_cut() -> None:
    assert clipped("Norvia filed 3 patents.") == "Norvia filed 3 patents."


def test_a_long_sentence_is_cut_and_shows_it() -> None:
    cut = clipped(" ".join(["word"] * 50), words_max=10)
    assert cut == " ".join(["word"] * 10) + " …"


def test_what_a_sentence_is_shown_for_stays_in_sight() -> None:
    sentence = " ".join(["before"] * 40) + " 12 patents were filed " + " ".join(["after"] * 40)
    cut = clipped(sentence, around="12 patents", words_max=12)
    assert "12 patents" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
