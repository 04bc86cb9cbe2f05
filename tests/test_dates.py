"""Which dates a text names, at the precision it names them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import Date, dates, in_range


def only(text: str) -> Date:
    found = dates(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Founded in 2015.", "2015"),
        ("Smith, 2012a", "2012"),
        ("in December 2015", "2015-12"),
        ("in Dec. 2015", "2015-12"),
        ("on 31 December 2015", "2015-12-31"),
        ("on 1st of March 2015", "2015-03-01"),
        ("on December 31, 2015", "2015-12-31"),
        ("on 31/07/2013", "2013-07-31"),
        ("on 2015-12-31", "2015-12-31"),
        ("in 2015-03", "2015-03"),
        ("in spring 2012", "2012"),
        ("in mid-2013", "2013"),
        ("at the end of 2015", "2015"),
    ],
)
def test_a_date_has_the_precision_printed(text: str, value: str) -> None:
    date = only(text)
    assert (date.value, date.value_end) == (value, None)


@pytest.mark.parametrize(
    ("text", "value", "value_end"),
    [
        ("from 2007-2013", "2007", "2013"),
        ("between 2007 and 2013", "2007", "2013"),
        ("from 2007 to 2013", "2007", "2013"),
        ("2010-2013 inclusive", "2010", "2013"),
        ("in 2008-12", "2008", "2012"),
        ("in 2003-8", "2003", "2008"),
        ("from January 2008 to July 2013", "2008-01", "2013-07"),
        ("January to March 2012", "2012-01", "2012-03"),
        ("12-14 May 2012", "2012-05-12", "2012-05-14"),
        ("financial year 2012/13", "2012", "2013"),
        ("in 2012/13", "2012", "2013"),
        ("Q3 2014", "2014-07", "2014-09"),
        ("first quarter of 2015", "2015-01", "2015-03"),
        ("second half of 2015", "2015-07", "2015-12"),
        ("the 1990s", "1990", "1999"),
        ("the mid-1990s", "1990", "1999"),
        ("the 19th century", "1801", "1900"),
    ],
)
def test_a_stretch_of_time_has_two_ends(text: str, value: str, value_end: str) -> None:
    date = only(text)
    assert (date.value, date.value_end, date.relation) == (value, value_end, "")


@pytest.mark.parametrize(
    ("text", "printed", "relation"),
    [
        ("It ends by the end of 2015.", "by the end of 2015", "by"),
        ("No later than 2015", "No later than 2015", "by"),
        ("Open since 2008", "since 2008", "since"),
        ("Open 2008-present", "2008-present", "since"),
        ("Open from 2009 to date", "from 2009 to date", "from"),
        ("Open 2009 onwards", "2009 onwards", "from"),
        ("from September 2013", "from September 2013", "from"),
        ("prior to 2010", "prior to 2010", "before"),
        ("pre-2008", "pre-2008", "before"),
        ("after May 2010", "after May 2010", "after"),
        ("until the end of 2013", "until the end of 2013", "until"),
        ("as of 2013 offers stand", "as of 2013", "from"),
    ],
)
def test_a_relation_is_read_and_inside_the_span(text: str, printed: str, relation: str) -> None:
    date = only(text)
    assert (date.text, date.relation, date.value_end) == (printed, relation, None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Horizon 2020", id="name"),
        pytest.param("a cohort of 2015 patients", id="count"),
        pytest.param("over 2000 people", id="hedged count"),
        pytest.param("1500-2000 people", id="range of counts"),
        pytest.param("more than 2000.", id="hedge without a noun"),
        pytest.param("2000 km", id="measure"),
        pytest.param("£2015", id="money"),
        pytest.param("WO2005/012345 and 12.2012", id="codes"),
        pytest.param("page 1999", id="label"),
        pytest.param("you may 12 times", id="a verb that looks like a month"),
    ],
)
def test_four_digits_are_not_always_a_year(text: str) -> None:
    assert dates(text) == []


@pytest.mark.parametrize("text", ["In 2012 clinicians began", "the 2012 guidelines", "in 2012 figures rose"])
def test_a_year_before_a_plural_stays_a_year(text: str) -> None:
    assert only(text).value == "2012"


def test_years_in_a_list_stay_apart() -> None:
    assert [date.value for date in dates("in 2003, 2004 and 2006")] == ["2003", "2004", "2006"]


@pytest.mark.parametrize(
    ("value", "date_from", "date_to", "inside"),
    [
        ("2015", "2015-12", None, True),
        ("2015-03", "2015", "2015", True),
        ("2014-12-31", "2015", None, False),
        ("2016-01", None, "2015", False),
        ("2015", None, None, True),
        ("2015-12-31", None, "2015-12", True),
    ],
)
def test_a_date_is_in_a_range_when_one_of_its_days_is(
    value: str, date_from: str | None, date_to: str | None, inside: bool
) -> None:
    assert in_range(value, date_from, date_to) is inside


PIECES = (
    "2015|2013|1999|15|05|31|3rd|May|December|Q1|first quarter of|by|"
    "since|between|and|to|-|–|/|.|,|the|end of|s|FY|"
)
FRAGMENTS = st.sampled_from(PIECES.split("|"))


@given(
    st.lists(FRAGMENTS, max_size=10).map(" ".join)
    | st.lists(FRAGMENTS, max_size=8).map("".join)
    | st.text(max_size=40)
)
def test_every_date_stands_where_it_says(text: str) -> None:
    end = 0
    for date in dates(text):
        assert text[date.start : date.end] == date.text
        assert end <= date.start < date.end
        assert date.value_end is None or date.value <= date.value_end
        end = date.end
