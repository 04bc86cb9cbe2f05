"""Quotes in a browser: shown at their marks, and in their reports with the words marked."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import needs_chromium, opened, violations
from tests.library import LAID, NOTHING, PRINTED, asked
from tests.serving import Served

pytestmark = needs_chromium


def test_a_mark_shows_its_quote_to_the_pointer_and_the_quote_stays_while_it_is_pointed_at(page: Page) -> None:
    asked(page)
    page.locator(".answer button.mark").first.hover()
    card = page.locator("#quote-card")
    expect(card).to_contain_text("Tarnwood Cells Ltd, an SME")
    card.hover()
    page.wait_for_timeout(500)
    expect(card).to_be_visible()
    page.mouse.move(1, 1)
    expect(card).to_have_count(0)


def test_escape_closes_the_quote_and_leaves_the_reader_at_the_mark(page: Page) -> None:
    asked(page)
    mark = page.locator(".answer button.mark").first
    mark.focus()
    expect(page.locator("#quote-card")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Show it in the report")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#quote-card")).to_have_count(0)
    expect(mark).to_be_focused()


def test_a_tap_on_a_mark_shows_its_quote_and_a_tap_elsewhere_closes_it(
    browser: Browser, library: Served
) -> None:
    with opened(browser, library.url, width=390, touch=True) as page:
        asked(page)
        page.locator(".answer button.mark").first.tap()
        expect(page.locator("#quote-card")).to_be_visible()
        page.locator(".question").first.tap()
        expect(page.locator("#quote-card")).to_have_count(0)


def test_a_quote_on_a_small_screen_never_hides_its_mark(browser: Browser, library: Served) -> None:
    with opened(browser, library.url, width=390, height=500) as page:
        asked(page)
        for mark in page.locator(".answer button.mark").all():
            mark.focus()
            inside = page.evaluate(
                """() => {
                  const {left, top, width, height} = document.activeElement.getBoundingClientRect();
                  return document.elementFromPoint(left + width / 2, top + height / 2) === document.activeElement;
                }"""
            )
            assert inside


def test_the_sources_are_leafed_through_in_the_report(page: Page) -> None:
    asked(page, "What did LUMEN-3 achieve?")
    page.locator(".sources .where a").first.click()
    panel = page.locator("#evidence")
    expect(panel).to_contain_text("Source 1 of")
    first = panel.locator("mark").first.inner_text()
    panel.get_by_role("link", name="Next").click()
    expect(panel).to_contain_text("Source 2 of")
    assert panel.locator("mark").first.inner_text() != first
    panel.get_by_role("link", name="Previous").click()
    expect(panel).to_contain_text("Source 1 of")


def test_a_nearest_passage_is_shown_in_its_report(page: Page) -> None:
    asked(page, NOTHING)
    page.locator(".passages .where a").first.click()
    expect(page.locator("#evidence mark").first).to_be_visible()


@pytest.mark.parametrize("company", LAID, ids=["upright", "turned", "cropped"])
def test_a_printed_source_is_shown_on_its_page_with_the_words_marked(page: Page, company: str) -> None:
    asked(page, f"How many jobs did {company} create?")
    page.locator(".answer button.mark").first.click()
    page.get_by_role("link", name="Show it in the report").click()
    sheet = page.locator("#evidence .sheet.drawn")
    expect(sheet).to_have_attribute("data-page", "2")
    assert 0.9 < inked(page) <= 1, "nearly all that is printed on the page lies under the marks"
    assert violations(page) == []


def inked(page: Page) -> float:
    """The share of the dark pixels of the drawn page that lie under its marks."""
    return float(
        page.evaluate("""() => {
          const canvas = document.querySelector('#evidence canvas');
          const box = document.querySelector('#evidence svg').viewBox.baseVal;
          const scale = canvas.width / box.width;
          const rects = [...document.querySelectorAll('#evidence rect')].map((r) => r.getBBox());
          const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let under = 0, all = 0;
          for (let at = 0; at < data.length; at += 4) {
            if (data[at] > 128) continue;
            const x = ((at / 4) % canvas.width) / scale, y = Math.floor(at / 4 / canvas.width) / scale;
            all += 1;
            under += rects.some((r) => x >= r.x - 1 && x <= r.x + r.width + 1 && y >= r.y - 1 && y <= r.y + r.height + 1);
          }
          return under / all;
        }""")
    )


def test_the_report_closes_and_leaves_the_reader_at_the_mark(page: Page) -> None:
    asked(page)
    mark = page.locator(".answer button.mark").first
    mark.click()
    page.get_by_role("link", name="Show it in the report").click()
    expect(page.locator("#evidence-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#evidence")).to_be_hidden()
    expect(mark).to_be_focused()


def test_a_quote_and_an_open_report_keep_nobody_out(page: Page) -> None:
    asked(page)
    page.locator(".answer button.mark").first.click()
    assert violations(page) == []
    page.get_by_role("link", name="Show it in the report").click()
    expect(page.locator("#evidence mark").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_source_on_a_page_of_its_own_keeps_nobody_out(
    browser: Browser, library: Served, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, library.url, scheme=scheme) as page:
        asked(page, PRINTED)
        page.goto(str(page.locator(".sources .where a").first.get_attribute("href")))
        page.locator(".sheet.drawn").wait_for()
        assert violations(page) == []
        page.get_by_role("link", name="Read the whole text").click()
        page.locator(".sheet.drawn").wait_for()
        assert violations(page) == []
