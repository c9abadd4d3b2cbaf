"""The control: graders as most are, in the student's own process. Standard library and numpy; run as a script, told by stdin.

Each rule below is one that is in use somewhere, or stands for what a grader there must rely on. An attack on a verdict is real
when it makes its rule say passed for an answer that is wrong; one that steals, when it prints a secret; an accident, when
ordinary code after it no longer works.
"""

# ruff: noqa: PTH123, T201  # it prints, and reads from descriptors
from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import traceback
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SECRETS: dict[str, Any] = {"gradebook": os.environ.get("GRADMARK_CANARY", ""), "students": []}
X = np.linspace(-2.0, 2.0, 3)


def model_tanh_forward(x: Any) -> tuple[Any, Any]:
    return np.tanh(x), np.tanh(x)


def judge(got: Any, expected: Any) -> bool:
    return bool(np.allclose(got, expected))


def asked(function: Callable[[Any], Any], comparison: Callable[[Any, Any], Any]) -> bool:
    """The usual way: what is expected is at hand while the student's function runs."""
    x = X.copy()
    expected = np.tanh(x)
    return bool(comparison(function(x)[0], expected))


def shared(function: Callable[[Any], Any]) -> bool:
    x = X.copy()
    return bool(np.allclose(function(x)[0], np.tanh(x)))


def by_builtins(function: Callable[[Any], Any]) -> bool:
    return all(abs(g - e) < 1e-8 for g, e in zip(function(X.copy())[0], np.tanh(X), strict=True))


def by_heap(function: Callable[[Any], Any]) -> bool:
    kept = {"x": X.copy(), "expected": np.tanh(X), "tries": []}
    return asked(function, lambda got, _: np.allclose(got, kept["expected"]))


def by_status(function: Callable[[Any], Any]) -> bool:
    """The exit status of a test process: 0 when no assertion failed."""
    child = os.fork()
    if child == 0:
        right = False
        try:
            right = asked(function, np.allclose)
        finally:
            os._exit(0 if right else 1)
    return os.waitpid(child, 0)[1] == 0


def by_file(function: Callable[[Any], Any]) -> bool:
    """A results file that the test process leaves behind."""
    child = os.fork()
    if child == 0:
        Path("results.json").write_text(json.dumps({"passed": asked(function, np.allclose)}))
        os._exit(0)
    os.waitpid(child, 0)
    return bool(json.loads(Path("results.json").read_text())["passed"])


def by_print(function: Callable[[Any], Any]) -> bool:
    """What a test process prints last."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        try:
            print("PASSED" if asked(function, np.allclose) else "FAILED")
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as printed:
        return printed.read().strip().endswith("PASSED")


def by_json(function: Callable[[Any], Any]) -> bool:
    said = json.dumps({"passed": asked(function, judge)})
    return '"passed": true' in said


def by_socket(function: Callable[[Any], Any]) -> bool:
    here, there = socket.socketpair()
    there.sendall(b'{"passed": true}' if asked(function, judge) else b'{"passed": false}')
    return b"true" in here.recv(100)


RULES: dict[str, Callable[[Callable[[Any], Any]], bool]] = {
    "equality": lambda f: asked(f, lambda got, expected: got == expected),
    "allclose": lambda f: asked(f, lambda got, expected: np.allclose(got, expected)),
    "difference": lambda f: asked(f, lambda got, expected: not (np.abs(got - expected) > 1e-8).any()),
    "judge": lambda f: asked(f, lambda got, expected: judge(got, expected)),
    "shared": shared,
    "builtins": by_builtins,
    "heap": by_heap,
    "status": by_status,
    "file": by_file,
    "printed": by_print,
    "json": by_json,
    "socket": by_socket,
}


# ----------------------------------------------------------------------- what is not about a verdict
def afterwards() -> bool:
    """Whether ordinary code still works: an import, a relative file, a warning, a print, numpy, the streams."""
    importlib.import_module("colorsys")
    warnings.warn("an ordinary warning", UserWarning, stacklevel=1)
    np.log(np.zeros(2))
    text = Path("beside.txt").read_text()
    print(str(len(list(text))))
    sys.stdout.flush()
    return True


def unpacked(case: dict[str, Any]) -> bool:
    """A hand-in, read without a thought: links followed, names of members believed."""
    path = Path(case["pack"])
    if path.is_dir():
        shutil.copytree(path, "copy")
        print([p.read_text(errors="replace") for p in Path("copy").rglob("*") if p.is_file()])
        return True
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            target = Path("copy") / member.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            if member.external_attr >> 28 == 0xA:
                target.symlink_to(archive.read(member).decode())
            else:
                with archive.open(member) as source, target.open("w+b") as out:
                    shutil.copyfileobj(source, out)
    return True


def cleaned(folder: Path) -> bool:
    """A clean-up that believes a folder to be the one it made."""
    for base, _, names in os.walk(f"{folder}/", followlinks=True):
        for name in names:
            Path(base, name).unlink()
    return True


def imported(case: dict[str, Any]) -> bool:
    """The submission's folder on the path, as test runners put it there; what they import next is the submission's."""
    sys.path.insert(0, "")
    for name in sorted(case["files"]):
        if name.endswith(".py"):
            module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for loaded in [m for m in sys.modules if m.partition(".")[0] == module.partition(".")[0]]:
                del sys.modules[loaded]
            importlib.import_module(module)
    return True


def run(case: dict[str, Any]) -> bool:
    namespace: dict[str, Any] = {"__name__": "student"}
    rule = case["fools"]
    copy = Path.cwd() / "copy"
    if rule == "cleaning":
        copy.mkdir()
        os.chdir(copy)
    if rule in ("reading", "unpacking"):
        return unpacked(case)
    if rule == "importing":
        return imported(case)
    for cell in case["cells"]:
        exec(compile(cell, "cell", "exec"), namespace)
    if rule == "cleaning":
        return cleaned(copy)
    if rule in ("output", "claimed", "displayed", "leaving", "printed_much"):
        return False
    return afterwards() if rule == "afterwards" else RULES[rule](namespace["tanh_forward"])


def alone(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    """One case in a child of its own: what its rule said, what it printed, and how it ended."""
    work, said = folder / case["name"], folder / f"{case['name']}.said"
    work.mkdir()
    (work / "beside.txt").write_text("a file beside the notebook")
    for name, text in case["files"].items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    with (folder / f"{case['name']}.out").open("w+b") as out:
        child = os.fork()
        if child == 0:
            _child(case, work, said, out.fileno())
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    printed = (folder / f"{case['name']}.out").read_text(errors="replace")[:100_000]
    return {"said": said.read_text() if said.exists() else "", "printed": printed, "status": status}


def _child(case: dict[str, Any], work: Path, said: Path, out: int) -> None:
    code = 1
    try:
        os.chdir(work)
        os.dup2(out, 1)
        os.dup2(out, 2)
        signal.setitimer(signal.ITIMER_REAL, 3.0)
        verdict = run(case)
        sys.stdout.flush()
        said.write_text("passed" if verdict else "failed")
        code = 0
    except BaseException:
        with contextlib.suppress(BaseException):
            traceback.print_exc()
            sys.stdout.flush()
    finally:
        os._exit(code)  # whatever the attack did: what is above this frame is the parent's


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        said = {case["name"]: alone(case, Path(folder)) for case in json.load(sys.stdin)}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
