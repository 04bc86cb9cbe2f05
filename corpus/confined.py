"""Files of others are read in another process, with limits; one that breaks it breaks nothing else."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from corpus.limits import Limits
from corpus.mapping import TableFormat
from corpus.readers.encoding import ReadError
from corpus.reading import Reading, unpacked
from corpus.reading_process import NEEDS_MEMORY, READ, REFUSED, STATUS, UNFORESEEN, WALL_SECONDS, Request

REPLY_BYTES_MAX = 500_000_000  # some 25 million characters with their facts
# Memory that counts and is never touched, and the last piece that was asked for: what fails with no more left than
# this fails for want of memory, whatever it says.
_UNTOUCHED_BYTES = 220_000_000
_SECONDS_OVER = 5  # that a limit may be exceeded by before it is enforced from here
_IDLE_SECONDS_MAX = 300.0  # of a process of 250 MB that starts in 2 s
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:]; from corpus.reading_process import main; main(int(sys.argv[1]))"
)


class OverLimit(ReadError):
    """A file that takes more than it may."""


class ReaderCrashed(ReadError):
    """A file that the process that read it did not outlive."""


class Unforeseen(ReadError):
    """A file that a reader stumbled over in a way that nobody thought of."""


class ReadingProcess:
    """The other process: started for the first file, and again after it broke or was let go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._used_at = 0.0

    def read(self, path: Path, mapping: TableFormat | None = None, limits: Limits = Limits()) -> Reading:
        """What the file at `path` holds. Raises ReadError, which says what is wrong with the file, and OSError."""
        request = Request(
            path=os.path.abspath(path),
            mapping=mapping,
            seconds=limits.seconds_for(path),
            memory_bytes=limits.memory_bytes,
        )
        with self._lock:
            try:
                reply = self._reply(request)
            except ConnectionError:  # it ended before it was asked
                reply = b""
            finally:
                self._used_at = time.monotonic()
        if len(reply) < STATUS.size:
            self.close()
            raise ReaderCrashed(_could_not(path.name, "the process that reads files was ended. Try it again"))
        status, peak_bytes = STATUS.unpack(reply[-STATUS.size :])
        if (status or reply[:1] != READ) and peak_bytes > request.memory_bytes - _UNTOUCHED_BYTES:
            raise _too_large(path.name, request)
        _check_ended(path.name, request, status)
        return _reading(path.name, request, reply[:1], reply[1 : -STATUS.size])

    def let_go(self) -> None:
        """The process ends when it has had nothing to do for a while."""
        if self._process and time.monotonic() - self._used_at > _IDLE_SECONDS_MAX:
            self.close()

    def close(self) -> None:
        """The process ends; the next file starts another."""
        with self._lock:
            self._end()

    def close_at_exit(self) -> None:
        """Ends the process, unless it is reading: then it ends by itself when nobody waits for it any more."""
        if self._lock.acquire(blocking=False):
            self._end()

    def _reply(self, request: Request) -> bytes:
        """All that was said about the file. Raises OverLimit."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(theirs)
            ours.sendall(request.model_dump_json().encode())
            ours.shutdown(socket.SHUT_WR)
            return _received(ours, request)

    def _hand_over(self, asking: socket.socket) -> None:
        """Gives the process a socket to answer on; one that has ended since is started again."""
        try:
            socket.send_fds(self._control or self._started(), [b"."], [asking.fileno()])
        except ConnectionError:
            self._end()
            socket.send_fds(self._started(), [b"."], [asking.fileno()])

    def _started(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("IMPACTQA_")}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-W", "ignore", "-c", _PROGRAM, str(theirs.fileno()), *sys.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},  # it forks
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # an interrupt at the terminal is for who started it
            )
        self._control = ours
        return ours

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_SECONDS_OVER)
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


def _received(ours: socket.socket, request: Request) -> bytes:
    until = time.monotonic() + request.seconds * WALL_SECONDS + _SECONDS_OVER
    reply = bytearray()
    name = Path(request.path).name
    while len(reply) <= REPLY_BYTES_MAX:
        ours.settimeout(max(0.01, until - time.monotonic()))
        try:
            part = ours.recv(1 << 20)
        except TimeoutError:
            raise _too_slow(name, request) from None
        if not part:
            return bytes(reply)
        reply += part
    raise OverLimit(_could_not(name, "it holds too much. Split it"))


def _check_ended(name: str, request: Request, status: int) -> None:
    """Raises ReadError unless the process of this file ended as it should."""
    ended_by = signal.Signals(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else None
    if ended_by in (signal.SIGALRM, signal.SIGXCPU):
        raise _too_slow(name, request)
    if ended_by in (signal.SIGKILL, signal.SIGABRT):  # by the system, or by a library that gets no memory
        raise _too_large(name, request)
    if status:
        how = ended_by.name if ended_by else f"exit {os.waitstatus_to_exitcode(status)}"
        raise ReaderCrashed(_could_not(name, f"it crashed its reader ({how}). Open and save it anew"))


def _reading(name: str, request: Request, kind: bytes, said: bytes) -> Reading:
    if kind == READ:
        return unpacked(said)
    if kind == REFUSED:
        raise ReadError(said.decode())
    if kind == NEEDS_MEMORY:
        raise _too_large(name, request)
    assert kind == UNFORESEEN
    fact = f"{said.decode()}. This is a mistake of ImpactQA; report it, or save the file in another format"
    raise Unforeseen(_could_not(name, fact))


def _too_slow(name: str, request: Request) -> OverLimit:
    fact = f"it took more than {request.seconds} s. Split it, or raise IMPACTQA_READ_SECONDS_MAX"
    return OverLimit(_could_not(name, fact))


def _too_large(name: str, request: Request) -> OverLimit:
    fact = f"it needs more than {request.memory_bytes // 1_000_000} MB of memory"
    return OverLimit(_could_not(name, f"{fact}. Split it, or raise IMPACTQA_READ_MEMORY_BYTES_MAX"))


def _could_not(name: str, fact: str) -> str:
    return f"{name!r} could not be read: {fact}."


reading_process = ReadingProcess()  # one for all that this process ingests
atexit.register(reading_process.close_at_exit)
