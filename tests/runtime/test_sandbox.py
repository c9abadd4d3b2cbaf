"""The sandbox, mechanism by mechanism: real children are taken through a level and try what it refuses.

Each act is also tried without the sandbox, by the same user, where it must succeed: an act that fails everywhere proves nothing.
Everything runs as the user of the tests and, if that is root, once more as an ordinary one.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from walled import HARNESS, INSIDE, LIMITS, MIB, SECRETS, USERS, WALLED, environment, tried

from grader.runtime.isolation import whitelist as packages


@pytest.fixture(scope="module", autouse=True)
def _secrets() -> Iterator[None]:
    """What an ordinary user can read and write in this machine, for the acts to find."""
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as folder:
        SECRETS["folder"] = folder
        Path(folder).chmod(0o777)
        for name in ("readable", "writable"):
            Path(folder, name).write_text("the answer")
            Path(folder, name).chmod(0o666)
        with subprocess.Popen(["sleep", "600"], stdout=subprocess.DEVNULL) as other:
            SECRETS["pid"] = str(other.pid)
            yield
            other.kill()


# ----------------------------------------------------------------------------------------- the acts
FILES = {
    "reads a file": "open('{folder}/readable').read()",
    "reads /etc/passwd": "open('/etc/passwd').read()",
    "reads the grader": f"open({str(INSIDE.parents[2] / 'cli' / 'app.py')!r}).read()",
    "lists the root": "os.listdir('/')",
    "lists a home": "os.listdir('/home')",
    "reads its process's memory map": "open('/proc/self/maps').read()",
    "reads the server's environment": "open('/proc/1/status').read(), open(f'/proc/{os.getppid() or 1}/cmdline').read()",
    "reads /sys": "os.listdir('/sys/kernel')",
    "writes a file": "open('{folder}/writable', 'a').write('x')",
    "empties a file it may read": "os.close(os.open(np.__file__, os.O_WRONLY))",
    "empties a file": "os.truncate('{folder}/writable', 0)",
    "removes a file": "os.rename('{folder}/writable', '{folder}/w2'), os.rename('{folder}/w2', '{folder}/writable')",
    "makes a file in /tmp's parent": "os.close(os.open('{folder}/new', os.O_CREAT | os.O_WRONLY)), os.unlink('{folder}/new')",
    "imports what is not offered": f"sys.path.append({str(Path(pytest.__file__).parent.parent)!r})\n__import__('pytest')",
    "climbs by ..": "open('../../../../../../../../..{folder}/readable').read()",
    "follows its own link": "os.symlink('{folder}/readable', 'link')\nopen('link').read()",
}
"""Everywhere but in the files of root: that ``nobody`` may not write them is not the sandbox's doing."""

PROCESSES = {
    "forks": "os.waitpid(os.fork() or os._exit(0), 0)",
    "vforks": "subprocess.Popen(['/bin/true']).wait()",
    "executes": "os.posix_spawn('/bin/true', ['true'], {})",
    "runs a shell": "subprocess.run('true', shell=True)",
    "makes an internet socket": "socket.socket().close()",
    "makes a unix socket": "socket.socket(socket.AF_UNIX).close()",
    "makes a pair of datagram sockets": "[s.close() for s in socket.socketpair(type=socket.SOCK_DGRAM)]",
    "makes memory that is not counted": "os.close(os.memfd_create('x'))",
    "makes a user namespace": "linux.unshare(linux.NEWUSER)",
    "opens a process": "os.close(os.pidfd_open(os.getpid()))",
    "raises its limits": "resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))",
    "outlives the server": "linux.prctl(1, 0)",
    "makes a pipe with a name": "os.mkfifo('fifo')",
    "shared memory": "linux.checked(linux.libc.shmget(0, 4096, 0o1600), 'shmget')",
    "sends itself a queued signal": "linux.checked(linux.libc.sigqueue(os.getpid(), 0, None), 'sigqueue')",
    "filters itself": "linux.syscall('landlock_create_ruleset', None, 0, 1)",
    "personality": "linux.checked(linux.libc.personality(0xFFFFFFFF), 'personality')",
}

OTHERS = {
    "signals another process": "os.kill({pid}, 0)",
    "changes a mode": "os.chmod('{folder}/readable', 0o666)",
    "changes times": "os.utime('{folder}/readable')",
    "has another process signalled": "__import__('fcntl').fcntl(socket.socketpair()[0], 8, {pid})",
    "slows another process": "os.setpriority(os.PRIO_PROCESS, {pid}, os.getpriority(os.PRIO_PROCESS, {pid}))",
}

AS_OWNER = {*OTHERS} - {"changes times"} | {"empties a file it may read"}
"""What an ordinary user cannot do in this test anyway, since the files and the process are root's."""

FINE = {
    "computes": "float(np.linalg.norm(np.ones((50, 50)) @ np.ones((50, 50))))",
    "imports the standard library": "__import__('sqlite3'), __import__('decimal'), __import__('xml.dom.minidom')",
    "imports numpy's rest": "__import__('numpy.polynomial')",
    "draws": "__import__('matplotlib.pyplot').pyplot.plot([1, 2])[0].figure.savefig('plot.png')",
    "writes and reads": "open('mine', 'w').write('x')\nos.mkdir('d'), os.rename('mine', 'd/mine'), open('d/mine').read()",
    "uses a temporary file": "tempfile.TemporaryFile(dir='.').write(b'x')",
    "runs an event loop": "asyncio.run(asyncio.sleep(0, 7))",
    "starts threads": "[t := threading.Thread(target=time.sleep, args=(0.01,)), t.start(), t.join()]",
    "has randomness": "len(os.urandom(8) + open('/dev/urandom', 'rb').read(8))",
    "throws away": "open('/dev/null', 'w').write('x')",
    "knows time zones": "str(zoneinfo.ZoneInfo('Europe/Berlin'))",
    "raises a signal": "signal.signal(signal.SIGUSR1, lambda *_: None)\nsignal.raise_signal(signal.SIGUSR1)",
    "signals itself": "signal.signal(signal.SIGUSR1, lambda *_: None)\nos.kill(os.getpid(), signal.SIGUSR1)",
    "sets a timer": "signal.setitimer(signal.ITIMER_REAL, 100)\nsignal.setitimer(signal.ITIMER_REAL, 0)",
    "reads its limits": "resource.getrlimit(resource.RLIMIT_AS)",
    "talks to itself": "a, b = socket.socketpair()\na.send(b'x'), b.recv(1), b.setblocking(False)",
    "asks for its scheduler": "os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))",
}


def told(acts: dict[str, str]) -> dict[str, str]:
    """The acts with what they aim at."""
    for word, what in SECRETS.items():
        acts = {name: code.replace(f"{{{word}}}", what) for name, code in acts.items()}
    return acts


@functools.cache
def outcome(level: str, user: str, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """What came of every act at a level."""
    kinds = (FILES, PROCESSES, OTHERS, FINE, INSPECTED)
    found = tried(level, user, *map(told, kinds), without=without)
    return {name: said for child in found["children"] for name, said in child["acts"].items()}


# ------------------------------------------------------------------------------- what is refused
@pytest.mark.parametrize("act", [*FILES, *PROCESSES, *OTHERS])
@pytest.mark.parametrize(("level", "user"), WALLED)
def test_it_is_refused_and_without_the_sandbox_it_is_not(level: str, user: str, act: str) -> None:
    if user == "root" or act not in AS_OWNER:
        control = outcome("none", user)[act]
        assert control[0] == "done", f"the control failed: {control}"
    said = outcome(level, user)[act]
    if level == "full" and act in OTHERS:
        # The calls are open there, for what is the student's own: others' files and processes do not exist.
        assert said[1].startswith(("FileNotFoundError", "ProcessLookupError")), said
    assert said[0] == "stopped", said


PLACES = [str(INSIDE), str(INSIDE.parents[3] / "reference"), "/etc/passwd", "/home", "/bin", "/usr/bin"]
INSPECTED = {
    "pid": "os.getpid()",
    "user": "os.getuid(), os.getgid(), os.getgroups()",
    "capabilities": "linux.libc.syscall(CAPGET, V3, (ctypes.c_char * 24).from_buffer(d := bytearray(24))), sum(d)",
    "bounding": "[c for c in range(64) if linux.libc.prctl(23, c, 0, 0, 0) == 1]",
    "no new privileges": "linux.libc.prctl(39, 0, 0, 0, 0)",
    "dumpable": "linux.libc.prctl(3, 0, 0, 0, 0)",
    "host": "os.uname().nodename",
    "session": "os.getsid(0) == os.getpid()",
    "streams": "[os.fstat(fd).st_rdev == os.makedev(1, 3) for fd in range(3)]",
    "umask": "os.umask(0o77)",
    "descriptors": "[fd for fd in range(4000) if is_open(fd)]",
    "cwd": "os.getcwd()",
    "core": "resource.getrlimit(resource.RLIMIT_CORE)",
    "terminal": "os.open('/dev/tty', os.O_RDWR)",
    "devices": "[d for d in ('mem', 'kmsg', 'sda', 'vda', 'tty', 'ptmx', 'fuse', 'kvm', 'net/tun') if os.path.exists('/dev/' + d)]",
    "processes": "[p for p in range(1, 2000) if os.path.exists(f'/proc/{p}')]",
    "root": "os.statvfs('/').f_flag & os.ST_RDONLY, os.statvfs('/usr/lib').f_flag & os.ST_RDONLY",
    "places": f"[p for p in {PLACES} if os.path.exists(p)]",
    "site": f"[n for n in os.listdir({packages.visible()['packages'][0]!r}) if any(w in n for w in ('grad', 'pytest'))]",
}


@pytest.mark.parametrize("user", USERS)
def test_what_a_child_is_at_full(user: str) -> None:
    found = {name: outcome("full", user)[name][1] for name in INSPECTED}
    free = {name: outcome("none", user)[name][1] for name in INSPECTED}
    assert (found["pid"], found["session"], found["host"]) == ("1", "True", "'gradmark'")
    assert found["user"].startswith("(1000, 1000")
    assert found["devices"] == "[]" != free["devices"]
    assert found["processes"] == "[]" != free["processes"]
    assert found["root"] == "(1, 1)" != free["root"]
    assert (found["places"], free["places"]) == ("[]", str(PLACES))
    assert found["site"] == "[]" != free["site"]


@pytest.mark.parametrize(("level", "user"), WALLED)
def test_what_a_child_has_given_up(level: str, user: str) -> None:
    found = {name: outcome(level, user)[name][1] for name in INSPECTED}
    assert found["capabilities"] == "(0, 0)"
    assert found["no new privileges"] == "1"
    assert found["dumpable"] == "0"
    assert found["session"] == "True"
    assert found["streams"] == "[True, True, True]", "the server's own are pipes"
    assert found["umask"] == str(0o77)
    assert found["core"] == "(0, 0)"
    assert outcome(level, user)["terminal"][0] == "stopped"
    assert len(json.loads(found["descriptors"])) == 4, "0, 1, 2, and the one that was to be kept"
    if level == "full" or user == "root":
        assert found["bounding"] == "[]"
    free = {name: outcome("none", user)[name][1] for name in INSPECTED}
    assert (free["no new privileges"], free["dumpable"]) == ("0", "1")
    if user == "root":
        assert free["capabilities"] != "(0, 0)"
        assert free["bounding"] != "[]"


@pytest.mark.parametrize("act", FINE)
@pytest.mark.parametrize(("level", "user"), WALLED)
def test_what_students_do_works(level: str, user: str, act: str) -> None:
    said = outcome(level, user)[act]
    assert said[0] == "done", said


# -------------------------------------------------------------------------- each wall by itself
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("act", FILES)
def test_full_keeps_files_without_landlock(user: str, act: str) -> None:
    """The namespaces alone; only names, and the emptiness of its own root and /proc, are to be seen."""
    said = outcome("full", user, ("landlock",))[act]
    if act == "lists the root":
        assert set(eval(said[1])) <= {
            "dev",
            "etc",
            "lib",
            "lib64",
            "nix",
            "proc",
            "scratch",
            "tmp",
            "usr",
            *_first_parts(),
        }
    else:
        assert said[0] == "stopped", said


def _first_parts() -> set[str]:
    """The folders of the root that lead to what may be read."""
    shown = packages.visible()["readonly"]
    return {Path(path).parts[1] for path in shown} | {Path(path).resolve().parts[1] for path in shown}


@pytest.mark.parametrize("user", USERS)
def test_the_namespaces_alone_have_no_network_and_no_neighbours(user: str) -> None:
    acts = {
        "connects": "s = socket.socket()\ns.connect(('127.0.0.1', 9))",
        "abstract": "s = socket.socket(socket.AF_UNIX)\ns.connect('\\0gradmark-test')",
        "mounts": "linux.tmpfs('/scratch', 0, 4096, 4, 0o700)",
        "unmounts /proc": "linux.checked(linux.libc.umount2(b'/proc', 2), 'umount')",
        "makes a user namespace": "linux.unshare(linux.NEWUSER)",
        "signals": f"os.kill({SECRETS['pid']}, 0)",
        "chroots": "os.chroot('.')",
        "becomes root": "os.setuid(0)",
        "makes a device": "os.mknod('null', 0o20666, os.makedev(1, 3))",
        "reads its parent's memory": "linux.checked(linux.libc.ptrace(16, os.getppid(), 0, 0), 'attach')",
    }
    network = {"network": "socket.if_nameindex()"}
    found, seen = (c["acts"] for c in tried("full", user, acts, network, without=("seccomp", "landlock"))["children"])
    assert seen["network"] == ["done", "[(1, 'lo')]"]
    assert {name: said[0] for name, said in found.items()} == dict.fromkeys(acts, "stopped"), found
    assert "Network is unreachable" in found["connects"][1]


# ------------------------------------------------------------------------------------- the limits
EXHAUSTIONS = {
    "memory": "len(bytearray(900 << 20))",
    "memory, mapped and shared": "__import__('mmap').mmap(-1, 900 << 20)",
    "a large file": "open('big', 'wb').write(bytes(6 << 20))",
    "files": "[os.open('/dev/null', os.O_RDONLY) for _ in range(100)]",
    "threads": "threading.stack_size(65536)\n[_thread.start_new_thread(time.sleep, (9,)) for _ in range(4000)]",
}
ON_DISK = {
    "the disk": "[open(f'part{i}', 'wb').write(bytes(3 << 20)) for i in range(6)]",
    "inodes": "[open(f'name{i}', 'w').close() for i in range(200)]",
}


@pytest.mark.parametrize(("level", "user"), WALLED)
def test_what_it_may_use_up_is_limited(level: str, user: str) -> None:
    acts = EXHAUSTIONS | (ON_DISK if level == "full" else {})
    found = tried(level, user, *({name: code} for name, code in told(acts).items()))["children"]
    said = {name: child["acts"].get(name, ["ended", child["status"]]) for name, child in zip(acts, found, strict=True)}
    free = tried("none", user, *({name: code} for name, code in told(acts).items() if name != "threads"))["children"]
    assert {name: s[0] for child in free for name, s in child["acts"].items()} == {
        n: "done" for n in acts if n != "threads"
    }
    if level == "landlock" and user == "root":
        said.pop("threads")  # root's processes are not counted: docs/explanation/security.md says so
    assert {name: s[0] for name, s in said.items()} == dict.fromkeys(said, "stopped"), said


@pytest.mark.parametrize(("level", "user"), [*WALLED, pytest.param("process", USERS[-1], id="process")])
def test_processor_time_is_limited_whatever_it_catches(level: str, user: str) -> None:
    spin = "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass\n0"
    (child,) = tried(level, user, {"spins": spin}, cpu_seconds=1)["children"]
    assert child["status"] == -signal.SIGKILL
    assert 1 <= child["cpu"] < 4


@pytest.mark.parametrize(("level", "user"), WALLED)
def test_another_architectures_calls_end_the_process(level: str, user: str) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip("x32 is x86_64's")
    x32 = "linux.libc.syscall(0x40000000 + 39)"
    (child,) = tried(level, user, {"x32": x32})["children"]
    assert (child["acts"], child["status"]) == ({}, -signal.SIGSYS)
    (free,) = tried("none", user, {"x32": x32})["children"]
    assert free["status"] == 0


# --------------------------------------------------------------------------------- child and child
@pytest.mark.parametrize(("level", "user"), WALLED)
def test_nothing_of_one_child_reaches_the_next(level: str, user: str) -> None:
    # Where the interpreter or the checkout itself lies below /tmp, that is no folder of the child's own.
    own_tmp = level == "full" and not any(str(p).startswith("/tmp/") for p in (sys.prefix, sys.base_prefix, INSIDE))
    writes = {
        "writes": "open('mine', 'w').write('x')\nopen('/tmp/mine', 'w').write('x')"
        if own_tmp
        else "open('mine', 'w').write('x')"
    }
    looks = {
        "looks": "os.listdir('.')",
        "looks around": "os.listdir('/tmp')" if own_tmp else "os.listdir('..')",
    }
    first, second = tried(level, user, writes, looks)["children"]
    assert first["acts"]["writes"][0] == "done"
    assert second["acts"]["looks"] == ["done", "[]"]
    if own_tmp:
        assert second["acts"]["looks around"] == ["done", "[]"]
    elif level != "full":
        assert second["acts"]["looks around"][0] == "stopped"


STAY = 'os.write(there, b\'["up", "done", ""]\\n\')\ntime.sleep(60)'


@pytest.mark.parametrize(("level", "user"), [*WALLED, pytest.param("process", USERS[-1], id="process")])
def test_children_die_with_the_server_and_the_server_with_its_waiter(level: str, user: str) -> None:
    settings = {**packages.visible(), **LIMITS, "level": level}
    open_to_all = sorted({sys.base_prefix, sys.prefix, str(INSIDE)}, key=len)
    asked = json.dumps([str(INSIDE), settings, user, open_to_all, (), [{"stays": STAY}]])
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", HARNESS, "gradmark-stays"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment(),
    ) as first:
        assert first.stdin is not None
        first.stdin.write(asked.encode())
        first.stdin.close()
        wanted = 3 if level == "full" else 2
        assert _soon(lambda: len(_named("gradmark-stays")) == wanted), _named("gradmark-stays")
        first.kill()
    assert _soon(lambda: not _named("gradmark-stays"))


def _named(word: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if word.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(entry.name)
    return found


def _soon(what: Any) -> bool:
    until = time.monotonic() + 10
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_mechanisms_are_named_as_they_were_applied() -> None:
    assert "landlock" in tried("full", USERS[0], {})["mechanisms"]
    assert "landlock" not in tried("full", USERS[0], {}, without=("landlock",))["mechanisms"]
    assert tried("process", USERS[0], {})["mechanisms"] == ["session", "rlimits", "pdeathsig"]
    assert tried("none", USERS[0], {})["mechanisms"] == []


def test_landlock_without_landlock_is_refused_rather_than_pretended() -> None:
    with pytest.raises(AssertionError, match="this kernel has none"):
        tried("landlock", USERS[0], {}, without=("landlock",))


def test_full_as_root_leaves_root_behind() -> None:
    if USERS == ["self"]:
        pytest.skip("these tests do not run as root")
    # Number 0 in the server's own namespace, and outside of it nobody: what it made would belong to nobody.
    made = {"owner": "open('x', 'w').close()\nos.stat('x').st_uid, os.stat(np.__file__).st_uid"}
    (child,) = tried("full", "root", made)["children"]
    assert child["acts"]["owner"] == ["done", "(1000, 65534)"], "its own, and root's, which is nobody it knows"


@pytest.mark.parametrize(("level", "user"), WALLED)
def test_the_grader_is_not_in_sight_where_it_is_installed_beside_the_libraries(level: str, user: str) -> None:
    """Without a virtual environment site-packages is inside the standard library; here reached through a link, too."""
    base = Path(SECRETS["folder"], f"lib-{level}-{user}")
    site = base / "python3" / "site-packages"
    for name in ("grader", "reference", "offered"):
        (site / name).mkdir(parents=True)
        (site / name / "__init__.py").write_text(f"ANSWER = {name!r}")
    (base / "python3" / "library.py").write_text("ANSWER = 'library'")
    link = base.with_name(f"link-{level}-{user}")
    link.symlink_to(base)
    acts = {
        name: f"sys.path[:0] = ['{link}/python3', '{link}/python3/site-packages']\n__import__({name!r}).ANSWER"
        for name in ("grader", "reference", "offered", "library")
    }
    acts["lists"] = f"sorted(os.listdir({str(site)!r}))"
    seen = packages.visible()
    more = {
        "readonly": [*seen["readonly"], str(link), str(link / "python3" / "site-packages" / "offered")],
        "hidden": [*seen["hidden"], str(link / "python3" / "site-packages")],
        "packages": [*seen["packages"], str(link / "python3" / "site-packages")],
    }
    found = tried(level, user, acts, **more)["children"][0]["acts"]
    free = tried("none", user, acts, **more)["children"][0]["acts"]
    assert {name: said[1] for name, said in free.items() if name != "lists"} == {
        n: repr(n) for n in acts if n != "lists"
    }
    assert (found["offered"], found["library"]) == (["done", "'offered'"], ["done", "'library'"])
    assert (found["grader"][0], found["reference"][0]) == ("stopped", "stopped"), found
    if level == "full":
        assert found["lists"] == ["done", "['offered']"]


@pytest.mark.parametrize("user", USERS)
def test_what_may_not_be_written_cannot_be_through_any_of_its_names(user: str) -> None:
    """At full, the libraries are read-only as mounts; also where the user owns them."""
    folder = Path(SECRETS["folder"], f"owned-{user}")
    folder.mkdir()
    if user == "nobody":
        os.chown(folder, 65534, 65534)
    acts = {
        "makes": f"open({str(folder / 'new')!r}, 'w').close()",
        "changes": f"os.chmod({str(folder)!r}, 0o700)",
        "dates": f"os.utime({str(folder)!r}, (0, 0))",
    }
    seen = packages.visible()
    more = {"readonly": [*seen["readonly"], str(folder)]}
    found = tried("full", user, acts, without=("landlock", "seccomp"), **more)["children"][0]["acts"]
    assert all("Read-only file system" in said[1] for said in found.values()), found
    free = tried("none", user, acts, **more)["children"][0]["acts"]
    assert all(said[0] == "done" for said in free.values()), free


@pytest.mark.skipif(USERS == ["self"], reason="these tests do not run as root")
def test_landlock_started_by_root_is_nobody_where_nobody_can_be() -> None:
    """Where the interpreter is in root's home nobody cannot: then it stays root, and has given up what makes root powerful."""
    who = {"who": "os.getuid(), os.getgroups(), open('x', 'w').write('x')"}
    threads = {"threads": "[_thread.start_new_thread(time.sleep, (9,)) for _ in range(300)]"}
    shown = {"readonly": ["/usr/lib"], "hidden": [], "memory_bytes": 8192 * MIB}
    (nobody, bounded) = tried(
        "landlock", "root", who, {"threads": "threading.stack_size(65536)\n" + threads["threads"]}, **shown
    )["children"]
    assert nobody["acts"]["who"] == ["done", "(65534, [], 1)"]
    assert bounded["acts"]["threads"][0] == "stopped"
    closed = Path(SECRETS["folder"], "closed")
    (closed / "lib").mkdir(parents=True)
    closed.chmod(0o700)
    (root,) = tried("landlock", "root", who, **{**shown, "readonly": ["/usr/lib", str(closed / "lib")]})["children"]
    assert root["acts"]["who"] == ["done", "(0, [], 1)"]
