"""The question page in a browser: ask, go on, copy, judge, share; by keyboard, on a phone, without scripts."""

from __future__ import annotations

import re
from typing import Literal

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser import needs_chromium, opened, overflows, violations
from tests.first_answer import visible_ms
from tests.library import NOTHING, PRINTED, QUESTION, asked
from tests.serving import Served

pytestmark = needs_chromium


def test_a_follow_up_joins_the_thread_without_loading_the_page(page: Page) -> None:
    asked(page)
    page.evaluate("document.documentElement.dataset.same = 'yes'")
    page.get_by_label("Ask a follow-up").fill("How many jobs were created?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".newest .question")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Answer ready, \d sources?\."))
    expect(page.get_by_label("Ask a follow-up")).to_have_value("")
    assert page.evaluate("document.documentElement.dataset.same") == "yes"
    assert re.search(r"/answers/ans_\w+$", page.url)
    page.locator(".newest button.mark").first.click()
    expect(page.locator("#quote-card")).to_contain_text("420 jobs")
    assert violations(page) == []


def test_going_back_leads_to_the_answer_before(page: Page) -> None:
    asked(page)
    page.get_by_label("Ask a follow-up").fill("How many jobs were created?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".turn")).to_have_count(2)
    page.go_back()
    expect(page.locator(".newest .question")).to_have_text(QUESTION)


def test_an_answer_is_copied_with_its_sources(page: Page) -> None:
    asked(page)
    page.locator("summary", has_text="Copy").click()
    page.get_by_role("link", name="Markdown").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"## {QUESTION}")
    assert "1. > Tarnwood Cells Ltd" in text


def test_what_a_reader_says_is_kept_with_the_answer(page: Page, library: Served) -> None:
    asked(page)
    page.get_by_role("button", name="Wrong source").click()
    expect(page.locator(".feedback")).to_contain_text("wrong source")
    answer = page.locator(".turn").get_attribute("id")
    said = page.request.get(f"{library.url}/v1/answers/{answer}/feedback").json()["feedback"]
    assert [one["verdict"] for one in said] == ["wrong_source"]


def test_a_reader_can_say_what_is_wrong(page: Page, library: Served) -> None:
    asked(page)
    page.get_by_role("button", name="Not useful").click()
    page.get_by_label("What is wrong?").fill("It leaves two out.")
    assert violations(page) == []
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("What is wrong?")).to_have_count(0)
    answer = page.locator(".turn").get_attribute("id")
    said = page.request.get(f"{library.url}/v1/answers/{answer}/feedback").json()["feedback"]
    assert [one["note"] for one in said] == ["", "It leaves two out."]


def test_a_question_can_be_asked_otherwise(page: Page) -> None:
    asked(page, "What came of the programme?")
    page.get_by_text("Not what you meant?").click()
    page.get_by_label("Only about").select_option("employment")
    page.get_by_role("button", name="Ask it this way").click()
    expect(page.locator(".newest .understood")).to_contain_text("only jobs")


def test_an_answer_without_support_says_what_is_missing(page: Page) -> None:
    asked(page, NOTHING)
    expect(page.locator(".verdict")).to_have_text("No answer in the reports.")
    assert violations(page) == []


@pytest.mark.parametrize("question", [QUESTION, NOTHING, PRINTED])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_answer_keeps_nobody_out(
    browser: Browser, library: Served, question: str, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, library.url, scheme=scheme) as page:
        asked(page, question)
        page.get_by_text("Not what you meant?").click()
        assert violations(page) == []


def test_a_service_that_does_not_answer_is_named_and_the_question_is_kept(
    browser: Browser, library: Served
) -> None:
    with opened(browser, library.url, may_fail=("/?q=How", "Failed to fetch")) as page:
        asked(page)
        page.route("**/?q=How**", lambda route: route.abort())
        page.get_by_label("Ask a follow-up").fill("How many jobs were created?")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("did not answer")
        expect(page.get_by_label("Ask a follow-up")).to_have_value("How many jobs were created?")


def test_everything_fits_a_small_screen(browser: Browser, library: Served) -> None:
    with opened(browser, library.url, width=320, height=640) as page:
        asked(page, PRINTED)
        page.get_by_text("Not what you meant?").click()
        assert not overflows(page)
        page.locator(".answer button.mark").first.click()
        page.get_by_role("link", name="Show it in the report").click()
        page.locator("#evidence .sheet.drawn").wait_for()
        assert not overflows(page)
        assert page.evaluate("document.getElementById('evidence').scrollWidth") <= 320
        assert violations(page) == []


def test_the_keyboard_is_enough(page: Page) -> None:
    page.goto("/")
    page.keyboard.type(QUESTION)  # the field has the focus
    page.keyboard.press("Enter")
    page.locator("html.ready").wait_for()
    reach(page, "button.mark")
    reach(page, "#quote-card a")
    page.keyboard.press("Enter")
    expect(page.locator("#evidence-title")).to_be_focused()
    page.keyboard.press("Escape")
    reach(page, ".feedback button")
    page.keyboard.press("Enter")
    expect(page.locator(".thanks")).to_be_visible()


def reach(page: Page, selector: str) -> None:
    """Presses Tab until the focus is on `selector`, which must be soon."""
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def test_the_same_way_is_open_without_scripts(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_label("Your question").fill(PRINTED)
    plain.get_by_role("button", name="Ask", exact=True).click()
    plain.locator(".answer .mark").first.click()
    plain.locator(".sources .where a").first.click()
    expect(plain.locator(".evidence mark")).to_contain_text("58 jobs")
    expect(plain.get_by_role("link", name="Open the original, page 2")).to_be_visible()
    plain.locator(".back a").click()
    plain.get_by_role("button", name="Useful", exact=True).click()
    expect(plain.locator(".thanks")).to_contain_text("useful")
    plain.get_by_label("Ask a follow-up").fill("Where?")
    plain.get_by_role("button", name="Ask", exact=True).click()
    expect(plain.locator(".earlier")).to_contain_text(PRINTED)


def test_an_answer_has_an_address_of_its_own(page: Page) -> None:
    asked(page)
    answer = page.locator(".turn").get_attribute("id")
    said = page.locator(".answer").inner_text()
    page.goto(f"/answers/{answer}")
    expect(page.locator(".then")).to_contain_text("Answered on")
    assert page.locator(".answer").inner_text() == said


def test_an_answer_on_paper_has_its_sources_though_they_are_folded_on_the_screen(page: Page) -> None:
    asked(page)
    page.locator(".basis summary").click()
    expect(page.locator(".sources li").first).to_be_hidden()
    paper = pypdfium2.PdfDocument(page.pdf())
    text = " ".join(" ".join(sheet.get_textpage().get_text_range() for sheet in paper).split())
    assert "spun off a company called Tarnwood Diagnostics Ltd." in text
    assert "[1]" in text
    assert "Ask a follow-up" not in text


def test_a_first_answer_can_soon_be_seen(browser: Browser, library: Served) -> None:
    assert min(visible_ms(browser, library.url, QUESTION) for _ in range(3)) < 1_000  # `make paint` measures


@pytest.mark.parametrize("path", ["/", f"/?q={QUESTION}", "/facts", "/documents"])
def test_a_first_load_is_small(page: Page, path: str) -> None:
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert len(requests) > 3
    assert sum(request.sizes()["responseBodySize"] for request in requests) < 150_000
