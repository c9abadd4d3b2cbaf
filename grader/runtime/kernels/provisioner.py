"""A forked process as jupyter_client sees it: something that is alive, can be signalled, and ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

__all__ = ["ForkProvisioner"]


class ForkProvisioner(KernelProvisionerBase):
    """Owns the descriptor of a process that somebody else forked (pidfd_open(2)), so that its end is an event.

    Attributes:
        pid: its number in the fork server's pid namespace.
        local_pid: its number in the grader's pid namespace; None if the grader cannot see it.

    """

    pid: int | None = None
    local_pid: int | None = None
    _pidfd = -1

    def adopt(self, pid: int, pidfd: int) -> None:
        """Own a process, by its number in the fork server's pid namespace and a descriptor of it."""
        self.pid, self._pidfd = pid, pidfd
        for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "Pid" and int(value) > 0:
                self.local_pid = int(value)

    @property
    def has_process(self) -> bool:
        """Return True if a process was adopted and not yet cleaned up."""
        return self._pidfd >= 0

    def has_ended(self) -> bool:
        """Return True if the process has ended, or there is none."""
        if not self.has_process:
            return True
        end = select.poll()
        end.register(self._pidfd, select.POLLIN)
        return bool(end.poll(0))

    async def wait_for_end(self) -> None:
        """Wait until the process has ended."""
        if self.has_ended():
            return
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._pidfd, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(self._pidfd)

    def signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.has_process:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    # ---------------------------------------------------------------- as jupyter_client asks for it
    async def poll(self) -> int | None:
        """Return None while the process lives, 0 after its end."""
        return 0 if self.has_ended() else None

    async def wait(self) -> int | None:
        """Wait until the process has ended; return 0."""
        await self.wait_for_end()
        return 0

    async def send_signal(self, signum: int) -> None:
        """Send a signal."""
        self.signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002 - the signature is the base's
        """End the process at once."""
        self.signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002
        """Ask the process to end."""
        self.signal(signal.SIGTERM)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:  # noqa: ARG002
        """Launch nothing, for the process was forked; return the connection information."""
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:  # noqa: ARG002
        """Let go of the process."""
        if self.has_process:
            os.close(self._pidfd)
            self._pidfd = -1
