"""Runs the cells of a notebook in a kernel, each within its limits, and says how it went.

nbclient executes the cells; what it leaves out is here: a failing cell does not end the run, a flood of output does at once, a dead
kernel is noticed when it dies, and nothing in a submission's metadata changes any of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Any, Literal

from nbclient.client import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from grader.runtime.channel import stable
from grader.runtime.kernels import Kernel
from grader.runtime.limits import Limits

__all__ = ["Run", "run", "stripped"]

RunStatus = Literal["ok", "failed", "timed_out", "crashed"]


@dataclass(frozen=True)
class Run:
    """How a run of a notebook went; ``cell`` counts code cells from 1."""

    status: RunStatus
    cell: int | None = None
    error: str | None = None

    @property
    def finished(self) -> bool:
        """Whether the kernel is still there with what the cells defined."""
        return self.status in ("ok", "failed")


def stripped(notebook: NotebookNode, without: int | None = None) -> NotebookNode:
    """A copy to execute: our kernel, no outputs, no metadata that could change how it runs.

    ``without`` is a code cell (from 1) that is left out, its source kept in a comment.
    """
    cells = []
    number = 0
    for cell in notebook.cells:
        copied = NotebookNode(cell_type=cell.cell_type, metadata=NotebookNode(), source=cell.source)
        if "id" in cell:
            copied["id"] = cell["id"]
        if cell.cell_type == "code":
            number += 1
            copied.update(outputs=[], execution_count=None)
            if number == without:
                copied["source"] = "# left out by the grader, since it did not end:\n" + "".join(
                    f"# {line}\n" for line in cell.source.splitlines()
                )
        cells.append(copied)
    kernel = NotebookNode(kernelspec=NotebookNode(name="gradmark", display_name="Gradmark", language="python"))
    return NotebookNode(cells=cells, metadata=kernel, nbformat=4, nbformat_minor=notebook.nbformat_minor)


class _Client(NotebookClient):
    """nbclient, counting what a notebook prints as it comes."""

    room = 0
    flooded = False
    kernel: Kernel

    async def _async_poll_kernel_alive(self) -> None:
        """Nothing: a dead kernel is noticed by its exit, not by asking every second."""

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """Take a message of the kernel; end the kernel when it has printed more than it may."""
        self.room -= _size(msg.get("content")) + _size(msg.get("buffers"))
        if self.room < 0:
            if not self.flooded:
                self.flooded = True
                self.kernel.kill()
            return None
        if str(msg.get("msg_type")).startswith("comm_"):
            return None  # widgets: nobody is there to move one, and what they send would be kept
        return super().process_message(msg, cell, cell_index)


def _size(content: Any) -> int:
    """About how many bytes a message's content takes, without walking deeper than it must."""
    total, waiting = 0, [content]
    while waiting:
        item = waiting.pop()
        total += len(item) if isinstance(item, (str, bytes, memoryview)) else 8
        if isinstance(item, dict):
            waiting.extend(item.values())
            waiting.extend(item.keys())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
    return total


async def run(notebook: NotebookNode, kernel: Kernel, limits: Limits) -> Run:
    """Execute the code cells of ``notebook`` (changed in place: it gets its outputs) in ``kernel``."""
    client = _Client(
        notebook,
        km=kernel.manager,
        config=Config(),
        allow_errors=True,
        skip_cells_with_tag="",
        store_widget_state=False,
    )
    client.kernel, client.room, client.kc = kernel, limits.output_bytes, kernel.client
    client.allow_errors, client.iopub_timeout = True, 2
    client.reset_execution_trackers()
    until = time.monotonic() + limits.notebook_seconds
    death = asyncio.ensure_future(kernel.died())
    first: Run | None = None
    try:
        number = 0
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            number += 1
            if not cell.source.strip():
                continue
            seconds = min(limits.cell_seconds, until - time.monotonic())
            outcome = await _cell(client, cell, index, number, seconds, death)
            if outcome is not None and not outcome.finished:
                return outcome
            first = first or outcome
    finally:
        death.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await death
    return first or Run("ok")


async def _cell(
    client: _Client, cell: NotebookNode, index: int, number: int, seconds: float, death: asyncio.Future[str]
) -> Run | None:
    """One cell: None when it ended well."""
    if seconds <= 0:
        return Run("timed_out", number, "the time for the whole notebook had passed before this cell")
    client.timeout = max(1, round(seconds))
    work = asyncio.ensure_future(client.async_execute_cell(cell, index, store_history=True))
    either: set[asyncio.Future[Any]] = {work, death}
    done, _ = await asyncio.wait(either, timeout=seconds + 0.5, return_when=asyncio.FIRST_COMPLETED)
    if work not in done:
        await _cancelled(work)
        if death in done:
            reason = "it printed more than is allowed" if client.flooded else death.result()
            return Run("crashed", number, reason)
        return Run("timed_out", number, f"it did not end within {seconds:g} s")
    error = work.exception()
    if isinstance(error, CellTimeoutError):
        return Run("timed_out", number, f"it did not end within {seconds:g} s")
    if isinstance(error, DeadKernelError):
        return Run("crashed", number, "it printed more than is allowed" if client.flooded else await death)
    if error is not None:  # whatever a kernel sends that nbclient cannot read is this submission's loss only
        return Run("crashed", number, stable(f"its output could not be read ({type(error).__name__})"))
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            name, said = str(output.get("ename", "")), str(output.get("evalue", ""))
            return Run("failed", number, stable(f"{name}: {said}".strip(": "))[:300])
    return None


async def _cancelled(work: asyncio.Future[Any]) -> None:
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await work
