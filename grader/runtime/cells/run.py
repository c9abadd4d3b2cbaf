"""Runs the cells of a notebook in a kernel, each within its limits, and says how it went.

nbclient executes the cells. This module adds that a failing cell does not end the run, that a flood of output does at once, that a
dead kernel is noticed when it dies, and that nothing in a submission's metadata changes any of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from nbclient.client import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from grader.runtime.cells.outputs import output_of
from grader.runtime.kernels import Kernel
from grader.runtime.limits import Limits
from grader.runtime.stable_text import stable_text

__all__ = ["CellsRun", "executable_copy", "run_cells"]

CORES = os.cpu_count() or 1
LOOK = 0.02
"""Seconds between two looks at how much of the processor's time is used up, when it nearly is."""

RunStatus = Literal["ok", "failed", "timed_out", "crashed"]


@dataclass(frozen=True)
class CellsRun:
    """The outcome of one run of a notebook's cells; ``cell`` counts code cells from 1.

    ``later`` are the cells that failed after the first one, each with its error.
    """

    status: RunStatus
    cell: int | None = None
    error: str | None = None
    later: tuple[tuple[int, str], ...] = ()

    @property
    def finished(self) -> bool:
        """True if the kernel is still there with what the cells defined."""
        return self.status in ("ok", "failed")


def executable_copy(notebook: NotebookNode, without: int | None = None) -> NotebookNode:
    """Copy a notebook for execution, with our kernel, no outputs, and no metadata that could change how it runs.

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


@dataclass(frozen=True)
class Bounds:
    """Limits of all cells together: ends in seconds, of ``time.monotonic()`` and of the kernel's processor time."""

    limits: Limits
    until: float
    cpu_until: float


class _Client(NotebookClient):
    """nbclient, counting what a notebook prints as it comes."""

    room = messages = 0
    flooded = ""
    kernel: Kernel

    async def _async_poll_kernel_alive(self) -> None:
        """Do nothing: a dead kernel is noticed by its exit, not by asking every second."""

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """Take a message of the kernel; end the kernel when it has printed more than it may."""
        self.room -= _size(msg.get("content")) + _size(msg.get("buffers"))
        self.messages -= 1
        if self.room < 0 or self.messages < 0:
            if not self.flooded:
                self.flooded = (
                    "it printed more than is allowed"
                    if self.room < 0
                    else "its output came in more pieces than are allowed; does it print or plot in a loop?"
                )
                self.kernel.kill()
            return None
        if str(msg.get("msg_type")).startswith("comm_"):
            return None  # widgets: nobody is there to move one, and what they send would be kept
        return super().process_message(msg, cell, cell_index)

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Keep an output, as nbclient does, in the form that ``output_of`` gives it."""
        if self.clear_before_next_output:
            outs.clear()
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        found = output_of(str(msg["msg_type"]), msg["content"])
        if found is not None:
            if display_id:
                self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(len(outs))
            outs.append(found)
        return found


def _size(content: Any) -> int:
    """Estimate how many bytes a message's content takes."""
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


async def run_cells(notebook: NotebookNode, kernel: Kernel, limits: Limits, order: Sequence[int] = ()) -> CellsRun:
    """Execute the code cells of ``notebook`` (changed in place: it gets its outputs) in ``kernel``.

    ``order`` has the numbers of code cells, from 1, as they are to be run; without it they run as they stand.
    """
    client = _Client(
        notebook,
        km=kernel.manager,
        config=Config(),
        allow_errors=True,
        skip_cells_with_tag="",
        store_widget_state=False,
    )
    client.kernel, client.kc = kernel, kernel.client
    client.room, client.messages = limits.output_bytes, limits.output_messages + 6 * len(notebook.cells)
    client.allow_errors, client.iopub_timeout = True, 2
    client.reset_execution_trackers()
    bounds = Bounds(
        limits, time.monotonic() + limits.notebook_seconds, kernel.cpu_seconds() + limits.submission_cpu_seconds
    )
    death = asyncio.ensure_future(kernel.died())
    first: CellsRun | None = None
    try:
        code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        for number in order or range(1, len(code) + 1):
            index = code[number - 1]
            cell = notebook.cells[index]
            if not cell.source.strip():
                continue
            outcome = await _cell(client, cell, index, number, bounds, death)
            if outcome is not None and not outcome.finished:
                return outcome
            if first is not None and outcome is not None:
                first = replace(first, later=(*first.later, (number, outcome.error or "")))
            first = first or outcome
    finally:
        death.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await death
    return first or CellsRun("ok")


async def _cell(
    client: _Client,
    cell: NotebookNode,
    index: int,
    number: int,
    bounds: Bounds,
    death: asyncio.Future[str],
) -> CellsRun | None:
    """Execute one cell; None when it ended well."""
    if time.monotonic() >= bounds.until:
        return CellsRun("timed_out", number, "the time for the whole notebook had passed before this cell")
    client.timeout = None  # the limits are kept here
    work = asyncio.ensure_future(client.async_execute_cell(cell, index, client.code_cells_executed + 1))
    too_long = await _beyond(work, death, client.kernel, bounds)
    if not work.done():
        await _cancelled(work)
        if death.done():
            return CellsRun("crashed", number, client.flooded or death.result())
        return CellsRun("timed_out", number, too_long)
    error = work.exception()
    if isinstance(error, DeadKernelError):
        return CellsRun("crashed", number, client.flooded or await death)
    if error is not None:  # whatever a kernel sends that nbclient cannot read is this submission's loss only
        return CellsRun("crashed", number, stable_text(f"its output could not be read ({type(error).__name__})"))
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            name, said = str(output.get("ename", "")), str(output.get("evalue", ""))
            return CellsRun("failed", number, stable_text(f"{name}: {said}".strip(": "))[:300])
    return None


async def _beyond(work: asyncio.Future[Any], death: asyncio.Future[str], kernel: Kernel, bounds: Bounds) -> str:
    """Wait for a cell, or for the death of its kernel, as long as the limits allow; name the limit that was met, if one was."""
    limits = bounds.limits
    until, cpu_until = time.monotonic() + limits.cell_seconds, kernel.cpu_seconds() + limits.cell_cpu_seconds
    either: set[asyncio.Future[Any]] = {work, death}
    while True:
        now, cpu_now = time.monotonic(), kernel.cpu_seconds()
        if now >= until:
            return f"it did not end within {limits.cell_seconds:g} s"
        if now >= bounds.until:
            return "the time for the whole notebook ended while it ran"
        if cpu_now >= cpu_until:
            return f"it used more than {limits.cell_cpu_seconds:g} s of processor time"
        if cpu_now >= bounds.cpu_until:
            return "the processor time for the whole submission ended while it ran"
        # All cores together cannot use up what is left any sooner than this.
        soonest = (min(cpu_until, bounds.cpu_until) - cpu_now) / CORES
        timeout = min(until - now, bounds.until - now, max(soonest, LOOK))
        if (await asyncio.wait(either, timeout=timeout, return_when=asyncio.FIRST_COMPLETED))[0]:
            return ""


async def _cancelled(work: asyncio.Future[Any]) -> None:
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await work
