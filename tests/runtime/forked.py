"""Forked kernels whose server can be killed on purpose."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

from attacks.stage import available
from sampled import ends
from samples import LIMITS

from grader.runtime import Limits
from grader.runtime.kernels.fork_source import ForkedKernelSource
from grader.runtime.kernels.forked import ForkedKernel

__all__ = ["BEST", "ENDS", "LEVELS", "Source", "children"]

LEVELS = available()
BEST = LEVELS[0]
ENDS = ends(LEVELS)


class Source(ForkedKernelSource):
    """Forked kernels whose server is killed after each of the first ``deaths`` starts, ``after`` seconds later."""

    def __init__(self, level: str, limits: Limits = LIMITS, deaths: int = 0, after: float = 0.3) -> None:
        super().__init__(limits, level)
        self.level, self.deaths, self.after, self.started = level, deaths, after, 0
        self.kernel: ForkedKernel | None = None

    async def start(self, *args: Any) -> ForkedKernel:
        self.kernel = await super().start(*args)
        self.started += 1
        if self.started <= self.deaths:
            self.kill_soon()
        return self.kernel

    def kill_soon(self) -> None:
        threading.Timer(self.after, os.kill, (self.server, signal.SIGKILL)).start()

    @property
    def process(self) -> int:
        """The process that the driver started: at ``full`` the server's waiter, else the server."""
        assert self._server is not None
        return self._server._process.pid

    @property
    def server(self) -> int:
        return children(self.process)[0] if self.level == "full" else self.process


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
