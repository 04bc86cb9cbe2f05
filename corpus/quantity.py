"""Quantities in running text: counts, money, shares, multiples and ranks, with the hedge that was printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from corpus import quantity_grammar as grammar
from corpus.dates import dates
from corpus.identifiers import (
    continues_list,
    glued_after,
    glued_before,
    is_idiom,
    is_labelled,
    names_something,
    without_identifiers,
)
from corpus.nouns import DURATION, noun_phrase
from corpus.numerals import value_of
from corpus.remembered import remembered

_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LEFT_CHARS = 48  # no hedge is longer

Kind = Literal["count", "money", "percent", "ordinal", "multiple"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its hedge, currency, magnitude and sign: text == source[start:end].

    `unit` is an ISO 4217 code for money, "%" for percent and "" otherwise. `qualifier` is the hedge as
    printed ("over", ">", "+", "or more"), "" when the figure stands bare. A range has its upper bound in
    `value_max`. source[number_start:number_end] is the figure with its magnitude alone.
    """

    start: int
    end: int
    text: str
    value: float
    value_max: float | None
    kind: Kind
    unit: str
    qualifier: str
    qualifier_start: int
    number_start: int
    number_end: int


@remembered
def quantities(text: str) -> list[Quantity]:
    """Every quantity in `text`, in reading order and not overlapping.

    Years, dates, references, codes, list numbers and the numbers in names are no quantities.
    """
    visible = _blanked(without_identifiers(text), [(date.start, date.end) for date in dates(text)])
    special = [
        _hedged(visible, quantity) for quantity in [*_ranks(visible), *_shares(visible), *_multiples(visible)]
    ]
    visible = _blanked(visible, [(quantity.start, quantity.end) for quantity in special])
    found = sorted([*special, *_amounts(visible, text)], key=lambda quantity: quantity.start)
    return [
        replace(quantity, text=text[quantity.start : quantity.end])
        for quantity in _ranges_joined(text, found)
    ]


def growth(text: str) -> list[tuple[Quantity, Quantity]]:
    """The pairs (earlier, later) of "from 8 to 70 employees" and of "70 employees, up from 8"."""
    found = quantities(text)
    pairs = []
    for left, right in pairwise(found):
        gap = text[left.end : right.start]
        if _before(grammar.FROM_BEFORE, text, left.start) and grammar.TO_AFTER.fullmatch(gap):
            pairs.append((left, right))
        elif grammar.UP_FROM.fullmatch(gap):
            pairs.append((right, left))
    return pairs


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    signs = list(text)
    for start, end in spans:
        signs[start:end] = "\0" * (end - start)
    return "".join(signs)


def _before(expression: re.Pattern[str], text: str, start: int) -> re.Match[str] | None:
    """The match of an expression that ends at `start`."""
    return expression.search(text, max(0, start - _LEFT_CHARS), start)


def _quantity(start: int, end: int, value: float, kind: Kind, unit: str = "") -> Quantity:
    return Quantity(start, end, "", value, None, kind, unit, "", start, start, end)


def _hedged(visible: str, quantity: Quantity) -> Quantity:
    """`quantity` with the hedge right before it: "nearly a third", "more than doubled"."""
    found = _before(grammar.HEDGE_BEFORE, visible, quantity.start)
    if found is None:
        return quantity
    return replace(
        quantity, start=found.start(), qualifier=found.group().rstrip(), qualifier_start=found.start()
    )


def _ranks(visible: str) -> Iterator[Quantity]:
    """ "ranked 3rd", "top ten": the span of the rank alone for the first, of both words for the second."""
    for match in grammar.RANK.finditer(visible):
        if match["top"]:
            yield replace(
                _quantity(*match.span(), value_of(match["top"]), "ordinal"), number_start=match.start("top")
            )
        else:
            printed = match["ordinal"].lower()
            value = grammar.ORDINALS.get(printed) or int(printed[:-2])
            yield _quantity(*match.span("ordinal"), float(value), "ordinal")


def _shares(visible: str) -> Iterator[Quantity]:
    """The parts of a whole, as percent: "one in five" is 20, "half of" 50, "12 out of 15" 80."""
    taken = -1
    matches = [match for pattern in grammar.SHARES.values() for match in pattern.finditer(visible)]
    for match in sorted(matches, key=lambda match: match.start()):
        percent = _percent(match)
        if percent is not None and match.start() >= taken:
            taken = match.end()
            yield _quantity(*match.span(), percent, "percent", "%")


def _percent(match: re.Match[str]) -> float | None:
    groups = match.groupdict()
    if "part" not in groups:
        return 50.0
    part, whole = groups["part"].lower(), groups["whole"].lower()
    part_value = 1.0 if part in {"a", "an"} else value_of(part)
    whole_value = grammar.FRACTIONS.get(whole) or value_of(whole)
    return round(100 * part_value / whole_value, 6) if 0 < part_value < whole_value else None


def _multiples(visible: str) -> Iterator[Quantity]:
    """ "doubled", "twofold"."""
    for match in grammar.MULTIPLE.finditer(visible):
        value = grammar.MULTIPLES[match["word"].lower()] if match["word"] else value_of(match["number"])
        yield _quantity(*match.span(), value, "multiple")


def _amounts(visible: str, text: str) -> Iterator[Quantity]:
    """The counts, sums of money, percentages and multiples written with a figure."""
    label_end = accepted_end = -1
    for match in grammar.AMOUNT.finditer(visible):
        quantity = _amount(visible, match)
        if quantity is None:
            continue
        listed = label_end >= 0 and continues_list(text, label_end, quantity.start)
        if listed or _is_identifier(visible, match, quantity, accepted_end):
            label_end = quantity.end
        else:
            accepted_end = quantity.end
            yield quantity


def _amount(visible: str, match: re.Match[str]) -> Quantity | None:
    """The quantity that `match` reads; None when its words make no number."""
    try:
        value = _figure(match["figure"])
    except ValueError:
        return None
    money = match["currency"] or match["currency_after"]
    magnitude, end = match["magnitude"], match.end()
    if (
        magnitude
        and magnitude.lower() in grammar.MAGNITUDE_LETTERS
        and not _is_letter_magnitude(visible, match)
    ):
        magnitude, end = None, match.end("figure")
    value = round(value * grammar.MAGNITUDES[magnitude.lower().rstrip(".")] if magnitude else value, 6)
    number_end = match.end("magnitude") if magnitude else match.end("figure")
    qualifier, qualifier_start = _qualifier(visible, match)
    start = match.end("hedge") if match["hedge"] and qualifier_start != match.start() else match.start()
    kind, unit = _kind(match, money)
    negative = match["sign"] in {"-", "−"}
    return Quantity(
        start, end, "", -value if negative else value, None, kind, unit,
        qualifier, qualifier_start if qualifier else start, match.start("figure"), number_end,
    )  # fmt: skip


def _figure(printed: str) -> float:
    words = printed.lower().split()
    if words[0] == "half":
        return 0.5
    if "quarter" in words:
        return 0.25
    return 1.0 if printed.lower() == "a" else value_of(printed)


def _is_letter_magnitude(visible: str, match: re.Match[str]) -> bool:
    """Whether k, m or b means a power of ten: beside a currency, or glued and before what is counted."""
    if match["currency"] or match["currency_after"]:
        return True
    if match["magnitude"] in "bB":
        return False
    glued_on = match.start("magnitude") == match.end("figure")
    return glued_on and (match["magnitude"] == "M" or noun_phrase(visible, match.end()).plural)


def _kind(match: re.Match[str], money: str | None) -> tuple[Kind, str]:
    if money:
        return "money", grammar.CURRENCIES[" ".join(money.lower().split())]
    if match["percent"]:
        return "percent", "%"
    return ("multiple", "") if match["fold"] or match["cross"] or match["times"] else ("count", "")


def _qualifier(visible: str, match: re.Match[str]) -> tuple[str, int]:
    """The hedge as printed and where it starts; ("", -1) when there is none."""
    if match["hedge"] and not _is_duration(visible, match):
        return match["hedge"].rstrip(), match.start("hedge")
    if match["hedge_after"]:
        return match["hedge_after"].strip(), match.end("hedge_after") - len(match["hedge_after"].strip())
    plus = next((name for name in ("plus_inside", "plus", "plus_after") if match[name]), None)
    if plus is None and match["sign"] == "+":
        plus = "sign"
    return ("+", match.start(plus)) if plus else ("", -1)


def _is_duration(visible: str, match: re.Match[str]) -> bool:
    """Whether "over" before a time is "during" it: "developed over 3 years", not "with over 3 years of"."""
    if match["hedge"].strip().lower() not in grammar.DURING:
        return False
    noun = noun_phrase(visible, match.end())
    if not noun.text or noun.text.lower().split()[-1] not in DURATION or grammar.AGO.match(visible, noun.end):
        return False
    before = visible[max(0, match.start() - _LEFT_CHARS) : match.start()].split()[-1:]
    return not before or before[0].lower() not in grammar.HEDGING


def _is_identifier(visible: str, match: re.Match[str], quantity: Quantity, accepted_end: int) -> bool:
    """Whether the figure names or places something; a sign of quantity on it settles that it does not."""
    start, end = match.start("figure"), quantity.end
    in_range = 0 <= accepted_end < start and bool(
        re.fullmatch(r"\s?[-–—]\s?", visible[accepted_end : quantity.start])
    )
    if not (in_range or match["currency"] or match["sign"]) and glued_before(visible, start):
        return True
    if glued_after(visible, start, end) or re.match(r"0\d", match["figure"]):
        return True
    if (
        quantity.qualifier
        or quantity.kind != "count"
        or quantity.number_end > match.end("figure")
        or match["sign"]
    ):
        return False
    if match["figure"][0].isalpha():
        return is_idiom(visible, start, end) or is_labelled(visible, start)
    return not in_range and names_something(visible, start, end, quantity.value)


def _ranges_joined(text: str, found: list[Quantity]) -> list[Quantity]:
    """The quantities with "15-20", "4 to 6.2" and "between 4 and 6.2" each made one."""
    joined: list[Quantity] = []
    for quantity in found:
        if joined and (whole := _range(text, joined[-1], quantity)):
            joined[-1] = whole
        else:
            joined.append(quantity)
    return joined


def _range(text: str, left: Quantity, right: Quantity) -> Quantity | None:
    """The range from `left` to `right`; None when they stand apart, fall, or say growth."""
    gap = text[left.end : right.start]
    if (
        len(gap) > 8
        or not grammar.JOINT.fullmatch(gap)
        or left.value_max is not None
        or right.qualifier not in {"", "+"}
    ):
        return None
    between = _before(grammar.BETWEEN_BEFORE, text, left.start)
    is_growth = _before(grammar.FROM_BEFORE, text, left.start) and not _before(
        grammar.RANGING_BEFORE, text, left.start
    )
    if (gap.strip().lower() == "and" and not between) or (gap.strip().lower() == "to" and is_growth):
        return None
    left, right = _scaled(text, left, right)
    if (left.kind, left.unit) != (right.kind, right.unit) or left.value >= right.value:
        return None
    qualifier, qualifier_start = (
        (left.qualifier, left.qualifier_start) if left.qualifier else (right.qualifier, right.qualifier_start)
    )
    return replace(
        left, start=between.start() if between else left.start, end=right.end, value_max=right.value,
        qualifier=qualifier, qualifier_start=qualifier_start, number_end=right.number_end,
    )  # fmt: skip


def _scaled(text: str, left: Quantity, right: Quantity) -> tuple[Quantity, Quantity]:
    """Both ends with the magnitude and the unit that only one of them prints: "£2-3 million", "5-10 %"."""
    bare, figure = (_PLAIN_NUMBER.match(text, end.number_start, end.number_end) for end in (left, right))
    if bare and figure and bare.end() == left.number_end and float(bare[0]) < float(figure[0]):
        left = replace(left, value=round(left.value * right.value / float(figure[0]), 6))
    if left.kind == "count":
        return replace(left, kind=right.kind, unit=right.unit), right
    if right.kind == "count" and left.kind == "money":
        return left, replace(right, kind=left.kind, unit=left.unit)
    return left, right
