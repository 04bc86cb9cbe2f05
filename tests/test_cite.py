"""The last gate: a sentence leaves only when its numbers and names stand in what it cites."""

from __future__ import annotations

import pytest

from service.ask import Assistant
from service.evidence import Draft, Line, Member, Quote, quote_of
from service.knowledge.knowledge import Knowledge
from service.writing.cite import bears, checked

SENTENCE = "The partners have filed 12 patents."


@pytest.fixture
def knowledge(ventures: Assistant) -> Knowledge:
    return ventures.knowledge


@pytest.fixture
def quote(knowledge: Knowledge) -> Quote:
    return next(quote_of(passage) for passage in knowledge.passages if passage.text == SENTENCE)


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        (SENTENCE, True),
        ("The partners have filed 12 patents …", True),
        ("The partners have filed 13 patents.", False),
        ("The partners have filed 12 patents and 3 trademarks.", False),
        ("Of the patents, Corvane filed 12.", False),
    ],
)
def test_numbers_and_names_must_stand_in_the_quote(
    knowledge: Knowledge, quote: Quote, text: str, stands: bool
) -> None:
    assert bears(Line(text, (quote,)), knowledge, "How many patents were filed?") is stands


def test_numbers_of_two_quotes_do_not_run_together(knowledge: Knowledge) -> None:
    document = next(iter(knowledge.documents.values()))
    first, second = (document.text.index(number) for number in ("420", "38"))
    quotes = (Quote(document.id, first, first + 3), Quote(document.id, second, second + 2))
    assert bears(Line("They created 420 jobs.", quotes), knowledge, "")


def test_a_sentence_without_a_quote_does_not_stand(knowledge: Knowledge) -> None:
    assert not bears(Line("It is so.", ()), knowledge, "")


def test_a_computed_line_may_show_its_formula_and_echo_the_question(
    knowledge: Knowledge, quote: Quote
) -> None:
    line = Line("For Corvane, 24 together.", (quote,), computed="12 + 12 = 24")
    assert bears(line, knowledge, "How many patents did Corvane file?")
    assert not bears(line, knowledge, "How many patents were filed?")


def test_a_line_that_its_quote_does_not_bear_is_dropped(knowledge: Knowledge, quote: Quote) -> None:
    good, bad = Line(SENTENCE, (quote,)), Line("They sold 99 of them.", (quote,))
    draft = checked(Draft((good, bad)), knowledge, "")
    assert draft is not None
    assert draft.lines == (good,)


def test_nothing_leaves_when_no_line_stands(knowledge: Knowledge, quote: Quote) -> None:
    assert checked(Draft((Line("They sold 99 of them.", (quote,)),)), knowledge, "") is None


def test_a_member_that_its_quote_does_not_bear_is_dropped(knowledge: Knowledge, quote: Quote) -> None:
    good = Member("patents", "12 patents", (quote,))
    bad = Member("trademarks", "99 trademarks", (quote,))
    draft = checked(Draft((Line(SENTENCE, (quote,)),), members=(good, bad)), knowledge, "")
    assert draft is not None
    assert draft.members == (good,)


def test_a_list_without_members_does_not_leave(knowledge: Knowledge, quote: Quote) -> None:
    draft = Draft((Line(SENTENCE, (quote,)),), members=(Member("trademarks", "99 trademarks", (quote,)),))
    assert checked(draft, knowledge, "") is None


def test_a_member_is_dropped_when_nothing_prints_its_name(knowledge: Knowledge, quote: Quote) -> None:
    unnamed = Member("Brindle Ltd", "", (quote,))
    draft = checked(
        Draft((Line(SENTENCE, (quote,)),), (Member("patents", "", (quote,)), unnamed)), knowledge, ""
    )
    assert draft is not None
    assert [member.label for member in draft.members] == ["patents"]
