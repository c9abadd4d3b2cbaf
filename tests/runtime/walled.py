"""Takes real children through a level of the sandbox, in a process of its own, and tells what they could do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.runtime.isolation import level as isolation
from grader.runtime.isolation import whitelist as packages

__all__ = ["HARNESS", "INSIDE", "LIMITS", "MIB", "SECRETS", "USERS", "WALLED", "environment", "tried"]

INSIDE = Path(isolation.__file__).parents[1] / "inside" / "walls"
MIB = 1 << 20
LIMITS = {
    "memory_bytes": 512 * MIB, "file_bytes": 4 * MIB, "cpu_seconds": 2, "disk_bytes": 8 * MIB, "inodes": 64,
    "processes": 32, "open_files": 64,
}  # fmt: skip
SECRETS: dict[str, str] = {}
"""What the acts aim at, by the word that stands for it; ``folder`` is where everybody may write."""
USERS = ["root", "nobody"] if os.geteuid() == 0 else ["self"]
WALLED = [pytest.param(level, user, id=f"{level}-{user}") for level in ("full", "landlock") for user in USERS]

HARNESS = r"""
import _thread, contextlib, ctypes, importlib.util, io, json, os, resource, signal, socket, struct, sys, tempfile, threading, time

inside, settings, user, open_to_all, without, children = json.loads(sys.stdin.read())
spec = importlib.util.spec_from_file_location("_gradmark_sandbox", inside + "/sandbox.py")
module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
linux = module.linux
if "landlock" in without:
    module.landlock.version = lambda: 0
if "seccomp" in without:
    module.seccomp.install = lambda program: None


def open_for_others(paths):
    "In a mount namespace of our own: the same paths, but no closed folder on the way to them."
    linux.unshare(linux.NEWNS)
    linux.mount(None, "/", None, linux.REC | linux.PRIVATE)
    for path in paths:
        closed = next((p for p in ["/" + "/".join(path.split("/")[1:i]) for i in range(2, 12)] if os.path.isdir(p)
                       and not os.stat(p).st_mode & 1), None)
        if closed:
            fd = os.open(path, os.O_PATH)
            linux.tmpfs(closed, 0, 1 << 20, 100, 0o755)
            os.makedirs(path)
            linux.bind(f"/proc/self/fd/{fd}", path)


if user == "nobody":
    open_for_others(open_to_all)
    linux.become(65534, 65534)
    linux.hide_memory(hidden=False)

box = module.Sandbox(settings)
box.enclose()
sys.path += settings["packages"]
import numpy as np
import asyncio, multiprocessing, queue, subprocess, zoneinfo
SERVER = os.getpid()
OTHER = os.pipe()
V3 = struct.pack("<Ii", 0x20080522, 0)
CAPGET = {"x86_64": 125, "aarch64": 90}[os.uname().machine]
box.prepare()


def is_open(fd):
    with contextlib.suppress(OSError):
        return os.fstat(fd) is not None
    return False


def attempt(code):
    space = dict(globals())
    lines = code.strip().splitlines()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec("\n".join(lines[:-1]), space)
            return ["done", repr(eval(lines[-1], space))[:300]]
    except BaseException as error:
        return ["stopped", f"{type(error).__name__}: {error}"[:300]]


told, tell = os.pipe()
outcomes = []
for acts in children:
    scratch = box.scratch or tempfile.mkdtemp(prefix="gradmark-")
    here, there = os.pipe()
    child = box.fork()
    if child == 0:
        box.enter(scratch)
        box.lock(scratch, [there])
        os.environ.update(HOME=scratch, TMPDIR=scratch, MPLCONFIGDIR=scratch, MPLBACKEND="agg")
        signal.alarm(20)
        for name, code in acts.items():
            os.write(there, (json.dumps([name, *attempt(code)]) + "\n").encode())
        os._exit(0)
    os.close(there)
    with open(here) as pipe:
        found = {name: said for name, *said in map(json.loads, pipe)}
    status, usage = os.wait4(child, 0)[1:]
    if box.scratch is None:
        os.system(f"rm -rf {scratch}")
    outcomes.append({"acts": found, "status": os.waitstatus_to_exitcode(status), "cpu": usage.ru_utime + usage.ru_stime})
json.dump({"mechanisms": box.mechanisms, "children": outcomes, "server": [os.getpid(), os.getuid()]}, sys.stdout)
sys.stdout.flush()
os._exit(0)
"""


def tried(
    level: str, user: str, *children: dict[str, str], without: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    """Take one child of a sandbox after another through what it tries; what came of it."""
    settings = {**packages.visible(), **LIMITS, "level": level, **more}
    open_to_all = sorted({sys.base_prefix, sys.prefix, str(INSIDE)}, key=len)
    told = json.dumps([str(INSIDE), settings, user, open_to_all, without, children])
    command = [sys.executable, "-I", "-S", "-c", HARNESS]
    ran = subprocess.run(
        command, input=told, capture_output=True, text=True, check=False, timeout=120, cwd="/", env=environment()
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def environment() -> dict[str, str]:
    """Ours, with a temporary folder that is removed whatever becomes of the sandbox."""
    return {**os.environ, "TMPDIR": SECRETS["folder"]}
