"""The facts explorer: filters, counts, order, exports and decisions, with scripts and without."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from corpus.document import Document
from corpus.facts import Fact
from service.running.app import create_app
from service.settings import Settings
from service.web import charts
from service.writing.exports import as_bibtex, csl
from tests.browser import needs_chromium, overflows, violations
from tests.test_pages import document
from tests.test_pages import page as page_of

SPUN_OFF = "/facts?outcome_type=spin_out"


def first_fact(client: TestClient) -> Fact:
    return Fact.model_validate(client.get("/v1/facts").json()["facts"][0])


def report(title: str, date: str = "") -> Document:
    return document("words", ("paragraph", 0, 5)).model_copy(update={"title": title, "date": date})


def test_facts_are_limited_to_a_year_and_a_kind_of_subject(client: TestClient) -> None:
    dated = client.get("/v1/facts", params={"year": "2017"}).json()["facts"]
    companies = client.get("/v1/facts", params={"subject_type": "company"}).json()["facts"]
    assert {fact["date"][:4] for fact in dated} == {"2017"}
    assert {fact["subject_type"] for fact in companies} == {"company"}


def test_facts_are_sorted_with_the_unknown_last(client: TestClient) -> None:
    query = {"sort": "value", "descending": "true", "limit": "500"}
    values = [fact["value"] for fact in client.get("/v1/facts", params=query).json()["facts"]]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=True)
    assert values[: len(known)] == known
    assert len(known) < len(values)


def test_pages_of_sorted_facts_join_without_a_gap(client: TestClient) -> None:
    query = {"sort": "subject", "limit": "5"}
    first = client.get("/v1/facts", params=query).json()
    second = client.get("/v1/facts", params=query | {"cursor": first["next_cursor"]}).json()
    ten = client.get("/v1/facts", params=query | {"limit": "10"}).json()
    assert first["facts"] + second["facts"] == ten["facts"]


def test_every_fact_that_is_shown_is_exported(client: TestClient) -> None:
    query = {"outcome_type": "spin_out"}
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/facts/export/csv", params=query).text)))
    facts = client.get("/v1/facts/export/json", params=query).json()
    assert [row["id"] for row in rows] == [fact["id"] for fact in facts["facts"]]
    assert {row["outcome_type"] for row in rows} == {"spin_out"}


def test_the_sources_of_facts_are_references(client: TestClient) -> None:
    facts = client.get("/v1/facts/export/json", params={"outcome_type": "spin_out"}).json()["facts"]
    sources = json.loads(client.get("/v1/facts/export/csl", params={"outcome_type": "spin_out"}).text)
    bibtex = client.get("/v1/facts/export/bibtex", params={"outcome_type": "spin_out"}).text
    assert {source["id"] for source in sources} == {fact["document_id"] for fact in facts}
    assert bibtex.count("@misc{") == len(sources)


def test_a_title_cannot_break_out_of_its_bibtex_field() -> None:
    entry = as_bibtex([report(r"50% of {A} & B_1 \input{x}", "2015-03-12")])
    assert r"title = {{50\% of \{A\} \& B\_1 \textbackslash{}input\{x\}}}," in entry
    assert "year = {2015}," in entry
    assert "month = {3}," in entry


def test_a_date_of_a_reference_is_as_precise_as_it_is_known() -> None:
    assert csl(report("A", "2015-03"))["issued"] == {"date-parts": [[2015, 3]]}
    assert "issued" not in csl(report("A"))


def test_a_chart_has_the_commonest_first_and_counts_the_rest() -> None:
    chart = charts.ranked(["b", "a", "b", "", "c"], limit=2)
    assert [(bar.name, bar.count, bar.percent) for bar in chart.bars] == [("b", 2, 100.0), ("a", 1, 50.0)]
    assert chart.others == 1


def test_a_chart_of_years_keeps_the_empty_ones() -> None:
    assert [(bar.label, bar.count) for bar in charts.by_year(["2012", "", "2014-05"]).bars] == [
        ("2012", 1),
        ("2013", 0),
        ("2014", 1),
    ]


def test_a_year_far_from_the_others_leaves_them_their_room() -> None:
    chart = charts.by_year(["1847", "2010", "2011-03", "2012"])
    assert [bar.label for bar in chart.bars] == ["2010", "2011", "2012"]
    assert chart.others == 1


def test_the_counts_of_the_page_are_those_of_the_facts_it_lists(client: TestClient) -> None:
    html = page_of(client, SPUN_OFF)
    total = client.get("/v1/facts", params={"outcome_type": "spin_out"}).json()["total"]
    assert re.search(rf'<h2 id="total"[^>]*>{total} facts', html)
    assert re.search(rf"spin-offs</a></th>\s*<td>{total}</td>", html)


def test_a_page_beyond_the_last_is_the_last(client: TestClient) -> None:
    total = client.get("/v1/facts").json()["total"]
    assert f"{total} facts" in page_of(client, "/facts", page="999")


def test_filters_that_nothing_meets_are_said_to(client: TestClient) -> None:
    assert "No fact meets all of this" in page_of(client, "/facts", q="zorblatt")


def test_a_decision_of_a_page_is_kept_and_shown(data_dir: Path) -> None:
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash"))) as client:
        fact = first_fact(client)
        sent = {"decision": "correct", "by": "Ines Varga", "revision": "0", "place": "Norvik"}
        html = client.post(f"/facts/{fact.id}/review", data=sent).text
        assert "Corrected</strong> by Ines Varga" in html
        assert client.get(f"/v1/facts/{fact.id}").json()["place"] == "Norvik"


def test_a_decision_that_cannot_be_taken_keeps_what_was_typed(data_dir: Path) -> None:
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash"))) as client:
        fact = first_fact(client)
        sent = {"decision": "correct", "by": "Ines Varga", "revision": "0", "date": "last spring"}
        answer = client.post(f"/facts/{fact.id}/review", data=sent)
        assert answer.status_code == 422
        assert "is no date" in answer.text
        assert 'value="last spring"' in answer.text


def test_another_site_cannot_decide_for_its_reader(client: TestClient) -> None:
    fact = first_fact(client)
    sent = {"decision": "reject", "by": "Mallory", "revision": "0"}
    answer = client.post(f"/facts/{fact.id}/review", data=sent, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert client.get(f"/v1/facts/{fact.id}").json()["review"] == "proposed"


@needs_chromium
def test_a_filter_changes_table_and_chart_in_place(page: Page) -> None:
    page.goto("/facts")
    page.evaluate("document.documentElement.dataset.same = 'yes'")
    page.get_by_label("Outcome").focus()
    page.get_by_label("Outcome").select_option("spin_out")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ facts"))
    expect(page.locator(".charts tbody tr").first).to_contain_text("spin-offs")
    expect(page.get_by_label("Outcome")).to_be_focused()
    assert page.evaluate("document.documentElement.dataset.same") == "yes"
    assert page.url.endswith(SPUN_OFF)
    assert violations(page) == []


@needs_chromium
def test_a_fact_is_shown_in_its_report_and_the_keyboard_returns(page: Page) -> None:
    page.goto(SPUN_OFF)
    page.locator("html.ready").wait_for()
    link = page.locator("a[data-evidence]").first
    quote = page.locator(".facts q").first.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#evidence mark").first).to_be_visible()
    assert page.locator("#evidence mark").first.inner_text()[:20] in quote
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


@needs_chromium
def test_columns_are_sorted_by_keyboard(page: Page) -> None:
    page.goto("/facts")
    page.locator("#sort-value").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Figure")
    expect(page.locator("#sort-value")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Figure")


@needs_chromium
def test_facts_are_taken_along(page: Page) -> None:
    page.goto(SPUN_OFF)
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename == "sources.bib"
    assert Path(download.value.path()).read_text("utf-8").startswith("@misc{doc_")


@needs_chromium
def test_facts_are_explored_without_scripts_on_a_small_screen(plain: Page) -> None:
    plain.goto("/facts")
    plain.get_by_label("Outcome").select_option("spin_out")
    plain.get_by_role("button", name="Show").click()
    assert "Tarnwood" in plain.locator(".facts").inner_text()
    assert not overflows(plain)
    plain.locator(".charts a").first.click()
    plain.get_by_role("link", name=re.compile("^Review")).first.click()
    assert not overflows(plain)
    plain.get_by_role("button", name="Accept as it is").wait_for()


@needs_chromium
def test_the_page_of_a_fact_keeps_nobody_out(page: Page) -> None:
    page.goto(SPUN_OFF)
    page.get_by_role("link", name=re.compile("^Review")).first.click()
    page.get_by_role("button", name="Reject").wait_for()
    assert violations(page) == []
