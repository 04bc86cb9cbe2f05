"""A person with a browser and no JavaScript: asks, follows a citation, sees the words marked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.serving import Served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER WAS TESTED: chromium is not installed (apt-get install chromium)"
)


@pytest.fixture
def page(running: Served) -> Iterator[Page]:
    """A page 320 pixels wide; a message of the console, such as one about the policy, is a failure."""
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": 320, "height": 640}, base_url=running.url
        )
        opened = context.new_page()
        opened.on("console", lambda message: said.append(message.text))
        yield opened
        browser.close()
    assert said == []


def test_a_question_leads_to_the_marked_words(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill("Which SMEs spun off companies?")
    page.get_by_role("button", name="Ask").click()
    assert "Tarnwood Diagnostics" in page.locator(".answer").inner_text()
    page.locator(".answer .mark").first.click()
    assert page.url.endswith("#source-1")
    page.locator("#source-1 .where a").click()
    mark = page.locator("mark#quote")
    assert "Tarnwood" in mark.inner_text()
    box = mark.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 640, "the words are scrolled into view"


@pytest.mark.parametrize("path", ["/", "/?q=Which+SMEs+spun+off+companies%3F", "/documents", "/facts"])
def test_a_page_fits_a_small_screen(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
