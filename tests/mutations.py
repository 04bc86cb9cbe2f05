"""Files with mistakes made at random: each is read, or refused by name, and the next one is read.

`python -m tests.mutations --files 10000` makes small reports and tables of every format, spoils each in some ways
and reads it as an upload is read. It prints what became of them and ends with 1 when a reader crashed, took too long,
stumbled over what nobody foresaw, or refused a file without naming it; `--keep FOLDER` keeps those files.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import docx

from corpus.confined import OverLimit, ReaderCrashed, ReadingProcess, Unforeseen
from corpus.limits import Limits
from tests.hostile import repacked
from tests.printed import Printer
from tests.workbooks import write_workbook

SECONDS_MAX = 30
LINES = (
    "Norvia Biotech, a spin-out of the project VEGA-7, was founded in Oslo in 2014.",
    "It employs 45 people and filed over 40 patents between 2015 and 2019.",
    "Osterlund Robotics AB licensed the imaging software for €1.2 million.",
)
TABLE = (
    ("outcome_type", "subject", "value"),
    ("patent", "Norvia Biotech", "12"),
    ("award", "Osterlund", "3"),
)
_NUMBER = re.compile(rb"\d+")
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999", b"1e309", b"")
_WORDS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"', b"'", b"\n", b"\r", b",", b";", b"\t"),
    *(
        b"<",
        b">",
        b"<!--",
        b"<![CDATA[",
        b"&#0;",
        b"&#x110000;",
        b"&amp",
        b"<table><tr><td>",
        b"</p>",
        b"<!DOCTYPE",
    ),
    *(
        b"<<",
        b">>",
        b"[",
        b"]",
        b"(",
        b")",
        b" obj",
        b"endobj",
        b"stream\n",
        b"/Kids",
        b"/Length",
        b"1 0 R",
        b"/Type",
    ),
    *(b"{", b"}", b"null", b"w:tbl", b"w:p", b"%PDF-", b"PK\x03\x04", b"BT", b" Tf", b"q ", b" Do"),
)


class Outcome(NamedTuple):
    """What became of one file; the names of `FAULTS` are what must not be."""

    kind: str
    said: str = ""


FAULTS = ("crashed", "hung", "unforeseen", "unnamed")


def originals() -> dict[str, bytes]:
    """Sound files of every format, by suffix."""
    printed = Printer(undated=True)
    printed.canvas._doc.compression = 0  # so that mistakes meet what is drawn, not its packing
    printed.lines(LINES).lines(LINES, x=320, top=300).canvas.grid([60, 200, 340], [200, 220, 240])
    packed = Printer(undated=True).lines(LINES).next_page().lines(LINES)
    page = f"<html><title>Report</title><h1>Results</h1>{''.join(map('<p>{}</p>'.format, LINES))}<ul><li>One</ul>"
    rows = "".join(f"<tr>{''.join(map('<td>{}'.format, row))}</tr>" for row in TABLE)
    return {
        ".pdf": printed.data(),
        ".2.pdf": packed.data(),
        ".docx": _word(),
        ".html": f"{page}<table>{rows}</table></html>".encode(),
        ".csv": "\n".join(map(",".join, TABLE)).encode(),
        ".xlsx": _workbook(),
        ".json": json.dumps([dict(zip(TABLE[0], row, strict=True)) for row in TABLE[1:]]).encode(),
        ".2.json": json.dumps({"title": "Results", "text": " ".join(LINES), "years": [2014, 2015]}).encode(),
        ".md": f"# Results\n\n{LINES[0]}\n\n- {LINES[1]}\n- {LINES[2]}\n\n|a|b|\n|-|-|\n|1|2|\n".encode(),
        ".txt": "\n\n".join(LINES).encode("cp1252"),
    }


def _word() -> bytes:
    file, made = io.BytesIO(), docx.Document()
    made.add_heading("Results")
    for line in LINES:
        made.add_paragraph(line)
    made.add_paragraph("One", style="List Bullet")
    table = made.add_table(0, len(TABLE[0]))
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    made.save(file)
    return repacked(file.getvalue(), {})


def _workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return repacked(write_workbook(Path(folder, "a.xlsx"), {"A": TABLE, "B": TABLE}).read_bytes(), {})


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to three mistakes; those of a zip are made inside its parts half of the time."""
    if data.startswith(b"PK") and chance.random() < 0.5:
        with ZipFile(io.BytesIO(data)) as archive:
            name = chance.choice([name for name in archive.namelist() if name.endswith((".xml", ".rels"))])
            return repacked(data, {name: mutated(archive.read(name), chance)})
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(_MISTAKES)(data, chance)
    return data


def _places(data: bytes, chance: random.Random) -> tuple[int, int]:
    """Two places near each other."""
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 1, 4, 32, 256)))


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), chance.choice((1, 2, 8, 64)))):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    start, end = _places(data, chance)
    return data[:start] + data[end:]


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.3 else data


def _repeated(data: bytes, chance: random.Random) -> bytes:
    start, end = _places(data, chance)
    return data[:start] + data[start:end] * chance.choice((2, 3, 50)) + data[end:]


def _moved(data: bytes, chance: random.Random) -> bytes:
    start, end = _places(data, chance)
    rest = data[:start] + data[end:]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + data[start:end] + rest[place:]


def _filled(data: bytes, chance: random.Random) -> bytes:
    start, end = _places(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _with_word(data: bytes, chance: random.Random) -> bytes:
    start, _ = _places(data, chance)
    return data[:start] + chance.choice(_WORDS) * chance.choice((1, 1, 2, 200)) + data[start:]


def _with_number(data: bytes, chance: random.Random) -> bytes:
    numbers = list(_NUMBER.finditer(data))
    if not numbers:
        return data
    start, end = chance.choice(numbers).span()
    number = chance.choice((*_NUMBERS, chance.choice(numbers)[0]))
    return data[:start] + number + data[end:]


_MISTAKES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flipped, _cut, _cut_off, _repeated, _moved, _filled),
    *(_with_word, _with_word, _with_number, _with_number),
)


def files(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of spoilt files, of each format in turn, always the same for a seed."""
    sound = list(originals().items())
    for number in range(count):
        suffix, data = sound[number % len(sound)]
        yield f"{number}{suffix}", mutated(data, random.Random(f"{seed} {number}"))


def outcome(path: Path, process: ReadingProcess) -> Outcome:
    """What became of a file."""
    try:
        process.read(path, limits=Limits(seconds=SECONDS_MAX))
    except OverLimit as error:
        return Outcome("too large" if "memory" in str(error) else "hung", str(error))
    except ReaderCrashed as error:
        return Outcome("crashed", str(error))
    except Unforeseen as error:
        return Outcome("unforeseen", str(error))
    except ValueError as error:
        return Outcome("refused" if str(error).startswith(f"'{path.name}' ") else "unnamed", str(error))
    return Outcome("read")


def outcomes(count: int, seed: int, keep: Path | None = None) -> Iterator[tuple[str, Outcome]]:
    """What became of each file, by name; those with faults are kept in the folder `keep`."""
    process = ReadingProcess()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, data in files(count, seed):
                path = Path(folder, name)
                path.write_bytes(data)
                found = outcome(path, process)
                yield name, found
                if keep and found.kind in FAULTS:
                    path.rename(keep / name)
                else:
                    path.unlink()
    finally:
        process.close()


def main(count: int, seed: int, keep: Path | None) -> int:
    """Prints what became of the files; 1 when there are faults."""
    started = time.monotonic()
    told: Counter[tuple[str, str]] = Counter()
    for name, found in outcomes(count, seed, keep):
        told[Path(name).suffix, found.kind] += 1
        if found.kind in FAULTS:
            sys.stderr.write(f"{found.kind}: {name}: {found.said}\n")
    kinds = sorted({kind for _, kind in told})
    print("format", *kinds, sep="\t")  # noqa: T201
    for suffix in sorted({suffix for suffix, _ in told}):
        print(suffix, *(told[suffix, kind] for kind in kinds), sep="\t")  # noqa: T201
    faults = sum(number for (_, kind), number in told.items() if kind in FAULTS)
    print(f"{count} files in {time.monotonic() - started:.0f} s, {faults} faults")  # noqa: T201
    return int(faults > 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    sys.exit(main(given.files, given.seed, given.keep))
