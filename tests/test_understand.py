"""Readings: what a question asks for, of whom, where and when."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ask import Assistant
from service.understanding import named
from service.understanding.question_words import nearest_spelling
from service.understanding.understand import Reading, understand

Reader = Callable[[str], Reading]


@pytest.fixture
def read(ventures: Assistant) -> Reader:
    return lambda question: understand(question, ventures.knowledge)


INTENTS = {
    "Which SMEs spun off companies?": "list",
    "List all projects.": "list",
    "How many jobs were created?": "quantity",
    "What share of the funding did SMEs receive?": "quantity",
    "Who acquired Pellucid Optics?": "who",
    "Has the blood test been approved?": "yes_no",
    "Does Tarnwood Cells or Pellucid Assays employ more people?": "compare",
    "Which company is the oldest?": "compare",
    "What does ORP stand for?": "define",
    "What is a spin-off?": "define",
    "Tell me about LUMEN-3.": "describe",
    "Why was the fibre test refused?": "describe",
    "When was Wrenfield Optics founded?": "when",
    "In which year was Wrenfield Optics founded?": "when",
    "Where is Tarnwood Cells based?": "where",
}


@pytest.mark.parametrize(("question", "intent"), INTENTS.items())
def test_the_opening_of_a_question_tells_its_intent(read: Reader, question: str, intent: str) -> None:
    assert read(question).intent == intent


@pytest.mark.parametrize(
    ("question", "asks_for"),
    [
        ("How many jobs were created?", "number"),
        ("What share of the funding did SMEs receive?", "percent"),
        ("How much did Corvane pay for Pellucid Optics?", "money"),
        ("When was Wrenfield Optics founded?", "date"),
        ("In which country is Tarnwood Cells?", "place"),
        ("Which SMEs spun off companies?", "organisation"),
        ("Which projects trained students?", "project"),
        ("Who acquired Pellucid Optics?", "organisation or person"),
    ],
)
def test_what_the_answer_must_be_is_read(read: Reader, question: str, asks_for: str) -> None:
    assert read(question).asks_for == asks_for


def test_a_deed_is_an_outcome_type(read: Reader) -> None:
    reading = read("Which SMEs spun off companies?")
    assert reading.kind == "sme"
    assert reading.outcome_types == reading.verbal_types == ("spin_out",)


def test_a_known_name_is_a_constraint(read: Reader) -> None:
    reading = read("How many doctoral students did lumen-3 train?")
    assert [(item.field, item.value) for item in reading.constraints] == [("project", "LUMEN-3")]
    assert reading.unknown == ()


def test_part_of_a_name_is_enough(read: Reader) -> None:
    assert [name.text for name in read("What did Tarnwood Cells achieve?").named] == ["Tarnwood Cells"]


def test_words_that_fit_two_names_mean_both(read: Reader) -> None:
    assert len(read("How many people does Pellucid employ?").named[0].keys) == 2


def test_a_name_that_is_almost_right_is_taken_for_the_known_one(read: Reader) -> None:
    reading = read("How many people does Merroby Analytics employ?")
    assert [name.text for name in reading.named] == ["Merroby Analytics"]


def test_a_name_that_no_report_has_is_unknown(read: Reader) -> None:
    assert read("How many people does Zorvelt Pharma employ?").unknown == ("Zorvelt Pharma",)


def test_a_place_is_no_name(read: Reader) -> None:
    reading = read("Which SMEs are based in Germany?")
    assert [place.name for place in reading.places] == ["Germany"]
    assert reading.based
    assert reading.named == ()


def test_a_nationality_says_where_a_company_is_based(read: Reader) -> None:
    reading = read("Which French SMEs spun off companies?")
    assert [place.name for place in reading.places] == ["France"]
    assert reading.based


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("Which companies were founded in 2012?", ("2012", "2012")),
        ("Which companies were founded since 2012?", ("2012", None)),
        ("Which companies were founded in 2012 or later?", ("2012", None)),
        ("Which companies were founded before 2012?", (None, "2011")),
        ("Which companies were founded between 2010 and 2012?", ("2010", "2012")),
        ("Which companies were founded?", None),
    ],
)
def test_a_period_is_read(read: Reader, question: str, period: tuple[str | None, str | None] | None) -> None:
    assert read(question).period == period


def test_a_least_figure_is_a_limit(read: Reader) -> None:
    limit = read("Which company raised more than £3 million?").limit
    assert limit is not None
    assert (limit.low, limit.high, limit.unit, limit.money) == (3_000_000, None, "GBP", True)


def test_a_highest_figure_is_a_limit(read: Reader) -> None:
    limit = read("Which projects trained fewer than 20 students?").limit
    assert limit is not None
    assert limit.high == 20


def test_a_misspelt_word_is_read_as_the_known_one(read: Reader) -> None:
    assert read("Which SMEs spun off compnaies?").content == read("Which SMEs spun off companies?").content


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("goverments", "government", "governments"),
        ("musuems", "museums", "museums"),
        ("visitors", "visits", ""),
    ],
)
def test_a_slip_keeps_its_plural_and_letters_may_change_places(word: str, known: str, meant: str) -> None:
    assert nearest_spelling(word, frozenset({known})) == meant


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Which bodies' handling of drugs was touched by the study?", "bodies"),
        ("Which firm's sensors were sold in Bergen?", "firm"),
    ],
)
def test_the_owners_are_asked_for(read: Reader, question: str, noun: str) -> None:
    assert read(question).noun_text == noun


@pytest.mark.parametrize(
    ("question", "asks_for"),
    [
        ("How much of their weight did the men lose?", "figure"),
        ("How much rarer did falls become?", "figure"),
        ("How much did Corvane pay for Pellucid Optics?", "money"),
        ("Until which year did Tarnwood Cells have the licence?", "date"),
    ],
)
def test_what_is_measured_need_not_be_money(read: Reader, question: str, asks_for: str) -> None:
    assert read(question).asks_for == asks_for


def test_a_time_of_the_year_is_no_unknown_name(read: Reader) -> None:
    assert read("Which firm closed just before Christmas 2009?").unknown == ()


def test_the_reports_themselves_are_no_topic(read: Reader) -> None:
    assert read("Which SMEs are mentioned in the report?").content == read("Which SMEs?").content


@pytest.mark.parametrize(
    ("question", "expression"),
    [("How many heart attacks were prevented?", "heart attack"), ("Which trust was set up?", "set up")],
)
def test_two_words_that_say_one_thing_are_looked_for_as_one(
    read: Reader, question: str, expression: str
) -> None:
    reading = read(question)
    assert expression in {*reading.content, *reading.trigger_stems}
    assert not {*expression.split()} & {*reading.content}


def test_a_preposition_makes_no_expression_of_a_verb(read: Reader) -> None:
    assert "pay" in read("How much did Corvane pay for Pellucid Optics?").content


def test_a_second_question_is_kept_apart(read: Reader) -> None:
    assert read("Which SMEs spun off companies, and where are they based?").more == "where are they based"


def test_the_reading_is_shown_as_the_answer_shows_it(read: Reader) -> None:
    shown = read("Which German SMEs spun off companies?").understood_as()
    assert (shown.intent, shown.asks_for, shown.outcome_types) == ("list", "organisation", ("spin_out",))
    assert ("place", "in", "Germany") in [(item.field, item.op, item.value) for item in shown.constraints]


def test_a_question_word_is_no_name_but_an_acronym_spelt_like_one_is() -> None:
    assert named.asks("How")
    assert not named.asks("WHO")


def test_a_verb_behind_a_singular_kind_is_no_part_of_the_asked_noun(ventures: Assistant) -> None:
    reading = understand("Which project studies how asthma affects daily life?", ventures.knowledge)
    assert reading.noun_text == "project"
