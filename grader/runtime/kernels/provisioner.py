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
    """Owns the descriptor of a process that somebody else forked (pidfd_open(2)): its end is an event, not a question."""

    pid: int | None = None
    here: int | None = None
    _pidfd = -1

    def take(self, pid: int, pidfd: int) -> None:
        """Own a process; ``pid`` is what the server calls it, ``here`` what this process may, if both can see it."""
        self.pid, self._pidfd = pid, pidfd
        for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "Pid" and int(value) > 0:
                self.here = int(value)

    @property
    def has_process(self) -> bool:
        """Whether there is one that was not cleaned up."""
        return self._pidfd >= 0

    def ended(self) -> bool:
        """Whether it has ended."""
        if not self.has_process:
            return True
        end = select.poll()
        end.register(self._pidfd, select.POLLIN)
        return bool(end.poll(0))

    async def gone(self) -> None:
        """Wait for its end."""
        if self.ended():
            return
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._pidfd, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(self._pidfd)

    def signal(self, number: int) -> None:
        """Send a signal, if there is still somebody to get it."""
        if self.has_process:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    # ---------------------------------------------------------------- as jupyter_client asks for it
    async def poll(self) -> int | None:
        """None while it lives."""
        return 0 if self.ended() else None

    async def wait(self) -> int | None:
        """Wait for its end."""
        await self.gone()
        return 0

    async def send_signal(self, signum: int) -> None:
        """Send it a signal."""
        self.signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002 - the signature is the base's
        """End it at once."""
        self.signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002
        """Ask it to end."""
        self.signal(signal.SIGTERM)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:  # noqa: ARG002
        """There is nothing to launch: the process was forked."""
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:  # noqa: ARG002
        """Let go of it."""
        if self.has_process:
            os.close(self._pidfd)
            self._pidfd = -1
