"""The worker: does accepted jobs one after the other, in a thread of its own, and again after a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import PurePosixPath

import structlog

from corpus import links
from corpus.collections import Reach
from corpus.confined import reading_process
from corpus.database import StoreBusy, StoreError
from corpus.inbox import Inbox, TooLong
from corpus.ingest import Ingested, ingest_received
from corpus.jobs import Job, JobFile
from corpus.queries import NotFound
from corpus.store import Store
from index.build import Progress
from index.embedder import Embedder
from index.manifest import BusyIndexError, SearchIndexError
from service.knowledge.indexing import EMBEDDING, is_current, rebuild
from service.running.fetching import Fetched, Refused, fetch
from service.settings import Settings

POLL_SECONDS = 1.0  # until jobs that another process accepted are noticed
RETRY_SECONDS = 10.0  # after a failure that may pass: a full disk, another ingest
LOCK_SECONDS_MAX = 1.0  # of waiting for another ingest before a job says that it waits
BATCH_SECONDS_MAX = 30.0  # of reading, before what was read is indexed and can be asked about
SAVE_SECONDS = 0.5  # between two notes of how far the embedding is
STARTS_MAX = 3  # of one file: a file that stops the service three times is not tried again

_log = structlog.get_logger("impactqa.jobs")


class Stopped(Exception):
    """The service is told to stop; the job goes on after its next start."""


class Worker:
    """Works for one store. Several services may share one: one of them at a time works, the others follow."""

    def __init__(
        self, settings: Settings, store: Store, embedder: Embedder, refresh: Callable[[], object]
    ) -> None:
        self.inbox = Inbox(settings.data_dir)
        self._settings = settings
        self._store = store
        self._embedder = embedder
        self._refresh = refresh  # called whenever a new index is in use
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_clean = False  # whether what an earlier service left in the inbox was looked at

    def start(self) -> None:
        """Begins to work; unfinished jobs of an earlier service come first."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
            self._thread.start()

    def check_alive(self) -> None:
        """Raises RuntimeError when jobs are accepted and nobody does them."""
        if self._thread is not None and not self._thread.is_alive() and not self._stopping.is_set():
            raise RuntimeError("The thread that reads uploads has ended. Start the service again.")

    def wake(self) -> None:
        """There is a new job."""
        self._wake.set()

    def stop(self, seconds_max: float = 10) -> None:
        """Ends after the file, or the texts, at hand; what is left is done after the next start."""
        if self._thread is not None:
            self._stopping.set()
            self._wake.set()
            self._thread.join(seconds_max)
            self._thread = None

    def work_off(self) -> None:
        """Does every unfinished job. Raises what may pass: StoreError, SearchIndexError, OSError."""
        while jobs := self._store.jobs.unfinished():
            until = time.monotonic() + BATCH_SECONDS_MAX
            read: list[Job] = []
            jobs = [self._fetched(job) for job in jobs]
            with self._store.exclusive(wait_seconds=LOCK_SECONDS_MAX):
                while len(read) < len(jobs) and (not read or time.monotonic() < until):
                    read.append(self._dealt_with(jobs[len(read)]))
                links.link(self._store)
            self._index(read)

    def clean_up(self) -> None:
        """Removes the files of jobs that ended just before the service did."""
        unfinished = {job.id for job in self._store.jobs.unfinished()}
        self.inbox.clean_up(unfinished, self._store.jobs.finished_ids())

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._pause(self._round())
            reading_process.let_go()

    def _round(self) -> float:
        """Seconds to wait for more to do, after everything was done that this service may do now."""
        try:
            with suppress(StoreBusy), self._store.exclusive("jobs", wait_seconds=0):
                if not self._work():
                    return RETRY_SECONDS
            self._follow()  # also what another service, whose worker has the jobs, has stored
        except Stopped:
            return 0.0
        except (StoreError, SearchIndexError, OSError) as error:
            _log.error("jobs cannot be read", reason=str(error))
            return RETRY_SECONDS
        return POLL_SECONDS

    def _work(self) -> bool:
        """False when jobs have to wait for something that may pass."""
        try:
            if not self._is_clean:
                self.clean_up()
                self._is_clean = True
            self.work_off()
        except Stopped:
            self._let_go()
        except (StoreError, SearchIndexError, OSError) as error:
            self._put_off(error)
            return False
        except Exception as error:
            _log.exception("job failed")
            self._give_up(error)
        return True

    def _follow(self) -> None:
        """Brings this service up to what others have stored, with their vectors, and perhaps indexed."""
        if not self._store.is_shared:
            return
        if is_current(self._store, self._settings.index_dir):
            self._refresh()
            return
        with suppress(StoreBusy, BusyIndexError):
            for lock in ("ingest", EMBEDDING):
                with self._store.exclusive(lock, wait_seconds=0):
                    pass  # nobody is in the middle of an ingest, or of embedding what this would embed too
            self._rebuild(lambda *_: self._check_stop(), keeps_unused=True)
            self._refresh()

    def _rebuild(self, progress: Progress, keeps_unused: bool = False) -> None:
        settings = self._settings
        exact_max = settings.exact_vectors_max
        rebuild(self._store, self._embedder, settings.index_dir, progress, keeps_unused, exact_max)

    def _pause(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _dealt_with(self, job: Job) -> Job:
        """The job once each of its files was read, or taken out of the store."""
        job = self._saved(job, state="running", stage="reading", starts=job.starts + 1, note="")
        for number, file in enumerate(job.files):
            if file.outcome:
                continue
            self._check_stop()
            if job.starts > STARTS_MAX:
                reason = f"reading it stopped the service {STARTS_MAX} times; it is not tried again"
                dealt = file.model_copy(update={"outcome": "failed", "reason": reason})
            else:
                dealt = self._removed(file) if job.kind == "remove" else self._read(job, file)
            files = (*job.files[:number], dealt, *job.files[number + 1 :])
            job = self._saved(job, files=files, starts=1)
        return job

    def _fetched(self, job: Job) -> Job:
        """The job, whose files that lie elsewhere have been fetched; one that cannot be has failed."""
        for number, file in enumerate(job.files):
            if file.outcome or job.kind == "remove" or self._is_at_hand(job, number, file):
                continue
            self._check_stop()
            job = self._saved(job, state="running", stage="fetching")
            try:
                suffix, chunks = fetch(file.url) if file.url else self._original(file)
                stored = self.inbox.receive(job.id, number, suffix, chunks, self._settings.upload_bytes_max)
                name = file.name if file.name.lower().endswith(suffix) else file.name + suffix
                fetched = file.model_copy(update={"name": name, **stored._asdict()})
            except (Refused, TooLong, OSError) as error:
                fetched = file.model_copy(update={"outcome": "failed", "reason": str(error)})
            files = (*job.files[:number], fetched, *job.files[number + 1 :])
            job = self._saved(job, files=files)
        return job

    def _is_at_hand(self, job: Job, number: int, file: JobFile) -> bool:
        """True when the file lies on this machine, or cannot be had; another may have received or fetched it."""
        path = self.inbox.path(job.id, file.stored)
        if not file.stored or (path.exists() and path.stat().st_size == file.bytes):
            return bool(file.stored)
        data = self._store.jobs.received(job.id, file.stored)
        if data is None:
            return not (file.url or file.document_id)  # reading it says that it is missing
        self.inbox.receive(job.id, number, path.suffix, (data,), len(data))
        return True

    def _original(self, file: JobFile) -> Fetched:
        """The bytes that a stored document was read from. Raises Refused."""
        data = self._store.originals.data(file.document_id)
        if data is None:
            raise Refused("the bytes it was read from are not stored; ingest its file again")
        return Fetched(PurePosixPath(file.name).suffix.lower(), iter((data,)))

    def _read(self, job: Job, file: JobFile) -> JobFile:
        path = self.inbox.path(job.id, file.stored)
        limits = self._settings.reading_limits
        store = self._store.within(Reach.of([job.collection]))
        return _told(file, ingest_received(path, file.name, store, file.replace, limits))

    def _removed(self, file: JobFile) -> JobFile:
        try:
            self._store.remove(file.document_id)
        except NotFound:  # removed before the service was stopped
            return file.model_copy(update={"outcome": "unchanged"})
        return file.model_copy(update={"outcome": "removed"})

    def _index(self, jobs: Sequence[Job]) -> None:
        """Brings the index up to the store, and with that the jobs to their end."""
        jobs = [self._saved(job, stage="indexing") for job in jobs]
        if not is_current(self._store, self._settings.index_dir):
            saved_at = 0.0

            def progress(done: int, count: int) -> None:
                nonlocal jobs, saved_at
                self._check_stop()
                if done == count or time.monotonic() - saved_at > SAVE_SECONDS:
                    counts = {"passages_embedded": done, "passages_to_embed": count}
                    jobs = [self._saved(job, **counts) for job in jobs]
                    saved_at = time.monotonic()

            self._rebuild(progress)
        self._refresh()
        for job in jobs:
            failed = all(file.outcome == "failed" for file in job.files)
            self._saved(job, state="failed" if failed else "done", stage="finished")
            self.inbox.discard(job.id)

    def _put_off(self, error: Exception) -> None:
        """Notes what the unfinished jobs wait for; where even that cannot be written, they wait unexplained."""
        _log.warning("jobs wait", reason=str(error))
        self._let_go(stage="waiting", note=f"tried again in a moment: {error}")

    def _let_go(self, **changes: object) -> None:
        """The jobs that were begun stand as if they were not, so that no file is blamed for the break."""
        with suppress(StoreError):
            for job in self._store.jobs.unfinished():
                if job.starts:
                    self._saved(job, state="queued", starts=0, **changes)

    def _give_up(self, error: Exception) -> None:
        """Fails the job at hand, the first that has begun: what went wrong is a mistake of the service."""
        note = f"the service failed ({type(error).__name__}); its log says why"
        for job in self._store.jobs.unfinished()[:1]:
            self._saved(job, state="failed", stage="finished", note=note)
            self.inbox.discard(job.id)

    def _saved(self, job: Job, **changes: object) -> Job:
        return self._store.jobs.save(job.model_copy(update=changes))

    def _check_stop(self) -> None:
        if self._stopping.is_set():
            raise Stopped


def _told(file: JobFile, ingested: Ingested) -> JobFile:
    return file.model_copy(
        update={
            "outcome": ingested.outcome,
            "document_id": ingested.document_id or "",
            "passages": ingested.passages,
            "facts": ingested.facts,
            "reason": ingested.reason,
        }
    )
