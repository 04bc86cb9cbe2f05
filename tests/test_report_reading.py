"""Lists of research: of each report, the passage about what is named that is read as the answer."""

from __future__ import annotations

from pathlib import Path

from index.embedder import SentenceTransformerEmbedder
from service.ask import Assistant
from tests.ventures import assistant_over, parts_over, written

REPORTS = {
    "lungs.md": (
        "# Training for weak lungs\n\nInstitution: King's College Marlow\n\nProfessor Anna Hartley built a breathing trainer. Hartley "
        "tested it on 1,400 patients.\n\nHartley has led the clinic since 2009. The study had a grant from the Calder Trust.\n\n"
        "The work was shown on BBC2 in May 2012.\n"
    ),
    "tiles.md": (
        "# Painted tiles\n\nInstitution: UNIVERSITY OF NORVIA and NORVIA SCHOOL OF ART\n\nThe tiles were studied for a decade. "
        "The Calder Trust (CT) paid for the catalogue of the tiles.\n"
    ),
    "soil.md": (
        "# Living soil\n\nInstitution: University of Halden\n\nThe soil test was paid for by the Ferrow Fund. "
        "A talk about soil was heard in Stockholm.\n"
    ),
    "jets.md": (
        "# Quiet jets\n\nInstitution: University of Halden\n\nThe wings were drawn in 2004. The BBC reported on the quiet jets.\n"
    ),
}


reports = assistant_over(REPORTS)


def _members(reports: Assistant, question: str) -> list[str]:
    return [item.label for item in reports.ask(question).items]


def test_research_is_listed_by_title_researcher_and_institution(reports: Assistant) -> None:
    assert sorted(_members(reports, "Which projects were paid for by the Calder Trust?")) == [
        "Painted tiles (UNIVERSITY OF NORVIA)",
        "Training for weak lungs (Anna Hartley, King's College Marlow)",
    ]


def test_each_piece_of_research_cites_the_passage_that_names_what_is_asked(reports: Assistant) -> None:
    answer = reports.ask("Which projects were paid for by the Calder Trust?")
    quotes = " ".join(citation.quote for citation in answer.citations)
    assert "a grant from the Calder Trust" in quotes
    assert "paid for the catalogue" in quotes


def test_whose_research_lists_the_research_too(reports: Assistant) -> None:
    found = _members(reports, "Whose work was on the BBC?")
    assert sorted(label.split(" (")[0] for label in found) == ["Quiet jets", "Training for weak lungs"]


def test_universities_are_those_that_the_reports_come_from(reports: Assistant) -> None:
    assert sorted(_members(reports, "Which universities had money from the Calder Trust?")) == [
        "King's College Marlow",
        "UNIVERSITY OF NORVIA",
    ]


def test_research_that_has_no_plural_is_counted_in_pieces(reports: Assistant) -> None:
    assert reports.ask("Whose work was on the BBC?").answer.startswith(
        "The reports name 2 pieces of research"
    )


def test_initials_name_what_they_are_initials_of(reports: Assistant) -> None:
    assert len(_members(reports, "Which research had CT money?")) == 2


def test_an_institution_of_a_report_is_not_asked_for_its_own_research(reports: Assistant) -> None:
    labels = _members(reports, "Which universities worked with the University of Halden?")
    assert "University of Halden" not in labels


def test_a_report_without_a_printed_title_is_called_by_its_first_sentence(
    minilm: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    untitled = {
        "a.txt": "Institution: Lund University\n\nLamps were made brighter by the laboratory in 2004.\n"
    }
    with parts_over(written({**REPORTS, **untitled}, tmp_path / "in"), tmp_path / "data", minilm) as parts:
        found = _members(parts.assistant, "Which case studies come from Lund University?")
    assert found == ["Lamps were made brighter by the laboratory in 2004. … (Lund University)"]
