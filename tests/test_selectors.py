"""Selectors: a quote is found again exactly where it was taken, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from corpus.selectors import Selector, locate, select


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(st.text(alphabet="ab \u20ac\U0001f9ec", min_size=1, max_size=60))
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(spans())
def test_a_quote_is_located_where_it_was_taken(span: tuple[str, int, int]) -> None:
    text, start, end = span
    assert locate(text, select(text, start, end)) == (start, end)


@given(spans(), st.text(alphabet="xyz", min_size=1, max_size=9))
def test_a_quote_is_located_where_its_text_moved(span: tuple[str, int, int], above: str) -> None:
    text, start, end = span
    selector = select(text, start, end, context_chars=60)
    moved = locate(above + text, selector)
    assert moved is None or (above + text)[slice(*moved)] == selector.exact


def test_the_surroundings_decide_between_two_occurrences() -> None:
    text = "Norvia employs 20 people. Baxley employs 20 people."
    selector = select(text, 41, 43)
    assert locate("In 2020: " + text, selector) == (50, 52)


def test_a_quote_that_is_gone_is_not_located() -> None:
    selector = select("Norvia employs 20 people.", 15, 17)
    assert locate("Norvia employs 25 people.", selector) is None


def test_two_equally_good_occurrences_are_ambiguous() -> None:
    selector = Selector(start=90, end=92, exact="20")
    assert locate("20 and 20", selector) is None


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (0, 7)])
def test_a_span_outside_its_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not inside a text of 6 characters"):
        select("Norvia", start, end)


def test_a_selector_must_span_its_quote() -> None:
    with pytest.raises(ValidationError, match="spans 3 characters, its quote has 2"):
        Selector(start=0, end=3, exact="ab")
