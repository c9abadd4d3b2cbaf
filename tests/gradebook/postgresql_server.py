"""A private PostgreSQL for the tests of this folder: a cluster in a folder of its own, on a socket, gone when the session ends."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

REQUIRED = "GRADMARK_POSTGRESQL"
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB -c max_connections=30"


@dataclass
class Server:
    """A running server; its folder holds the socket, and nobody else's program reaches it."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        return f"postgresql://gradmark@/{database}?host={self.folder}"

    def new(self) -> str:
        """Make a database, and return its URL."""
        name = f"book{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)


def missing(why: str) -> NoReturn:
    """Skip, or fail where these tests are required."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(why)
    pytest.skip(why)


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl: Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@contextmanager
def started() -> Iterator[Server]:
    """Start a server, and stop it; root starts it as another user, since PostgreSQL refuses to run as root."""
    found = programs()
    if found is None:
        missing("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="gradmark-pg-"))  # a socket's path has 107 characters at most
    as_user: list[str] = []
    if os.geteuid() == 0:
        user = next((name for name in ("postgres", "nobody") if _exists(name)), None)
        if user is None or shutil.which("setpriv") is None:
            missing("PostgreSQL does not run as root, and there is no other user to run it as")
        shutil.chown(folder, user)
        as_user = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]

    def run(*command: str) -> None:
        ran = subprocess.run([*as_user, *command], cwd=folder, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    data, log = str(folder / "data"), str(folder / "log")
    control = str(found / "pg_ctl")
    try:
        run(str(found / "initdb"), "-D", data, "-A", "trust", "-U", "gradmark", "-N", "--no-locale", "-E", "UTF8")
        run(control, "-D", data, "-l", log, "-w", "-o", f"-c listen_addresses= -k {folder} {FAST}", "start")
        yield Server(folder)
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run(control, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _exists(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False
