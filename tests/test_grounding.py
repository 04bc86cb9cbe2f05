"""Numbers and names of a sentence are looked for in what it cites."""

from __future__ import annotations

import pytest

from service.answer import Answer, UnderstoodAs, Value
from service.writing.grounding import sentences, strangers, ungrounded
from tests.answers import answer_of

QUOTE = "In 2014 Norvia Biotech, a French firm from Lyon, filed three patents worth £1.68M over 18 000 hours."


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Norvia Biotech filed 3 patents.", []),
        ("Norvia Biotech filed thirteen patents.", ["thirteen"]),
        ("Norvia Biotech filed 4 patents in 2015.", ["4", "2015"]),
        ("Its patents are worth £1.68M.", []),
        ("Its patents are worth £1.6M.", ["1.6"]),
        ("It took 18,000 hours.", []),
        ("It took 18 hours.", ["18"]),
        ("Norvia Biotech Ltd filed them.", ["Ltd"]),
        ("Norvi filed them.", ["Norvi"]),
        ("Corvane: filed three patents.", ["Corvane"]),
        ("The LUMEN-3 project filed them.", ["LUMEN-3"]),
        ("Yes: it comes from France.", []),
        ("It comes from Germany.", ["Germany"]),
    ],
)
def test_what_no_source_holds_is_found(text: str, missing: list[str]) -> None:
    assert strangers(text, [QUOTE]) == missing


def answer(text: str, *quotes: str, formula: str | None = None) -> Answer:
    counted = UnderstoodAs(intent="count", asks_for="number")
    values = (Value(value="4", unit="patents", formula=formula),)
    return answer_of(text, counted, *quotes, values=values)


def test_each_sentence_has_the_citations_behind_it() -> None:
    told = list(sentences(answer("The reports name two [1]–[3]:\n- Norvia: so it is [1]\n- Corvane [2][3]")))
    assert [sentence.citations for sentence in told] == [(1, 2, 3), (1,), (2, 3)]
    assert [sentence.text for sentence in told] == ["The reports name two", "Norvia: so it is", "Corvane"]


def test_a_sentence_is_held_against_its_own_citations_only() -> None:
    given = answer("Norvia filed 3 [1] Corvane filed 5 [1]", "Norvia filed 3", "Corvane filed 5")
    assert ungrounded(given) == (2, ["'Corvane filed 5' cites nothing that says 5, Corvane"])


def test_a_sentence_without_citation_is_a_fault() -> None:
    assert ungrounded(answer("Norvia filed 3.", "Norvia filed 3"))[1] == ["'Norvia filed 3.' cites nothing"]


def test_a_formula_bears_what_it_gives() -> None:
    assert ungrounded(answer("4 patents [1]", "3 patents and 1 patent"))[1]
    assert ungrounded(answer("4 patents [1]", "3 patents and 1 patent", formula="3 + 1"))[1] == []
