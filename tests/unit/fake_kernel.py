"""A kernel without a process: the real agent in a thread, on plain functions, so that sessions are tested in milliseconds."""

from __future__ import annotations

import contextlib
import importlib.util
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import grader.runtime.inside

__all__ = ["FakeKernel", "FakeSource", "die", "lose_server"]

INSIDE = Path(grader.runtime.inside.__file__).parent
FILES = ("agreed", "wire", "alarm", "raised", "performer", "agent")


def _agent_module() -> ModuleType:
    """Load the agent as a kernel does, by path and under the names that it knows its siblings by."""
    for file in FILES:
        name = f"_gradmark_{file}"
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, INSIDE / f"{file}.py")
            assert spec is not None
            assert spec.loader is not None
            module = sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
    return sys.modules["_gradmark_agent"]


class FakeKernel:
    """A kernel of the protocol ``grader.runtime.Kernel``: its agent serves the source's functions in a thread of this process."""

    def __init__(self, source: FakeSource) -> None:
        self.source = source
        self.agent, self._end = socket.socketpair()
        self.manager = self.client = self  # type: ignore[assignment]  # a submission without a notebook asks for no more
        self._thread: threading.Thread | None = None
        self.innocent = False
        self.ended = False

    def execute(self, _code: str, **_: Any) -> None:
        """Begin to serve, as the request that enters the agent does."""
        agent = _agent_module().Agent(self._end.fileno(), "/nowhere", 1 << 20)

        def serve() -> None:
            with contextlib.suppress(OSError):  # the session hung up
                agent.serve({name: self._bound(function) for name, function in self.source.functions.items()})

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()

    def _bound(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self.source.calls.append(function.__name__)
            try:
                return function(*args, **named)
            except _Death as death:
                self.innocent = death.innocent
                self._end.shutdown(socket.SHUT_RDWR)
                raise

        return call

    async def died(self) -> str:
        """Say how the process ended that there never was."""
        return "its process ended itself with status 7"

    def cpu_seconds(self) -> float:
        """Return what the source says that it has used."""
        return self.source.used

    def blameless(self) -> bool:
        """Return True if it died by :func:`lose_server`."""
        return self.innocent

    def kill(self) -> None:
        """Hang up."""

    async def end(self) -> None:
        """Hang up, for good."""
        self.ended = True
        self.agent.close()
        self._end.close()
        if self._thread is not None:
            self._thread.join()


@dataclass
class FakeSource:
    """A source of such kernels; ``started`` are all that it started, ``calls`` the names of the functions that were called."""

    functions: Mapping[str, Callable[..., Any]]
    used: float = 0.0
    started: list[FakeKernel] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    async def start(self, _files: Mapping[str, bytes], _folder: str, _seed: int) -> FakeKernel:
        """Start one."""
        self.started.append(FakeKernel(self))
        return self.started[-1]

    def begin(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class _Death(BaseException):
    def __init__(self, *, innocent: bool) -> None:
        self.innocent = innocent


def die(*_: Any) -> Sequence[Any]:
    """End the process that the caller is in, as ``os._exit(7)`` would."""
    raise _Death(innocent=False)


def lose_server(*_: Any) -> Sequence[Any]:
    """End it as if the fork server were killed."""
    raise _Death(innocent=True)
