"""When two words mean the same: stems, concept classes, equal beginnings, synonyms."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.vocabulary import (
    SAME_BEGINNING,
    SAME_CONCEPT,
    SAME_MEANING,
    SAME_STEM,
    best,
    everyday_words,
    expression,
    light_stems,
    people_stems,
    stem,
    stems,
    synonym_sets,
    words,
)

# A question word and the report word that says the same, by field of the thesaurus.
SYNONYMS = [
    ("throat", "oesophageal"), ("kidneys", "renal"), ("lungs", "pulmonary"),
    ("flu", "influenza"), ("tumours", "cancers"), ("poisonous", "toxicity"),
    ("jabs", "vaccinated"), ("carers", "caregivers"), ("died", "mortality"),
    ("pigs", "swine"), ("vets", "veterinarians"), ("creatures", "animals"),
    ("farmers", "growers"), ("fertiliser", "manure"),
    ("coastal", "shoreline"), ("rubbish", "waste"), ("flooding", "inundation"),
    ("power", "electricity"), ("atomic", "nuclear"),
    ("motors", "engines"), ("mend", "repaired"), ("glue", "adhesives"),
    ("website", "homepage"), ("driverless", "autonomous"),
    ("lorries", "trucks"), ("bikes", "bicycles"),
    ("renters", "tenants"), ("apartment", "flats"), ("renovated", "refurbishment"),
    ("bankruptcy", "insolvent"), ("rivals", "competitors"),
    ("hard-up", "poor"), ("cheap", "affordable"), ("wages", "salaries"),
    ("compulsory", "mandatory"), ("banned", "prohibited"), ("jail", "prisons"), ("burglars", "thieves"),
    ("election", "ballot"), ("councillors", "council members"),
    ("soldiers", "troops"), ("ex-soldiers", "veterans"), ("warned", "alerts"),
    ("lessons", "classes"), ("exam", "examinations"), ("taught", "instructed"),
    ("movies", "films"), ("soccer", "football"), ("reporters", "journalists"),
    ("tombs", "graves"), ("faith", "religious"),
    ("pensioners", "elderly"), ("teenagers", "adolescents"),
    ("jobless", "unemployed"), ("sacked", "dismissal"),
    ("spread", "disseminated"), ("won", "victories"), ("lose", "losses"),
    ("dangerous", "hazardous"), ("enormous", "huge"), ("famous", "renowned"),
    ("goals", "aims"), ("hurdles", "barriers"),
    ("nearly", "almost"), ("often", "frequently"),
]  # fmt: skip
# Words that belong together and yet say something else, or the opposite.
APART = [
    ("import", "export"), ("lend", "borrow"), ("profit", "loss"), ("income", "spending"),
    ("rise", "fall"), ("win", "lose"), ("open", "close"), ("allow", "ban"), ("begin", "finish"),
    ("cheap", "expensive"), ("rich", "poor"), ("fast", "slow"), ("early", "late"), ("safe", "dangerous"),
    ("strong", "weak"), ("hot", "cold"), ("compulsory", "voluntary"), ("legal", "illegal"),
    ("urban", "rural"), ("public", "private"), ("temporary", "permanent"), ("war", "peace"),
    ("cause", "effect"), ("question", "answer"), ("birth", "death"), ("healthy", "ill"),
    ("teacher", "pupil"), ("doctor", "patient"), ("landlord", "tenant"),
    ("victim", "offender"), ("parent", "child"), ("husband", "wife"), ("north", "south"),
    ("lawyer", "judge"), ("police", "prisoner"), ("wind", "solar"), ("coal", "oil"), ("lung", "liver"),
    ("stroke", "infarction"), ("dementia", "depression"), ("road", "rail"), ("church", "mosque"),
    ("novel", "poem"), ("month", "year"), ("daily", "weekly"), ("dog", "cat"), ("wheat", "maize"),
]  # fmt: skip


def similarity(asked: str, said: str) -> float:
    return best(asked, (said,))


def test_words_are_lower_case_without_accents_or_possessives() -> None:
    assert words("Société Norvia’s e-learning") == ["societe", "norvia", "e-learning"]


@pytest.mark.parametrize("printed", ["12 500", "12,500", "12\u00a0500", "12\u202f500", "12500"])
def test_a_number_split_by_thousands_is_one_word(printed: str) -> None:
    assert words(f"over {printed} jobs") == ["over", "12500", "jobs"]


def test_forms_of_a_word_have_one_stem() -> None:
    assert len({stem(word) for word in ("patent", "patents", "patented")}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("university", "universal"),
        ("policy", "police"),
        ("animal", "animate"),
        ("news", "new"),
        ("important", "imports"),
        ("experience", "experiment"),
        ("positive", "position"),
        ("business", "busy"),
        ("engine", "engineer"),
    ],
)
def test_words_of_another_meaning_keep_stems_of_their_own(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(("form", "verb"), [("taught", "teaching"), ("bought", "buys"), ("won", "win")])
def test_irregular_forms_have_the_stem_of_their_verb(form: str, verb: str) -> None:
    assert stem(form) == stem(verb)


@pytest.mark.parametrize(("word", "digits"), [("ten", "10"), ("twenty-one", "21"), ("ninety", "90")])
def test_a_number_word_is_its_digits(word: str, digits: str) -> None:
    assert stems(word) == stems(digits) == [digits]


@pytest.mark.parametrize("word", ["one", "tenth", "tent", "hundreds", "a"])
def test_a_word_that_is_no_plain_number_stays_a_word(word: str) -> None:
    assert not stem(word).isdigit()


def test_a_hyphenated_word_also_counts_as_its_parts() -> None:
    assert stems("spin-offs") == [stem("spinoffs"), "spin", "off"]


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        ("jobs", "job", SAME_STEM),
        ("hired", "employees", SAME_CONCEPT),
        ("purchased", "acquired", SAME_CONCEPT),
        ("diagnosis", "diagnostics", SAME_BEGINNING),
        ("jobs", "patents", 0.0),
        ("plant", "planet", 0.0),
    ],
    ids=["stem", "concept", "purchase", "beginning", "none", "short"],
)
def test_two_words_agree_as_far_as_they_mean_the_same(asked: str, said: str, expected: float) -> None:
    assert similarity(stem(asked), stem(said)) == expected == similarity(stem(said), stem(asked))


@pytest.mark.parametrize(("asked", "said"), SYNONYMS)
def test_synonyms_meet_both_ways(asked: str, said: str) -> None:
    assert best(stem(asked), stems(said)) >= SAME_MEANING
    assert best(stems(said)[1 if " " in said else 0], stems(asked)) >= SAME_MEANING


@pytest.mark.parametrize(("one", "other"), APART)
def test_opposites_and_neighbours_do_not_meet(one: str, other: str) -> None:
    assert similarity(stem(one), stem(other)) == 0.0


def test_a_synonym_counts_less_than_a_concept_and_does_not_chain() -> None:
    assert similarity(stem("jobless"), stem("workless")) == SAME_MEANING
    assert similarity(stem("jab"), stem("vaccine")) == similarity(stem("jab"), stem("shot")) == SAME_MEANING
    assert similarity(stem("vaccine"), stem("shot")) == 0.0


def test_two_words_meet_as_one_expression() -> None:
    asked = expression(stem("heart"), stem("attacks"))
    assert best(asked, stems("fewer myocardial infarctions")) == SAME_MEANING
    assert best(stem("infarction"), stems("a heart attack")) == SAME_MEANING
    assert best(asked, stems("an attack that broke a heart")) == 0.0
    assert not expression(stem("heart"), stem("teacher"))


def test_an_expression_is_found_with_a_hyphen_too() -> None:
    assert stems("low-income")[-2:] == stems("low income")[-2:] == ["low incom", "incom"]


def test_numbers_and_expressions_that_begin_alike_differ() -> None:
    assert similarity("250000", "2500000") == 0.0
    assert similarity(stem("kidney"), "kidney failur") == 0.0


def test_no_synonym_set_holds_words_that_differ() -> None:
    opposed = [*APART, ("buy", "sell"), ("man", "woman"), ("improve", "worsen"), ("increase", "reduce")]
    apart = {frozenset((stem(one), stem(other))) for one, other in opposed}
    for members in synonym_sets():
        pairs = {frozenset(pair) for pair in combinations([stem(member) for member in members], 2)}
        assert not pairs & apart, members


def test_every_synonym_set_says_something_of_its_own() -> None:
    sets = [
        frozenset(" ".join(map(stem, member.split(" "))) for member in members) for members in synonym_sets()
    ]
    assert len(set(sets)) == len(sets)
    assert [members for members, own in zip(synonym_sets(), sets, strict=True) if len(own) < 2] == []
    assert [one for one in synonym_sets() for member in one if len(member.split(" ")) > 2] == []


def test_the_best_of_several_words_counts_and_none_is_nothing() -> None:
    assert best(stem("hired"), stems("patents and employees")) == SAME_CONCEPT
    assert best(stem("hired"), []) == 0.0


def test_people_are_asked_for_in_general_and_counted_by_sort() -> None:
    asked, counted = people_stems()
    assert stem("people") in asked & counted
    assert stem("nurses") not in asked | counted
    assert stem("trainees") in counted - asked


def test_words_that_need_not_stand_in_an_answer_are_light() -> None:
    assert stem("mention") in light_stems()
    assert stem("patent") not in light_stems()
    assert {"patent", "mention"} <= everyday_words()


@given(st.text(), st.text())
def test_any_two_words_agree_to_a_degree(one: str, other: str) -> None:
    assert all(0.0 <= similarity(a, b) <= 1.0 for a in stems(one) for b in stems(other))
