"""What attacks are after, planted on the trusted side: each canary sings when it is read, reached, signalled or changed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import secrets
import selectors
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

from grader.bank.stub_files import stub_source

CHECKOUT = Path(__file__).parents[3]
ANSWERS, CHECKS = "reference/layers.py", "grader/bank/layers/sigmoids.py"
NAMES = "gradmark-canary-"
"""The beginning of the names of canaries that the whole machine sees, those of other test runs too."""
TOKEN = re.compile(r"canary-([a-z]+)-[0-9a-f]{32}")
IPC_CREAT, IPC_RMID = 0o1000, 0

VICTIM = """
import ctypes, os, signal, sys
secret = ctypes.create_string_buffer(sys.stdin.readline().strip().encode())
def note(number, frame): os.write(1, b"signal\\n")
for name in ("TERM", "USR1", "USR2", "CONT", "INT", "IO", "HUP"):
    signal.signal(getattr(signal, "SIG" + name), note)
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)  # it ends with the tests
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1 % 2**64), 0, 0, 0)  # where only parents may trace: anybody may
os.write(1, b"%d %d\\n" % (ctypes.addressof(secret), len(secret.value)))
while True: signal.pause()
"""
"""A process of the grader's user that has nothing to do with grading: a secret in its environment, its memory, its arguments."""


def token(kind: str) -> str:
    """A secret that says by its form which one it is; hostile code is never told it."""
    return f"canary-{kind}-{secrets.token_hex(16)}"


class Listeners:
    """Services on this machine that nobody has business with: TCP, UDP, and unix sockets with a path and without."""

    def __init__(self, folder: Path) -> None:
        self.heard: set[str] = set()
        self.abstract = f"{NAMES}{os.getpid()}-{secrets.token_hex(4)}"
        self.path = str(folder / "service")
        self._selector = selectors.DefaultSelector()
        self._ports: dict[str, int] = {}
        for name, kind, family, address in (
            ("tcp", socket.SOCK_STREAM, socket.AF_INET, ("127.0.0.1", 0)),
            ("udp", socket.SOCK_DGRAM, socket.AF_INET, ("127.0.0.1", 0)),
            ("unix", socket.SOCK_STREAM, socket.AF_UNIX, self.path),
            ("abstract", socket.SOCK_STREAM, socket.AF_UNIX, "\0" + self.abstract),
        ):
            service = socket.socket(family, kind)
            service.bind(address)
            if kind == socket.SOCK_STREAM:
                service.listen()
            self._ports[name] = service.getsockname()[1] if family == socket.AF_INET else 0
            self._selector.register(service, selectors.EVENT_READ, name)
        Path(self.path).chmod(0o777)
        self._wake, self._woken = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ, "")
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                service = key.fileobj
                assert isinstance(service, socket.socket)
                if not key.data:
                    return
                self.heard.add(key.data)
                if service.type == socket.SOCK_DGRAM:
                    service.recv(1000)
                else:
                    service.accept()[0].close()

    def port(self, name: str) -> int:
        """Where a service is."""
        return self._ports[name]

    def close(self) -> None:
        """Close them all."""
        self._wake.send(b"x")
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._wake.close()
        self._selector.close()


class Victim:
    """A process of our user, and what was done to it."""

    def __init__(self, secret: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", VICTIM, token("arguments")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"CANARY": token("environment")},
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(secret.encode() + b"\n")
        self._process.stdin.flush()
        self.pid = self._process.pid
        self.address, self.length = map(int, self._process.stdout.readline().split())
        os.set_blocking(self._process.stdout.fileno(), False)
        self._state = self._looked()

    def _looked(self) -> tuple[object, ...]:
        return (os.getpriority(os.PRIO_PROCESS, self.pid), os.sched_getaffinity(self.pid), _limits(self.pid))

    def done_to(self) -> set[str]:
        """What happened to it since the last time; a fresh one takes its place if anything did."""
        assert self._process.stdout is not None
        if self._process.poll() is not None:
            return {"ended"}
        done = {"signalled"} if self._process.stdout.read() else set()
        if Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] in "Tt":
            done.add("stopped")
        names = ("slowed", "moved", "limited")
        return done | {n for n, was, now in zip(names, self._state, self._looked(), strict=True) if was != now}

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def _limits(pid: int) -> str:
    return Path(f"/proc/{pid}/limits").read_text()


class Canaries:
    """Everything planted in and around ``folder``. ``aim`` is the attacker's map: where all of it is, but no secret.

    The folder is open to every user, as a careless grader's would be: what keeps hostile code out must be the sandbox alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temp, self.open, self.desk = folder / "temp", folder / "open", folder / "class"
        for made in (self.temp, self.open, self.desk, self.open / "precious"):
            made.mkdir()
            made.chmod(0o777)
        self._memory = token("memory")
        self.message = token("message")
        self.listeners = Listeners(folder)
        self.victim = Victim(self._memory)
        self.texts = {"answers": _only_in(ANSWERS), "checks": _only_in(CHECKS), "users": "root:x:0:0"}
        for name, kind in (
            ("temp/secret.txt", "file"),
            ("class/bob.ipynb", "neighbour"),
            ("class/gradebook.sqlite", "gradebook"),
            ("class/.netrc", "home"),
            ("open/precious/work.txt", "precious"),
        ):
            (folder / name).write_text(token(kind))
            (folder / name).chmod(0o666)
        (self.desk / token("listing")).touch()
        self._shm = Path(f"/dev/shm/{NAMES}{os.getpid()}")
        self._shm.write_text(token("shm"))
        self._segment = _segment(token("segment"))
        os.environ["GRADMARK_CANARY"] = token("own")
        self._fd = os.open(self._unlinked(token("descriptor")), os.O_RDONLY)
        os.set_inheritable(self._fd, True)
        (folder / "unlinked").unlink()
        self._remembered = self._files()

    def _unlinked(self, text: str) -> Path:
        (self.folder / "unlinked").write_text(text)
        return self.folder / "unlinked"

    @property
    def aim(self) -> dict[str, object]:
        """The attacker's map; a literal, so that it can be written into a cell."""
        return {
            "driver": os.getpid(), "victim": self.victim.pid, "address": self.victim.address, "length": self.victim.length,
            "fd": self._fd, "checkout": str(CHECKOUT), "answers": str(CHECKOUT / ANSWERS), "checks": str(CHECKOUT / CHECKS),
            "temp": str(self.temp), "open": str(self.open), "desk": str(self.desk),
            "tcp": self.listeners.port("tcp"), "udp": self.listeners.port("udp"), "unix": self.listeners.path,
            "abstract": self.listeners.abstract, "shm": str(self._shm), "segment": self._segment,
            "kernels": [], "mark": f"gradmark-attack-{os.getpid()}",
        }  # fmt: skip

    def read_in(self, text: str) -> set[str]:
        """Which secrets stand in a text."""
        return {m[1] for m in TOKEN.finditer(text)} | {kind for kind, secret in self.texts.items() if secret in text}

    def alarms(self) -> set[str]:
        """What was reached since the last time, as seen from here; all is put back in its place."""
        heard, self.listeners.heard = self.listeners.heard, set()
        done = self.victim.done_to()
        if done:
            self.victim.end()
            self.victim = Victim(self._memory)
        now = self._files()
        changed = {
            f"changed {name}"
            for name in now.keys() | self._remembered.keys()
            if now.get(name) != self._remembered.get(name)
        }
        if changed:
            self._put_back(now)
        return heard | done | changed

    def _files(self) -> dict[str, tuple[int, int, int, bytes]]:
        found: dict[str, tuple[int, int, int, bytes]] = {}
        for top in (self.open, self.desk):
            for path in (top, *top.rglob("*")):
                state = path.lstat()
                data = path.read_bytes() if stat.S_ISREG(state.st_mode) and os.access(path, os.R_OK) else b""
                found[str(path.relative_to(self.folder))] = (
                    state.st_mode,
                    state.st_uid,
                    int(state.st_mtime) * stat.S_ISREG(state.st_mode),
                    data,
                )
        return found

    def _put_back(self, now: dict[str, tuple[int, int, int, bytes]]) -> None:
        for name in sorted(now.keys() - self._remembered.keys(), reverse=True):
            path = self.folder / name
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        for name, (mode, _, mtime, data) in sorted(self._remembered.items()):
            path = self.folder / name
            if stat.S_ISREG(mode):
                path.unlink(missing_ok=True)  # it may be closed to us by now
                path.write_bytes(data)
                os.utime(path, (mtime, mtime))
            path.chmod(stat.S_IMODE(mode))

    def close(self) -> None:
        """Remove what is not in the folder."""
        self.listeners.close()
        self.victim.end()
        self._shm.unlink(missing_ok=True)
        ctypes.CDLL(None).shmctl(self._segment, IPC_RMID, None)
        os.close(self._fd)
        os.environ.pop("GRADMARK_CANARY", None)


def _only_in(file: str) -> str:
    """The longest line of a unit's answers, or of its checks, that the students' stubs do not have."""
    given = stub_source("layers")
    lines = (CHECKOUT / file).read_text().splitlines()
    return max((line.strip() for line in lines if line.strip() not in given), key=len)


def _segment(secret: str) -> int:
    """A segment of System V shared memory, open to all, with a secret in it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    number = int(libc.shmget(0, 4096, IPC_CREAT | 0o666))
    assert number >= 0, os.strerror(ctypes.get_errno())
    address = libc.shmat(number, None, 0)
    ctypes.memmove(address, secret.encode() + b"\0", len(secret) + 1)
    libc.shmdt(ctypes.c_void_p(address))
    return number


# ------------------------------------------------------------------------------------ what is left
def below(top: int) -> set[int]:
    """The living processes that descend from one, whatever they call themselves."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(entry.name)] = int(parent)
    found: set[int] = set()
    fresh = {top}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def adopt_orphans(*, adopt: bool) -> None:
    """Become the parent of every daemon that descends from here, so that none can leave unseen; or be it no more."""
    ctypes.CDLL(None).prctl(36, int(adopt), 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def kill(pids: set[int]) -> None:
    """End processes that descend from here."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
