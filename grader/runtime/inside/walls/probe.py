"""Tries the levels of isolation, and each mechanism of theirs, on this machine. Run as a script, never imported.

``python -I -S probe.py SETTINGS``: a JSON object with ``do`` (``levels`` or ``mechanisms``), ``every`` (do not stop at the first
level that the machine has) and the settings of a sandbox. One JSON object is printed. The machine has a level if a
child can be taken through all of it and then really is refused what the level forbids: what the kernel says of itself is not asked.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.runtime.inside.walls import landlock, linux, namespaces, proof, sandbox, seccomp, syscalls
else:
    _spec = importlib.util.spec_from_file_location("_gradmark_sandbox", Path(__file__).with_name("sandbox.py"))
    sandbox = sys.modules[_spec.name] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sandbox)
    from _gradmark_sandbox import landlock, linux, namespaces, proof, seccomp, syscalls

LEVELS = ("full", "landlock", "process")
PATIENCE = 10
"""Seconds after which a trial that hangs has failed."""


# ------------------------------------------------------------------------------------------ levels
def level(settings: dict[str, Any]) -> list[str]:
    """Take a child through a level; return the mechanisms that were applied to it.

    Raises:
        OSError: a step failed, or something was not refused.

    """
    box = sandbox.Sandbox(settings)
    box.enclose()
    box.prepare()
    box.prove()
    return list(box.mechanisms)


# -------------------------------------------------------------------------------------- mechanisms
def _own_users() -> None:
    """Enter a user namespace, as the user that the server is: nobody, if root started it."""
    if namespaces.can_be_nobody():
        linux.become(namespaces.NOBODY, namespaces.NOBODY)
        linux.hide_memory(hidden=False)
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(linux.NEWUSER)
    namespaces.map_ids(0, uid, gid)


def user_namespace() -> str:
    """Try a user namespace. Like all of these: return what was found out, or raise an exception with the reason."""
    _own_users()
    return ""


def mount_namespace() -> str:
    """Try mounts of its own: a private tree, a file system in memory."""
    _own_users()
    linux.unshare(linux.NEWNS)
    linux.mount(None, "/", None, linux.REC | linux.PRIVATE)
    linux.tmpfs("/sys", linux.NOSUID, 1 << 16, 16, 0o755)
    Path("/sys/here").write_text("")
    return ""


def read_only_root() -> str:
    """Try to bind a folder elsewhere, read-only there."""
    mount_namespace()
    Path("/sys/bound").mkdir()
    linux.bind("/dev", "/sys/bound")
    linux.make_read_only("/sys/bound")
    if not os.statvfs("/sys/bound").f_flag & os.ST_RDONLY:
        raise OSError("the mount can still be written to")
    return ""


def pid_namespace() -> str:
    """Try process numbers of its own: the first child is number 1."""
    _own_users()
    linux.unshare(linux.NEWPID)
    child = os.fork()
    if child == 0:
        os._exit(os.getpid())
    return _expected(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1, "its first process is not number 1")


def net_namespace() -> str:
    """Try a network of its own, which is none."""
    _own_users()
    linux.unshare(linux.NEWNET)
    names = [name for _, name in socket.if_nameindex()]
    return _expected(not set(names) - {"lo", "sit0", "ip6tnl0", "tunl0"}, f"it shows {names}")


def other_namespaces() -> str:
    """Try IPC, host name and cgroups of its own."""
    _own_users()
    linux.unshare(linux.NEWIPC | linux.NEWUTS | linux.NEWCGROUP)
    socket.sethostname("gradmark")
    return _expected(os.uname().nodename == "gradmark", "the host name did not change")


def landlock_rules() -> str:
    """Try to close files to a process by Landlock."""
    if not landlock.version():
        raise OSError("this kernel has none, or it is switched off")
    found = f"version {landlock.version()}"
    landlock.restrict([], "/dev")
    return _expected(proof.is_refused(lambda: os.open("/", os.O_RDONLY)), "a folder can still be read") or found


def seccomp_filter() -> str:
    """Try to deny system calls by a filter."""
    machine = syscalls.machine()
    if machine not in syscalls.MACHINES:
        raise OSError(f"the filter knows {' and '.join(syscalls.MACHINES)}, this is {machine}")
    seccomp.install(seccomp.Program(machine, among_others=True, landlock=landlock.version()).for_process(os.getpid()))
    return _expected(proof.is_refused(socket.socket), "a socket can still be made") or machine


def resource_limits() -> str:
    """Try limits of getrlimit(2)."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
    return _expected(
        proof.is_refused(lambda: [os.dup(0) for _ in range(9)]), "more files can be opened than the limit says"
    )


def process_descriptors() -> str:
    """Try descriptors of processes, by which their end is noticed at once."""
    os.close(os.pidfd_open(os.getpid()))
    return ""


def forking() -> str:
    """Try to fork."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return ""


MECHANISMS: dict[str, Callable[[], str]] = {
    "fork": forking,
    "pidfd": process_descriptors,
    "rlimits": resource_limits,
    "seccomp": seccomp_filter,
    "landlock": landlock_rules,
    "userns": user_namespace,
    "mountns": mount_namespace,
    "readonly": read_only_root,
    "pidns": pid_namespace,
    "netns": net_namespace,
    "otherns": other_namespaces,
}


def _expected(fact: bool, otherwise: str) -> str:
    if not fact:
        raise OSError(otherwise)
    return ""


# --------------------------------------------------------------------------------------- processes
def tried(act: Callable[[], Any]) -> dict[str, Any]:
    """Do something in a process of its own, which may end in any way."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE)
        proof.tell(there, act)
    os.close(there)
    told = proof.read_answer(here)
    os.waitpid(child, 0)
    return told


def answer(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what was found: for each name ``value``, or ``error`` with the reason."""
    settings = dict(settings)
    if settings.pop("do") == "mechanisms":
        return {name: tried(act) for name, act in MECHANISMS.items()}
    found = {}
    for name in LEVELS:
        found[name] = tried(lambda name=name: level({**settings, "level": name}))  # type: ignore[misc]
        if "value" in found[name] and not settings["every"]:
            break
    return found


if __name__ == "__main__":
    print(json.dumps(answer(json.loads(sys.argv[1]))))  # noqa: T201 - its answer
