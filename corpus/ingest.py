"""Files and folders become stored documents: read, split, extracted, kept; one bad file stops no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Literal, NamedTuple

from corpus import links
from corpus.collections import own_id
from corpus.confined import reading_process
from corpus.database import StoreUnusable
from corpus.disk import sha256
from corpus.limits import Limits
from corpus.mapping import TableFormat
from corpus.reading import SUFFIXES
from corpus.store import Store
from corpus.version import version


class Ingested(NamedTuple):
    """What became of one file; `reason` says why it failed, or what is worth knowing otherwise."""

    path: Path
    outcome: Literal["added", "replaced", "reread", "unchanged", "failed"]
    document_id: str | None = None
    passages: int = 0
    facts: int = 0
    reason: str = ""


Progress = Callable[[int, int, Ingested], None]  # files done, files in all, what became of the last one


def ingest(
    paths: Sequence[Path],
    store: Store,
    progress: Progress | None = None,
    wait_seconds: float = 10,
    mapping: TableFormat | None = None,
    limits: Limits = Limits(),
) -> list[Ingested]:
    """What became of every file in `paths`, in order; folders are walked, hidden files left out.

    A file is stored under its path below the given folder, or under its file name. Its bytes decide whether
    anything is done: the same file with other bytes replaces its document; the same bytes are read again when
    the code or the word lists that read them have changed. Another file of the same name is
    another document, stored under as much more of its path as tells them apart ("2014/report.txt"), for as
    long as the first file exists; once that is gone, the new one is taken for it in another place.
    With a `mapping` every file is a table that it reads; a table read by another mapping before is read anew.
    `limits` are what reading one file may take.

    Raises StoreBusy when another ingest goes on for longer than `wait_seconds`, StoreUnusable when the store
    cannot be written; what came before is kept.
    """
    done: list[Ingested] = []
    with store.exclusive(wait_seconds=wait_seconds):
        locations = store.sources()
        files = _files(paths)
        for path, name in files:
            done.append(_ingest_file(path, name, locations, store, mapping, limits))
            if progress:
                progress(len(done), len(files), done[-1])
        links.link(store)
    return done


def _files(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """Every file once, with its path below the folder it was found through, or its file name."""
    found: dict[str, tuple[Path, str]] = {}
    for path in paths:
        for file in list(_walk(path)) or [path]:
            name = file.relative_to(path).as_posix() if file != path else file.name
            found.setdefault(_location(file), (file, name))
    return list(found.values())


def _walk(folder: Path) -> Iterator[Path]:
    """The files of known kinds below `folder`, sorted, without hidden ones, and folders that cannot be read.

    Nothing when `folder` is none. Links to folders are not followed: they may lead back.
    """
    unreadable: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(parent, name)
    yield from (Path(error.filename) for error in unreadable if not isinstance(error, NotADirectoryError))


def _location(path: Path) -> str:
    """The absolute path without links; unlike Path.resolve it does not fail for a circle of links."""
    return os.path.realpath(path)


def _ingest_file(
    path: Path,
    name: str,
    locations: dict[str, str],
    store: Store,
    mapping: TableFormat | None,
    limits: Limits,
) -> Ingested:
    try:
        _check_is_file(path)
        stored_as = _source_name(_location(path), name, locations)
        place = path, stored_as, _location(path)
        ingested = _known(*place, store, mapping) or _added(*place, store, mapping, limits)
    except StoreUnusable:
        raise
    # Whatever is wrong with one file must not keep the others from being read.
    except Exception as error:
        return Ingested(path, "failed", reason=_reason(error))
    locations[stored_as] = _location(path)
    if ingested.outcome == "added" and stored_as != name:
        beside = f"stored as '{stored_as}', since '{name}' is another file"
        ingested = ingested._replace(reason="; ".join(filter(None, [beside, ingested.reason])))
    return ingested


def _check_is_file(path: Path) -> None:
    """Raises ValueError for what cannot be opened as a file: opening a pipe would wait for ever."""
    if path.is_dir():
        raise ValueError(f"this folder holds no readable file of a known kind: {', '.join(sorted(SUFFIXES))}")
    if not path.is_file():
        raise ValueError("there is no such file; check the path")


def _source_name(path: str, name: str, locations: dict[str, str]) -> str:
    """The name that stands for `path`: the one it has, else the shortest that stands for no other file."""
    for known, location in locations.items():
        if location == path:
            return known
    parts = Path(path).parts
    for length in range(len(Path(name).parts), len(parts)):
        name = Path(*parts[-length:]).as_posix()
        if not Path(locations.get(name, "")).is_file():
            return name
    return path


def ingest_received(
    path: Path, name: str, store: Store, replace: bool = False, limits: Limits = Limits()
) -> Ingested:
    """What became of the bytes at `path`, which their sender calls `name`; the file itself is not kept.

    Nobody's document gives way to another of its name, unless `replace` says so: it is stored as "name (2)".
    The caller holds the folder's lock. Raises StoreUnusable.
    """
    try:
        stored_as = name if replace else _free_name(path, name, store)
        place = path, stored_as, ""
        ingested = _known(*place, store, None) or _added(*place, store, None, limits)
    except StoreUnusable:
        raise
    # Whatever is wrong with one file must not keep the others from being read.
    except Exception as error:
        return Ingested(path, "failed", reason=_reason(error).replace(path.name, name))
    if ingested.outcome == "added" and stored_as != name:
        beside = f"stored as '{stored_as}', since '{name}' is another document"
        ingested = ingested._replace(reason="; ".join(filter(None, [beside, ingested.reason])))
    return ingested


def _free_name(path: Path, name: str, store: Store) -> str:
    """The first of "report.txt", "report (2).txt", ... that stands for these bytes or for none."""
    summary = store.summary(sha256(path))
    taken = store.source_documents()
    stem, suffix = Path(name).stem, Path(name).suffix
    names = (name if number == 1 else f"{stem} ({number}){suffix}" for number in count(1))
    return next(each for each in names if taken.get(each) in (None, summary and summary.id))


def _known(
    path: Path, name: str, location: str, store: Store, mapping: TableFormat | None
) -> Ingested | None:
    """The outcome for bytes that are stored already, which are not read again; None for new ones."""
    summary = store.summary(sha256(path))
    if summary is None or not _is_read_by(store.extractor(summary.id), mapping):
        return None
    outcome = store.add_name(summary.id, name, location)
    reason = "" if name == summary.source_name else f"the same bytes are stored as '{summary.source_name}'"
    return Ingested(path, outcome, summary.id, summary.passages, summary.facts, reason)


def _is_read_by(extractor: str, mapping: TableFormat | None) -> bool:
    """True when the code and the mapping, if one is given, that read a document would read it now."""
    code, _, mapped_by = extractor.partition(" ")
    return code == version() and (mapping is None or mapped_by == mapping.extractor)


def _added(
    path: Path, name: str, location: str, store: Store, mapping: TableFormat | None, limits: Limits
) -> Ingested:
    document, extraction, reason, mapped_by = reading_process.read(path, mapping, limits)
    # One without a title of its own is called as its sender calls it, not as it lies in the inbox.
    title = Path(name).stem if document.title == path.stem else document.title
    document = document.model_copy(update={"source_name": name, "title": title})
    outcome = store.add(
        document,
        extraction.passages,
        extraction.entities,
        extraction.facts,
        location=location,
        original=path.read_bytes(),
        extractor=f"{version()} {mapped_by}".strip(),
    )
    if outcome == "reread":
        again = "read again, since the extraction has changed; decisions about its facts are kept"
        reason = "; ".join(filter(None, [again, reason]))
    id = own_id(document.id, store.reach.home)
    return Ingested(path, outcome, id, len(extraction.passages), len(extraction.facts), reason)


def _reason(error: Exception) -> str:
    """The error in one line; one that was not written for readers is named by its type."""
    text = " ".join(str(getattr(error, "strerror", None) or error).split())
    return text if isinstance(error, OSError | ValueError) and text else f"{type(error).__name__}: {text}"
