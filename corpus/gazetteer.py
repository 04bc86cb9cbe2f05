"""The places known by name: countries, nationalities, regions and cities, and which lies in which."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

import pycountry

PlaceKind = Literal["country", "city", "region", "nationality"]

DATA = tomllib.loads(files("corpus").joinpath("data/places.toml").read_text("utf-8"))

# From this size on a city is known by its bare name; a smaller one needs "in" or its country beside it.
CITY_PEOPLE_MIN = 100_000
CITY_PEOPLE_MIN_ELSEWHERE = 1_000_000
# Where English-language reports name cities without saying where they are.
_NEAR = frozenset(DATA["near"].split())
# Countries whose states or nations are places of their own, by ISO 3166-2.
_STATES_OF = ("US", "CA", "AU")


class Entry(NamedTuple):
    """A place: its English name, ISO 3166-1 country ("" for a region of several), its state, its members."""

    name: str
    country: str
    kind: PlaceKind
    state: str = ""  # ISO 3166-2, of a city in it or of the state itself
    members: frozenset[str] = frozenset()  # countries of a region of several
    prominent: bool = True  # known by its bare name


_UNDECOMPOSED = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae"})


@lru_cache(maxsize=1 << 16)  # names and the words around them, as passages repeat them
def key_of(name: str) -> str:
    """`name` in lower case without accents, points and apostrophes, its words apart by single spaces."""
    plain = unicodedata.normalize("NFKD", name.translate(_UNDECOMPOSED))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign not in ".'’")
    return " ".join(re.findall(r"[^\W_]+", letters.casefold()))


@cache
def known(key: str) -> tuple[Entry, ...]:
    """Every place that has a name with this key, the one usually meant first."""
    alias = _city_aliases().get(key)
    cities = [_city(line) for line in _city_lines().get(alias or key, [])]
    if alias:
        cities = cities[:1]  # the largest: Cologne is no other Köln
    if key in DATA["preferred"]:
        cities.sort(key=lambda entry: entry.country != DATA["preferred"][key])
    return (*_listed().get(key, []), *cities)


@cache
def words_max() -> dict[str, int]:
    """The first word of every key, with the number of words of the longest key that it begins."""
    longest: dict[str, int] = {}
    for keys in (_listed(), _city_aliases(), _city_lines()):
        for key in keys:
            first, _, rest = key.partition(" ")
            count = 2 + rest.count(" ") if rest else 1
            if count > longest.get(first, 0):
                longest[first] = count
    return longest


def is_inside(place: Entry, region: Entry) -> bool:
    """Whether `place` lies in `region` or is the same place; a nationality stands for its country."""
    if region.members:
        return place.country in region.members or (bool(place.members) and place.members <= region.members)
    if region.kind == "city":
        return place.kind == "city" and (place.name, place.country) == (region.name, region.country)
    if region.kind == "region" or region.state:
        return place.name == region.name or (bool(region.state) and place.state == region.state)
    return bool(region.country) and place.country == region.country


def country_of_code(code: str) -> str | None:
    """The English name of the country of an ISO 3166-1 code, or of EL and UK as the EU writes them."""
    code = DATA["codes"].get(code, code)
    countries = pycountry.countries
    found = countries.get(alpha_3=code) if len(code) == 3 else countries.get(alpha_2=code)
    return _country_names()[found.alpha_2][0] if found else None


_NATIONS = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}


NATIONS = frozenset(_NATIONS.values())  # parts of a state that are called countries


@cache
def _country_names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for country in pycountry.countries:
        listed = [getattr(country, "common_name", country.name), country.name]
        names[country.alpha_2] = DATA["countries"].get(country.alpha_2, []) + [
            name.split(",")[0] for name in listed
        ]
    return names


def _countries() -> Iterator[tuple[str, Entry]]:
    for code, names in _country_names().items():
        entry = Entry(names[0], code, "country")
        yield from ((name, entry) for name in dict.fromkeys(names))


def _nationalities() -> Iterator[tuple[str, Entry]]:
    for code, words in DATA["nationalities"].items():
        entry = Entry(_country_names()[code][0], code, "nationality")
        yield from ((word, entry) for word in words.split())
    inside = {entry.name: entry for _, entry in [*_states(), *_regions()]}
    for word, name in DATA["adjectives"].items():
        yield word, inside[name]._replace(kind="nationality")


@cache
def _states() -> tuple[tuple[str, Entry], ...]:
    """The states of federal countries and the named parts of others."""
    found: list[tuple[str, Entry]] = []
    for code in _STATES_OF:
        states = pycountry.subdivisions.get(country_code=code)  # type: ignore[no-untyped-call]
        found.extend((state.name, Entry(state.name, code, "region", state.code)) for state in states)
    nations = {name: f"GB-{nation}" for nation, name in _NATIONS.items()}
    for code, names in DATA["inside"].items():
        found.extend((name, Entry(name, code, "region", nations.get(name, ""))) for name in names)
    return tuple(found)


def _regions() -> Iterator[tuple[str, Entry]]:
    for region in DATA["regions"]:
        entry = Entry(region["names"][0], "", "region", members=frozenset(region["in"].split()))
        yield from ((name, entry) for name in region["names"])


@cache
def _listed() -> dict[str, list[Entry]]:
    """Countries, nationalities, states and regions by key."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for source in (_countries(), _nationalities(), _states(), _regions()):
        for name, entry in source:
            found[key_of(name)].append(entry)
    return dict(found)


@cache
def _city_lines() -> dict[str, list[str]]:
    """The lines of the city list by key, unread: of 34 000 cities a text names a few."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for line in files("corpus").joinpath("data/cities.tsv").read_text("utf-8").splitlines():
        lines[line.partition("\t")[0]].append(line)
    return dict(lines)


@cache
def _city_aliases() -> dict[str, str]:
    """The keys of a city's other names, with the key that the city list has."""
    aliases = ((key_of(other), key_of(name)) for name, others in DATA["cities"].items() for other in others)
    return {other: name for other, name in aliases if other != name}


def _city(line: str) -> Entry:
    _, name, country, state, people = line.split("\t")
    least = CITY_PEOPLE_MIN if country in _NEAR else CITY_PEOPLE_MIN_ELSEWHERE
    english = DATA["cities"].get(name, [name])[0]
    return Entry(
        english, country, "city", f"{country}-{state}" if state else "", prominent=int(people) >= least
    )
