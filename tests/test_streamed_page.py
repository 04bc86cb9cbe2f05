"""The page of an answer as it comes to be: how the question is read, then the answer, with scripts and without."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import httpx2
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, Route, expect

from service.answer import Answer
from service.errors import Problem
from service.parts import Parts
from service.running.app import create_app
from service.settings import Settings
from service.web import render
from tests.browser import needs_chromium, opened, violations
from tests.chat_models import chat_model, says
from tests.library import PRINTED, QUESTION, asked, collected
from tests.serving import Served, served

NEXT = "How many jobs did Quillmark Optics create?"


class Held(NamedTuple):
    """A service whose answers are there once its language model may speak."""

    service: Served
    may_speak: threading.Event

    @property
    def url(self) -> str:
        return self.service.url


@contextmanager
def holding(data_dir: Path) -> Iterator[Held]:
    may_speak = threading.Event()

    def unchanged(data: dict[str, Any]) -> object:
        may_speak.wait(20)
        return data

    with chat_model(says(unchanged)) as model:
        settings = {"llm_url": model.url, "llm_model": "slow", "llm_timeout_seconds": "30"}
        with served(data_dir, **settings) as service:
            yield Held(service, may_speak)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return collected(tmp_path_factory.mktemp("streamed"))


@pytest.fixture(scope="module")
def service(data: Path) -> Iterator[Held]:
    with holding(data) as held:
        yield held


@pytest.fixture
def held(service: Held) -> Held:
    """The service of all these tests, its model silent."""
    service.may_speak.clear()
    return service


def test_how_a_question_is_read_is_sent_before_its_answer(held: Held) -> None:
    """Compressed or not, nothing holds the first piece back."""
    with httpx2.stream("GET", held.url, params={"q": PRINTED}, timeout=30) as reply:
        came = ""
        for piece in reply.iter_text():
            came += piece
            if "Searching the reports" in came and not held.may_speak.is_set():
                assert 'class="answer"' not in came
                held.may_speak.set()
    assert reply.headers["content-encoding"] == "gzip"
    assert came.index("Understood as") < came.index('class="answer"') < came.index('class="basis"')


def waiting(page: Page, question: str) -> None:
    """Enters the address of a question, and waits until the page says that it waits; playwright would for its end."""
    page.goto(f"/?q={question}", wait_until="commit")
    while not page.locator(".waiting").is_visible():
        page.wait_for_timeout(20)


@needs_chromium
@pytest.mark.parametrize("javascript", [True, False])
def test_a_reader_sees_how_the_question_is_read_before_the_answer(
    browser: Browser, held: Held, javascript: bool
) -> None:
    with opened(browser, held.url, javascript=javascript) as page:
        waiting(page, PRINTED)
        assert page.locator(".understood").is_visible()
        assert page.locator(".answer").count() == 0
        held.may_speak.set()
        expect(page.locator(".answer")).to_contain_text("58 jobs")
        expect(page.locator(".waiting")).to_be_hidden()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_that_still_comes_keeps_nobody_out(
    browser: Browser, held: Held, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, held.url, scheme=scheme) as page:
        held.may_speak.set()
        asked(page, PRINTED)
        held.may_speak.clear()
        follow_up(page)
        assert violations(page) == []
        held.may_speak.set()
        expect(page.locator(".newest .answer")).to_contain_text("58 jobs")
        assert violations(page) == []


def follow_up(page: Page) -> None:
    page.get_by_label("Ask a follow-up").fill(NEXT)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".newest .question")).to_have_text(NEXT)


@needs_chromium
def test_a_follow_up_grows_in_place_and_is_announced_once(browser: Browser, held: Held) -> None:
    with opened(browser, held.url) as page:
        held.may_speak.set()
        asked(page, PRINTED)
        held.may_speak.clear()
        page.evaluate(WATCHING)
        follow_up(page)
        expect(page.locator(".newest .understood")).to_contain_text("a figure")
        expect(page.locator(".newest .question")).to_be_focused()
        expect(page.locator("#searching")).to_be_visible()
        assert page.locator(".newest .answer").count() == 0
        held.may_speak.set()
        expect(page.locator(".newest .answer")).to_contain_text("58 jobs")
        expect(page.locator("#searching")).to_be_hidden()
        assert page.evaluate("watched") == {"said": ["Answer ready, 1 source."], "removed": 0}


# What the status says from now on, and how many elements go; marks become buttons.
WATCHING = """() => {
  window.watched = {said: [], removed: 0};
  new MutationObserver((all) => all.forEach(({target}) => target.textContent && watched.said.push(target.textContent)))
    .observe(document.getElementById("status"), {childList: true});
  new MutationObserver((all) => all.forEach(({removedNodes}) => {
    watched.removed += [...removedNodes].filter((node) => !node.matches?.("a.mark")).length;
  })).observe(document.getElementById("thread"), {childList: true, subtree: true});
}"""


@needs_chromium
def test_a_first_answer_is_announced_once(browser: Browser, held: Held) -> None:
    held.may_speak.set()
    with opened(browser, held.url) as page:
        asked(page, PRINTED)
        expect(page.get_by_role("status")).to_have_text("Answer ready, 1 source.")
        page.goto(f"/answers/{page.locator('.turn').get_attribute('id')}")
        page.locator("html.ready").wait_for()
        expect(page.get_by_role("status")).to_have_text("")  # it was there before


@needs_chromium
def test_a_follow_up_that_finds_no_room_is_asked_again(browser: Browser, held: Held) -> None:
    full = Problem(title="Service Unavailable", status=503, detail="Others are asking.", instance="/")
    refused = [render("problem.html", problem=full, again_seconds="1")]

    def answer(route: Route) -> None:
        if refused:
            route.fulfill(status=200, content_type="text/html", body=refused.pop())
        else:
            route.continue_()

    with opened(browser, held.url) as page:
        held.may_speak.set()
        asked(page, PRINTED)
        page.route("**/?q=*", answer)
        follow_up(page)
        expect(page.locator(".newest .answer")).to_contain_text("58 jobs")
        assert page.locator(".turn").count() == 2


@needs_chromium
def test_an_answer_that_breaks_off_leaves_the_thread_as_it_was(browser: Browser, data: Path) -> None:
    with holding(data) as broken, opened(browser, broken.url, may_fail=("ERR_", "/?q=How")) as page:
        broken.may_speak.set()
        asked(page, PRINTED)
        address = page.url
        broken.may_speak.clear()
        follow_up(page)
        broken.service.process.kill()
        expect(page.get_by_role("alert")).to_contain_text("did not answer")
        expect(page.locator(".turn")).to_have_count(1)
        expect(page.locator(".newest .question")).to_have_text(PRINTED)
        expect(page.get_by_label("Ask a follow-up")).to_have_value(NEXT)
        assert page.url != address  # that of the answer, which can be loaded again
        assert page.url.endswith(page.locator(".newest").get_attribute("id") or "no id")


def test_an_answer_that_fails_after_its_page_began_says_so(data_dir: Path) -> None:
    parts = Parts.open(Settings(_env_file=None, data_dir=data_dir, model="hash"))

    def broken(answer: Answer) -> None:
        raise RuntimeError("not for readers")

    try:
        with TestClient(create_app(parts=parts)) as client:
            parts.on_answer = broken
            html = client.get("/", params={"q": QUESTION}, headers={"accept": "text/html"}).text
    finally:
        parts.close()
    assert "Understood as" in html
    assert "The service failed; its log says why" in html
    assert html.rstrip().endswith("</html>")
    assert "not for readers" not in html
