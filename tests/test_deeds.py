"""Who stands on which side of a deed, in whatever words it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.embedder import HashEmbedder
from service.ask import Assistant
from tests.ventures import parts_over, written

DEALS = """# Deals

The company Norvia Biotech was founded in 1998, raised £2 million in 2001 and was bought by Ostrander for £9
million in 2006.

Quillfen Ltd had many orders, which resulted in its acquisition by Belmarsh Corporation in 2010. In 2011
Quillfen Ltd ceased trading.

Tamsin Labs, a small firm from Leeds, bought the rights from Wexcombe Ltd. In 2012 Tamsin Labs sold cell lines
to Corvane Ltd for £4 million. Tamsin Labs is still trading.

Perrin Optics fetched a high price: Larkfield Group acquired it in 2008 for £30 million.

Hollis Sensors and Arden Optics, between them, employ 40 people.
"""


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("deals")
    with parts_over(written({"deals.md": DEALS}, folder / "in"), folder / "data", HashEmbedder()) as parts:
        yield parts.assistant


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Did Ostrander buy Norvia Biotech?", "Yes: "),
        ("Did Norvia Biotech buy Ostrander?", "No: "),
        ("Did Ostrander pay £9 million for Norvia Biotech?", "Yes: "),
        ("Did Ostrander pay £3 million for Norvia Biotech?", "No: "),
        ("Was Quillfen acquired by Belmarsh Corporation?", "Yes: "),
        ("Did Quillfen acquire Belmarsh Corporation?", "No: "),
        ("Did Larkfield Group buy Perrin Optics?", "Yes: "),
        ("Is Quillfen still in business?", "No: In 2011 Quillfen Ltd ceased trading."),
        ("Is Tamsin Labs still around?", "Yes: Tamsin Labs is still trading."),
    ],
)
def test_the_verdict_follows_the_sides(deals: Assistant, question: str, opening: str) -> None:
    assert deals.ask(question).answer.startswith(opening)


def test_what_is_bought_is_not_its_own_buyer(deals: Assistant) -> None:
    assert "Larkfield Group" in deals.ask("Who bought Perrin Optics?").answer


@pytest.mark.parametrize(
    "question",
    [
        "Who bought Tamsin Labs?",
        "Who bought Larkfield Group?",
        "How much did Corvane pay for Tamsin Labs?",
        "Why did Norvia Biotech buy Ostrander?",
    ],
)
def test_the_same_words_with_other_sides_are_no_answer(deals: Assistant, question: str) -> None:
    assert deals.ask(question).status == "no_answer"


def test_a_figure_of_two_together_is_not_that_of_one(deals: Assistant) -> None:
    assert deals.ask("How many people does Hollis Sensors employ?").status == "no_answer"
    assert (
        "40 people" in deals.ask("How many people do Hollis Sensors and Arden Optics employ together?").answer
    )
