"""Passages read with the question beside them: how they rank, what they answer, and where they differ."""

from __future__ import annotations

from service.ask import Assistant
from service.lookups.lookup import candidates
from service.lookups.reranking import reranked
from service.understanding.understand import understand
from tests.ventures import assistant_over

REPORTS = {
    "clinic.md": (
        "# Breathing trainers\n\nInstitution: Marlow University\n\nThe trainer was built in 2009. Some 1,400 patients "
        "with weak lungs have used it at home. It won the Calder Medal. Forty engineers were trained on it.\n\n"
        "## Sales\n\nYearly sales of the trainer have passed £3 million. Its makers achieved:\n\n- 12 patents\n- 3 branches abroad\n"
    ),
    "market.md": (
        "# The market for trainers\n\nInstitution: Norvia College\n\nYearly sales of the breathing trainer reached $5 million "
        "in 2013. The college has a boat house. Tests of the trainer were run on 161 walkers.\n"
    ),
    "lamp.md": (
        "# Lamps for miners\n\nInstitution: Ferrow College\n\nThe Ferrow lamp has been lit since 2004. The work began with Ada Winters. "
        "Over the years the firm bought a set of older patents from its Swedish rival, Halden Optik, in 2007.\n\n"
        "The lamp went to 43 mines in its first trial. In all, 50 mines had the lamp in its first trial.\n"
    ),
}


reports = assistant_over(REPORTS)


def _ranked(reports: Assistant, question: str, with_reader: bool = True) -> list[str]:
    reading = understand(question, reports.knowledge)
    found = candidates(reading, reports.knowledge, reports.retriever)
    reader = reports.retriever.embedder.reader if with_reader else None
    return [
        reports.knowledge.passages[item.position].text
        for item in reranked(reading, reports.knowledge, found, reader)
    ]


def test_the_passage_that_answers_in_other_words_comes_first(reports: Assistant) -> None:
    assert _ranked(reports, "How many ill people have tried the device in their own houses?")[0].startswith(
        "Some 1,400"
    )


def test_without_a_reader_passages_stay_as_they_came(reports: Assistant) -> None:
    question = "Which prize did the trainer get?"
    reading = understand(question, reports.knowledge)
    found = candidates(reading, reports.knowledge, reports.retriever)
    as_found = [reports.knowledge.passages[item.position].text for item in found]
    assert _ranked(reports, question, with_reader=False) == as_found


def test_an_item_is_read_behind_the_words_that_introduce_it(reports: Assistant) -> None:
    assert _ranked(reports, "How many patents did the makers achieve?")[0] == "12 patents"


def test_sums_that_differ_in_currency_are_both_shown(reports: Assistant) -> None:
    answer = reports.ask("What are the yearly sales of the breathing trainer?").answer
    assert "£3 million" in answer
    assert "$5 million" in answer


def test_who_is_counted_must_be_spoken_of(reports: Assistant) -> None:
    assert reports.ask("How many nurses were trained on the breathing trainer?").status == "no_answer"


def test_what_nothing_tells_is_refused(reports: Assistant) -> None:
    assert reports.ask("Who designed the boat house?").status == "no_answer"


def test_two_counts_of_one_thing_in_one_report_are_both_shown(reports: Assistant) -> None:
    answer = reports.ask("How many mines had the lamp in its first trial?").answer
    assert "43 mines" in answer
    assert "50 mines" in answer


def test_a_passage_that_does_not_name_what_is_asked_about_is_read_as_well(reports: Assistant) -> None:
    reading = understand("Who sold patents to Ferrow in 2007?", reports.knowledge)
    found = candidates(reading, reports.knowledge, reports.retriever)
    judged = reranked(reading, reports.knowledge, found, reports.retriever.embedder.reader)
    elsewhere = [item for item in judged if item.is_elsewhere or item.named_otherwise]
    assert any(item.read is not None for item in elsewhere)
