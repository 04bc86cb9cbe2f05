"""Normalising: what a PDF export did to a text is undone, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.hyphens import broken_words
from corpus.marks import note_marks, page_numbers
from corpus.normalise import characters, white_space
from corpus.readers import read_bytes
from corpus.traced import Rule, Traced


def ruled(text: str, *rules: Rule) -> str:
    return Traced.source(text).ruled(*rules).text


def blocks(text: str) -> list[tuple[str, str]]:
    document = read_bytes(text.encode(), "report.txt")
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("18\u00a0000, 18\u202f000, 18\u2009000", "18 000, 18 000, 18 000"),
        ("ﬁve eﬀects", "five effects"),
        ("co\u00adoperate, tech\u00ad\nnology", "cooperate, technology"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("cafe\u0301", "café"),
        ("pre\u2011clinical", "pre-clinical"),
        ("‘Norvia’ – €5 ½ m², H₂O", "‘Norvia’ – €5 ½ m², H₂O"),
    ],
)
def test_odd_characters_become_plain(odd: str, plain: str) -> None:
    assert ruled(odd, characters) == plain


@given(st.text(alphabet="ab1 \n\t\r\u00a0\u00ad\u200bﬁe\u0301\u2011.,", max_size=40))
def test_plain_characters_stay_as_they_are(text: str) -> None:
    once = ruled(text, characters, white_space)
    assert ruled(once, characters, white_space) == once


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("developing highly-\nskilled staff", "developing highly-skilled staff"),
        ("a non-\ncompetitive field", "a non-competitive field"),
        ("pre- or non-\ncompetitive work", "pre- or non-competitive work"),
        ("short-\nand long-term", "short-\nand long-term"),
        ("the LUMEN-\nNet sites", "the LUMEN-Net sites"),
        ("from 2013-\n2014 on", "from 2013-2014 on"),
        ("a tech-\nnique; the technique", "a technique; the technique"),
        ("a tech-\nnique, a comp-\nound; one technique", "a technique, a compound; one technique"),
        ("well-being and well-\nbeing", "well-being and well-being"),
        ("a multi- disciplinary team", "a multi-disciplinary team"),
        ("the tools- which sold well", "the tools- which sold well"),
        ("state-of-the-\nart tools", "state-of-the-art tools"),
    ],
)
def test_cut_words_are_made_whole(cut: str, whole: str) -> None:
    assert ruled(cut, broken_words) == whole


def test_note_marks_go_where_they_count_through_the_document() -> None:
    text = "The sector1 spends 14.4%\n2\n than others.3 It employs many\n4\n."
    assert ruled(text, note_marks, white_space) == "The sector spends 14.4% than others. It employs many."


@pytest.mark.parametrize(
    "text",
    [
        "LUMEN1 and HELIX21 ran in phase1, phase2 and phase3.",
        "The proteins alpha1, alpha2 and alpha3 matter.",
        "It grew to 15.8% of 13 000 jobs, 2 sites and 3 teams.",
        "In total\n\n13\nspin-offs\n\n6\ntrademarks\n\n3\nlicences",
        "The covid19 wave hit sector1.",
        "See www.norvia.example/alpha1 and www.norvia.example/beta2 or www.norvia.example/gamma3.",
    ],
)
def test_figures_and_names_are_no_note_marks(text: str) -> None:
    assert ruled(text, note_marks) == text


def test_page_numbers_go_where_they_count_up() -> None:
    text = "One.\n\n4\n\nTwo.\n\n5\n\nThree.\n\n6\n\nSites:\n\n75\n\nPage 7 of 9\n"
    assert ruled(text, page_numbers, white_space) == "One. Two. Three. Sites: 75 "


def test_bullets_of_any_kind_become_items_without_them() -> None:
    text = "Partners include:\n\n\uf0a7 845 teams \n\n• 169 firms\n- 26 patient\ngroups\n* over 7 000 people."
    items = ["845 teams", "169 firms", "26 patient groups", "over 7 000 people."]
    assert blocks(text) == [("paragraph", "Partners include:"), *(("item", item) for item in items)]


def test_numbered_lines_are_items_and_numbered_titles_are_headings() -> None:
    text = "1. Summary\n\nWe did this:\n\n1. Train people.\n2. Build tools.\n\n2. Details\n\nIt went well."
    assert blocks(text) == [
        ("heading", "1. Summary"),
        ("paragraph", "We did this:"),
        ("item", "Train people."),
        ("item", "Build tools."),
        ("heading", "2. Details"),
        ("paragraph", "It went well."),
    ]


def test_an_item_claims_the_words_that_wrapped() -> None:
    text = "Won:\n\n• Young Founder Award \n\n(Tools category)\n• Long name of the society and its\n\naward"
    assert [words for kind, words in blocks(text) if kind == "item"] == [
        "Young Founder Award (Tools category)",
        "Long name of the society and its award",
    ]


def test_a_box_that_splits_a_sentence_comes_after_it() -> None:
    text = (
        "Main part\n\nThe tools help to meet the needs of \n ‘Quote me on it.’ \n\nOur results\n\n"
        "46+ new tools made or under \nway\n\n5+ new models \n patients across Europe. \n\nMore text follows."
    )
    document = read_bytes(text.encode(), "report.txt")
    assert blocks(text) == [
        ("heading", "Main part"),
        ("paragraph", "The tools help to meet the needs of patients across Europe."),
        ("paragraph", "‘Quote me on it.’"),
        ("heading", "Our results"),
        ("item", "46+ new tools made or under way"),
        ("item", "5+ new models"),
        ("paragraph", "More text follows."),
    ]
    assert [block.section for block in document.blocks[-2:]] == ["Our results", "Main part"]


def test_lines_of_a_paragraph_are_joined_and_an_indent_begins_another() -> None:
    text = "The project has \nmade tools and 18\n000 friends. \n Another one has made\nmore."
    assert [words for _, words in blocks(text)] == [
        "The project has made tools and 18 000 friends.",
        "Another one has made more.",
    ]


def test_short_lines_that_stand_alone_are_headings() -> None:
    text = (
        "Report title\n\nInstitution: Norvia College\nUnit: Tools\n\nWorld-class tools and \nmore of them\n\n"
        "They sold.\n\nSource: own survey\n\nFigure 2: Sales\n\nIn summary\nThe tools we made have sold.\n"
    )
    headings = [words for kind, words in blocks(text) if kind == "heading"]
    assert headings == ["Report title", "World-class tools and more of them", "In summary"]
    assert ("paragraph", "Institution: Norvia College") in blocks(text)


def test_a_list_has_the_words_above_it_for_lead() -> None:
    text = "Tools\n\nText. Results of the\nproject:\n\n• 13 tools\n\n• 6 models\n\nMore news\n\n• Visit us"
    document = read_bytes(text.encode(), "report.txt")
    leads = [document.text[slice(*block.lead)] for block in document.blocks if block.lead]
    assert leads == ["Results of the project:"] * 2 + ["More news"]


def test_pages_are_counted_where_form_feeds_part_them() -> None:
    document = read_bytes(b"One page.\n\fTwo pages.\f\nThree pages.", "report.txt")
    assert [block.page for block in document.blocks] == [1, 2, 3]


def test_a_list_may_stand_directly_below_its_heading() -> None:
    text = "Key results\n- 14 patents filed\n- 3 firms, among them\n  Norvia Ltd\n- 2 licences\n\nMore text."
    assert blocks(text) == [
        ("heading", "Key results"),
        ("item", "14 patents filed"),
        ("item", "3 firms, among them Norvia Ltd"),
        ("item", "2 licences"),
        ("paragraph", "More text."),
    ]


def test_a_wrapped_line_that_begins_with_a_dash_is_no_item() -> None:
    text = "The tools of the project help to reduce waste in all of its partners’ firms\n- and in others."
    assert [kind for kind, _ in blocks(text)] == ["paragraph"]


def test_columns_become_rows_under_their_header() -> None:
    text = "Jobs by year:\nYear    Jobs\n2019    100\n2020\t210\n\nMore text."
    assert blocks(text)[1:] == [
        ("row", "Year: 2019; Jobs: 100"),
        ("row", "Year: 2020; Jobs: 210"),
        ("paragraph", "More text."),
    ]
