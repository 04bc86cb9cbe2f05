"""Backups: a folder with a copy of the store, with the files beside it and with the sha256 of each."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from corpus.database import StoreError
from corpus.disk import sha256, sync
from corpus.schema import REVISION
from corpus.selectors import Record
from corpus.sqlite import unusable
from corpus.store import Store

DATABASE = "impactqa.db"
MANIFEST = "manifest.json"
FOLDERS = ("inbox",)  # what the store's rows refer to; an index is derived and not copied
ROUNDS_MAX = 5
TRIGGERS = {"decision_no_update", "decision_no_delete"}


class BackupError(StoreError):
    """A backup that cannot be made or used; the message says what to do."""


class BackupManifest(Record):
    """What a backup holds."""

    format_version: int = 1
    revision: str
    documents: int
    fingerprint: str  # of the corpus
    files: dict[str, str]  # path below the backup's folder -> sha256


def back_up(store: Store, folder: Path) -> BackupManifest:
    """What was copied to `folder`, a new one, from a store that may be read and written meanwhile.

    Raises BackupError, StoreError; then there is no such folder.
    """
    if folder.exists():
        raise BackupError(f"Backup '{folder}' exists already. Name another folder.")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    try:
        for _ in range(ROUNDS_MAX):
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            manifest = _copied(store, unfinished)
            if manifest:
                _sync_tree(unfinished)
                unfinished.rename(folder)
                sync(folder.parent)
                return manifest
    except OSError as error:
        raise unusable(folder, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    raise BackupError("Files went away while they were copied. Try again when fewer documents come and go.")


def restore(folder: Path, data_dir: Path, address: str = "") -> BackupManifest:
    """What was put into `data_dir`, which held no store. Nothing is there unless all of it is.

    With the `address` of a PostgreSQL server its database, empty so far, takes over what the file holds.

    Raises BackupError for a backup that is not what was written, and where a store is already.
    """
    manifest = checked(folder)
    if (data_dir / DATABASE).exists():
        raise BackupError(
            f"Folder '{data_dir}' holds a store already. Move it away, or name another in IMPACTQA_DATA_DIR."
        )
    try:
        for name in sorted(
            manifest.files, key=lambda name: name == DATABASE
        ):  # last: with it the store is there
            target = data_dir / name
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = target.with_name(f"{target.name}.restoring")
            shutil.copyfile(folder / name, copy)
            sync(copy)
            for leftover in (f"{target}-wal", f"{target}-shm"):
                Path(leftover).unlink(missing_ok=True)
            if name == DATABASE and address:
                _take_over(copy, address)
                copy.unlink()
            else:
                os.replace(copy, target)
            sync(target.parent)
    except OSError as error:
        raise unusable(data_dir, error) from error
    return manifest


def checked(folder: Path) -> BackupManifest:
    """The manifest of a backup whose files are what was written. Raises BackupError."""
    try:
        manifest = BackupManifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise BackupError(f"Folder '{folder}' is no backup: it has no {MANIFEST}.") from None
    except ValidationError:
        raise BackupError(f"Backup '{folder}' is damaged: its {MANIFEST} cannot be read.") from None
    if manifest.format_version != 1 or int(manifest.revision) > int(REVISION):
        raise BackupError(f"Backup '{folder}' is of a newer version. Restore it with the one that wrote it.")
    for name, expected in manifest.files.items():
        path = folder / name
        if not _is_inside(name) or path.is_symlink() or not path.is_file():
            raise BackupError(f"Backup '{folder}' is damaged: '{name}' is missing. Take another backup.")
        if sha256(path) != expected:
            raise BackupError(f"Backup '{folder}' is damaged: '{name}' has changed. Take another backup.")
    _check_database(folder / DATABASE)
    return manifest


def _take_over(copy: Path, address: str) -> None:
    from corpus.postgresql import PostgresServer  # its driver is an extra

    server = PostgresServer(address)
    try:
        server.copy_from(copy)
    finally:
        server.close()


def _copied(store: Store, folder: Path) -> BackupManifest | None:
    """The manifest of the copies in `folder`; None when a file of theirs went away before it was copied."""
    store.copy_to(folder / DATABASE)
    for name in FOLDERS:
        for path in _files(store.data_dir / name):
            copy = folder / path.relative_to(store.data_dir)
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(path, copy)
            except FileNotFoundError:  # its job is done: the copied store may still wait for it
                continue
    with Store.open(folder) as copied:
        waiting = {
            f"inbox/{job.id}/{file.stored}"
            for job in copied.jobs.unfinished()
            for file in job.files
            if file.stored
        }
        if not all((folder / name).is_file() for name in waiting):
            return None
        documents, fingerprint = len(copied.document_list()), copied.fingerprint()
    for leftover in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / leftover).unlink(missing_ok=True)
    files = {path.relative_to(folder).as_posix(): sha256(path) for path in _files(folder)}
    manifest = BackupManifest(revision=REVISION, documents=documents, fingerprint=fingerprint, files=files)
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def _check_database(path: Path) -> None:
    """Raises BackupError for a file that is damaged, or holds code of SQLite that is not ours."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            code = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")
            foreign = {name for (name,) in code} - TRIGGERS
    except sqlite3.Error as error:
        raise BackupError(f"Backup '{path.parent}' is damaged: {error}. Take another backup.") from error
    if found != "ok" or foreign:
        reason = f"it has {', '.join(sorted(foreign))}" if foreign else found
        raise BackupError(f"Backup '{path.parent}' holds no store of ours: {reason}. Take another backup.")


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(names))


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name == DATABASE or (len(parts) > 1 and parts[0] in FOLDERS and ".." not in parts)


def _sync_tree(folder: Path) -> None:
    for path in _files(folder):
        sync(path)
    for parent, _, _ in os.walk(folder):
        sync(Path(parent))
