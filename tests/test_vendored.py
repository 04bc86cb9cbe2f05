"""What was made elsewhere is what its makers published, with its licence beside it."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from service.web.assets import STATIC_DIR

FOLDERS = (STATIC_DIR / "vendor", Path(__file__).parent / "vendor")
LISTED = [
    (folder, library)
    for folder in FOLDERS
    for library in tomllib.loads((folder / "vendored.toml").read_text("utf-8"))["vendored"]
]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_file_is_the_listed_one(folder: Path) -> None:
    listed = {name: digest for at, one in LISTED if at == folder for name, digest in one["sha256"].items()}
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "vendored.toml"
    }
    assert found == listed


@pytest.mark.parametrize(("folder", "library"), LISTED, ids=str)
def test_a_vendored_library_has_version_licence_and_origin(folder: Path, library: dict[str, str]) -> None:
    at = {Path(name).parts[0] for name in library["sha256"]}
    assert all(name.endswith(library["version"]) for name in at)
    assert library["licence"]
    assert library["package"].endswith(library["version"])
    assert any(Path(name).name == "LICENSE" for name in library["sha256"])
