"""The layout holds: three packages that are ours, data flowing one way, modules named for what they hold."""

from __future__ import annotations

import importlib
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "service")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
IMPORTS = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
ONE_IMPORTER = {  # so that a library is replaced, or left unloaded, in one file
    "faiss": "index.vectors",
    "sentence_transformers": "index.embedder",
    "torch": "index.embedder",
    "transformers": "index.embedder",
    "spacy": "corpus.parsing",
    "syntok": "corpus.sentences",
    "text_to_num": "corpus.numerals",
    "jinja2": "service.web",
    "prometheus_client": "service.metrics",
    "pydantic_settings": "service.settings",
}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_is_ours_and_nobody_elses(package: str) -> None:
    # Other distributions carry packages called corpus, index and service; an editable install lists none.
    assert set(packages_distributions().get(package, ())) <= {"impactqa"}
    assert importlib.import_module(package).__file__ == str(ROOT / package / "__init__.py")


def test_the_import_contracts_hold() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize(("library", "importer"), ONE_IMPORTER.items())
def test_a_heavy_library_has_one_importer(library: str, importer: str) -> None:
    assert IMPORTS.find_modules_that_directly_import(library) == {importer}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_named_for_what_it_holds(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "manager", "misc", "base"}


def test_every_pinned_dependency_is_pinned_exactly() -> None:
    pins = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(pin.count("==") == 1 and "+" not in pin for pin in pins)


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {*project["dependencies"], *project["optional-dependencies"]["dev"]}
    pinned = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert {_normal(name) for name in named} <= {_normal(name) for name in pinned}


def _normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")
