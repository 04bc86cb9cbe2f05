"""Passages: they tile their blocks and know where they stand."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus.passages import index_text, split
from corpus.readers import ReadError, read_bytes

REPORT = b"""Norvia report

Training. LUMEN-3 trained people. It also sold 18 000 tools. Tools include:

- a scanner. It is fast.
- a probe
"""


def test_paragraphs_give_sentences_and_items_stay_whole() -> None:
    passages = split(read_bytes(REPORT, "norvia.txt"))
    assert [(passage.kind, passage.text) for passage in passages] == [
        ("heading", "Norvia report"),
        ("sentence", "Training."),
        ("sentence", "LUMEN-3 trained people."),
        ("sentence", "It also sold 18 000 tools."),
        ("sentence", "Tools include:"),
        ("item", "a scanner. It is fast."),
        ("item", "a probe"),
    ]


def test_a_long_item_is_cut_into_its_sentences() -> None:
    text = "Tools:\n\n- " + "The scanner is fast and precise. " * 12
    passages = split(read_bytes(text.encode(), "norvia.txt"))
    assert [passage.kind for passage in passages] == ["sentence", *["item"] * 12]
    assert len({passage.lead for passage in passages[1:]}) == 1


def test_an_item_is_found_by_its_section_and_its_lead() -> None:
    document = read_bytes(REPORT, "norvia.txt")
    assert index_text(split(document)[-1], document) == "Norvia report. Tools include. a probe"


def test_rows_are_passages() -> None:
    document = read_bytes(b"| Firm | Jobs |\n|--|--|\n| Norvia | 12. Or so. |", "norvia.md")
    (passage,) = split(document)
    assert (passage.kind, passage.text) == ("row", "Firm: Norvia; Jobs: 12. Or so.")


def test_the_same_bytes_give_the_same_ids() -> None:
    first, again = (split(read_bytes(REPORT, name)) for name in ("a.txt", "b.txt"))
    assert [passage.id for passage in first] == [passage.id for passage in again]
    assert len({passage.id for passage in first}) == len(first)


@given(st.text(alphabet="aB1 .;:(\n-•–", min_size=1, max_size=120))
def test_passages_tile_their_blocks(text: str) -> None:
    try:
        document = read_bytes(text.encode(), "norvia.txt")
    except ReadError:
        return
    passages = split(document)
    assert all(document.text[passage.start : passage.end] == passage.text for passage in passages)
    assert all(left.end <= right.start for left, right in pairwise(passages))
    for number, block in enumerate(document.blocks):
        own = [passage for passage in passages if passage.block == number]
        assert (own[0].start, own[-1].end) == (block.start, block.end)
        assert "".join("".join(p.text for p in own).split()) == "".join(
            document.text[block.start : block.end].split()
        )
