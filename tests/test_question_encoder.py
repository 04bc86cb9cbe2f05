"""The encoder of questions: as trained, as exported, and how it is trained."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from index.embedder import CHANGES, SentenceTransformerEmbedder, default_folder
from index.export import WEIGHTS
from index.question_network import QuestionEncoder, base_weights, trained
from index.question_training import Examples, changes_of
from index.question_training import trained as training

QUESTIONS = ["How many people looked at the site?", "Who took over the firm?", "What did the drug do?"]
PASSAGES = [
    "The pages were viewed by over 38,000 individuals.",
    "Corvane acquired the company in 2018.",
    "The treatment halved the number of relapses.",
    "The site has a car park.",
    "The firm makes glass.",
]


def test_without_changes_a_question_is_encoded_as_any_text(minilm: SentenceTransformerEmbedder) -> None:
    bare = QuestionEncoder(base_weights(default_folder() / WEIGHTS), rank=0).eval()
    ids = torch.tensor([minilm._tokenizer.encode(QUESTIONS[0]).ids])
    ours = bare(ids, torch.ones_like(ids)).detach().numpy()
    assert (ours @ minilm.encode([QUESTIONS[0]]).T).item() == pytest.approx(1, abs=1e-5)


def test_the_exported_graph_gives_the_vectors_of_the_network(minilm: SentenceTransformerEmbedder) -> None:
    network = trained(default_folder() / WEIGHTS, CHANGES.questions)
    for question in QUESTIONS:
        ids = torch.tensor([minilm._tokenizer.encode(question).ids])
        ours = network(ids, torch.ones_like(ids)).detach().numpy()
        assert (ours @ minilm.encode_question(question).T).item() == pytest.approx(1, abs=1e-5)


def test_answers_lie_nearer_to_a_question_than_what_shares_its_words(
    minilm: SentenceTransformerEmbedder,
) -> None:
    passages = minilm.encode(PASSAGES)
    for row, question in enumerate(QUESTIONS):
        assert (passages @ minilm.encode_question(question).T).argmax() == row


def test_training_brings_questions_nearer_to_their_answers(
    minilm: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    vectors = torch.from_numpy(minilm.encode(PASSAGES))
    examples = Examples(QUESTIONS, [[0], [1], [2]], vectors, torch.zeros(len(PASSAGES), dtype=torch.int64))
    encoder = training(examples, default_folder(), epochs=20 * 64 / len(QUESTIONS))
    file = tmp_path / "changes.safetensors"
    save_file(changes_of(encoder), str(file))
    kept = trained(default_folder() / WEIGHTS, file)
    near = [
        (kept(ids, torch.ones_like(ids)).detach() @ vectors.T).argmax().item()
        for question in QUESTIONS
        for ids in [torch.tensor([minilm._tokenizer.encode(question).ids])]
    ]
    assert near == [0, 1, 2]


def test_changes_of_another_network_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.safetensors"
    save_file({"layers.0.elsewhere": torch.zeros(2)}, str(file))
    with pytest.raises(ValueError, match="holds no changes of this encoder"):
        trained(default_folder() / WEIGHTS, file)
