"""An answer is taken along with its sources, in formats that other programs read as they were meant."""

from __future__ import annotations

from service.answer import Answer, Coverage, Item, UnderstoodAs, Wording
from service.writing.copies import copied
from tests.test_pages import citation

URL = "http://127.0.0.1:8000/answers/ans_1"


def answer(text: str, wording: Wording | None = None) -> Answer:
    cited = citation(1).model_copy(
        update={"document_title": "Norvia <report>", "page": 3, "quote": "It *grew*\nfast."}
    )
    return Answer(
        id="ans_1",
        question="Who_grew?",
        standalone_question="Who_grew?",
        understood_as=UnderstoodAs(intent="who", asks_for="organisation"),
        status="answered",
        answer=text,
        coverage=Coverage(facts_matched=1, documents_searched=1),
        citations=(cited,),
        wording=wording,
    )


def test_plain_text_has_question_answer_sources_and_address() -> None:
    assert copied(answer("Norvia grew. [1]"), "text", URL).splitlines() == [
        "Who_grew?",
        "",
        "Norvia grew. [1]",
        "",
        "Sources",
        "[1] “It *grew* fast.” Norvia <report>, page 3",
        "",
        "Automated answer from report passages. No language model was used.",
        URL,
    ]


def test_markdown_keeps_lists_and_marks_and_escapes_the_rest() -> None:
    text = copied(answer("They grew [1]:\n- Norvia *Biotech* [1]"), "markdown", URL)
    assert text.startswith("## Who\\_grew?")
    assert "- Norvia \\*Biotech\\* [1]" in text
    assert "1. > It \\*grew\\* fast.\n\n   Norvia \\<report\\>, page 3" in text


def test_html_raises_marks_makes_lists_and_escapes_the_rest() -> None:
    html = copied(answer("They grew [1]:\n- Norvia <b> [1]\n- Brackwater [7]"), "html", URL)
    assert "<p>They grew <sup>[1]</sup>:</p>" in html
    assert "<ul><li>Norvia &lt;b&gt; <sup>[1]</sup></li><li>Brackwater [7]</li></ul>" in html
    assert '<li value="1"><q>It *grew* fast.</q> Norvia &lt;report&gt;, page 3</li>' in html


def test_a_copy_names_the_language_model_that_worded_it() -> None:
    wording = Wording(model="small-1", sentences_sent=2, reworded=("It grew.",))
    told = copied(answer("It grew. [1]", wording), "text", URL)
    assert "1 sentence is worded by the language model small-1" in told


def test_a_copy_says_when_no_word_of_the_language_model_was_used() -> None:
    wording = Wording(model="small-1", sentences_sent=2, failure="timeout")
    assert "none of its words were used" in copied(answer("It grew. [1]", wording), "text", URL)


def test_a_table_has_a_row_for_each_member_and_source_and_no_formula() -> None:
    listed = answer("They grew [1].").model_copy(
        update={"items": (Item(label="=Norvia", citations=(1, 7)), Item(label="Baxley", citations=(1,)))}
    )
    assert copied(listed, "csv", URL).splitlines() == [
        "answer,quote,document,section,page",
        "'=Norvia,It *grew* fast.,Norvia <report>,,3",
        "Baxley,It *grew* fast.,Norvia <report>,,3",
    ]
