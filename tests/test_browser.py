"""A person with a browser: asks, follows a citation, sees the words marked; with scripts and without."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import needs_chromium, opened, overflows, violations
from tests.serving import Served

pytestmark = needs_chromium

QUESTION = "/?q=Which+SMEs+spun+off+companies%3F"
PAGES = ["/", QUESTION, "/documents", "/facts", "/facts?q=zorblatt", "/accessibility"]


def test_a_question_leads_to_the_marked_words(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_label("Your question").fill("Which SMEs spun off companies?")
    plain.get_by_role("button", name="Ask").click()
    assert "Tarnwood Diagnostics" in plain.locator(".answer").inner_text()
    plain.locator(".answer .mark").first.click()
    assert plain.url.endswith("-source-1")
    plain.locator(".sources .where a").first.click()
    mark = plain.locator("mark#quote")
    assert "Tarnwood" in mark.inner_text()
    box = mark.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 640, "the words are scrolled into view"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_small_screen(plain: Page, path: str) -> None:
    plain.goto(path)
    assert not overflows(plain)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_a_page_keeps_nobody_out(
    browser: Browser, library: Served, path: str, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, library.url, scheme=scheme, may_fail=("status of 404",)) as page:
        page.goto(path)
        assert violations(page) == []
