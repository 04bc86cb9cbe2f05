"""Which places a text names, and which lies in which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.places import places, resolve, within


def named(text: str, ignore_case: bool = False) -> list[tuple[str, str, str]]:
    return [(place.text, place.name, place.country) for place in places(text, ignore_case)]


@pytest.mark.parametrize(
    ("text", "printed", "name", "country", "kind"),
    [
        ("a firm in Italy", "Italy", "Italy", "IT", "country"),
        ("the U.K. firm", "U.K.", "United Kingdom", "GB", "country"),
        ("firms from the Netherlands", "the Netherlands", "Netherlands", "NL", "country"),
        ("made in Holland", "Holland", "Netherlands", "NL", "country"),
        ("sold in Korea", "Korea", "South Korea", "KR", "country"),
        ("three French firms", "French", "France", "FR", "nationality"),
        ("Nepalese herders", "Nepalese", "Nepal", "NP", "nationality"),
        ("South Korean firms", "South Korean", "South Korea", "KR", "nationality"),
        ("a pan-European network", "European", "Europe", "", "nationality"),
        ("a Welsh firm", "Welsh", "Wales", "GB", "nationality"),
        ("across Scandinavia", "Scandinavia", "Scandinavia", "", "region"),
        ("in Sub-Saharan Africa", "Sub-Saharan Africa", "Sub-Saharan Africa", "", "region"),
        ("in New South Wales", "New South Wales", "New South Wales", "AU", "region"),
        ("a farm in Hampshire", "Hampshire", "Hampshire", "GB", "region"),
        ("a lab in São Paulo", "São Paulo", "São Paulo", "BR", "city"),
        ("a lab in Sao Paulo", "Sao Paulo", "São Paulo", "BR", "city"),
        ("a lab in Cologne", "Cologne", "Cologne", "DE", "city"),
        ("a lab in Köln", "Köln", "Cologne", "DE", "city"),
        ("a lab in Stoke-on-Trent", "Stoke-on-Trent", "Stoke-on-Trent", "GB", "city"),
        ("a lab in Tübingen", "Tübingen", "Tübingen", "DE", "city"),
        ("the University of Leeds", "Leeds", "Leeds", "GB", "city"),
    ],
)
def test_a_place_has_an_english_name_and_a_country(
    text: str, printed: str, name: str, country: str, kind: str
) -> None:
    [place] = places(text)
    assert (place.text, place.name, place.country, place.kind) == (printed, name, country, kind)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a US-based group", "United States"),
        ("a French-based firm", "France"),
        ("a Texas-based firm", "Texas"),
        ("a Reading-based firm", "Reading"),
    ],
)
def test_based_tells_a_place(text: str, name: str) -> None:
    assert [place.name for place in places(text)] == [name]


@pytest.mark.parametrize("text", ["they told us so", "CONTACT US", "it cost US$5m"])
def test_the_pronoun_us_is_no_country(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize("word", ["Reading", "Nice", "Bath"])
def test_a_city_that_is_a_word_needs_a_preposition(word: str) -> None:
    assert places(f"{word} is good.") == []
    assert [place.name for place in places(f"The firm is based in {word}.")] == [word]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Dr Bradford spoke", id="title"),
        pytest.param("the work of Richardson", id="surname"),
        pytest.param("NICE guidelines", id="abbreviation"),
        pytest.param("published in May 2012", id="month"),
        pytest.param("the English language", id="language"),
        pytest.param("it appeared in German.", id="language after in"),
        pytest.param("translated into Dutch, Korean and Russian for schools", id="translated into"),
        pytest.param("at Imperial College", id="first word of a longer name"),
        pytest.param("the EU-LUMEN project", id="hyphenated name"),
    ],
)
def test_what_only_looks_like_a_place_is_none(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("in Cambridge", "GB"),
        ("in Cambridge, MA", "US"),
        ("in Cambridge, Massachusetts", "US"),
        ("in London, Ontario", "CA"),
        ("Georgia, USA", "US"),
        ("in Georgia", "GE"),
    ],
)
def test_what_follows_the_comma_tells_which_place_is_meant(text: str, country: str) -> None:
    assert places(text)[0].country == country


def test_a_city_after_a_city_needs_no_preposition() -> None:
    assert [place.name for place in places("Leeds, York and Bath")] == ["Leeds", "York", "Bath"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("which smes in italy", ["Italy"]),
        ("french smes", ["France"]),
        ("what came from berlin", ["Berlin"]),
        ("is it in the us", ["United States"]),
        ("who is us-based", ["United States"]),
        ("tell us more", []),
        ("a nice idea, worth reading", []),
        ("firms in reading", ["Reading"]),
    ],
)
def test_a_question_in_lower_case_finds_its_places(text: str, names: list[str]) -> None:
    assert [place.name for place in places(text, ignore_case=True)] == names


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("Berlin", "Germany"),
        ("French", "France"),
        ("French-based", "France"),
        ("germany", "German"),
        ("France", "Europe"),
        ("France", "the EU"),
        ("UK", "Europe"),
        ("Scandinavia", "Europe"),
        ("California", "US"),
        ("Boston", "Massachusetts"),
        ("London", "England"),
        ("Scotland", "UK"),
        ("Nepal", "Asia"),
        ("Leeds", "Leeds"),
    ],
)
def test_a_place_lies_in_its_region(place: str, region: str) -> None:
    assert within(place, region)


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("UK", "EU"),
        ("US", "California"),
        ("England", "Scotland"),
        ("Europe", "EU"),
        ("Qwxz", "UK"),
        ("Leeds", "Qwxz"),
    ],
)
def test_a_place_does_not_lie_elsewhere(place: str, region: str) -> None:
    assert not within(place, region)


def test_an_unknown_name_resolves_to_nothing() -> None:
    assert resolve("Qwxzland") is None


def test_a_name_resolves_whatever_its_case() -> None:
    place = resolve("the netherlands")
    assert place is not None
    assert (place.name, place.country) == ("Netherlands", "NL")


PIECES = "in|from|the|US|U.S.|UK|New|York|French|-based|of|Leeds|, |and|Nice|Stoke-on-Trent|.|-|us|St."
FRAGMENTS = st.sampled_from(PIECES.split("|"))


@given(
    st.lists(FRAGMENTS, max_size=10).map(" ".join)
    | st.lists(FRAGMENTS, max_size=8).map("".join)
    | st.text(max_size=40)
)
def test_every_place_stands_where_it_says(text: str) -> None:
    for ignore_case in (False, True):
        end = 0
        for place in places(text, ignore_case):
            assert text[place.start : place.end] == place.text
            assert end <= place.start < place.end
            end = place.end
