"""The pages: what a person sees, without a script and with everything escaped."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from markupsafe import Markup

from corpus.document import Block, Document
from corpus.store import Store
from service.answer import Citation, Conflict, Value
from service.ask import UNSAVED
from service.dialogue import keep
from service.parts import Parts
from service.running.app import create_app
from service.settings import Settings
from service.web import reading
from service.writing import prose
from service.writing.citations import citation_url
from service.writing.prose import Marks
from tests.test_api import QUESTION, ask


def page(client: TestClient, path: str, **query: str) -> str:
    response = client.get(path, params=query or None, headers={"accept": "text/html"})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


def citation(number: int) -> Citation:
    return Citation(
        number=number,
        id="cit_1",
        document_id="doc_1",
        document_title='A "title"',
        quote="words",
        start=0,
        end=5,
        url="/documents/doc_1",
        document_sha256="",
    )


def document(text: str, *blocks: tuple[str, int, int]) -> Document:
    return Document(
        id="doc_1",
        title="A title",
        source_name="a.txt",
        media_type="text/plain",
        sha256="0" * 64,
        encoding="utf-8",
        text=text,
        blocks=tuple(Block(kind=kind, start=start, end=end) for kind, start, end in blocks),
        runs=(),
    )


def test_the_start_page_says_what_can_be_asked(client: TestClient) -> None:
    html = page(client, "/")
    assert "The Norvia programme and what came of it" in html
    assert re.search(r'<a href="/\?q=[^"]+">', html), "there are example questions"


def test_an_answer_links_each_mark_to_its_source(client: TestClient) -> None:
    html = page(client, "/", q=QUESTION)
    marks = set(re.findall(r'href="#(ans_\w+-source-\d+)"', html))
    assert marks
    assert marks <= set(re.findall(r'id="(ans_\w+-source-\d+)"', html))


def test_a_source_leads_to_its_marked_words(client: TestClient) -> None:
    found = ask(client, QUESTION).citations[0]
    html = page(client, citation_url(found.document_id, found.start, found.end))
    marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL))
    assert unescape(marked).split() == found.quote.split()
    assert html.count('id="quote"') == 1


def test_a_follow_up_goes_on_in_its_conversation(client: TestClient) -> None:
    first = page(client, "/", q=QUESTION)
    conversation = re.search(r'name="c" value="(cnv_\w+)"', first)
    assert conversation
    second = page(client, "/", q="How many jobs were created?", c=conversation[1])
    assert "Earlier in this conversation (1)" in second


def test_an_answer_that_is_loaded_again_is_not_asked_again(client: TestClient) -> None:
    answer = ask(client, QUESTION)
    html = page(client, "/", q=QUESTION, c=str(answer.conversation_id))
    assert "Earlier in this conversation" not in html


def test_a_question_without_an_answer_says_so(client: TestClient) -> None:
    html = page(client, "/", q="How many submarines did the Zorblatt Institute sell?")
    assert "No answer in the reports" in html


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "&lt;b&gt;"]
)
def test_a_question_is_shown_as_it_was_typed(client: TestClient, text: str) -> None:
    html = page(client, "/", q=text)
    heading = re.search(r'<h2 class="question"[^>]*>(.*?)</h2>', html, re.DOTALL)
    assert heading
    assert "<" not in heading[1]
    assert unescape(heading[1]) == text


def test_a_question_that_is_refused_gets_a_page_that_says_why(client: TestClient) -> None:
    response = client.get("/", params={"q": "y" * 4001}, headers={"accept": "text/html"})
    assert response.status_code == 422
    assert "4,001 characters" in response.text


def test_markup_in_a_report_stays_text(client: TestClient) -> None:
    halden = client.get("/v1/documents").json()["documents"][0]
    assert "safe &lt;b&gt;dosage&lt;/b&gt;" in page(client, f"/documents/{halden['id']}")


def test_the_facts_page_filters_and_links_to_the_words(client: TestClient) -> None:
    html = page(client, "/facts", outcome_type="spin_out")
    assert "Tarnwood" in html
    assert "#quote" in html
    assert "12 patents" not in html


@pytest.mark.parametrize(
    "path", ["/", f"/?q={QUESTION}", "/documents", "/facts", "/accessibility", "/nowhere"]
)
def test_a_page_has_nothing_inline_and_one_main_heading(client: TestClient, path: str) -> None:
    html = client.get(path, headers={"accept": "text/html"}).text
    assert not re.search(r"<script(?! src)[^>]*>[^<]|<style|\sstyle=|\son\w+=", html)
    assert html.count("<h1") == 1
    assert html.count("<main") == 1


class _Tags(HTMLParser):
    """Whether every element that is opened is closed, in order."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of SVG that closes itself."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "path", ["/", f"/?q={QUESTION}", "/documents", "/facts", "/accessibility", "/nowhere"]
)
def test_a_page_is_well_formed_and_its_ids_are_unique(client: TestClient, path: str) -> None:
    tags = _Tags()
    tags.feed(client.get(path, headers={"accept": "text/html"}).text)
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))


def test_only_markers_of_citations_become_links() -> None:
    html = prose.as_html("It grew [1], a lot [2].\n- <i>so</i> [1]", Marks("ans_1", [citation(1)]).line)
    assert html.count('href="#ans_1-source-1"') == 2
    assert "[2]" in html
    assert "&lt;i&gt;so" in html
    assert 'aria-label="Source 1: A &#34;title&#34;"' in html


def test_items_that_the_text_names_are_not_listed_again(client: TestClient) -> None:
    answer = ask(client, QUESTION)
    unnamed = answer.model_copy(update={"answer": "One was founded [1]."})
    assert prose.items_unsaid(answer) == []
    assert prose.items_unsaid(unnamed) == list(answer.items) != []


def test_a_name_that_stands_alone_in_a_list_has_its_quote_below() -> None:
    quotes = {"Norvia": "Norvia <b> was founded.", "Norvia Labs": "Norvia Labs grew.", "Baxley": "Baxley"}
    html = prose.as_html("- Norvia Labs [1]\n- Norvia: it grew\n- Baxley", Marks("ans_1", []).line, quotes)
    assert '<strong>Norvia Labs</strong> [1]<q class="said">Norvia Labs grew.</q>' in html
    assert "<li><strong>Norvia</strong>: it grew</li><li><strong>Baxley</strong></li>" in html


def test_prose_makes_paragraphs_and_lists() -> None:
    html = prose.as_html("One.\n\nTwo:\n- a\n- b\nThree.", Marks("ans_1", []).line)
    assert html == Markup("<p>One.</p>\n<p>Two:</p>\n<ul><li>a</li><li>b</li></ul>\n<p>Three.</p>")


def test_a_quote_over_two_blocks_is_marked_in_both() -> None:
    groups = reading.groups(document("Intro one.\nItem two.", ("paragraph", 0, 10), ("item", 11, 20)), 6, 15)
    segments = [segment for group in groups for block in group.blocks for segment in block.segments]
    assert [segment.text for segment in segments if segment.marked] == ["one.", "Item"]
    assert [segment.opens for segment in segments if segment.marked] == [True, False]


def test_neighbouring_items_are_one_list() -> None:
    groups = reading.groups(document("a\nb\nc", ("item", 0, 1), ("item", 2, 3), ("paragraph", 4, 5)))
    assert [(group.kind, len(group.blocks)) for group in groups] == [("item", 2), ("paragraph", 1)]


def test_a_span_outside_the_text_marks_nothing() -> None:
    groups = reading.groups(document("a", ("paragraph", 0, 1)), 50, 60)
    assert not any(segment.marked for group in groups for block in group.blocks for segment in block.segments)


def test_a_range_of_marks_stays_together_and_figures_stand_out() -> None:
    html = Marks("ans_1", [citation(1), citation(9)], ["9", "1 900"]).line("All 1 900 of 19 were 9. [1]–[9]")
    assert "All <b>1 900</b> of 19 were <b>9</b>." in html
    assert re.search(r'<span class="range"><a class="mark".*–<a class="mark".*</span>', html)


def test_an_answer_is_shown_as_it_was_given_then(client: TestClient) -> None:
    first = ask(client, QUESTION)
    html = page(client, f"/answers/{first.id}")
    assert "Answered on" in html
    assert "the reports have changed since" not in html


def test_figures_that_conflict_stand_side_by_side_each_with_its_mark(
    client: TestClient, parts: Parts
) -> None:
    values = (Value(value="7", unit="spin-offs", citations=(1,)), Value(value="9", citations=(1,)))
    differing = ask(client, QUESTION).model_copy(
        update={"id": UNSAVED, "conflicts": (Conflict(about="How many?", values=values),)}
    )
    html = page(client, f"/answers/{keep(parts.store, differing, None).id}")
    assert "The report gives more than one figure" in html
    assert re.search(r'<dt>7 spin-offs<a class="mark"[^>]*>1</a></dt>', html)
    assert re.search(r'<dt>9<a class="mark"[^>]*>1</a></dt>', html)


def test_an_answer_tells_how_it_was_made(client: TestClient) -> None:
    answer = ask(client, QUESTION)
    html = page(client, f"/answers/{answer.id}")
    assert "No language model was used" in html
    assert f"<dd>{answer.index_version}</dd>" in html


def test_a_follow_up_at_its_own_address_has_what_was_said_before_it(client: TestClient) -> None:
    first = ask(client, QUESTION)
    second = ask(client, "How many jobs were created?", conversation_id=first.conversation_id)
    ask(client, "Where?", conversation_id=first.conversation_id)
    assert "Earlier in this conversation (1)" in page(client, f"/answers/{second.id}")


def test_a_filter_limits_the_answer_and_is_shown(client: TestClient) -> None:
    halden = client.get("/v1/documents").json()["documents"][0]["id"]
    html = page(client, "/", q=QUESTION, document_id=halden)
    assert "only 1 document" in html
    assert "Tarnwood" not in html


def test_a_filter_that_is_no_date_is_refused(client: TestClient) -> None:
    assert client.get("/", params={"q": QUESTION, "date_from": "soon"}).status_code == 422


@pytest.mark.parametrize("span", ["start=5&end=1", "start=0&end=1000000000"])
def test_a_passage_that_the_document_does_not_have_is_refused(client: TestClient, span: str) -> None:
    halden = client.get("/v1/documents").json()["documents"][0]["id"]
    response = client.get(f"/documents/{halden}/evidence?{span}", headers={"accept": "text/html"})
    assert response.status_code == 422
    assert "has no characters" in response.text


@pytest.mark.parametrize("path", ["/answers/ans_0", "/answers/ans_0/sources/1", "/answers/ans_0/copy/text"])
def test_an_answer_that_is_not_kept_is_not_found(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 404
    assert "Ask the question again" in response.text


def test_a_source_that_the_answer_does_not_have_is_not_found(client: TestClient) -> None:
    response = client.get(f"/answers/{ask(client, QUESTION).id}/sources/99", headers={"accept": "text/html"})
    assert response.status_code == 404


def test_another_site_cannot_say_what_a_reader_thinks(client: TestClient) -> None:
    url = f"/answers/{ask(client, QUESTION).id}/feedback"
    for site, status in (("cross-site", 403), ("same-origin", 303)):
        response = client.post(
            url, data={"verdict": "useful"}, headers={"sec-fetch-site": site}, follow_redirects=False
        )
        assert response.status_code == status


def test_a_source_whose_document_is_gone_is_shown_as_it_read_then(data_dir: Path) -> None:
    with TestClient(create_app(Settings(data_dir=data_dir, model="hash"))) as client:
        answer = ask(client, QUESTION)
        cited = answer.citations[0]
        with Store.open(data_dir) as store:
            store.remove(cited.document_id)
        html = page(client, f"/answers/{answer.id}/sources/1")
    assert "no longer in the collection" in html
    assert cited.quote in unescape(html)
