"""The preparation of every kernel before any student code runs in it: a guard on imports, a cap on output, seeds.

Loaded by path, by ``fork_server`` and ``waiting_kernel``, as ``_gradmark_preparation``.
"""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.util
import json
import os
import random
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.runtime.inside.agreed import FLOODED
else:
    from _gradmark_agreed import FLOODED

INSIDE = Path(__file__).parent
FREE = 2000
"""Bytes of a message that are its envelope."""
STANDINS: dict[str, tuple[str, str, bool]] = {}
"""Stand-ins for modules of ours, by the module's name: the file, its text, True for a package."""


def remember_standins() -> None:
    """Read the stand-ins while their folder can still be seen."""
    room = INSIDE / "standin"
    for file in sorted(room.rglob("*.py")):
        parts = file.relative_to(room).with_suffix("").parts
        package = parts[-1] == "__init__"
        STANDINS[".".join(parts[:-1] if package else parts)] = (str(file), file.read_text(encoding="utf-8"), package)


class Guard(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Keeps students from importing what is ours, but for the stand-in for the helpers of their notebook."""

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


class LastResort(Guard):
    """Hands out the stand-in for a library that is not installed, behind all that look for it."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - the protocol's
        """Hand out the stand-in for marimo, and leave everything else missing."""
        if name != "marimo":
            return None
        file, _, package = STANDINS[name]
        return importlib.util.spec_from_loader(name, self, origin=file, is_package=package)


def guard_imports() -> None:
    """Keep submissions from importing what is ours, and have them find what stands in for the rest."""
    sys.meta_path.insert(0, Guard())
    sys.meta_path.append(LastResort())


def seed(number: int) -> None:
    """Seed the random numbers of a submission, the same each time it is graded."""
    import numpy as np

    random.seed(number)
    np.random.seed(number)


def cap_output(most: int) -> None:
    """Have the kernel end itself when it has printed more than ``most`` bytes.

    That is done here, since output on its way already fills the grader's memory. Text is counted where it is written, before it
    waits in a buffer; displays and widgets where they are sent. The envelope of a message, ``FREE`` bytes, is not counted.
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


def say_half_characters(session: Any) -> None:
    """Have messages arrive that hold half of a surrogate pair, which a student may print or raise; they would be lost otherwise."""
    from jupyter_client.jsonutil import json_default

    pack = session.pack

    def packed(content: Any) -> Any:
        try:
            return pack(content)
        except UnicodeEncodeError:
            return json.dumps(content, default=json_default).encode("ascii")

    session.pack = packed


def keep_streams(shell: Any) -> None:
    """Give a cell that set ``sys.stdout`` or ``sys.stderr`` to None its stream back: the kernel would hang at the next one."""
    kept = {"stdout": sys.stdout, "stderr": sys.stderr}

    def restore(*_: Any) -> None:
        for name, stream in kept.items():
            if getattr(sys, name, None) is None:
                setattr(sys, name, stream)

    shell.events.register("post_run_cell", restore)


def answer_commands(shell: Any) -> None:
    """Have ``!command`` say that it is not available, and the cell go on; and have modules find ``get_ipython``, as cells do.

    A script that nbconvert made of a notebook calls it.
    """

    def unavailable(command: str, *_: Any, **__: Any) -> None:
        sys.stdout.write(f"!{command}: no command can be run here; the cell goes on\n")

    def nothing(command: str, *_: Any, **__: Any) -> Any:
        from IPython.utils.text import SList

        unavailable(command)
        return SList([])

    shell.system = shell.system_raw = shell.system_piped = unavailable
    shell.getoutput = nothing
    builtins.get_ipython = shell.get_ipython  # type: ignore[attr-defined]
