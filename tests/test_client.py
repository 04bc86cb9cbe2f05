"""The Python client asks a running service and gets the service's own types."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.answer import Filters
from service.client import Client, Refused
from tests.serving import Served
from tests.sites import site

QUESTION = "Which SMEs spun off companies?"


@pytest.fixture
def client(running: Served) -> Iterator[Client]:
    with Client(running.url) as opened:
        yield opened


def test_a_follow_up_is_asked_after_its_answer(client: Client) -> None:
    first = client.ask(QUESTION)
    second = client.ask("How many of them?", after=first)
    assert second.conversation_id == first.conversation_id
    assert second.standalone_question != "How many of them?"


def test_filters_limit_an_answer(client: Client) -> None:
    assert client.ask(QUESTION, filters=Filters(projects=("nowhere",))).filters.projects == ("nowhere",)


def test_facts_search_and_citations_are_typed(client: Client) -> None:
    facts = client.facts(outcome_type="patent")
    hits = client.search("patents").hits
    citation = client.ask(QUESTION).citations[0]
    assert facts.facts[0].outcome_type == "patent"
    assert any("patents" in hit.quote for hit in hits)
    assert client.citation(citation.id).state == "present"


def test_a_judgement_is_kept(client: Client) -> None:
    client.judge(client.ask(QUESTION), "useful")


def test_a_refusal_says_what_to_do(client: Client) -> None:
    with pytest.raises(Refused, match="The question is empty") as refused:
        client.ask(" ")
    assert (refused.value.problem.status, refused.value.retry_after_seconds) == (422, None)


def test_another_server_there_is_named_as_such() -> None:
    with site() as other, Client(other.url) as client, pytest.raises(Refused, match="is ImpactQA there"):
        client.ask(QUESTION)
