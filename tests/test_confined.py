"""A file that is made to break its reader breaks nothing else, and is named with what is wrong with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer

import pytest

from corpus.confined import OverLimit, ReaderCrashed, ReadingProcess, reading_process
from corpus.ingest import ingest
from corpus.limits import Limits
from corpus.mapping import named
from corpus.reading import read_file
from corpus.store import Store
from tests import hostile
from tests.printed import Printer

SENTENCE = "Norvia Biotech filed 12 patents in 2015."


@pytest.fixture
def fresh() -> Iterator[ReadingProcess]:
    """A process of its own, for a test that ends it."""
    process = ReadingProcess()
    yield process
    process.close()


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def forks(process: ReadingProcess) -> list[int]:
    assert process._process is not None
    return children(process._process.pid)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_is_read_elsewhere_is_what_is_read_here(tmp_path: Path) -> None:
    path = written(tmp_path, "norvia.pdf", Printer().lines([SENTENCE, "It employs 30 people."]).data())
    here, there = read_file(path), reading_process.read(path)
    assert there.document.page_map
    assert here.document.page_map
    assert there.document.page_map.packed() == here.document.page_map.packed()
    update = {"page_map": None}
    assert there._replace(document=there.document.model_copy(update=update)) == here._replace(
        document=here.document.model_copy(update=update)
    )


def test_a_table_is_read_elsewhere_through_its_mapping(tmp_path: Path) -> None:
    path = written(tmp_path, "facts.csv", b"outcome_type,subject\npatent,Norvia\n")
    mapping = named("facts_table")
    assert reading_process.read(path, mapping) == read_file(path, mapping)


@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("bomb.docx", hostile.word_that_unpacks_to_much, "unpacks to 400 MB"),
        ("parts.docx", hostile.word_of_many_parts, "has 100017 parts"),
        ("laughs.docx", hostile.word_of_a_billion_laughs, "no Word file that can be read"),
        ("nested.docx", hostile.word_nested_deeply, "no Word file that can be read"),
        ("bomb.xlsx", hostile.workbook_that_unpacks_to_much, "unpacks to 400 MB"),
        ("far.xlsx", hostile.workbook_of_two_far_cells, "needs more than 2000 MB of memory"),
        ("cycle.pdf", hostile.pdf_whose_pages_hold_themselves, "has no text to read"),
        ("desert.pdf", hostile.pdf_of_a_packed_desert, "needs more than 2000 MB of memory"),
        ("nested.json", hostile.json_nested_deeply, "is no valid JSON"),
        ("row.csv", hostile.table_of_one_endless_row, "row 2: has 500001 cells"),
        ("locked.pdf", hostile.encrypted_pdf, "is encrypted with a password"),
        ("text.docx", hostile.text_of_one_endless_word, "is damaged"),
        ("table.pdf", hostile.table_of_one_endless_row, "is no PDF that can be read"),
        ("word.xlsx", hostile.word, "is no Excel workbook"),
        ("locked.html", hostile.encrypted_pdf, "is encrypted with a password"),
    ],
)
def test_a_hostile_file_is_refused_by_name(
    tmp_path: Path, name: str, make: Callable[[], bytes], told: str
) -> None:
    path = written(tmp_path, name, make())
    with pytest.raises(ValueError, match=told) as refused:
        reading_process.read(path)
    assert str(refused.value).startswith(f"'{name}' ")


@pytest.mark.parametrize(
    ("name", "make", "text"),
    [
        ("outside.docx", hostile.word_of_an_outside_entity, "Secret:"),
        ("drawing.pdf", hostile.pdf_whose_drawing_draws_itself, "Norvia."),
        ("nested.html", hostile.page_nested_deeply, "Norvia filed 12 patents."),
        ("tag.html", hostile.page_of_one_endless_tag, "Norvia filed patents."),
    ],
)
def test_what_a_hostile_file_says_is_read_where_it_can_be(
    tmp_path: Path, name: str, make: Callable[[], bytes], text: str
) -> None:
    assert reading_process.read(written(tmp_path, name, make())).document.text == text


def test_a_sentence_that_never_ends_is_cut(tmp_path: Path) -> None:
    path = written(tmp_path, "endless.txt", hostile.text_of_one_endless_sentence())
    lengths = [len(passage.text) for passage in reading_process.read(path).extraction.passages]
    assert len(lengths) > 10
    assert max(lengths) <= 5_000


def test_a_file_of_too_many_pages_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "pages.pdf", hostile.pdf_of_many_pages())
    with pytest.raises(ValueError, match="'pages.pdf' has more than 5000 pages. Split it"):
        reading_process.read(path)


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = written(tmp_path, "x.pdf", hostile.pdf_whose_length_is_itself())
    told = "'x.pdf' could not be read: it took more than 1 s. Split it, or raise IMPACTQA_READ_SECONDS_MAX."
    with pytest.raises(OverLimit, match=told):
        reading_process.read(path, limits=Limits(seconds=1))


def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = written(tmp_path, "x.pdf", hostile.pdf_of_many_marks())
    told = "'x.pdf' could not be read: it needs more than 500 MB of memory"
    with pytest.raises(OverLimit, match=told):
        reading_process.read(path, limits=Limits(memory_bytes=500_000_000))


def test_a_large_file_may_take_longer(tmp_path: Path) -> None:
    assert Limits(seconds=30).seconds_for(written(tmp_path, "x.txt", bytes(1_000_000))) == 230


def test_a_batch_goes_on_behind_a_file_that_hangs(tmp_path: Path) -> None:
    paths = [
        written(tmp_path, "a.txt", SENTENCE.encode()),
        written(tmp_path, "b.pdf", hostile.pdf_whose_length_is_itself()),
        written(tmp_path, "c.txt", SENTENCE.replace("12", "14").encode()),
    ]
    with Store.open(tmp_path / "data") as store:
        found = ingest(paths, store, limits=Limits(seconds=1))
    assert [entry.outcome for entry in found] == ["added", "failed", "added"]
    assert found[1].reason.startswith("'b.pdf' could not be read: it took more than 1 s.")


def test_a_crash_of_the_reader_is_an_error_of_its_file_alone(tmp_path: Path, fresh: ReadingProcess) -> None:
    fresh.read(written(tmp_path, "a.txt", SENTENCE.encode()))
    slow = written(tmp_path, "x.pdf", hostile.pdf_whose_length_is_itself())
    Timer(0.5, lambda: os.kill(forks(fresh)[0], signal.SIGSEGV)).start()
    with pytest.raises(ReaderCrashed, match=r"'x.pdf' could not be read: it crashed its reader \(SIGSEGV\)"):
        fresh.read(slow)
    assert fresh.read(tmp_path / "a.txt").document.text == SENTENCE


def test_another_process_reads_on_when_one_is_gone(tmp_path: Path, fresh: ReadingProcess) -> None:
    path = written(tmp_path, "a.txt", SENTENCE.encode())
    fresh.read(path)
    assert fresh._process is not None
    fresh._process.kill()
    fresh._process.wait()
    assert fresh.read(path).document.text == SENTENCE


def test_a_reader_ends_with_who_started_it(tmp_path: Path) -> None:
    slow = written(tmp_path, "x.pdf", hostile.pdf_whose_length_is_itself())
    program = (
        "import pathlib, sys; from corpus.confined import *; reading_process.read(pathlib.Path(sys.argv[1]))"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(slow)]) as starter:
        until(lambda: bool(children(starter.pid)))
        (process,) = children(starter.pid)
        until(lambda: bool(children(process)))
        (fork,) = children(process)
        starter.kill()
        until(lambda: not Path(f"/proc/{process}/exe").exists() and not Path(f"/proc/{fork}/exe").exists())


def test_nobody_waits_at_the_exit_for_a_file_that_is_being_read(tmp_path: Path) -> None:
    slow = written(tmp_path, "x.pdf", hostile.pdf_whose_length_is_itself())
    program = (
        "import pathlib, sys, threading, time; from corpus.confined import *\n"
        "threading.Thread(target=reading_process.read, args=[pathlib.Path(sys.argv[1])], daemon=True).start()\n"
        "time.sleep(1)"
    )
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", program, str(slow)], check=True)
    assert time.monotonic() - started < 20


def test_a_reader_knows_no_secrets(
    tmp_path: Path, fresh: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPACTQA_LLM_KEY", "secret")
    fresh.read(written(tmp_path, "a.txt", SENTENCE.encode()))
    assert fresh._process is not None
    assert b"IMPACTQA" not in Path(f"/proc/{fresh._process.pid}/environ").read_bytes()
