"""What a chart shows: how often each value occurs, the bars it is drawn with, and the words of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_YEARS_MAX = 60  # a column each, with the empty ones between; a longer time shows its years alone


@dataclass(frozen=True)
class Bar:
    """A value as people read it, how often it occurs, and that as a share of the commonest."""

    name: str
    label: str
    count: int
    percent: float


@dataclass(frozen=True)
class Chart:
    """Bars in the order they are drawn in; those that find no room are counted in `others`."""

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
    """A bar for every year from the first to the last; dates that are "" are left out."""
    counts = Counter(date[:4] for date in dates if date)
    years = sorted(counts)
    if years and int(years[-1]) - int(years[0]) < _YEARS_MAX:
        years = [f"{year:04}" for year in range(int(years[0]), int(years[-1]) + 1)]
    return Chart(_bars(years, counts, {}))


def _bars(names: Sequence[str], counts: Mapping[str, int], labels: Mapping[str, str]) -> tuple[Bar, ...]:
    highest = max(counts.values(), default=1)
    return tuple(
        Bar(name, labels.get(name, name), counts.get(name, 0), round(100 * counts.get(name, 0) / highest, 1))
        for name in names
    )
