"""Lists read off the passages: mentions, the rows they stand in, what the trained network makes of them."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from corpus.parsing import tagged
from index.embedder import SentenceTransformerEmbedder
from service.ask import Assistant
from service.evaluating.mention_training import Asked, Network, Sorted, learn_lists, learn_sorts, weights_of
from service.lists.member_reader import without_overlaps
from service.lists.mention_features import FEATURES, FIT_COLUMNS, SCORE_COLUMN
from service.lists.mention_network import MentionNetwork, network, seen
from service.lists.mentions import mentions, rows
from tests.ventures import assistant_over

REPORTS = {
    "tiles.md": (
        "# Painted tiles\n\nInstitution: Marlow University\n\nThe tiles were studied for a decade. "
        "They went on show at the Norvia Museum, the Pellworth Gallery and Castle Brenning in 2012. "
        "The catalogue was printed in Leeds. Visitors wrote kind letters.\n"
    ),
    "fever.md": (
        "# Fevers of the fens\n\nInstitution: Marlow University\n\nHartley studied two diseases: chronic fenland fever (CFF) and "
        "swamp cough.\n"
    ),
    "walls.md": (
        "# Old walls\n\nInstitution: Marlow University\n\nThe team measured the walls of three buildings: the Tower of Brenning, "
        "Calder Abbey and the House of Lamps.\n"
    ),
    "soil.md": (
        "# Living soil\n\nInstitution: Marlow University\n\nThe soil test was paid for by the Calder Trust and the "
        "Brightwater Fund. Farmers in Kenya, Peru and Nepal use it. Its inventor is Ada Winters.\n"
    ),
}


reports = assistant_over(REPORTS)


def mentioned(text: str) -> set[str]:
    return {text[start:end] for start, end in mentions(text, next(tagged([text])))}


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("It was shown at the Norvia Museum of Art in Leeds.", "Norvia Museum of Art"),
        ("The film ‘A winter in the mill’ won.", "A winter in the mill"),
        ("They trained district nurses and midwives.", "district nurses"),
        ("A licence went to BioNorvia.", "BioNorvia"),
        ("It treats cancer of the liver.", "cancer of the liver"),
        ("Sales began with Pellworth Ltd, Calder and 3M.", "3M"),
    ],
)
def test_names_titles_and_noun_phrases_are_mentions(text: str, mention: str) -> None:
    assert mention in mentioned(text)


def test_a_name_with_and_is_a_mention_whole_and_in_parts() -> None:
    assert {"Ministry of Justice and Calder Trust", "Ministry of Justice", "Calder Trust"} <= mentioned(
        "It was the Ministry of Justice and Calder Trust."
    )


def test_the_last_two_of_a_row_are_no_mention_together() -> None:
    assert "Calder Trust and Winters" not in mentioned("Paid by Norvia, the Calder Trust and Winters.")


def test_members_between_commas_and_and_stand_in_one_row() -> None:
    text = "At Norvia, Pellworth and the Calder; it was made by Winters."
    spans = [
        (text.index(name), text.index(name) + len(name))
        for name in ("Norvia", "Pellworth", "Calder", "Winters")
    ]
    assert rows(text, spans) == [0, 0, 0, 1]


def test_what_stands_in_brackets_is_no_part_of_the_row_around_them() -> None:
    text = "Into Norvian (2010), Pellish (2012) and Calder."
    names = ("Norvian", "2010", "Pellish", "2012", "Calder")
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    assert rows(text, spans) == [0, 1, 0, 2, 0]


def test_of_spans_that_overlap_the_surest_thing_is_kept() -> None:
    assert without_overlaps([(0, 20), (0, 6), (11, 20), (30, 35)], np.array([0.1, 2.0, 1.0, -1.0])) == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    ("noun", "fitting", "other"),
    [
        ("museums", "Pellworth Gallery", "Kenya"),
        ("countries", "Kenya", "Pellworth Gallery"),
        ("people", "Ada Winters", "Kenya"),
        ("diseases", "malaria", "Pellworth Gallery"),
    ],
)
def test_a_mention_fits_the_noun_of_its_sort_better_than_another(
    minilm: SentenceTransformerEmbedder, noun: str, fitting: str, other: str
) -> None:
    text = "Ada Winters spoke of malaria at the Pellworth Gallery after her return from Kenya."
    spans = [(text.index(name), text.index(name) + len(name)) for name in (fitting, other)]
    sorts = network().sorts(seen(minilm.token_states(text), spans))
    fits = sorts @ network().noun(minilm.encode([noun]))
    assert fits[0] > fits[1]


@pytest.mark.parametrize(
    ("question", "members"),
    [
        ("Which venues showed the painted tiles?", {"Norvia Museum", "Pellworth Gallery", "Castle Brenning"}),
        ("Which countries use the soil test?", {"Kenya", "Peru", "Nepal"}),
        ("Which diseases did Hartley study?", {"chronic fenland fever", "swamp cough"}),
    ],
)
def test_members_are_read_off_the_passage_that_tells_them(
    reports: Assistant, question: str, members: set[str]
) -> None:
    answer = reports.ask(question)
    assert {item.label.removeprefix("the ") for item in answer.items} == members
    assert all(item.citations for item in answer.items)


def test_a_name_with_of_is_cut_where_the_reader_sees_its_borders(reports: Assistant) -> None:
    answer = reports.ask("Which buildings did the team measure?")
    labels = {item.label.removeprefix("the ") for item in answer.items}
    assert labels == {"Tower of Brenning", "Calder Abbey", "House of Lamps"}


def test_a_list_of_what_no_passage_speaks_of_is_refused(reports: Assistant) -> None:
    assert reports.ask("Which submarines were sunk?").status == "no_answer"


def test_what_is_learnt_scores_the_same_without_torch() -> None:
    chance = np.random.default_rng(0)
    vectors = torch.nn.functional.normalize(
        torch.from_numpy(chance.normal(size=(4, 8)).astype(np.float32)), dim=-1
    )
    known = Sorted(
        torch.from_numpy(chance.normal(size=(40, 24)).astype(np.float32)),
        [[number % 4] if number % 5 else [] for number in range(40)],
        vectors,
        vectors,
    )
    asked = Asked(
        torch.from_numpy(chance.normal(size=(6, 24)).astype(np.float32)),
        torch.from_numpy(chance.normal(size=(6, FEATURES)).astype(np.float32)),
        torch.tensor([0, 0, 1, 2, 2, 2]),
        vectors[0],
        torch.tensor([1, 2, 0, 0, -1, 0]),
    )
    learner = Network(24, FEATURES)
    learn_sorts(learner, known, random.Random(0))
    learn_lists(learner, [asked] * 3, random.Random(0))
    learner.eval()
    kept = MentionNetwork({name: tensor.float().numpy() for name, tensor in weights_of(learner).items()})
    fit = kept.sorts(asked.mentions.numpy()) @ kept.noun(asked.noun.numpy())
    means = (np.bincount(asked.rows, fit) / np.bincount(asked.rows))[asked.rows]
    given = asked.features.numpy().copy()
    learnt = [fit, means, fit - fit.max(), fit * given[:, SCORE_COLUMN]]
    given[:, :FIT_COLUMNS] = np.stack(learnt, axis=1)
    assert kept.scores(given) == pytest.approx(learner.scores(asked).detach().numpy(), abs=0.02)
