"""ImpactQA's whole answers, from a store of reports with at least as many passages."""

from __future__ import annotations

from pathlib import Path

from service.parts import Parts
from service.settings import Settings
from tests.peers.asked import Search, answer_lines


def opened(folder: Path) -> Search:
    """The documents that the answer to a question cites; the store is that of the settings."""
    assistant = Parts.open(Settings()).assistant
    return lambda question: [citation.document_id for citation in assistant.ask(question).citations]


if __name__ == "__main__":
    answer_lines(opened)
