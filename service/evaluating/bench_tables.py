"""The figures of `impactqa bench` as tables, with the limit that each is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Figures = Mapping[str, float]
Table = tuple[tuple[str, ...], list[tuple[str, ...]]]  # heading, rows

# What figures are held against: their name, the most or least that it should be, what it compares.
_GOALS = {
    "first_search_over_sentence_transformers": (
        "at most",
        1 / 8,
        "first search : loading sentence-transformers",
    ),
    "first_answer_over_sentence_transformers": (
        "at most",
        1 / 8,
        "first answer : loading sentence-transformers",
    ),
    "question_over_limit": ("at most", 2.0, "encoding a question : its multiplications alone"),
    "together_over_alone": ("at least", 1.25, "16 clients' questions encoded together : each alone"),
    "bulk_share_of_limit": ("at least", 0.8, "multiplications alone : encoding passages"),
    "exact_over_limit": ("at most", 1.2, "exact search : reading its memory"),
    "listed_recall_at_10": ("at least", 0.98, "recall@10 of a short list : exact search"),
}


def tables(found: Mapping[str, Figures]) -> Iterator[Table]:
    """Plain figures, then one column for each number of passages, then what is held against a limit."""
    sizes = {name: figures for name, figures in found.items() if name.isdigit()}
    for name, figures in found.items():
        if name not in sizes and figures:
            rows: list[tuple[str, ...]] = [
                (measure, _shown(value)) for measure, value in figures.items() if measure not in _GOALS
            ]
            yield (name, "value"), rows
    if sizes:
        first = next(iter(sizes.values()))
        columns = [(measure, *(_shown(figures[measure]) for figures in sizes.values())) for measure in first]
        yield ("passages", *(f"{int(size):,}" for size in sizes)), columns
    yield ("compared", "ratio", "should be"), list(_held(found))


def _held(found: Mapping[str, Figures]) -> Iterator[tuple[str, ...]]:
    for name, figures in found.items():
        for measure, (side, goal, text) in _GOALS.items():
            if measure in figures:
                at = f", {int(name):,} passages" if name.isdigit() else ""
                yield f"{text}{at}", f"{figures[measure]:.3f}", f"{side} {goal:g}"


def _shown(value: float) -> str:
    return f"{value:,.3f}" if value < 1 else f"{value:,.1f}"
