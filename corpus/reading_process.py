"""The process that reads foreign files: it loads the readers once, and forks for each file.

A fork has warm readers after some 20 ms, knows nothing of any other file, and whatever a file does to it ends
with it. It may use so much memory and time, writes no file, and has none of the settings' secrets.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NoReturn

from corpus.mapping import TableFormat
from corpus.reading import is_table, packed, read_file
from corpus.selectors import Record

WALL_SECONDS = 4  # for each second of the processor, which others may use too

STATUS = struct.Struct("iq")  # how the fork ended, as wait4 tells it, and its most bytes, behind what it said
_RSS_BYTES = 1 if sys.platform == "darwin" else 1024

# How a reply begins: what was read, or why there is nothing.
READ, REFUSED, NEEDS_MEMORY, UNFORESEEN = b"R", b"N", b"M", b"U"
_WARM_UP = b"Norvia Biotech, a spin-out of the project VEGA-7, employs 12 people in Oslo. It filed 3 patents."


class Request(Record):
    """A file to read, and what reading it may take."""

    path: str
    mapping: TableFormat | None
    seconds: int
    memory_bytes: int


def main(handle: int) -> None:
    """Answers requests that come as sockets over the socket `handle`, until its other end is closed."""
    logging.disable()  # what parsers remark about a file is for nobody
    with socket.socket(fileno=handle) as control:
        while handles := socket.recv_fds(control, 1, 1)[1]:
            with socket.socket(fileno=handles[0]) as asker:
                _answer(asker)


def _answer(asker: socket.socket) -> None:
    """Has a fork read what is asked for and reply, and adds how the fork ended."""
    asked = b""
    while part := asker.recv(65536):
        asked += part
    if not asked:  # who asked is gone
        return
    request = Request.model_validate_json(asked)
    if not is_table(Path(request.path), request.mapping):
        _warm_up()
    fork = os.fork()
    if not fork:
        _reply(asker, request)
    status = _awaited(fork, asker)
    with suppress(OSError):
        asker.sendall(STATUS.pack(*status))


@cache
def _warm_up() -> None:
    """Everything that reading a report needs is loaded. What is missing is for the fork to complain about."""
    with suppress(Exception):
        from corpus.extract import extract
        from corpus.passages import split
        from corpus.readers import pdf, read_bytes, word  # noqa: F401

        document = read_bytes(_WARM_UP, "warm-up.txt")
        extract(document, split(document))
    gc.collect()
    gc.freeze()  # a collection in a fork would touch, and so copy, every page


def _awaited(fork: int, asker: socket.socket) -> tuple[int, int]:
    """How the fork ended, and the most bytes of memory that it had. It is killed when nobody waits for its reply any more."""
    if hasattr(os, "pidfd_open"):
        ended = os.pidfd_open(fork)
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        poll.register(asker, 0)  # POLLHUP comes unasked
        if ended not in dict(poll.poll()):
            os.kill(fork, signal.SIGKILL)
        os.close(ended)
    _, status, usage = os.wait4(fork, 0)
    return status, usage.ru_maxrss * _RSS_BYTES


def _reply(asker: socket.socket, request: Request) -> NoReturn:
    try:
        _confine(request)
        asker.sendall(_read(request))
        os._exit(0)
    finally:
        os._exit(1)


def _confine(request: Request) -> None:
    signal.alarm(request.seconds * WALL_SECONDS)
    for limit, value, most in (
        (resource.RLIMIT_AS, request.memory_bytes, request.memory_bytes),
        (resource.RLIMIT_CPU, request.seconds, request.seconds + 1),  # at the second one it is killed
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):  # not every system has every limit
            resource.setrlimit(limit, (value, most))


def _read(request: Request) -> bytes:
    try:
        return READ + packed(read_file(Path(request.path), request.mapping))
    except MemoryError:
        return NEEDS_MEMORY
    except OSError as error:
        return REFUSED + (error.strerror or str(error)).encode()
    except ValueError as error:
        return REFUSED + str(error).encode(errors="replace")
    # Whatever a parser stumbles over in one file must not keep the others from being read.
    except Exception as error:
        return UNFORESEEN + f"{type(error).__name__}: {error}".encode(errors="replace")
