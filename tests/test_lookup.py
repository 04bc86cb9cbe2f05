"""Look-ups: the sentence that supports an answer, or the reason why none does."""

from __future__ import annotations

import pytest

from service.answer import Reason
from service.ask import Assistant
from service.lookups.lookup import candidates, lookup, refusal
from service.understanding.understand import understand


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who takes part in LUMEN-3?", "Hartsell University takes part in the project LUMEN-3."),
        ("Who bought Pellucid Optics?", "The biotech company Corvane Ltd acquired Pellucid Optics in 2018"),
        ("Who licensed the imaging software?", "Wrenfield Optics"),
        ("What could protect children?", "The vaccine of ATLAS-9 could potentially protect children."),
    ],
)
def test_the_supporting_sentence_is_the_answer(ventures: Assistant, question: str, sentence: str) -> None:
    answer = ventures.ask(question)
    assert sentence in answer.answer
    assert sentence in answer.citations[0].quote


def test_a_hedged_claim_keeps_its_hedge(ventures: Assistant) -> None:
    assert "could potentially" in ventures.ask("What does the vaccine of ATLAS-9 do?").answer


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What is the capital of Mongolia?", "off_topic"),
        ("How many people does Zorvelt Pharma employ?", "unknown_entity"),
        ("Who coordinates ATLAS-9?", "attribute_missing"),
        ("Why did Tarnwood Cells go bankrupt?", "unsupported_premise"),
        ("Good morning!", "not_a_question"),
    ],
)
def test_without_support_the_answer_says_why(ventures: Assistant, question: str, reason: Reason) -> None:
    answer = ventures.ask(question)
    assert (answer.status, answer.reason) == ("no_answer", reason)
    assert (answer.citations, answer.items, answer.values) == ((), (), ())


def test_a_refusal_names_what_is_unknown(ventures: Assistant) -> None:
    assert ventures.ask("Who founded Zorvelt Pharma?").answer == "The reports do not mention Zorvelt Pharma."


def test_a_refusal_offers_the_nearest_passages_as_such(ventures: Assistant) -> None:
    answer = ventures.ask("Who coordinates ATLAS-9?")
    assert 0 < len(answer.nearest) <= 3
    for near in answer.nearest:
        assert ventures.knowledge.documents[near.document_id].text[near.start : near.end] == near.quote


def test_candidates_come_best_supported_first(ventures: Assistant) -> None:
    reading = understand("Who takes part in LUMEN-3?", ventures.knowledge)
    ranked = candidates(reading, ventures.knowledge, ventures.retriever)
    assert "Hartsell" in ventures.knowledge.passages[ranked[0].position].text
    assert all(0 <= item.score <= 1 for item in ranked)


def test_every_passage_about_the_named_thing_is_a_candidate(ventures: Assistant) -> None:
    reading = understand("What about Wrenfield Optics?", ventures.knowledge)
    found = {item.position for item in candidates(reading, ventures.knowledge, ventures.retriever)}
    key = ventures.knowledge.names.key_of("Wrenfield Optics")
    assert key is not None
    assert ventures.knowledge.entities[key].passages <= found


def test_nothing_found_is_off_topic(ventures: Assistant) -> None:
    reading = understand("Who invented the wheel?", ventures.knowledge)
    assert lookup(reading, ventures.knowledge, []) is None
    assert refusal(reading, ventures.knowledge, []).reason == "off_topic"
