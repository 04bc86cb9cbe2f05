"""Questions worth asking of the corpus at hand, made from what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.facts import Fact
from corpus.taxonomy import outcome_types

# Text that is not an outcome, or too vague to ask for by name.
_NOT_ASKED = frozenset(
    "definition objective location milestone context_statistic qualitative_claim contact participation "
    "business_growth sustainability industry_uptake".split()
)


def example_questions(facts: Sequence[Fact], limit: int = 6) -> list[str]:
    """Up to `limit` questions about the commonest outcome types, subjects and projects, the best first.

    Deterministic: the same facts give the same questions.
    """
    types = [name for name, _ in _ranked(fact.outcome_type for fact in facts) if name not in _NOT_ASKED]
    projects = [name for name, _ in _ranked(fact.project for fact in facts)]
    subjects = [name for name, _ in _ranked(fact.subject for fact in facts if fact.subject_key)]
    kinds = outcome_types()
    columns = [
        [f"Which {kinds[name].label} are named?" for name in types if name in kinds],
        [f"What did {name} achieve?" for name in projects],
        [f"How many {kinds[name].label} are there?" for name in types if name in kinds],
        [f"What is said about {name}?" for name in subjects if name not in projects],
    ]
    return [question for row in _rows(columns) for question in row][:limit]


def _ranked(names: Iterable[str]) -> list[tuple[str, int]]:
    """Names by falling count, then alphabetically; the empty name is left out."""
    counts = Counter(name for name in names if name)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _rows(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """The first of each column, then the second of each, ..."""
    longest = max(map(len, columns), default=0)
    return [[column[place] for column in columns if place < len(column)] for place in range(longest)]
