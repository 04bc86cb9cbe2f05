"""What a chart shows: how often each value occurs, the bars it is drawn with, and the words of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_YEARS_MAX = 40  # a column each; the odd year far from the others would leave these no room


@dataclass(frozen=True)
class Bar:
    """A value as people read it, how often it occurs, and that as a share of the commonest."""

    name: str
    label: str
    count: int
    percent: float


@dataclass(frozen=True)
class Chart:
    """Bars in the order they are drawn in, and how much found no room among them."""

    bars: tuple[Bar, ...]
    others: int = 0

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.count)


def ranked(values: Iterable[str], labels: Mapping[str, str] | None = None, limit: int | None = None) -> Chart:
    """The commonest values first, equals by name; values that are "" are left out."""
    counts = Counter(value for value in values if value)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    bars = _bars(order[:limit], counts, labels or {})
    return Chart(bars, len(order) - len(bars))


def by_year(dates: Iterable[str]) -> Chart:
    """A bar for each of the years that hold most, the empty ones between too; dates that are "" are left out.

    Its `others` are the dates of earlier and later years.
    """
    counts = Counter(int(date[:4]) for date in dates if date)
    if not counts:
        return Chart(())
    within = {first: [year for year in counts if 0 <= year - first < _YEARS_MAX] for first in counts}
    chosen = max(within.values(), key=lambda years: (sum(counts[year] for year in years), max(years)))
    named = {f"{year:04}": counts[year] for year in range(min(chosen), max(chosen) + 1)}
    return Chart(_bars(list(named), named, {}), sum(counts.values()) - sum(named.values()))


def _bars(names: Sequence[str], counts: Mapping[str, int], labels: Mapping[str, str]) -> tuple[Bar, ...]:
    highest = max(counts.values(), default=1)
    return tuple(
        Bar(name, labels.get(name, name), counts.get(name, 0), round(100 * counts.get(name, 0) / highest, 1))
        for name in names
    )
