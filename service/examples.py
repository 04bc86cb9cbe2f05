"""Questions worth asking of the corpus at hand, made from what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.facts import Fact

# Text that is no outcome of anything: it is found, but not what a newcomer should be led to.
NOT_OUTCOMES = frozenset(
    {"definition", "objective", "location", "milestone", "context_statistic", "qualitative_claim", "contact"}
)

_QUESTIONS = {
    "spin_out": "Which companies were spun off?",
    "business_growth": "Which companies have grown?",
    "commercialisation": "What has come to the market?",
    "licensing": "Who took a licence?",
    "patent": "Which patents are mentioned?",
    "trademark": "Which trademarks are mentioned?",
    "product_in_development": "Which products are being developed?",
    "clinical_trial": "Which clinical trials are mentioned?",
    "biomarker_or_target": "Which biomarkers or targets were found?",
    "research_tool_or_model": "Which research tools and models were made?",
    "database_or_software": "Which databases and which software were made?",
    "infrastructure_or_network": "Which networks were set up?",
    "publication": "How many publications are there?",
    "award": "Which awards were won?",
    "policy_influence": "How were policy and regulation influenced?",
    "collaboration": "Who works with whom?",
    "engagement": "How were patients and the public involved?",
    "training_and_education": "Who was trained?",
    "employment": "How many jobs were created?",
    "funding_contribution": "How much funding is reported?",
    "societal_benefit": "How did society benefit?",
}


def example_questions(facts: Sequence[Fact], limit: int = 6) -> list[str]:
    """Up to `limit` questions about the commonest outcome types, projects and subjects, the best first.

    Deterministic: the same facts give the same questions.
    """
    kinds = _ranked(fact.outcome_type for fact in facts)
    projects = _ranked(fact.project for fact in facts)
    subjects = _ranked(fact.subject for fact in facts if fact.subject_key and fact.subject not in projects)
    columns = [
        [_QUESTIONS[kind] for kind in kinds if kind in _QUESTIONS],
        [f"What did {name} achieve?" for name in projects],
        [f"What is said about {name}?" for name in subjects],
    ]
    return [question for row in _rows(columns) for question in row][:limit]


def _ranked(names: Iterable[str]) -> list[str]:
    """Names by falling count, then alphabetically; the empty name is left out."""
    counts = Counter(name for name in names if name)
    return sorted(counts, key=lambda name: (-counts[name], name))


def _rows(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """The first of each column, then the second of each, ..."""
    longest = max(map(len, columns), default=0)
    return [[column[place] for column in columns if place < len(column)] for place in range(longest)]
