"""The protocols of a kernel and of a source of kernels.

``forked`` and ``fork_source`` implement them where processes can be forked, ``waiting`` and ``waiting_source`` on other platforms.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Protocol

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

__all__ = ["Kernel", "KernelSource"]


class Kernel(Protocol):
    """A live kernel with a submission's files around it; ``agent`` is the grader's end of the channel for calls.

    ``takes_several`` is True if it runs several cells in one request (``IN_TURN``).
    """

    manager: AsyncKernelManager
    client: AsyncKernelClient
    agent: socket.socket
    takes_several: bool

    async def died(self) -> str:
        """Wait until the process is gone; say how it ended."""
        ...

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all threads so far; 0.0 if unknown, as for a stock kernel that has exited."""
        ...

    def blameless(self) -> bool:
        """Return True if the kernel was lost through no fault of the submission."""
        ...

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        ...

    async def end(self) -> None:
        """Kill the kernel and remove all that it left behind."""
        ...


class KernelSource(Protocol):
    """Starts kernels of one level of isolation."""

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int) -> Kernel:
        """Start a kernel in a private copy of ``files``, its working directory ``folder`` in it."""
        ...

    def begin(self) -> None:
        """Start now what every kernel needs, rather than with the first submission.

        Raises:
            KernelError: it does not come up, perhaps since the machine does not have the level.

        """
        ...

    def close(self) -> None:
        """End what no kernel needs any more."""
        ...
