"""The JSON interface over real parts."""

from __future__ import annotations

import csv
import io

import pytest
from fastapi.testclient import TestClient

from corpus.facts import Fact
from corpus.selectors import select
from service.answer import Answer
from service.facts_table import as_csv
from service.writing.citations import citation_id, parse_citation_id

QUESTION = "Which SMEs spun off companies?"


def ask(client: TestClient, question: str, **more: object) -> Answer:
    response = client.post("/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return Answer.model_validate(response.json())


def document_text(client: TestClient, document_id: str) -> str:
    text: str = client.get(f"/v1/documents/{document_id}/text").json()["text"]
    return text


def test_an_answer_quotes_its_documents_verbatim(client: TestClient) -> None:
    answer = ask(client, QUESTION)
    assert "Tarnwood Diagnostics" in answer.answer
    assert answer.citations
    for citation in answer.citations:
        assert document_text(client, citation.document_id)[citation.start : citation.end] == citation.quote


def test_surrounding_whitespace_of_a_question_does_not_count(client: TestClient) -> None:
    assert ask(client, f"  {QUESTION}\n").question == QUESTION


def test_a_conversation_goes_on_under_its_id(client: TestClient) -> None:
    first = ask(client, QUESTION)
    second = ask(client, "How many jobs were created?", conversation_id=first.conversation_id)
    assert second.conversation_id == first.conversation_id
    assert second.id != first.id


def test_questions_without_a_conversation_start_their_own(client: TestClient) -> None:
    assert ask(client, QUESTION).conversation_id != ask(client, QUESTION).conversation_id


def test_facts_are_listed_page_by_page_without_loss(client: TestClient) -> None:
    every = client.get("/v1/facts").json()
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/v1/facts", params={"limit": 2, "cursor": cursor}).json()
        assert len(page["facts"]) <= 2
        ids += [fact["id"] for fact in page["facts"]]
        cursor = page["next_cursor"]
    assert ids == [fact["id"] for fact in every["facts"]]
    assert len(ids) == every["total"] > 4


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"outcome_type": "spin_out"}, lambda fact: fact["outcome_type"] == "spin_out"),
        ({"subject": "tarnwood"}, lambda fact: "tarnwood" in fact["subject"].lower()),
        ({"q": "420 jobs"}, lambda fact: "420 jobs" in fact["selector"]["exact"]),
        ({"project": "lumen-3"}, lambda fact: fact["project"] == "LUMEN-3"),
    ],
)
def test_a_filter_keeps_only_what_meets_it(
    client: TestClient, filters: dict[str, str], holds: object
) -> None:
    facts = client.get("/v1/facts", params=filters).json()["facts"]
    assert facts
    assert all(holds(fact) for fact in facts)  # type: ignore[operator]


def test_a_cursor_of_other_filters_is_refused(client: TestClient) -> None:
    response = client.get("/v1/facts", params={"cursor": "fct_0"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "cursor"


def test_facts_as_csv_are_the_same_facts(client: TestClient) -> None:
    response = client.get("/v1/facts", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert response.headers["content-type"].startswith("text/csv")
    assert [row["id"] for row in rows] == [fact["id"] for fact in client.get("/v1/facts").json()["facts"]]
    assert all(row["quote"] for row in rows)


def test_no_cell_of_the_csv_is_a_formula() -> None:
    quote = '=HYPERLINK("http://elsewhere.example","x")'
    fact = Fact(
        id="fct_1",
        document_id="doc_1",
        outcome_type="award",
        subject="@x",
        selector=select(quote, 0, len(quote)),
    )
    [row] = csv.DictReader(io.StringIO(as_csv([fact])))
    assert (row["subject"], row["quote"]) == ("'@x", f"'{quote}")


def test_a_fact_is_found_under_its_id(client: TestClient) -> None:
    fact = client.get("/v1/facts", params={"limit": 1}).json()["facts"][0]
    assert client.get(f"/v1/facts/{fact['id']}").json() == fact | {"revision": 0, "history": []}


def test_documents_are_listed_with_their_counts(client: TestClient) -> None:
    listed = client.get("/v1/documents").json()
    assert [document["source_name"] for document in listed["documents"]] == ["halden.txt", "norvia.md"]
    assert (
        sum(document["facts"] for document in listed["documents"]) == client.get("/v1/facts").json()["total"]
    )
    for document in listed["documents"]:
        assert client.get(f"/v1/documents/{document['id']}").json() == document


def test_a_text_comes_as_plain_text_to_who_asks_for_that(client: TestClient) -> None:
    document_id = client.get("/v1/documents").json()["documents"][0]["id"]
    response = client.get(f"/v1/documents/{document_id}/text", headers={"accept": "text/plain"})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == document_text(client, document_id)


def test_a_citation_is_present_until_its_words_change(client: TestClient) -> None:
    citation = ask(client, QUESTION).citations[0]
    assert client.get(f"/v1/citations/{citation.id}").json()["state"] == "present"
    other = citation_id(citation.document_id, citation.start, citation.end, "other words")
    assert client.get(f"/v1/citations/{other}").json()["state"] == "changed"


def test_a_citation_of_an_unknown_document_is_gone(client: TestClient) -> None:
    gone = citation_id("doc_0123456789abcdef", 3, 8, "words")
    assert client.get(f"/v1/citations/{gone}").json()["state"] == "gone"


def test_a_citation_id_says_what_it_cites() -> None:
    span = parse_citation_id(citation_id("doc_0123456789abcdef", 3, 8, "words"))
    assert span is not None
    assert span[:3] == ("doc_0123456789abcdef", 3, 8)


@pytest.mark.parametrize("broken", ["cit_", "cit_0_1_2_3", "cit_0123456789abcdef_8_3_00000000", "x" * 90])
def test_what_is_no_citation_id_is_refused(client: TestClient, broken: str) -> None:
    assert client.get(f"/v1/citations/{broken}").status_code == 422


def test_search_finds_quotes_by_rank(client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": "doctoral students", "limit": 3}).json()["hits"]
    assert [hit["rank"] for hit in found] == [1, 2, 3]
    assert "doctoral students" in found[0]["quote"]
    text = document_text(client, found[0]["document_id"])
    assert text[found[0]["start"] : found[0]["end"]] == found[0]["quote"]


@pytest.mark.parametrize("words", ["\0", '"', "NEAR(", "') OR 1=1 --", "*", "🙂" * 200])
def test_search_takes_any_words(client: TestClient, words: str) -> None:
    assert client.get("/v1/search", params={"q": words}).status_code == 200


def test_the_service_is_ready_and_says_what_it_is(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready, version = client.get("/readyz").json(), client.get("/version").json()
    assert (ready["status"], ready["documents"]) == ("ok", 2)
    assert version["model"] == "hash-256"
    assert version["index_version"] == ready["index_version"]


def test_metrics_count_answers_and_never_hold_a_question(client: TestClient) -> None:
    ask(client, "Which zebras did the Tarnwood people count?")
    text = client.get("/metrics").text
    assert 'impactqa_requests_total{method="POST",route="/v1/ask",status="200"}' in text
    assert 'impactqa_corpus{kind="documents"} 2.0' in text
    assert "zebras" not in text
