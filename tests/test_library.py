"""The page of documents: reports are added, followed, asked about and removed, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from corpus.jobs import Job, JobFile
from service.running.app import create_app
from service.settings import Settings
from service.web.library import Work
from tests.browser import needs_chromium, opened, overflows, violations
from tests.library import printed
from tests.serving import Served, served
from tests.test_pages import page as page_of

REPORT = printed("Farrow Instruments", lambda canvas: None)


@pytest.fixture(scope="module")
def added_to(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service without documents, whose collection these tests change."""
    settings = pytest.MonkeyPatch()
    settings.setenv("IMPACTQA_INDEX_SAMPLES", "false")
    with served(tmp_path_factory.mktemp("empty")) as service:
        settings.undo()
        yield service


@pytest.fixture
def own(browser: Browser, added_to: Served) -> Iterator[Page]:
    with opened(browser, added_to.url, may_fail=("status of 422",)) as fresh:
        yield fresh


def pdf(folder: Path, name: str = "farrow.pdf", data: bytes = REPORT) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def work(**fields: object) -> Work:
    job = {"id": "job_1", "kind": "ingest", "created_at": "", "updated_at": ""}
    return Work(Job.model_validate(job | {"files": [JobFile(name="a.pdf")]} | fields))


def test_a_job_is_told_in_words() -> None:
    assert work(state="running", stage="reading").heading == "Adding a.pdf"
    assert work(state="done", stage="finished").heading == "a.pdf is added"
    assert work(state="failed", stage="finished").heading == "a.pdf could not be added"


def test_a_job_that_failed_in_part_says_how_much_was_done() -> None:
    files = [JobFile(name="a.pdf", outcome="added"), JobFile(name="b.pdf", outcome="failed", reason="torn")]
    told = work(state="done", stage="finished", files=files)
    assert told.heading == "1 of 2 files is added"
    assert told.failures == [("b.pdf", "could not be read: torn")]


def test_reading_is_the_first_half_of_a_job() -> None:
    read = [JobFile(name="a.pdf", outcome="added"), JobFile(name="b.pdf")]
    assert work(state="running", stage="reading", files=read).percent == 25
    half = {"passages_embedded": 5, "passages_to_embed": 10}
    assert work(state="running", stage="indexing", files=read[:1], **half).percent == 75


def test_the_list_says_what_was_found_in_each(client: TestClient) -> None:
    html = page_of(client, "/documents")
    assert "English" in html
    assert "ready" in html
    assert re.search(r'aria-label="\d+ facts of The Norvia programme', html)


def test_a_file_of_no_known_kind_is_named(client: TestClient) -> None:
    answer = client.post("/documents", files={"file": ("tool.exe", b"MZ")}, headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert "&#39;tool.exe&#39; is of no known kind" in answer.text


def test_another_site_cannot_remove_for_its_reader(client: TestClient) -> None:
    document = client.get("/v1/documents").json()["documents"][0]["id"]
    answer = client.post(f"/documents/{document}/remove", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_an_upload_by_a_page_may_be_as_large_as_one_by_a_program(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, model="hash", body_bytes_max=1024)
    with TestClient(create_app(settings)) as client:
        answer = client.post("/documents", files={"file": ("a.txt", b"Norvia grew. " * 200)})
        assert answer.status_code == 200
        assert "a.txt" in answer.text


def test_the_start_page_has_the_figures_of_the_corpus(client: TestClient) -> None:
    facts = client.get("/v1/facts").json()["total"]
    assert f'<a href="/facts">{facts}</a>' in page_of(client, "/")


def test_every_example_is_answered(client: TestClient) -> None:
    examples = re.findall(r'<li><a href="(/\?q=[^"]+)">', page_of(client, "/"))
    assert examples
    assert not [url for url in examples if "No answer in the reports" in client.get(url).text]


@needs_chromium
def test_an_empty_collection_says_what_to_do(own: Page) -> None:
    for path in ("/", "/facts", "/documents"):
        own.goto(path)
        expect(own.locator(".empty")).to_contain_text("Add a report")
        assert violations(own) == []


@needs_chromium
def test_a_report_is_added_asked_about_and_removed(own: Page, tmp_path: Path) -> None:
    own.goto("/documents")
    own.get_by_label("Files").set_input_files(pdf(tmp_path))
    own.get_by_role("button", name="Add").focus()
    own.keyboard.press("Enter")
    expect(own.get_by_role("heading", level=1)).to_have_text("farrow.pdf is added", timeout=20_000)
    assert violations(own) == []
    own.get_by_label("Your question").fill("How many jobs did Farrow Instruments create?")
    own.keyboard.press("Enter")
    expect(own.locator(".answer")).to_contain_text("58 jobs")
    own.goto("/documents")
    row = own.get_by_role("row", name="farrow.pdf")
    assert [cell.strip() for cell in row.locator("[data-label=Pages]").all_inner_texts()] == ["2"]
    assert violations(own) == []
    own.get_by_role("link", name="Remove farrow").click()
    assert violations(own) == []
    own.get_by_role("button", name="Remove").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("farrow.pdf is removed")
    own.goto("/documents")
    expect(own.locator(".empty")).to_be_visible()


@needs_chromium
def test_what_cannot_be_taken_or_read_is_named(own: Page, tmp_path: Path) -> None:
    own.goto("/documents")
    own.get_by_label("Files").set_input_files(pdf(tmp_path, "tool.exe"))
    own.get_by_role("button", name="Add").click()
    expect(own.get_by_role("alert")).to_contain_text("'tool.exe' is of no known kind")
    own.get_by_label("Files").set_input_files(pdf(tmp_path, "torn.pdf", b"%PDF-1.7 torn"))
    own.get_by_role("button", name="Add").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("torn.pdf could not be added", timeout=20_000)
    expect(own.locator("#job")).to_contain_text("torn.pdf is no PDF that can be read")
    own.goto("/documents")
    expect(own.locator(".notice strong").first).to_have_text("torn.pdf")


@needs_chromium
def test_a_report_is_added_and_removed_without_scripts(
    browser: Browser, added_to: Served, tmp_path: Path
) -> None:
    with opened(browser, added_to.url, javascript=False, width=320, height=640) as plain:
        plain.goto("/documents")
        plain.get_by_label("Files").set_input_files(pdf(tmp_path, "plain.pdf"))
        plain.get_by_role("button", name="Add").click()
        expect(plain.get_by_role("heading", level=1)).to_have_text("plain.pdf is added", timeout=20_000)
        plain.goto("/documents")
        assert not overflows(plain)
        plain.get_by_role("link", name="Remove").click()
        assert not overflows(plain)
        plain.get_by_role("button", name="Remove").click()
        expect(plain.get_by_role("heading", level=1)).to_have_text("plain.pdf is removed", timeout=20_000)
