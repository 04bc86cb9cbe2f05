"""The words that show an outcome type or a kind of thing, each with a near phrase that does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.taxonomy import (
    ENTITY_KINDS,
    ORGANISATIONS,
    kind_nouns,
    kind_of,
    name_words,
    outcome_types,
    plain,
    plural,
    singular,
    triggers,
)

# Outcome type, a sentence that shows it, a sentence that is near and does not.
SAID = [
    ("spin_out", "The group founded a small company.", "The company found a small fish."),
    ("business_growth", "Its turnover doubled.", "It turned over a new leaf."),
    ("commercialisation", "The kit is on the market.", "The kit lay in a market square."),
    ("licensing", "Ferrow licensed the camera.", "Ferrow silenced the camera."),
    ("patent", "Two patents were granted.", "The fault was apparent."),
    ("trademark", "It registered a trade mark.", "It left a mark on the trade."),
    ("industry_uptake", "The method was adopted by several companies.", "Two cats were adopted by a vet."),
    ("sustainability", "A self-sustaining body runs it.", "He sustained an injury."),
    ("product_in_development", "Ferrow is developing a lamp.", "Ferrow has developed films."),
    ("clinical_trial", "It is in phase II.", "The phase of the moon matters."),
    ("biomarker_or_target", "A biomarker was validated.", "A marker pen was bought."),
    ("research_tool_or_model", "A mouse model was bred.", "A fashion model was seen."),
    ("database_or_software", "The software is free.", "The pillow is soft."),
    ("infrastructure_or_network", "It set up a biobank.", "It went to a river bank."),
    ("publication", "Four papers appeared.", "The paperwork appeared."),
    ("bibliometric_indicator", "It has 80 citations.", "It caused excitation."),
    ("award", "Kvist won a medal.", "Kvist played and lost."),
    ("policy_influence", "National guidelines changed.", "The guide changed lines."),
    ("participation", "Ferrow participated in it.", "Ferrow anticipated it."),
    ("collaboration", "They work together with Lund.", "They work alone with care."),
    ("engagement", "An exhibition drew crowds.", "An expedition drew maps."),
    ("training_and_education", "It trained nurses.", "It rained on nurses."),
    ("employment", "It employs forty people.", "It deploys forty sensors."),
    ("funding_contribution", "It raised money: 3 million.", "It raised questions."),
    ("funding_indicator", "18% of the funding went to firms.", "18% of the fish went to firms."),
    ("societal_benefit", "It improves quality of life.", "It improves quality of sound."),
    ("definition", "AFI stands for a fishery.", "AFI stands by a fishery."),
    ("objective", "It aims to help.", "It claims to help."),
    ("location", "It is based in Lund.", "It is based on trust."),
    ("milestone", "Work is underway.", "Work is under a roof."),
    ("context_statistic", "It is a common cause of death.", "It is a common cause of delay."),
    ("contact", "Send an e-mail.", "Send a male."),
]
# What only people who ask say of a type.
ASKED = [
    ("spin_out", "Which businesses grew out of the work?"),
    ("business_growth", "How did the firm grow?"),
    ("commercialisation", "What is on sale?"),
    ("patent", "Which inventions are there?"),
    ("publication", "How many articles are there?"),
    ("bibliometric_indicator", "Is it cited a lot?"),
    ("award", "What recognition did it get?"),
    ("participation", "Who joined?"),
    ("employment", "How many people work for it?"),
    ("funding_contribution", "What was the budget?"),
    ("funding_indicator", "What share of the money do firms get?"),
    ("location", "Where is the firm located?"),
]
KINDS = [
    ("sme", "a small company", "a small town"),
    ("company", "the first spin-out company", "the first company car"),
    ("academic", "a research centre", "a shopping centre"),
    ("patient_organisation", "a heart patient organisation", "a heart patient"),
    ("regulator", "the medicines agency", "the travel agency"),
    ("funder", "the research council", "the town council"),
    ("project", "this consortium", "this concert"),
    ("programme", "a funding scheme", "a funding gap"),
    ("network", "an alliance", "an appliance"),
    ("person", "its chief executive", "its chief concern"),
    ("award", "a young author prize", "a young author"),
    ("product", "two vaccines", "two vacancies"),
    ("journal", "a monthly magazine", "a monthly fee"),
]


def shown(text: str, asked: bool = False) -> set[str]:
    return {outcome_type for outcome_type, _, _ in triggers(text, asked)}


@pytest.mark.parametrize(("outcome_type", "said", "near"), SAID, ids=[row[0] for row in SAID])
def test_a_type_is_shown_by_its_words_and_not_by_near_ones(outcome_type: str, said: str, near: str) -> None:
    assert outcome_type in shown(said)
    assert outcome_type not in shown(near)


@pytest.mark.parametrize(("outcome_type", "question"), ASKED, ids=[row[0] for row in ASKED])
def test_words_of_questions_show_a_type_in_questions_only(outcome_type: str, question: str) -> None:
    assert outcome_type in shown(question, asked=True)
    assert outcome_type not in shown(question)


def test_every_type_with_words_has_its_sentences() -> None:
    types = outcome_types().values()
    assert {row[0] for row in SAID} == {kind.name for kind in types if kind.triggers}
    asked_alone = {kind.name for kind in types if kind.asked != kind.triggers}
    assert {row[0] for row in ASKED} == asked_alone


def test_triggers_come_in_order_with_their_offsets() -> None:
    text = "Kvist won a prize for two patents."
    found = [(outcome_type, text[start:end]) for outcome_type, start, end in triggers(text)]
    assert found == [("award", "won"), ("award", "prize"), ("patent", "patents")]


@pytest.mark.parametrize(("kind", "phrase", "near"), KINDS, ids=[row[0] for row in KINDS])
def test_the_last_words_of_a_phrase_tell_its_kind(kind: str, phrase: str, near: str) -> None:
    assert kind_of(phrase) == kind
    assert kind_of(near) != kind


def test_every_kind_but_other_has_nouns() -> None:
    assert {row[0] for row in KINDS} == set(kind_nouns().values()) == set(ENTITY_KINDS) - {"other"}
    assert set(ENTITY_KINDS) > ORGANISATIONS


@pytest.mark.parametrize(
    ("noun", "many"),
    [("company", "companies"), ("spin-off", "spin-offs"), ("prize", "prizes"), ("box", "boxes")],
)
def test_regular_nouns_have_one_plural_and_one_singular(noun: str, many: str) -> None:
    assert (plural(noun), singular(many), singular(noun)) == (many, noun, noun)


@pytest.mark.parametrize("noun", ["virus", "analysis", "access"])
def test_a_singular_that_ends_in_s_stays(noun: str) -> None:
    assert singular(noun) == noun


def test_plain_text_has_plain_quotes_and_hyphens() -> None:
    assert plain("Norvia’s “Spin–Off”") == 'norvia\'s "spin-off"'


@given(st.text())
def test_plain_text_is_as_long_as_before(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_name_words_are_plain() -> None:
    assert all(word == plain(word) for words in name_words().values() for word in words)
