"""The source of forked kernels: one fork server for all submissions of this process, started anew when it is lost."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import zmq.asyncio

from grader.errors import KernelError, SubmissionError
from grader.runtime.kernels.folders import remove_folder
from grader.runtime.kernels.fork_client import PREFIX, ForkClient, LostError
from grader.runtime.kernels.forked import ForkedKernel
from grader.runtime.kernels.sockets import capped_context
from grader.runtime.limits import Limits

__all__ = ["ForkedKernelSource"]

SLOW = {b"matplotlib": "matplotlib.pyplot", b"testing": "numpy.testing", b"fft": "numpy.fft"}
"""Slow modules, by the word in a submission that announces them."""
TRIES = 3
"""Attempts to get a kernel, each from a new server if the old one is lost, before the grader gives up."""


class ForkedKernelSource:
    """A source of kernels that are forked from one server (:class:`grader.runtime.kernels.KernelSource`).

    Args:
        limits: what a submission may use up.
        level: of isolation.
        packages: what the course offers besides numpy.

    """

    def __init__(self, limits: Limits, level: str, packages: tuple[str, ...] = ()) -> None:
        self._limits, self._level, self._packages = limits, level, packages
        self._server: ForkClient | None = None
        self._context: zmq.asyncio.Context | None = None
        _remove_leftovers()

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int) -> ForkedKernel:
        """Start a kernel in a private copy of ``files``, its working directory ``folder`` in it.

        Raises:
            KernelError: no kernel comes up, not even from a new server.
            SubmissionError: the files do not fit.

        """
        self._measure(files)
        reason = ""
        for _ in range(TRIES):
            server = self._running()
            try:
                return await ForkedKernel.start(
                    server, self._limits, self._level, files, folder, seed, self._sockets(), _announced(files)
                )
            except (LostError, TimeoutError) as error:
                reason = str(error) or "the fork server was lost"
                server.close()
            except (OSError, RuntimeError, zmq.ZMQError) as error:
                reason = str(error) or "the fork server was lost"
        raise KernelError(f"no kernel could be started: {reason}")

    def begin(self) -> None:
        """Start the server now, rather than with the first submission.

        Raises:
            KernelError: it does not come up, perhaps since the machine does not have the level.

        """
        self._running()

    def close(self) -> None:
        """End the server."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._context is not None:
            self._context.destroy(linger=0)
            self._context = None

    def _measure(self, files: Mapping[str, bytes]) -> None:
        """Refuse files that do not fit into a sandbox's folder, before it is tried: that is the submission's fault.

        Raises:
            SubmissionError: they are too large or too many.

        """
        if self._level != "full":
            return
        folders = {str(parent) for name in files for parent in PurePosixPath(name).parents}
        size, count = sum(map(len, files.values())), len(files) + len(folders)
        if size > self._limits.disk_bytes // 2 or count > self._limits.inodes // 2:
            raise SubmissionError(
                f"its {len(files)} files in {len(folders)} folders ({size:,} bytes) need more room than a submission has here"
            )

    def _running(self) -> ForkClient:
        """Return the server; start it if there is none that can be asked."""
        if self._server is None or not self._server.alive:
            if self._server is not None:
                self._server.close()
            self._server = ForkClient(self._limits, self._level, self._packages)
        return self._server

    def _sockets(self) -> zmq.asyncio.Context:
        if self._context is None:
            self._context = capped_context(self._limits)
        return self._context


def _announced(files: Mapping[str, bytes]) -> list[str]:
    """Return the slow modules that are named in a submission; the server imports them once, before the fork."""
    texts = b"".join(data for name, data in files.items() if name.endswith((".ipynb", ".py")))
    return [module for word, module in SLOW.items() if word in texts]


def _remove_leftovers() -> None:
    """Remove the folders of drivers that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not _lives(owner):
            remove_folder(folder)


def _lives(process: str) -> bool:
    """Return True if a process has not ended; one that ended and was not waited for has."""
    try:
        return Path("/proc", process, "stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False
