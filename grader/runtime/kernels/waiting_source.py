"""The source of kernels for platforms that have neither fork nor namespaces: plain ones, started ahead.

A fresh ipykernel takes half a second to come up. Here one is up already when a submission comes, and its successor comes up while
this one is judged; each serves one submission and is killed.
"""

from __future__ import annotations

from collections.abc import Mapping

import zmq

from grader.errors import KernelError
from grader.runtime.inside import WireError
from grader.runtime.kernels.waiting import WaitingKernel, WaitingProcess
from grader.runtime.limits import Limits

__all__ = ["WaitingKernelSource"]


class WaitingKernelSource:
    """A source of plain kernels that has some ready (:class:`grader.runtime.kernels.KernelSource`).

    Args:
        limits: what a submission may use up.
        level: ``none``, or ``process`` where that is to be had.
        ready: how many kernels wait, ahead of the one that is used.

    """

    def __init__(self, limits: Limits, level: str, ready: int = 1) -> None:
        self._limits, self._level, self._ready = limits, level, ready
        self._waiting: list[WaitingProcess] = []

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int) -> WaitingKernel:
        """Hand the submission to a kernel that waits.

        Raises:
            KernelError: no kernel comes up, neither the one that waited nor a fresh one.

        """
        self._forget_the_dead()
        failure: Exception | None = None
        for _ in range(2):  # one that waited may have died meanwhile, or hang: then a fresh one
            try:
                process = self._waiting.pop(0) if self._waiting else WaitingProcess(self._limits, self._level)
                self._fill()  # comes up while this one is judged
                return await WaitingKernel.start(process, files, folder, seed)
            except (OSError, RuntimeError, TimeoutError, WireError, zmq.ZMQError) as error:
                failure = error
        raise KernelError(f"no kernel could be started ({type(failure).__name__}: {failure})") from failure

    def begin(self) -> None:
        """Start the kernels that wait, if they are not there; :meth:`start` does it too."""
        self._forget_the_dead()
        self._fill()

    def close(self) -> None:
        """End the kernels that wait. Those that were taken belong to whoever took them."""
        while self._waiting:
            self._waiting.pop().close()

    def _fill(self) -> None:
        while len(self._waiting) < self._ready:
            try:
                self._waiting.append(WaitingProcess(self._limits, self._level))
            except (OSError, RuntimeError):  # not this submission's loss: whoever needs it tries again, and says so
                return

    def _forget_the_dead(self) -> None:
        for waiting in [w for w in self._waiting if w.process.poll() is not None]:
            self._waiting.remove(waiting)
            waiting.close()
