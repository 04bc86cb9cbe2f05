"""Lists whose members are the reports themselves."""

from __future__ import annotations

import pytest

from service.ask import Assistant
from tests.ventures import assistant_over

CASES = {
    "jet.md": "# Quiet jets\n\nInstitution: University of Dundee\n\nNorvia Quiet Ltd was spun out in 2011.\n",
    "wheat.md": "# Hardy wheat\n\nInstitution: University of Leeds\n\nThe wheat grows on poor soil.\n",
}


cases = assistant_over(CASES)


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("Which case studies come from Scotland?", ["Quiet jets"]),
        ("Which case studies come from the United Kingdom?", ["Hardy wheat", "Quiet jets"]),
        ("Which case studies describe a spin-out?", ["Quiet jets"]),
        ("How many case studies describe a spin-out?", ["Quiet jets"]),
    ],
)
def test_reports_are_listed_by_origin_and_by_what_they_tell(
    cases: Assistant, question: str, titles: list[str]
) -> None:
    assert sorted(item.label.split(" (")[0] for item in cases.ask(question).items) == titles
