"""What counts as a quantity, how much it says, and what it counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.counted import base_noun, counted_noun
from corpus.quantity import Quantity, growth, quantities


def only(text: str) -> Quantity:
    found = quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        pytest.param("some 41 000 members", "some 41 000", 41_000, id="thousands by space"),
        pytest.param("with 41\u202f000 members", "41\u202f000", 41_000, id="thousands by narrow space"),
        pytest.param("with 41,000 members", "41,000", 41_000, id="thousands by comma"),
        pytest.param("with 41’000 members", "41’000", 41_000, id="thousands by apostrophe"),
        pytest.param("1.250.000 units", "1.250.000", 1_250_000, id="millions by points"),
        pytest.param("1,6 million units", "1,6 million", 1_600_000, id="decimal comma"),
        pytest.param("1.07 million units", "1.07 million", 1_070_000, id="magnitude in words"),
        pytest.param("7m users", "7m", 7_000_000, id="magnitude letter before what is counted"),
        pytest.param("2½ years", "2½", 2.5, id="vulgar fraction"),
        pytest.param("it ran for 10km", "10", 10, id="unit of measure glued on"),
        pytest.param("a 12-week course", "12", 12, id="hyphen and time"),
        pytest.param("2015 patients were enrolled", "2015", 2015, id="year-like digits that count"),
        pytest.param("over 2000 people came", "over 2000", 2000, id="year-like digits with a hedge"),
        pytest.param("(n = 45)", "45", 45, id="sample size"),
    ],
)
def test_a_figure_is_read_whole(text: str, printed: str, value: float) -> None:
    quantity = only(text)
    assert (quantity.text, quantity.value, quantity.kind) == (printed, value, "count")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("three trials", 3),
        ("twenty-five firms", 25),
        ("two hundred and fifty users", 250),
        ("one thousand two hundred users", 1200),
        ("a dozen firms", 12),
        ("half a dozen firms", 6),
        ("two dozen firms", 24),
        ("half a million users", 500_000),
        ("a quarter of a million users", 250_000),
        ("one company left", 1),
    ],
)
def test_number_words_count(text: str, value: float) -> None:
    assert only(text).value == value


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("€3 billion", 3e9, "EUR"),
        ("€1.7bn", 1.7e9, "EUR"),
        ("EUR 2.5m", 2.5e6, "EUR"),
        ("6 million euros", 6e6, "EUR"),
        ("£7.2M.", 7.2e6, "GBP"),
        ("£64k", 64e3, "GBP"),
        ("US$ 6.4 million", 6.4e6, "USD"),
        ("$310 million", 310e6, "USD"),
        ("A$5m", 5e6, "AUD"),
        ("7.5 million ChF", 7.5e6, "CHF"),
        ("CHF 3.5 mio. in", 3.5e6, "CHF"),
        ("SEK 12 million", 12e6, "SEK"),
    ],
)
def test_money_carries_its_iso_code(text: str, value: float, unit: str) -> None:
    quantity = only(text)
    assert (quantity.kind, quantity.value, quantity.unit) == ("money", value, unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.6%", 12.6),
        ("14 per cent", 14),
        ("25 percentage points", 25),
        ("one in five firms", 20),
        ("3 in 10 firms", 30),
        ("12 out of 15 firms", 80),
        ("1/10", 10),
        ("half of the firms", 50),
        ("two-thirds of firms", 66.666667),
        ("−5%", -5),
    ],
)
def test_a_share_is_a_percentage(text: str, value: float) -> None:
    quantity = only(text)
    assert (quantity.kind, quantity.value, quantity.unit) == ("percent", value, "%")


@pytest.mark.parametrize(
    ("text", "value"),
    [("twofold", 2), ("a 10-fold rise", 10), ("sales doubled", 2), ("5x faster", 5), ("three times more", 3)],
)
def test_a_factor_is_a_multiple(text: str, value: float) -> None:
    quantity = only(text)
    assert (quantity.kind, quantity.value) == ("multiple", value)


@pytest.mark.parametrize(
    ("text", "value"), [("ranked 3rd", 3), ("placed second", 2), ("a top ten venue", 10)]
)
def test_a_rank_is_an_ordinal(text: str, value: float) -> None:
    quantity = only(text)
    assert (quantity.kind, quantity.value) == ("ordinal", value)


@pytest.mark.parametrize(
    ("text", "qualifier", "printed"),
    [
        ("over 900 firms", "over", "over 900"),
        ("More than 750+ firms", "More than", "More than 750+"),
        ("well over 900 firms", "well over", "well over 900"),
        ("at least €4 was spent", "at least", "at least €4"),
        ("an estimated 40 jobs", "an estimated", "an estimated 40"),
        ("in excess of 40 jobs", "in excess of", "in excess of 40"),
        ("nearly a third of firms", "nearly", "nearly a third"),
        ("more than doubled", "more than", "more than doubled"),
        (">£4 million", ">", ">£4 million"),
        ("~£10m", "~", "~£10m"),
        ("61 000+ firms", "+", "61 000+"),
        ("+450 sites", "+", "+450"),
        ("50%+ of firms", "+", "50%+"),
        ("5 or more firms", "or more", "5 or more"),
        ("900 firms", "", "900"),
    ],
)
def test_a_hedge_stays_as_printed(text: str, qualifier: str, printed: str) -> None:
    quantity = only(text)
    assert (quantity.qualifier, quantity.text) == (qualifier, printed)
    assert text.startswith(qualifier, quantity.qualifier_start)


def test_over_a_time_is_during_it() -> None:
    assert only("It was developed over 3 years.").text == "3"


def test_with_over_a_time_is_more_than_it() -> None:
    assert only("A team with over 30 years of practice.").qualifier == "over"


@pytest.mark.parametrize(
    ("text", "value", "value_max", "unit"),
    [
        ("15-20 jobs", 15, 20, ""),
        ("4 to 6.2 jobs", 4, 6.2, ""),
        ("between 4 and 6.2 jobs", 4, 6.2, ""),
        ("£2-3 million", 2e6, 3e6, "GBP"),
        ("between €2m and €3m", 2e6, 3e6, "EUR"),
        ("5–10%", 5, 10, "%"),
        ("ages ranging from 18 to 65", 18, 65, ""),
    ],
)
def test_a_range_is_one_quantity(text: str, value: float, value_max: float, unit: str) -> None:
    quantity = only(text)
    assert (quantity.value, quantity.value_max, quantity.unit) == (value, value_max, unit)


@pytest.mark.parametrize(
    "text",
    [
        "from 8 to 70 employees",
        "grew from around 8 staff in 2008 to over 70 in 2012",
        "70 employees, up from 8",
    ],
)
def test_growth_is_two_quantities_in_order_of_time(text: str) -> None:
    [(earlier, later)] = growth(text)
    assert (earlier.value, later.value) == (8, 70)


def test_a_range_is_no_growth() -> None:
    assert growth("between 8 and 70 employees, aged 8-70") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("founded in 2015", id="year"),
        pytest.param("in 2012 clinicians began", id="year before a plural"),
        pytest.param("Strategy (2007), which", id="year in brackets"),
        pytest.param("on 12 May and 3 June 2012", id="dates"),
        pytest.param("from 2008-12 and 2012/13", id="year pairs"),
        pytest.param("at 10:30 or 5 pm", id="clock"),
        pytest.param("as shown [6], [1,2], [5.4], (3), (2, 3) and [2, pages 2, 4]", id="citations"),
        pytest.param("refs 3, 4 and 5; tables 3 and 4; source 2", id="labelled lists"),
        pytest.param("phase 3 and Phase 1/2 trials of type 2 diabetes", id="labels"),
        pytest.param("Chapter eight", id="label before a word"),
        pytest.param("Nature 2012; 305(2): 123-130", id="journal reference"),
        pytest.param("NLV3, NLV-21, Q12-3, H2020, 3D and 2-phenyl", id="codes"),
        pytest.param("the LUMEN 2 programme", id="number of a name"),
        pytest.param("New Paths 4 Old Seeds", id="number inside a name"),
        pytest.param("doi:10.1000/182 and https://norvia.example/12/34", id="addresses"),
        pytest.param("NCT01234567, ISBN 978-3-16-148410-0, US 7,123,456", id="register numbers"),
        pytest.param("call +44 20 7946 0958 or 020 7946 0958", id="telephone"),
        pytest.param("with p<0.05", id="probability"),
        pytest.param("a ratio of 1:20, open 24/7", id="ratio and slogan"),
        pytest.param("1. Summary\n2.1 Background text\n3) Impact", id="section numbers"),
        pytest.param("new tools 1) sensors; 2) pumps", id="numbers of a list in line"),
        pytest.param("the 1st and the 2nd", id="ordinals"),
        pytest.param("one of them, no one, this one, one another", id="pronouns"),
        pytest.param("One Health and Formula One", id="number words in names"),
        pytest.param('as "successful"9 firms (in Norvia)4 since 2011.2 It', id="note marks"),
    ],
)
def test_what_names_or_dates_is_no_quantity(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("9 new spin-off launches in 2012", "new spin-off launches"),
        ("2 900 full-time posts keeping people", "full-time posts"),
        ("41 SMEs involved", "SMEs"),
        ("85+ field trials finished", "field trials"),
        ("30 soil health sciences courses as well", "soil health sciences courses"),
        ("12 small and medium-sized firms", "small and medium-sized firms"),
        ("40+ fast in vitro assays & more", "fast in vitro assays"),
        ("40+ fast in silico (simulated) assays & more", "fast in silico (simulated) assays"),
        ("one company employs people", "company"),
        ("3 Q&A events are", "Q&A events"),
        ("€2 million grant from", "grant"),
        ("14 Norwegian hired part-time", "Norwegian"),
        ("20 more antibodies", "more antibodies"),
        ("12 of the firms", "firms"),
        ("around 12, they say", ""),
    ],
)
def test_the_counted_noun_ends_at_its_head(text: str, noun: str) -> None:
    assert counted_noun(text, quantities(text)[0]) == noun


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("15.1% of LUMEN funding goes to", "LUMEN funding"),
        ("16% of all the papers were", "papers"),
        ("12 of the 15 companies", "companies"),
        ("25% of these die", ""),
        ("16% growth", ""),
    ],
)
def test_the_base_noun_is_what_a_share_is_taken_of(text: str, noun: str) -> None:
    assert base_noun(text, quantities(text)[0]) == noun


PIECES = (
    "over|some|between|from|and|to|of|in|£|€|$|CHF|%|+|-|–|~|(|)|[|]|.|,|:|;|/|\n|one|two|hundred|million|bn|k|m|half|dozen|"
    "third|twice|fold|1|12|300|2015|18 000|1,134|3.2|05|½|May|the|jobs|trials|LUMEN|phase|than|more|per cent"
)
FRAGMENTS = st.sampled_from(PIECES.split("|"))
TEXTS = st.lists(FRAGMENTS, max_size=12).flatmap(
    lambda parts: st.sampled_from([" ", ""]).map(lambda glue: glue.join(parts))
)


@given(TEXTS | st.text(max_size=60))
@example("two hundred thousand million thousand")
@example("²³ ① 1²")
def test_every_quantity_stands_where_it_says(text: str) -> None:
    end = 0
    for quantity in quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert end <= quantity.start <= quantity.number_start < quantity.number_end <= quantity.end
        assert math.isfinite(quantity.value)
        assert quantity.value_max is None or quantity.value_max > quantity.value
        assert text.startswith(quantity.qualifier, quantity.qualifier_start)
        assert counted_noun(text, quantity) in text
        end = quantity.end


@given(TEXTS)
def test_growth_pairs_are_quantities_of_the_text(text: str) -> None:
    found = quantities(text)
    assert all(quantity in found for pair in growth(text) for quantity in pair)
