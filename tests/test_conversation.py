"""Follow-ups: what is asked in a conversation, as a question that stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from index.embedder import HashEmbedder
from service.answer import Answer, Coverage, Item, UnderstoodAs
from service.ask import Assistant
from service.follow_ups.conversation import standalone
from service.knowledge.knowledge import Knowledge
from tests.ventures import parts_over, written

VENTURES = """# Ventures of the Brightmoor programme

Norvia Biotech, an SME from Lyon, France, has spun off a company called Norvia Imaging in 2011. Norvia Biotech
employs 45 people and develops enzyme kits. Norvia Biotech was founded by Elin Sorby in 2004.

Pellucid Diagnostics, an SME from Dresden, Germany, has spun off a company called Pellucid Optics in 2016.
Pellucid Diagnostics acquired the company Harrow Assays Ltd in 2018.

The company Harrow Assays Ltd sells the Trisca assay in 14 countries.

# Projects

The project LUMEN-3 trained 38 doctoral students in 2016 and filed 4 patents. The project LUMEN-3 is
coordinated by Halden University. The budget of the project LUMEN-3 was 12 million euros.

The project CORVANE trained 12 doctoral students in 2010. The project CORVANE published a game for nurses.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("conversation")
    texts = {"ventures.md": VENTURES}
    with parts_over(written(texts, folder / "in"), folder / "data", HashEmbedder()) as parts:
        yield parts.assistant


@pytest.fixture(scope="module")
def knowledge(assistant: Assistant) -> Knowledge:
    return assistant.knowledge


READ_AS = {
    "which": UnderstoodAs(intent="list", asks_for="organisation"),
    "list": UnderstoodAs(intent="list", asks_for="organisation"),
    "who": UnderstoodAs(intent="who", asks_for="organisation or person"),
    "how": UnderstoodAs(intent="quantity", asks_for="number"),
    "where": UnderstoodAs(intent="where", asks_for="place"),
    "": UnderstoodAs(intent="describe", asks_for="statement"),
}


def earlier(question: str, *items: str, answer: str = "", **fields: Any) -> Answer:
    """The answer that an earlier question got, with these items."""
    return Answer(
        id="ans_0",
        question=question,
        standalone_question=question,
        understood_as=next(read for start, read in READ_AS.items() if question.lower().startswith(start)),
        **{"status": "answered"} | fields,
        answer=answer or " and ".join(items) or "It says so [1].",
        items=tuple(Item(label=item) for item in items),
        coverage=Coverage(facts_matched=1, documents_searched=1),
    )


SME = ("Which SMEs spun off companies?", "Norvia Biotech", "Pellucid Diagnostics")
ABOUT = ("Tell me about Norvia Biotech.",)
STUDENTS = ("How many doctoral students did LUMEN-3 train in 2016?",)

PRONOUNS = [
    (ABOUT, "Where is it based?", "Where is Norvia Biotech based?"),
    (ABOUT, "What did they invent?", "What did Norvia Biotech invent?"),
    (ABOUT, "Where are they based?", "Where is Norvia Biotech based?"),
    (ABOUT, "who founded it", "Who founded Norvia Biotech?"),
    (ABOUT, "And who are its customers?", "Who are Norvia Biotech's customers?"),
    (ABOUT, "How many people does that company employ?", "How many people does Norvia Biotech employ?"),
    (ABOUT, "What does the firm sell?", "What does Norvia Biotech sell?"),
    (STUDENTS, "What was its budget?", "What was LUMEN-3's budget?"),
    (STUDENTS, "its budget?", "What is LUMEN-3's budget?"),
    (STUDENTS, "And its coordinator?", "Who is LUMEN-3's coordinator?"),
    (STUDENTS, "Who coordinates this project?", "Who coordinates LUMEN-3?"),
    (
        ("Which SME acquired Harrow Assays?", "Pellucid Diagnostics"),
        "Where is it based?",
        "Where is Pellucid Diagnostics based?",
    ),
    (("Who founded Norvia Biotech?", "Elin Sorby"), "Where is it based?", "Where is Norvia Biotech based?"),
    (("Who founded Norvia Biotech?", "Elin Sorby"), "Where did she study?", "Where did Elin Sorby study?"),
    (
        ("Which SMEs take part in LUMEN-3?", "Norvia Biotech", "Pellucid Diagnostics"),
        "What is its budget?",
        "What is LUMEN-3's budget?",
    ),
    (SME, "Where are they based?", "Where are Norvia Biotech and Pellucid Diagnostics based?"),
    (SME, "Where is it based?", "Where is Norvia Biotech based?"),
    (("What game did CORVANE publish?",), "how much does it cost?", "How much does CORVANE's game cost?"),
    (
        ("How many patents did LUMEN-3 file?",),
        "Who licensed those patents?",
        "Who licensed LUMEN-3's patents?",
    ),
    (
        ("Where does Norvia Biotech work?",),
        "How does it compare with Pellucid Diagnostics?",
        "How does Norvia Biotech compare with Pellucid Diagnostics?",
    ),
]

ELLIPSES = [
    (
        ("How many prototypes came out of the programme?",),
        "And how many licences?",
        "How many licences came out of the programme?",
    ),
    (STUDENTS, "And patents?", "How many patents did LUMEN-3 train in 2016?"),
    (STUDENTS, "what about nurses?", "How many nurses did LUMEN-3 train in 2016?"),
    (STUDENTS, "And for CORVANE?", "How many doctoral students did CORVANE train in 2016?"),
    (STUDENTS, "And in 2017?", "How many doctoral students did LUMEN-3 train in 2017?"),
    (STUDENTS, "And QUORRA?", "How many doctoral students did QUORRA train in 2016?"),
    (SME, "And how many licences?", "How many licences?"),
    (SME, "And universities?", "Which universities spun off companies?"),
    (SME, "What about Germany?", "Which SMEs based in Germany spun off companies?"),
    (SME, "And Harrow Assays?", "Did Harrow Assays spin off companies?"),
    (
        ("Which French SMEs spun off companies?", "Norvia Biotech"),
        "And German ones?",
        "Which German SMEs spun off companies?",
    ),
    (
        ("Which French SMEs spun off companies?", "Norvia Biotech"),
        "what about Germany?",
        "Which SMEs based in Germany spun off companies?",
    ),
    (("How many jobs were created in France?",), "And in Germany?", "How many jobs were created in Germany?"),
    (("What is the budget of LUMEN-3?",), "And the coordinator?", "Who is the coordinator of LUMEN-3?"),
    (
        ("How much did Brightmoor give to LUMEN-3?",),
        "and to its successor?",
        "How much did Brightmoor give to LUMEN-3's successor?",
    ),
    (("Did Norvia Biotech file patents?",), "And trademarks?", "Did Norvia Biotech file trademarks?"),
    (ABOUT, "And how many employees?", "How many employees at Norvia Biotech?"),
]

QUESTION_WORDS = [
    (("Who founded Norvia Biotech?", "Elin Sorby"), "And when?", "When was Norvia Biotech founded?"),
    (
        ("Who founded Norvia Biotech?", "Elin Sorby"),
        "In which year was that?",
        "In which year was Norvia Biotech founded?",
    ),
    (("When was Norvia Biotech founded?",), "And by whom?", "By whom was Norvia Biotech founded?"),
    (("Did Norvia Biotech close its laboratory?",), "Why?", "Why did Norvia Biotech close its laboratory?"),
    (
        ("Which company did Pellucid Diagnostics acquire?", "Harrow Assays Ltd"),
        "When did that happen?",
        "When did Pellucid Diagnostics acquire Harrow Assays Ltd?",
    ),
    (("How many jobs were created by LUMEN-3?",), "Where?", "Where were jobs created by LUMEN-3?"),
]

NARROWINGS = [
    (SME, "Which of those are French?", "Which French SMEs spun off companies?"),
    (SME, "Which ones are German?", "Which German SMEs spun off companies?"),
    (SME, "how many of them?", "How many SMEs spun off companies?"),
    (SME, "How many of them are based in France?", "How many SMEs based in France spun off companies?"),
    (SME, "Are any of them German?", "Which German SMEs spun off companies?"),
    (SME, "Which of those companies won awards?", "Which SMEs spun off companies and won awards?"),
    (
        ("Which companies did Pellucid Diagnostics acquire?", "Harrow Assays Ltd"),
        "Which of them sell assays?",
        "Which companies that Pellucid Diagnostics acquired sell assays?",
    ),
    (
        ("List the projects on diabetes.", "LUMEN-3", "CORVANE"),
        "Which of these trained students?",
        "Which projects on diabetes trained students?",
    ),
    (
        ("Who takes part in LUMEN-3?", "Norvia Biotech"),
        "Which of them are French?",
        "Which French organisations take part in LUMEN-3?",
    ),
]

CORRECTIONS = [
    (
        ("How many students did LUMEN-4 train?",),
        "no, I meant LUMEN-3",
        "How many students did LUMEN-3 train?",
    ),
    (STUDENTS, "Sorry, in 2010", "How many doctoral students did LUMEN-3 train in 2010?"),
    (STUDENTS, "I mean nurses", "How many nurses did LUMEN-3 train in 2016?"),
]

SHORT = [
    (("What does Harrow Assays sell?",), "How many countries?", "How many countries at Harrow Assays?"),
    (STUDENTS, "How many patents were filed?", "How many patents were filed by LUMEN-3?"),
    (STUDENTS, "what was the budget?", "What was the budget of LUMEN-3?"),
    (STUDENTS, "Who coordinates?", "Who coordinates LUMEN-3?"),
    (ABOUT, "Tell me more", "Tell me about Norvia Biotech."),
]

ALONE = [
    (ABOUT, "Which SMEs spun off companies?"),
    (ABOUT, "How many students did CORVANE train?"),
    (ABOUT, "which projects shared their data?"),
    (ABOUT, "What did Pellucid Diagnostics do with its laboratory?"),
    (ABOUT, "How many universities take part in the projects?"),
    (ABOUT, "Is it true that Harrow Assays sells kits?"),
    (ABOUT, "thanks"),
    (ABOUT, "Who are you?"),
    (ABOUT, "And how many doctoral students did CORVANE train in 2010?"),
    (SME, "What share of public health funding went to small enterprises last year?"),
]


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [*PRONOUNS, *ELLIPSES, *QUESTION_WORDS, *NARROWINGS, *CORRECTIONS, *SHORT],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_follow_up_is_said_in_full(
    knowledge: Knowledge, before: tuple[str, ...], question: str, expected: str
) -> None:
    assert standalone(question, [earlier(*before)], knowledge) == expected


@pytest.mark.parametrize(
    ("before", "question"), ALONE, ids=lambda value: value if isinstance(value, str) else None
)
def test_a_question_of_its_own_stays_as_it_is(
    knowledge: Knowledge, before: tuple[str, ...], question: str
) -> None:
    assert standalone(question, [earlier(*before)], knowledge) == question


def test_the_first_question_stays_as_it_is(knowledge: Knowledge) -> None:
    assert standalone(" where is it based", [], knowledge) == " where is it based"


def test_a_turn_that_was_off_topic_is_passed_over(knowledge: Knowledge) -> None:
    history = [
        earlier("Tell me about Norvia Biotech."),
        earlier("What is the weather like?", status="no_answer", reason="off_topic"),
    ]
    assert standalone("Where is it based?", history, knowledge) == "Where is Norvia Biotech based?"


def test_a_question_without_an_answer_is_passed_over_unless_it_names_something(knowledge: Knowledge) -> None:
    nameless = earlier("How many prizes were won?", status="no_answer", reason="attribute_missing")
    naming = earlier("When did Harrow Assays close?", status="no_answer", reason="attribute_missing")
    about = earlier("Tell me about Norvia Biotech.")
    assert standalone("Who leads it?", [about, nameless], knowledge) == "Who leads Norvia Biotech?"
    assert standalone("Who leads it?", [about, naming], knowledge) == "Who leads Harrow Assays?"


def test_the_name_in_the_answer_is_meant_when_it_did_what_was_asked(knowledge: Knowledge) -> None:
    answer = "The project LUMEN-3 is coordinated by Halden University [1]."
    history = [earlier("Who coordinates LUMEN-3?", answer=answer)]
    assert standalone("Where is it based?", history, knowledge) == "Where is Halden University based?"


def test_a_name_that_only_stands_in_the_answer_is_not_meant(knowledge: Knowledge) -> None:
    answer = "Norvia Biotech was founded by Sorby in 2004 and sold to Harrow Assays Ltd in 2019 [1]."
    history = [earlier("Who founded Norvia Biotech?", answer=answer)]
    assert standalone("Where is it based?", history, knowledge) == "Where is Norvia Biotech based?"


def test_the_other_one_is_the_one_not_asked_about(knowledge: Knowledge) -> None:
    history = [earlier(*SME), earlier("Where is Norvia Biotech based?")]
    assert standalone("I mean the other one", history, knowledge) == "Where is Pellucid Diagnostics based?"


def test_which_one_compares_the_few_that_were_named(knowledge: Knowledge) -> None:
    asked = standalone("Which of them is older?", [earlier(*SME)], knowledge)
    assert asked == "Which is older, Norvia Biotech or Pellucid Diagnostics?"


def test_a_long_list_is_spoken_of_as_the_list_it_is(knowledge: Knowledge) -> None:
    history = [earlier("Which SMEs spun off companies?", *[f"Tarn {n} Ltd" for n in range(9)])]
    assert (
        standalone("Where are they based?", history, knowledge)
        == "Where are the SMEs that spun off companies based?"
    )


def test_a_conversation_keeps_its_thread(assistant: Assistant) -> None:
    history: list[Answer] = []
    for question in (
        "Which SMEs spun off companies?",
        "Which of those are German?",
        "How many people does it employ?",
    ):
        history.append(assistant.ask(question, history))
    assert [item.label for item in history[0].items] == ["Norvia Biotech", "Pellucid Diagnostics"]
    assert [item.label for item in history[1].items] == ["Pellucid Diagnostics"]
    assert history[2].standalone_question == "How many people does Pellucid Diagnostics employ?"


@pytest.mark.parametrize(
    "text", ["?", "and?", "and it?", "it", "of those", "no,", "which of them", "ones", "the", "\n"]
)
def test_words_that_say_nothing_do_no_harm(knowledge: Knowledge, text: str) -> None:
    for before in (SME, ABOUT, ("?",), ("Which",)):
        assert standalone(text, [earlier(*before)], knowledge)
