"""The command line, run in this process as a user would type it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service import cli
from service.version import service_version
from tests.reports import HALDEN


@pytest.fixture(autouse=True)
def hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACTQA_MODEL", "hash")


@pytest.fixture
def in_data_dir(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMPACTQA_DATA_DIR", str(data_dir))
    return data_dir


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def failure(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """What `impactqa ARGUMENTS` says on stderr when it fails with exit code 1."""
    monkeypatch.setattr(sys, "argv", ["impactqa", *arguments])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    return capsys.readouterr().err


@pytest.mark.usefixtures("in_data_dir")
def test_a_question_is_answered_with_its_sources() -> None:
    result = run("ask", "Which SMEs spun off companies?")
    assert result.exit_code == 0
    assert "Tarnwood Diagnostics" in result.stdout
    assert '[1] "' in result.stdout


@pytest.mark.usefixtures("in_data_dir")
def test_a_follow_up_is_asked_in_its_conversation() -> None:
    first = json.loads(run("ask", "Which SMEs spun off companies?", "--json").stdout)
    second = run("ask", "How many jobs were created?", "--conversation", first["conversation_id"], "--json")
    assert json.loads(second.stdout)["conversation_id"] == first["conversation_id"]


@pytest.mark.usefixtures("in_data_dir")
def test_facts_come_as_table_csv_and_json() -> None:
    assert "Tarnwood" in run("facts", "--outcome-type", "spin_out").stdout
    assert run("facts", "--format", "csv").stdout.startswith("id,document_id,outcome_type")
    facts = json.loads(run("facts", "--outcome-type", "spin_out", "--format", "json").stdout)
    assert {fact["outcome_type"] for fact in facts} == {"spin_out"}


@pytest.mark.usefixtures("in_data_dir")
def test_a_removed_document_is_gone_from_store_and_index() -> None:
    [halden, _] = json.loads(run("documents", "--json").stdout)
    assert run("remove", halden["id"]).exit_code == 0
    assert [document["source_name"] for document in json.loads(run("documents", "--json").stdout)] == [
        "norvia.md"
    ]
    answer = json.loads(run("ask", "How many patents did Halden University file?", "--json").stdout)
    assert answer["status"] == "no_answer"


def test_a_file_is_ingested_once(tmp_path: Path, in_data_dir: Path) -> None:
    (tmp_path / "more.txt").write_text(HALDEN.replace("Halden", "Selmark").replace("HALDEN", "SELMARK"))
    assert "added" in run("ingest", str(tmp_path / "more.txt")).stdout
    built = (in_data_dir / "index" / "current").read_text()
    assert "unchanged" in run("ingest", str(tmp_path / "more.txt")).stdout
    assert (in_data_dir / "index" / "current").read_text() == built


@pytest.mark.usefixtures("in_data_dir")
def test_a_bad_file_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a_bad.txt").write_bytes(b"\x00\x01\x02")
    (folder / "b_good.txt").write_text("The Brindle Fund created 55 jobs in 2019. It supports small firms.")
    result = run("ingest", str(folder))
    assert result.exit_code == 1
    assert "a_bad.txt" in result.stderr
    assert "1 of 2 files were not read" in result.stderr
    names = [document["source_name"] for document in json.loads(run("documents", "--json").stdout)]
    assert "b_good.txt" in names
    assert "a_bad.txt" not in names


@pytest.mark.usefixtures("in_data_dir")
def test_the_index_is_built_again_on_demand() -> None:
    result = run("index")
    assert result.exit_code == 0
    assert "of 2 documents" in result.stderr


@pytest.mark.usefixtures("in_data_dir")
def test_questions_with_known_answers_are_judged(tmp_path: Path) -> None:
    good = {"id": "a", "type": "list", "question": "Which SMEs spun off companies?", "must": [["Tarnwood"]]}
    bad = {"id": "b", "type": "count", "question": "How many jobs were created?", "must": [["one million"]]}
    (tmp_path / "questions.jsonl").write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n")
    result = run("eval", str(tmp_path / "questions.jsonl"), "--json", "--at-least", "0.9")
    report = json.loads(result.stdout)
    assert report["types"]["list"] == {"hits": 1, "of": 1, "value": 1.0}
    assert [failed["id"] for failed in report["failed"]] == ["b"]
    assert result.exit_code == 1


@pytest.mark.usefixtures("in_data_dir")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["remove", "doc_0"], "doc_0"),
        (["ask", "   "], "empty"),
        (["ask", "Who?", "--conversation", "cnv_0"], "cnv_0"),
        (["eval", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_a_failure_is_one_line_with_a_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    said = failure(capsys, monkeypatch, *arguments)
    assert said.startswith("impactqa: ")
    assert said.count("\n") == 1
    assert words in said


@pytest.mark.usefixtures("in_data_dir")
def test_an_index_of_another_model_is_refused_with_the_command_that_rebuilds_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.embedder.HashEmbedder.name", "hash-999")
    assert "Rebuild it with: impactqa index" in failure(capsys, monkeypatch, "ask", "Who was trained?")


def test_a_bad_setting_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACTQA_PORT", "many")
    assert failure(capsys, monkeypatch, "documents").startswith("impactqa: IMPACTQA_PORT: ")


def test_health_of_a_service_that_does_not_run_is_1() -> None:
    assert run("health", "--url", "http://127.0.0.1:9").exit_code == 1


def test_the_version_is_printed() -> None:
    assert run("version").stdout == f"{service_version()}\n"


def test_help_loads_no_heavy_library() -> None:
    heavy = ("torch", "faiss", "spacy", "fastapi", "sqlalchemy")
    script = f"import sys, service.cli; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


@pytest.mark.usefixtures("in_data_dir")
def test_a_table_is_imported_through_a_mapping_and_its_bad_rows_are_told(tmp_path: Path) -> None:
    table = tmp_path / "partners.csv"
    table.write_text(
        "project_rcn,name,activity_type,country\n7,Norvia Biotech,PRC,NO\n7,Halden Institute,ZZZ,NO\n"
    )
    imported = run("import-facts", str(table), "--mapping", "cordis_participants")
    assert imported.exit_code == 0
    assert "row 3: activity_type: 'ZZZ' is none of the kinds: HES, REC, PRC, PUB, OTH" in imported.stdout
    assert run("import-facts", str(table), "--mapping", "cordis_participants").stdout.startswith("unchanged")
