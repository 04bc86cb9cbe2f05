"""<impact-chat> on a page of another site, under the strictest policy: ask, cite, follow up, judge, be refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.store import Store
from tests.browser import needs_chromium, opened, overflows, violations
from tests.serving import Served, served
from tests.sites import Site, site
from tests.test_guide import GUIDE, HERE

QUESTION = "Which SMEs spun off companies?"


class Embedded(NamedTuple):
    """A service that needs keys, another site that may ask it, and a key for questions alone."""

    service: Served
    site: Site
    key: str
    data_dir: Path


@pytest.fixture(scope="module")
def embedded(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    data_dir = Path(shutil.copytree(ingested, tmp_path_factory.mktemp("embedded") / "data"))
    with Store.open(data_dir) as store:
        key = store.keys.add("the site", ["ask"])[1]
    with site() as other, served(data_dir, keys="required", allowed_origins=other.url) as service:
        yield Embedded(service, other, key, data_dir)


def page_with(embedded: Embedded, attributes: str = "") -> None:
    """Lets the site serve a page with one script tag and one element; its policy allows nothing else."""
    url = embedded.service.url
    embedded.site.policy[0] = (
        f"default-src 'none'; script-src {url}; connect-src {url}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    embedded.site.page[0] = (
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>A site</title>"
        f"<script src='{url}/static/impact-chat/impact-chat.js' defer></script>"
        f"<main><h1>A site</h1><impact-chat {attributes}></impact-chat></main></html>"
    )


def own(embedded: Embedded) -> dict[str, object]:
    """The answer as the service's own interface gives it."""
    headers = {"authorization": f"Bearer {embedded.key}"}
    reply = httpx2.post(f"{embedded.service.url}/v1/ask", json={"question": QUESTION}, headers=headers)
    answer: dict[str, object] = reply.json()
    return answer


@pytest.fixture
def there(browser: Browser, embedded: Embedded) -> Iterator[Page]:
    page_with(embedded, f"endpoint={embedded.service.url} key={embedded.key}")
    with opened(browser, embedded.site.url, may_reach=(embedded.service.url,)) as page:
        page.goto("/")
        yield page


def asked(page: Page, question: str = QUESTION) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


@needs_chromium
def test_an_answer_comes_with_its_sources_under_a_strict_policy(there: Page, embedded: Embedded) -> None:
    asked(there)
    expect(there.get_by_role("status")).to_have_text(re.compile(r"Answer ready, \d sources?\."))
    expect(there.get_by_role("heading", name=QUESTION)).to_be_focused()
    there.get_by_role("button", name="Source 1").first.click()
    source = there.locator(".sources li").first
    expect(source).to_be_focused()
    answer: dict[str, list[dict[str, str]]] = own(embedded)  # type: ignore[assignment]
    expect(source.locator("blockquote")).to_have_text(answer["citations"][0]["quote"])
    assert source.get_by_role("link").get_attribute("href") == (
        embedded.service.url + answer["citations"][0]["url"]
    )


@needs_chromium
def test_the_words_are_those_of_the_answer(there: Page, embedded: Embedded) -> None:
    asked(there)
    there.locator(".turn").wait_for()
    said = there.locator(".turn").evaluate(
        "turn => [...turn.querySelectorAll(':scope > p, ul > li')].map(e => e.textContent)"
    )
    lines = [
        re.sub(r"[\[\]]", "", line.removeprefix("- ")) for line in str(own(embedded)["answer"]).split("\n")
    ]
    assert said[: len(lines)] == lines


@needs_chromium
def test_a_follow_up_joins_and_says_how_it_was_read(there: Page) -> None:
    asked(there)
    there.locator(".turn").wait_for()
    asked(there, "How many of them?")
    expect(there.locator(".turn")).to_have_count(2)
    expect(there.locator(".turn").last).to_contain_text("Understood as:")


@needs_chromium
def test_a_judgement_is_kept_with_the_answer(there: Page, embedded: Embedded) -> None:
    asked(there)
    there.get_by_role("button", name="Wrong source").click()
    expect(there.get_by_role("status")).to_have_text("Thank you.")
    with Store.open(embedded.data_dir) as store:
        kept = store.conversations.feedback(store.conversations.newest_answer_id() or "")
    assert [one.verdict for one in kept] == ["wrong_source"]


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_meets_the_accessibility_standard_and_fits_a_phone(
    browser: Browser, embedded: Embedded, scheme: str
) -> None:
    page_with(embedded, f"endpoint={embedded.service.url} key={embedded.key}")
    with opened(browser, embedded.site.url, width=320, may_reach=(embedded.service.url,)) as page:
        page.goto("/")
        page.evaluate("scheme => (document.documentElement.style.colorScheme = scheme)", scheme)
        asked(page)
        page.locator(".turn").wait_for()
        assert violations(page) == []
        assert not overflows(page)


@needs_chromium
def test_a_launcher_opens_and_closes_it_by_keyboard(browser: Browser, embedded: Embedded) -> None:
    page_with(embedded, f"launcher heading='Ask us' endpoint={embedded.service.url} key={embedded.key}")
    with opened(browser, embedded.site.url, may_reach=(embedded.service.url,)) as page:
        page.goto("/")
        expect(page.get_by_label("Your question")).to_be_hidden()
        page.get_by_role("button", name="Ask us").press("Enter")
        expect(page.get_by_label("Your question")).to_be_focused()
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Ask us")).to_be_focused()


@needs_chromium
def test_a_wrong_key_is_told_in_words(browser: Browser, embedded: Embedded) -> None:
    page_with(embedded, f"endpoint={embedded.service.url} key=iq_wrong")
    reach, fail = (embedded.service.url,), ("401",)
    with opened(browser, embedded.site.url, may_reach=reach, may_fail=fail) as page:
        page.goto("/")
        asked(page)
        expect(page.get_by_role("alert")).to_have_text("This page may not ask: its key is not valid.")


@needs_chromium
def test_a_document_that_holds_markup_stays_text(there: Page) -> None:
    asked(there, "Where is the safe dosage guide used?")
    there.locator(".turn").wait_for()
    assert (
        there.locator("impact-chat").evaluate(
            "e => e.shadowRoot.querySelectorAll('.turn b, .turn script').length"
        )
        == 0
    )


@needs_chromium
def test_the_documented_page_works(browser: Browser, embedded: Embedded) -> None:
    (snippet,) = re.findall(r"^```html\n(.+?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    page_with(embedded)
    embedded.site.page[0] = snippet.replace(HERE, embedded.service.url).replace("iq_…", embedded.key)
    with opened(browser, embedded.site.url, may_reach=(embedded.service.url,)) as page:
        page.goto("/")
        asked(page)
        expect(page.locator(".turn")).to_contain_text("Tarnwood Cells Ltd")


@needs_chromium
def test_the_demo_page_works(browser: Browser, running: Served) -> None:
    with opened(browser, running.url) as page:
        page.goto("/static/impact-chat/demo.html")
        asked(page)
        expect(page.locator(".turn")).to_contain_text("Tarnwood Cells Ltd")


def test_pages_of_other_sites_may_only_ask_and_only_those_that_are_named(embedded: Embedded) -> None:
    def preflight(path: str, origin: str) -> httpx2.Response:
        headers = {
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        }
        return httpx2.options(embedded.service.url + path, headers=headers)

    named = preflight("/v1/ask", embedded.site.url)
    assert named.headers["access-control-allow-origin"] == embedded.site.url
    assert "access-control-allow-credentials" not in named.headers
    assert "access-control-allow-origin" not in preflight("/v1/ask", "https://other.example").headers
    for path in ("/v1/documents", "/v1/facts/fct_0/review", "/mcp"):
        assert "access-control-allow-origin" not in preflight(path, embedded.site.url).headers


def test_nobody_elses_page_may_ask_by_default(running: Served) -> None:
    reply = httpx2.post(
        f"{running.url}/v1/ask", json={"question": QUESTION}, headers={"origin": "https://other.example"}
    )
    assert "access-control-allow-origin" not in reply.headers
