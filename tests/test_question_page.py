"""The question page in a browser: ask, look at the quote, open the report, copy, judge, go on, share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from reportlab.pdfgen.canvas import Canvas

from corpus.ingest import ingest
from corpus.store import Store
from index.embedder import HashEmbedder
from service.knowledge.indexing import rebuild
from tests.browser import chromium, needs_chromium, opened, overflows, violations
from tests.printed import WIDTH, Printer
from tests.reports import REPORTS
from tests.serving import Served, served

pytestmark = needs_chromium

QUESTION = "Which SMEs spun off companies?"
PRINTED = "How many jobs did Brackwater Sensors create?"
NOTHING = "How many submarines did the Zorblatt Institute sell?"
DIFFERS = "How many patents were filed by Halden University?"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over the shared reports and a printed one of two pages."""
    reports, data_dir = tmp_path_factory.mktemp("reports"), tmp_path_factory.mktemp("data")
    for name, text in REPORTS.items():
        (reports / name).write_text(text, "utf-8")
    for company, lay in LAID.items():
        (reports / f"{company.split()[0]}.pdf").write_bytes(printed(company, lay))
    with Store.open(data_dir) as store:
        ingest([reports], store)
        rebuild(store, HashEmbedder(), data_dir / "index")
    with served(data_dir) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, service: Served) -> Iterator[Page]:
    with opened(browser, service.url) as fresh:
        yield fresh


@pytest.fixture
def plain(browser: Browser, service: Served) -> Iterator[Page]:
    """A page without scripts."""
    with opened(browser, service.url, javascript=False) as fresh:
        yield fresh


def turn(canvas: Canvas) -> None:
    """The page is stored lying on its side and shown upright."""
    canvas.setPageRotation(90)
    canvas.rotate(90)
    canvas.translate(0, -WIDTH)


LAID: dict[str, Callable[[Canvas], None]] = {
    "Brackwater Sensors": lambda canvas: None,
    "Quillmark Optics": turn,
    "Stellmoor Textiles": lambda canvas: canvas.setCropBox((40, 60, 550, 700)),
}


def printed(company: str, lay: Callable[[Canvas], None]) -> bytes:
    """A report of two pages, the second of them, with one sentence, laid out by `lay`."""
    printer = (
        Printer().lines([f"{company}: ten years on", "", f"{company} is a company in Norway."]).next_page()
    )
    lay(printer.canvas)
    return printer.lines([f"{company} has created 58 jobs in Bergen since 2012."], top=300).data()


def asked(page: Page, question: str = QUESTION) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("html.ready").wait_for()


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
    browser: Browser, service: Served
) -> None:
    with opened(browser, service.url, width=390, touch=True) as page:
        asked(page)
        page.locator(".answer button.mark").first.tap()
        expect(page.locator("#quote-card")).to_be_visible()
        page.locator(".question").first.tap()
        expect(page.locator("#quote-card")).to_have_count(0)


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


def test_a_quote_on_a_small_screen_never_hides_its_mark(browser: Browser, service: Served) -> None:
    with opened(browser, service.url, width=390, height=500) as page:
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


def test_a_quote_and_an_open_report_keep_nobody_out(page: Page) -> None:
    asked(page)
    page.locator(".answer button.mark").first.click()
    assert violations(page) == []
    page.get_by_role("link", name="Show it in the report").click()
    expect(page.locator("#evidence mark").first).to_be_visible()
    assert violations(page) == []


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


def test_what_a_reader_says_is_kept_with_the_answer(page: Page, service: Served) -> None:
    asked(page)
    page.get_by_role("button", name="Wrong source").click()
    expect(page.locator(".feedback")).to_contain_text("wrong source")
    answer = page.locator(".turn").get_attribute("id")
    said = page.request.get(f"{service.url}/v1/answers/{answer}/feedback").json()["feedback"]
    assert [one["verdict"] for one in said] == ["wrong_source"]


def test_a_reader_can_say_what_is_wrong(page: Page, service: Served) -> None:
    asked(page)
    page.get_by_role("button", name="Not useful").click()
    page.get_by_label("What is wrong?").fill("It leaves two out.")
    assert violations(page) == []
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("What is wrong?")).to_have_count(0)
    answer = page.locator(".turn").get_attribute("id")
    said = page.request.get(f"{service.url}/v1/answers/{answer}/feedback").json()["feedback"]
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
    browser: Browser, service: Served, question: str, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, service.url, scheme=scheme) as page:
        asked(page, question)
        page.get_by_text("Not what you meant?").click()
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_source_on_a_page_of_its_own_keeps_nobody_out(
    browser: Browser, service: Served, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, service.url, scheme=scheme) as page:
        asked(page, PRINTED)
        page.goto(str(page.locator(".sources .where a").first.get_attribute("href")))
        page.locator(".sheet.drawn").wait_for()
        assert violations(page) == []
        page.get_by_role("link", name="Read the whole text").click()
        page.locator(".sheet.drawn").wait_for()
        assert violations(page) == []


def test_a_service_that_does_not_answer_is_named_and_the_question_is_kept(
    browser: Browser, service: Served
) -> None:
    with opened(browser, service.url, may_fail=("/?q=How", "Failed to fetch")) as page:
        asked(page)
        page.route("**/?q=How**", lambda route: route.abort())
        page.get_by_label("Ask a follow-up").fill("How many jobs were created?")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("did not answer")
        expect(page.get_by_label("Ask a follow-up")).to_have_value("How many jobs were created?")


def test_everything_fits_a_small_screen(browser: Browser, service: Served) -> None:
    with opened(browser, service.url, width=320, height=640) as page:
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


def test_a_first_answer_can_soon_be_seen(browser: Browser, service: Served) -> None:
    assert min(first_paint_ms(browser, service) for _ in range(3)) < 1_000  # 180 to 300 on two idle cores


def first_paint_ms(browser: Browser, service: Served) -> float:
    with opened(browser, service.url) as page:
        page.goto(f"/?q={QUESTION}")
        page.locator("html.ready").wait_for()
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        return float(paint)


def test_a_first_load_is_small(page: Page) -> None:
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(f"/?q={QUESTION}")
    page.wait_for_load_state("networkidle")
    assert len(requests) > 5
    assert sum(request.sizes()["responseBodySize"] for request in requests) < 150_000
