"""A live kernel of any Python, and the time from sending it a cell to what the cell shows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

__all__ = ["Kernel", "Ran"]

PATIENCE = 120.0
"""Seconds that a kernel may take to start, or to say its next word."""
SHOWN = ("display_data", "execute_result", "stream")


@dataclass(frozen=True)
class Ran:
    """Of one cell: seconds until it showed something (None if it never did) and until it was over, and what it showed as text."""

    shown_s: float | None
    over_s: float
    text: str


class _Of(KernelSpecManager):
    """The stock kernel of one Python, whatever kernels are installed."""

    def __init__(self, python: Path) -> None:
        super().__init__()
        self._python = python

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - there is one
        argv = [str(self._python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python", language="python")


class Kernel:
    """A stock ipykernel in a folder, with an environment of its own; to be used as a context.

    Args:
        python: the Python whose ipykernel it is.
        folder: where it runs, the folder of the notebook.
        env: its whole environment.

    """

    def __init__(self, python: Path, folder: Path, env: Mapping[str, str]) -> None:
        home = env["HOME"]
        self._manager = KernelManager(
            kernel_spec_manager=_Of(python), connection_file=f"{home}/kernel.json", transport="ipc", ip=f"{home}/ipc"
        )
        self._folder, self._env = folder, {**env}

    def __enter__(self) -> Self:
        self._manager.start_kernel(cwd=str(self._folder), env=self._env)
        self._client: BlockingKernelClient = self._manager.client()
        self._client.start_channels()
        try:
            self._client.wait_for_ready(timeout=PATIENCE)
        except RuntimeError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()

    def run(self, cell: str) -> Ran:
        """Run a cell.

        Raises:
            RuntimeError: the cell raised; what it said is in the message.

        """
        started = time.perf_counter()
        ident = self._client.execute(cell)
        shown: float | None = None
        texts = []
        while True:
            message = self._client.get_iopub_msg(timeout=PATIENCE)
            now = time.perf_counter() - started
            if message["parent_header"].get("msg_id") != ident:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "error":
                raise RuntimeError("\n".join([f"a cell raised: {cell}", *content["traceback"]]))
            if kind in SHOWN:
                shown = now if shown is None else shown
                texts.append(_text(content))
            if kind == "status" and content["execution_state"] == "idle":
                return Ran(shown, now, "\n".join(texts))


def _text(content: Mapping[str, Any]) -> str:
    return str(content["text"] if "text" in content else content["data"].get("text/plain", ""))
