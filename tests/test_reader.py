"""The reader of question and passage: as trained, as exported, what it tells, and how it is trained."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from index.embedder import CHANGES, HashEmbedder, SentenceTransformerEmbedder, default_folder
from index.export import TOKENIZER
from index.reader import Passage, PassageReader, Read, pair_tokenizer, paired
from index.reader_network import changes_of, trained
from index.reader_training import Example, Judged
from index.reader_training import trained as training

STAFF = Passage("Norvia", "Norvia was founded in Leeds in 2009.", "The firm now employs 47 people.")
FOUNDING = Passage("Norvia", "", "Norvia was founded in Leeds in 2009.")
BUYERS = Passage("Norvia", "", "Its sensors were bought by Corvane, Tesk Ltd and the city of Bergen.")
PASSAGES = (STAFF, FOUNDING, BUYERS)


@pytest.fixture(scope="module")
def reader() -> PassageReader:
    made = SentenceTransformerEmbedder().reader
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("question", "answering"),
    [
        ("How many staff does Norvia have?", STAFF),
        ("When was Norvia set up?", FOUNDING),
        ("Who are the customers of Norvia?", BUYERS),
    ],
)
def test_the_passage_that_answers_is_likelier_than_its_neighbours(
    reader: PassageReader, question: str, answering: Passage
) -> None:
    odds = [read.answers for read in reader.read(question, PASSAGES)]
    assert PASSAGES[odds.index(max(odds))] is answering


def test_the_words_that_are_asked_for_stand_out(reader: PassageReader) -> None:
    (read,) = reader.read("Who bought the sensors?", [BUYERS])
    said = {
        BUYERS.text[start:end].lower(): odds
        for (start, end), odds in zip(read.offsets, read.inside, strict=True)
    }
    assert min(said["bergen"], said["te"]) > max(said["sensors"], said["bought"])


def test_a_span_that_ends_where_the_answer_ends_has_the_clearest_borders() -> None:
    text = "It was shown at the Tower of London."
    offsets = [match.span() for match in re.finditer(r"\w+", text)]
    read = Read(2.0, np.array([-4, -4, -4, -3, -2, 2.0, 1.0, 2.5], dtype=np.float32), offsets)
    whole, tower, london = read.borders([(20, 35), (20, 25), (29, 35)])
    assert whole == pytest.approx(3.0)
    assert whole > max(tower, london)


def test_a_passage_is_read_alike_alone_and_beside_others(reader: PassageReader) -> None:
    alone = PassageReader(reader.place).read("Who bought the sensors?", [BUYERS])[0]
    beside = reader.read("Who bought the sensors?", PASSAGES)[2]
    assert alone.answers == beside.answers
    assert alone.inside.tobytes() == beside.inside.tobytes()


def test_long_parts_are_cut_and_broken_characters_are_read(reader: PassageReader) -> None:
    long = Passage("title " * 90, "before " * 90, "word " * 400 + "\ud800")
    (read,) = reader.read("why " * 200, [long])
    assert len(read.inside) == len(read.offsets) == 120


def test_the_graph_in_whole_numbers_agrees_with_the_network(reader: PassageReader) -> None:
    network = trained(default_folder(), CHANGES.reader)
    tokenizer = pair_tokenizer(reader.place / TOKENIZER)
    for passage in PASSAGES:
        pair = paired(tokenizer, "Who bought the sensors?", passage)
        ids = torch.tensor([pair.ids])
        types = (torch.arange(ids.shape[1]) >= pair.start).long()[None]
        answers, _ = network(ids, torch.ones_like(ids), types)
        (read,) = reader.read("Who bought the sensors?", [passage])
        assert read.answers == pytest.approx(answers.item(), abs=0.7)


def test_without_a_model_there_is_no_reader() -> None:
    assert HashEmbedder().reader is None


def test_training_makes_answers_likelier_and_survives_being_kept_in_steps(tmp_path: Path) -> None:
    examples = [
        Example(
            "Who bought the sensors?",
            [
                Judged(FOUNDING, True, [(0, 6)]),
                Judged(BUYERS, False, None),
            ],
        )
    ]
    taught = training(examples, default_folder(), epochs=1200)
    file = tmp_path / "reader.safetensors"
    save_file(changes_of(taught, default_folder()), str(file))
    kept = trained(default_folder(), file)
    tokenizer = pair_tokenizer(default_folder() / TOKENIZER)
    odds = []
    for passage in (FOUNDING, BUYERS):
        pair = paired(tokenizer, "Who bought the sensors?", passage)
        ids = torch.tensor([pair.ids])
        types = (torch.arange(ids.shape[1]) >= pair.start).long()[None]
        fed = (ids, torch.ones_like(ids), types)
        odds.append(kept(*fed)[0].item())
        assert odds[-1] == pytest.approx(taught(*fed)[0].item(), abs=0.1)
    assert odds[0] > odds[1]


def test_changes_of_another_network_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "reader.safetensors"
    save_file({"encoder.unknown": torch.zeros(2)}, str(file))
    with pytest.raises(ValueError, match=r"holds no changes of this encoder: \['encoder.unknown'\]"):
        trained(default_folder(), file)
