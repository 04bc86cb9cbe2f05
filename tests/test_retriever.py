"""Searching an index: one contract over every embedder and ranking, then what is particular."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.build import Entry, build
from index.embedder import Embedder, HashEmbedder, SentenceTransformerEmbedder
from index.manifest import BrokenIndexError, MissingIndexError, StaleIndexError, current_generation
from index.ranking import RANKINGS, Ranking
from index.retriever import Hit, Retriever

ENTRIES = [
    Entry("psg_01", "passage", "doc_a", "Norvia Biotech was founded in 2011 by two chemists."),
    Entry("psg_02", "passage", "doc_a", "The firm took on twelve new members of staff."),
    Entry("psg_03", "passage", "doc_a", "Compound AB-12X entered a trial with 18,000 patients."),
    Entry("psg_04", "passage", "doc_b", "Compound AB-13X was dropped after a trial."),
    Entry("psg_05", "passage", "doc_b", "Project LUMEN-3 trained forty doctoral students."),
    Entry("psg_06", "passage", "doc_b", "Barley yields in the valley rose by a third."),
    Entry("psg_07", "passage", "doc_c", "Barley yields in the valley rose by a third."),
    Entry("fct_01", "fact", "doc_a", "spin out Norvia Biotech 2011"),
    Entry("fct_02", "fact", "doc_b", "training and education LUMEN-3 40 doctoral students"),
]
EMBEDDERS: dict[str, Callable[[], Embedder]] = {
    "hash": HashEmbedder,
    "sentence-transformers": SentenceTransformerEmbedder,
}
QUESTIONS = ["Who founded Norvia Biotech?", "AB-12X", "How many doctoral students?", "barley", "zeppelin"]


@pytest.fixture(scope="module", params=EMBEDDERS, ids=list(EMBEDDERS))
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return EMBEDDERS[request.param]()


@pytest.fixture(scope="module")
def folder(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    build(ENTRIES, embedder, folder, "corpus-1")
    return folder


@pytest.fixture(params=RANKINGS)
def retriever(request: pytest.FixtureRequest, embedder: Embedder, folder: Path) -> Retriever:
    return Retriever.open(folder, embedder, "corpus-1", request.param)


@pytest.fixture
def hybrid(embedder: Embedder, folder: Path) -> Retriever:
    return Retriever.open(folder, embedder, "corpus-1")


def ids(hits: list[Hit]) -> list[str]:
    return [hit.id for hit in hits]


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_are_ranked_from_one_by_falling_score(retriever: Retriever, question: str) -> None:
    hits = retriever.search(question)
    assert [hit.rank for hit in hits] == list(range(1, len(ENTRIES) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(set(ids(hits))) == len(ENTRIES)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_lower_limit_cuts_the_same_list(retriever: Retriever, question: str) -> None:
    assert retriever.search(question, limit=3) == retriever.search(question)[:3]
    assert retriever.search(question, limit=0) == []


def test_equal_texts_tie_and_come_in_order_of_their_ids(retriever: Retriever) -> None:
    one, other = retriever.search("barley yields", limit=2)
    assert (one.id, other.id) == ("psg_06", "psg_07")
    assert (one.dense, one.lexical) == (other.dense, other.lexical)


def test_many_equal_texts_come_in_order_of_their_ids_too(tmp_path: Path) -> None:
    entries = [Entry(f"psg_{n:02}", "passage", "doc_a", ENTRIES[n % 2].text) for n in range(90)]
    build(entries, HashEmbedder(), tmp_path, "corpus-1")
    found = ids(Retriever.open(tmp_path, HashEmbedder()).search("Norvia", limit=45))
    assert found == [entry.id for entry in entries[::2]]


def test_only_the_kind_asked_for_is_found(retriever: Retriever) -> None:
    assert set(ids(retriever.search("Norvia", kind="fact"))) == {"fct_01", "fct_02"}
    assert len(retriever.search("Norvia", kind="passage")) == 7


def test_only_the_documents_asked_for_are_searched(retriever: Retriever) -> None:
    hits = retriever.search("barley", kind="passage", document_ids={"doc_c", "doc_a", "doc_unknown"})
    assert {hit.document_id for hit in hits} == {"doc_a", "doc_c"}
    assert hits[0].id == "psg_07"
    assert hits[0].lexical_share == 1
    assert retriever.search("barley", document_ids=[]) == []


def test_a_blank_text_finds_nothing(retriever: Retriever) -> None:
    assert retriever.search(" \n") == []


def test_the_search_finds_an_exact_code_and_a_rewritten_figure(hybrid: Retriever) -> None:
    assert hybrid.search("What happened to AB-12X?")[0].id == "psg_03"
    assert hybrid.search("18 000")[0].id == "psg_03"


def test_a_hit_shows_where_its_score_comes_from(hybrid: Retriever) -> None:
    hit = hybrid.search("doctoral students", limit=1)[0]
    assert hit.lexical > 0
    assert hit.lexical_share == 1
    assert hit.score == pytest.approx(0.6 * hit.sought + 0.4 * hit.lexical_share)


def test_the_context_decides_what_the_question_leaves_open(hybrid: Retriever) -> None:
    question, context = "And how many patients or students?", "What did project LUMEN-3 do?"
    alone, informed = hybrid.search(question), hybrid.search(question, context=context)
    assert ids(informed).index("psg_05") < ids(informed).index("psg_03")
    about = {hit.id: hit.score for hit in hybrid.search(context)}
    expected = {hit.id: 0.6 * hit.score + 0.4 * about[hit.id] for hit in alone}
    assert {hit.id: hit.score for hit in informed} == pytest.approx(expected, abs=1e-6)


def test_a_blank_context_or_one_without_weight_changes_nothing(hybrid: Retriever) -> None:
    alone = hybrid.search("Who founded it?")
    assert hybrid.search("Who founded it?", context=" ") == alone
    assert ids(hybrid.search("Who founded it?", context="barley", context_weight=0)) == ids(alone)


def test_the_encoded_question_gives_the_cosines_of_the_hits(hybrid: Retriever, embedder: Embedder) -> None:
    hit = hybrid.search("Who founded Norvia Biotech?", limit=1)[0]
    text = next(entry.text for entry in ENTRIES if entry.id == hit.id)
    vector = hybrid.encode("Who founded Norvia Biotech?")
    assert float(vector @ embedder.encode([text])[0]) == pytest.approx(hit.dense, abs=1e-5)


def test_two_openings_and_many_threads_give_the_same_hits(
    hybrid: Retriever, embedder: Embedder, folder: Path
) -> None:
    other = Retriever.open(folder, embedder)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(other.search, QUESTIONS * 5))
    assert together == [hybrid.search(question) for question in QUESTIONS] * 5
    assert other.version == hybrid.version == hybrid.manifest.version


def test_meaning_and_spelling_are_both_found_in_a_crowd(tmp_path: Path) -> None:
    crowd = [Entry(f"psg_x{n}", "passage", "doc_x", f"Rainfall at site {n}.") for n in range(250)]
    minilm = SentenceTransformerEmbedder()
    build([*ENTRIES, *crowd], minilm, tmp_path, "corpus-1")
    retriever = Retriever.open(tmp_path, minilm)
    assert retriever.search("Did the company create jobs by hiring people?")[0].id == "psg_02"
    assert retriever.search("ab12x")[0].id == "psg_03"


def test_a_rebuilt_index_makes_the_open_one_outdated(tmp_path: Path) -> None:
    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")
    retriever = Retriever.open(tmp_path, HashEmbedder())
    assert retriever.is_current()
    build(ENTRIES[:2], HashEmbedder(), tmp_path, "corpus-2")
    assert not retriever.is_current()
    assert len(retriever.search("Norvia")) == len(ENTRIES)


def test_an_index_that_is_replaced_while_being_opened_is_opened_anew(tmp_path: Path) -> None:
    pending = ["corpus-2", "corpus-3"]  # the second build removes what is being opened

    class RebuildingEmbedder(HashEmbedder):
        def __getattribute__(self, attribute: str) -> object:
            while attribute == "name" and pending:
                build(ENTRIES, HashEmbedder(), tmp_path, pending.pop(0))
            return super().__getattribute__(attribute)

    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")
    assert Retriever.open(tmp_path, RebuildingEmbedder()).manifest.fingerprint == "corpus-3"


def test_an_index_of_another_model_is_refused(tmp_path: Path) -> None:
    class OtherEmbedder(HashEmbedder):
        name = "hash-256@other"

    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")
    with pytest.raises(StaleIndexError, match=r"was built with 'hash-256' \(256 dimensions\)"):
        Retriever.open(tmp_path, OtherEmbedder())


def test_an_index_of_another_corpus_is_refused(tmp_path: Path) -> None:
    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")
    with pytest.raises(StaleIndexError, match="the store is at 'corpus-2'. Rebuild it with: impactqa index"):
        Retriever.open(tmp_path, HashEmbedder(), "corpus-2")


def test_a_corrupt_or_missing_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingIndexError):
        Retriever.open(tmp_path, HashEmbedder())
    build(ENTRIES, HashEmbedder(), tmp_path, "corpus-1")
    vectors = current_generation(tmp_path) / "vectors.faiss"
    vectors.write_bytes(vectors.read_bytes()[:-4])
    with pytest.raises(BrokenIndexError, match=r"'vectors\.faiss' has changed since it was built"):
        Retriever.open(tmp_path, HashEmbedder())


@pytest.mark.parametrize("ranking", RANKINGS)
def test_the_best_entry_is_not_missed_below_the_pool(tmp_path: Path, ranking: Ranking) -> None:
    entries = [Entry(f"psg_{n:04}", "passage", "doc_a", f"barley field {n} of it") for n in range(900)]
    build(entries, HashEmbedder(), tmp_path, "corpus-1")
    hits = Retriever.open(tmp_path, HashEmbedder(), ranking=ranking).search("barley field 731", limit=5)
    assert hits[0].id == "psg_0731"


def test_many_vectors_are_searched_by_a_short_list_with_the_same_hits(
    embedder: Embedder, folder: Path, tmp_path: Path
) -> None:
    manifest = build(ENTRIES, embedder, tmp_path, "corpus-1", exact_max=0)
    assert "codes.faiss" in manifest.files
    listed, exact = Retriever.open(tmp_path, embedder), Retriever.open(folder, embedder)
    assert [listed.search(question) for question in QUESTIONS] == [exact.search(q) for q in QUESTIONS]


@pytest.mark.parametrize("question", [*QUESTIONS, " "])
def test_ranked_entries_are_those_of_a_search(retriever: Retriever, question: str) -> None:
    hits = retriever.search(question, limit=5, kind="passage")
    shown = [(hit.id, hit.kind, hit.document_id, hit.rank, hit.score) for hit in hits]
    found = retriever.ranked(question, limit=5, kind="passage")
    assert [(one.id, one.kind, one.document_id, one.rank, one.score) for one in found] == shown
