"""Starts a stock ipykernel for one submission: limits first, then the paths, then the kernel. Run as a script, never imported.

``python -P -s -S launch.py SETTINGS`` with SETTINGS a JSON object. Without ``site``, no ``.pth`` file puts an editable
install of the grader on the student's path; the folders of installed packages are added here, without reading those files.
"""

from __future__ import annotations

import ctypes
import importlib.abc
import importlib.util
import json
import os
import random
import signal
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

INSIDE = Path(__file__).parent
OPTIONS = ("--HistoryManager.enabled=False", "--InteractiveShell.colors=nocolor", "--IPKernelApp.ignore_cwd=True")
PR_SET_PDEATHSIG = 1
FLOODED = 87
"""The exit status that says why; ``kernels`` knows it too."""
FREE = 2000
"""Bytes of a message that are its envelope."""


STANDINS: dict[str, tuple[str, str, bool]] = {}
"""By the module's name: its file, its text, whether it is a package."""


def remember_standins() -> None:
    """Read the stand-ins while their folder can still be seen."""
    room = INSIDE / "standin"
    for file in sorted(room.rglob("*.py")):
        parts = file.relative_to(room).with_suffix("").parts
        package = parts[-1] == "__init__"
        STANDINS[".".join(parts[:-1] if package else parts)] = (str(file), file.read_text(encoding="utf-8"), package)


class Guard(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """What of ours a student may import: the stand-in for the helpers of their notebook, and nothing else."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - the protocol's
        """Refuse what is ours, hand out the stand-in, leave everything else to others."""
        room = name.partition(".")[0]
        if room == "reference":
            raise ModuleNotFoundError("the model answers are not available where submissions are graded", name=name)
        if room != "grader":
            return None
        if name not in STANDINS:
            raise ModuleNotFoundError("the grader is not available where submissions are graded", name=name)
        file, _, package = STANDINS[name]
        return importlib.util.spec_from_loader(name, self, origin=file, is_package=package)

    def exec_module(self, module: ModuleType) -> None:
        """Run the stand-in's text."""
        file, text, _ = STANDINS[module.__name__]
        exec(compile(text, file, "exec"), module.__dict__)  # noqa: S102 - our own file


def seed(number: int) -> None:
    """Start the random numbers of a submission, the same each time it is graded."""
    import numpy as np

    random.seed(number)
    np.random.seed(number)


def limit(settings: dict[str, Any]) -> None:
    """The mechanisms of the level ``process``."""
    import resource

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != settings["parent"]:
        os._exit(1)  # the driver died before this process could ask to die with it
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, used + settings["memory_bytes"]),
        (resource.RLIMIT_FSIZE, settings["file_bytes"]),
        (resource.RLIMIT_CPU, settings["cpu_seconds"]),
    ):
        resource.setrlimit(what, (most, most))


def cap_output(most: int) -> None:
    """End the kernel when it has printed too much: from here, since what is on its way already fills the other side's memory.

    Text is counted where it is written, before it waits in a buffer; displays and widgets where they are sent. The little that
    every message takes is free of charge.
    """
    from ipykernel.iostream import IOPubThread, OutStream

    write, send, room, sendable = OutStream.write, IOPubThread.send_multipart, [most], [2 * most]

    def counted(stream: Any, text: str) -> Any:
        room[0] -= len(text)
        if room[0] < 0:
            os._exit(FLOODED)
        return write(stream, text)

    def sent(thread: Any, parts: Any, *args: Any, **more: Any) -> Any:
        sendable[0] -= max(0, sum(map(len, parts)) - FREE)
        if sendable[0] < 0:
            os._exit(FLOODED)
        return send(thread, parts, *args, **more)

    OutStream.write = counted  # type: ignore[method-assign,assignment]  # every stream of the kernel is to be counted
    IOPubThread.send_multipart = sent  # type: ignore[method-assign,assignment]  # and every message


def keep_streams(shell: Any) -> None:
    """Give a cell that set ``sys.stdout`` or ``sys.stderr`` to None its stream back: the kernel would hang at the next one."""
    kept = {"stdout": sys.stdout, "stderr": sys.stderr}

    def restore(*_: Any) -> None:
        for name, stream in kept.items():
            if getattr(sys, name, None) is None:
                setattr(sys, name, stream)

    shell.events.register("post_run_cell", restore)


def load(name: str, file: str) -> Any:
    """Load one of our files under a name that no submission shadows."""
    spec = importlib.util.spec_from_file_location(name, INSIDE / file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Start the kernel that the one argument describes."""
    settings = json.loads(sys.argv[1])
    sys.path += settings["packages"]
    # The kernel is complete before the submission's folders come first on the path: one with a numpy/ or a random.py of its own
    # cannot stand in for the real one, nor keep the kernel from starting.
    import numpy.random  # noqa: F401 - what numpy loads lazily
    from ipykernel.kernelapp import IPKernelApp

    remember_standins()
    load("_gradmark_wire", "wire.py")
    agent = load("_gradmark_agent", "agent.py")
    agent.install(settings["fd"], settings["root"], settings["frame_bytes"])
    cap_output(settings["output_bytes"])
    if settings["level"] == "process":
        limit(settings)
    sys.argv = [sys.argv[0]]
    app = IPKernelApp.instance()
    app.initialize(["-f", settings["connection"], *OPTIONS])
    keep_streams(app.shell)
    seed(settings["seed"])
    sys.meta_path.insert(0, Guard())
    sys.path[:0] = settings["paths"]
    app.start()


if __name__ == "__main__":
    main()
