"""Documents: blocks in order, and every character led back to the byte it was read from."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from corpus.document import Document, Run, source_offset
from corpus.readers import ReadError, read_bytes

NAMES = st.sampled_from(["report.txt", "report.md", "report.html"])
PLAIN = ["LUMEN-3 made ", "18\u202f000 tools", ".\n\n", "\n", "in", "1\n", "€", "\f", "such as", "a\tb\n"]
BROKEN = ["\uf0a7 ", "- ", "1. ", "2) ", "ﬁrst", "co\u00ad\nop", "highly-\nskilled", "\r\n", "e\u0301"]
MARKDOWN = ["# ", "**bold**", "[a](b)", "| a | b |\n|---|---|\n", "[^1]", "~~~\n", "`", "_", "> "]
HTML = ["<p>", "<li>", "<td>", "<tr>", "</table>", "</ul>", "<br>", "<nav>", "<![x", "&eacute;", "&amp"]
PIECES = st.sampled_from(PLAIN + BROKEN + MARKDOWN + HTML)


def readable(data: bytes, name: str) -> Document | None:
    """The document, or None where the reader refuses the bytes."""
    try:
        return read_bytes(data, name)
    except ReadError:
        return None


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join), NAMES)
@example("IMPACT\n\nOver\u00a07\u2009000 people in\n\n \uf0a7 a box\n\n places.", "report.txt")
def test_every_run_leads_back_to_the_bytes_it_was_copied_from(text: str, name: str) -> None:
    document = readable(text.encode(), name)
    if document is None:
        return
    for run in document.runs:
        copied = document.text[run.start : run.end].encode(document.encoding)
        verbatim = text.encode()[run.source_start :].startswith(copied)
        assert verbatim or run.end - run.start == 1
    assert all(left.end <= right.start for left, right in pairwise(document.runs))


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join), NAMES)
def test_blocks_lie_in_order_and_hold_all_text(text: str, name: str) -> None:
    document = readable(text.encode(), name)
    if document is None:
        return
    spans = [(block.start, block.end) for block in document.blocks]
    assert all(start < end for start, end in spans)
    gaps = [document.text[left[1] : right[0]] for left, right in pairwise(spans)]
    assert set(gaps) <= {"\n", "\n\n"}
    assert (spans[0][0], spans[-1][1]) == (0, len(document.text))


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join), NAMES)
def test_stored_characters_other_than_separators_stand_for_source_characters(text: str, name: str) -> None:
    document = readable(text.encode(), name)
    for number, character in enumerate(document.text if document else ""):
        assert document is not None
        assert source_offset(document, number) is not None or character in " \n:;"


def test_offsets_count_bytes_of_the_encoding_the_source_has() -> None:
    data = "Über 13 Länder.".encode("utf-16")
    document = read_bytes(data, "report.txt")
    offset = source_offset(document, document.text.index("Länder"))
    assert offset is not None
    assert data[offset:].decode(document.encoding).startswith("Länder")


def test_a_changed_character_leads_to_the_one_it_replaced() -> None:
    document = read_bytes("Tools for 18\u00a0000 of\nthem.".encode(), "report.txt")
    assert document.text == "Tools for 18 000 of them."
    assert [source_offset(document, at) for at in (11, 12, 13, 19, 20)] == [11, 12, 14, 20, 21]


def test_a_character_between_blocks_leads_nowhere() -> None:
    document = read_bytes(b"Aims\n\nThe project trains people.", "report.txt")
    assert document.runs == (Run(0, 4, 0), Run(6, 32, 6))
    assert source_offset(document, 4) is None
