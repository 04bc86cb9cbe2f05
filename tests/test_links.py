"""Links: a row that names a project by its id gets the name that another table gives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.ingest import ingest
from corpus.mapping import named
from corpus.store import Store

PROJECTS = "rcn,acronym,ecMaxContribution,coordinator\n101,LUMEN-3,5000,Norvia Institute\n"
PARTICIPANTS = (
    "project_rcn,name,activity_type,country\n101,Norvia Biotech,PRC,NO\n102,Norvia Institute,REC,NO\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {"projects": tmp_path / "projects.csv", "participants": tmp_path / "participants.csv"}
    found["projects"].write_text(PROJECTS)
    found["participants"].write_text(PARTICIPANTS)
    return found


def projects_of(store: Store) -> list[tuple[str, str, str | None]]:
    facts = [fact for fact in store.facts() if fact.predicate == "participate"]
    return [(fact.subject, fact.project, fact.object_key) for fact in facts]


LINKED = [("Norvia Biotech", "LUMEN-3", "lumen3"), ("Norvia Institute", "rcn 102", "rcn102")]


@pytest.mark.parametrize("order", [("projects", "participants"), ("participants", "projects")])
def test_participants_come_out_under_the_acronym_in_either_order(
    store: Store, files: dict[str, Path], order: tuple[str, ...]
) -> None:
    for name in order:
        ingest([files[name]], store)
    assert projects_of(store) == LINKED


def test_importing_the_same_bytes_again_changes_nothing(store: Store, files: dict[str, Path]) -> None:
    ingest(list(files.values()), store)
    before = store.fingerprint()
    assert {entry.outcome for entry in ingest(list(files.values()), store)} == {"unchanged"}
    assert store.fingerprint() == before


def test_a_changed_projects_table_renames_the_projects_of_participants(
    store: Store, files: dict[str, Path]
) -> None:
    ingest(list(files.values()), store)
    files["projects"].write_text(PROJECTS.replace("LUMEN-3", "LUMEN-4"))
    (entry,) = ingest([files["projects"]], store)
    assert entry.outcome == "replaced"
    assert projects_of(store)[0] == ("Norvia Biotech", "LUMEN-4", "lumen4")


def test_another_mapping_reads_the_same_bytes_anew(
    store: Store, files: dict[str, Path], tmp_path: Path
) -> None:
    ingest([files["participants"]], store)
    (tmp_path / "own.toml").write_text(
        'title = "own"\n[[table]]\nname = "own"\nrecognised_by = ["name"]\n[[table.fact]]\n'
        'outcome_type = "award"\nobject = "{name}"\n'
    )
    own = named(str(tmp_path / "own.toml"))
    assert ingest([files["participants"]], store, mapping=own)[0].outcome == "reread"
    assert [fact.outcome_type for fact in store.facts()] == ["award", "award"]
    assert ingest([files["participants"]], store, mapping=own)[0].outcome == "unchanged"


def test_a_decision_about_a_row_outlives_the_renaming_of_its_project(
    store: Store, files: dict[str, Path]
) -> None:
    ingest([files["participants"]], store)
    (norvia, _) = [fact for fact in store.facts() if fact.predicate == "participate"]
    store.curation.decide(norvia.id, "reject", "Ada Halden")
    ingest([files["projects"]], store)
    assert (store.fact(norvia.id).review, store.fact(norvia.id).project) == ("rejected", "LUMEN-3")
