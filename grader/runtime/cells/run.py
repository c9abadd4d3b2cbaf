"""Runs the cells of a notebook in a kernel, each within its limits, and says how it went.

nbclient executes the cells. This module adds that a failing cell does not end the run, that a flood of output does at once, that a
dead kernel is noticed when it dies, and that nothing in a submission's metadata changes any of it. Cells of definitions that follow
each other go to the kernel in one request: one for each would cost more than what is in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Literal

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from grader.runtime.cells.client import Client
from grader.runtime.cells.quiet import is_quiet
from grader.runtime.inside import IN_TURN
from grader.runtime.kernels import Kernel
from grader.runtime.limits import Limits
from grader.runtime.stable_text import stable_text

__all__ = ["CellsRun", "executable_copy", "run_cells"]

CORES = os.cpu_count() or 1
LOOK = 0.02
"""Seconds between two looks at how much of the processor's time is used up, when it nearly is."""

RunStatus = Literal["ok", "failed", "timed_out", "crashed"]
Waiting = tuple[int, int]
"""The number of a cell that is to be run, and its place in the notebook."""


@dataclass(frozen=True)
class CellsRun:
    """The outcome of one run of a notebook's cells; ``cell`` counts code cells from 1.

    ``later`` are the cells that failed after the first one, each with its error. ``among`` is True if the kernel was lost in one of
    several cells that it had in one request: then ``cell`` is the first of them, and need not be the one at fault.
    """

    status: RunStatus
    cell: int | None = None
    error: str | None = None
    later: tuple[tuple[int, str], ...] = ()
    among: bool = False

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


async def run_cells(
    notebook: NotebookNode, kernel: Kernel, limits: Limits, order: Sequence[int] = (), *, one_by_one: bool = False
) -> CellsRun:
    """Execute the code cells of ``notebook`` (changed in place: it gets its outputs) in ``kernel``.

    Args:
        notebook: what is executed.
        kernel: just started.
        limits: of the cells.
        order: the numbers of code cells, from 1, as they are to be run; without it they run as they stand.
        one_by_one: each cell gets a request of its own.

    """
    client = Client(
        notebook,
        km=kernel.manager,
        config=Config(),
        allow_errors=True,
        skip_cells_with_tag="",
        store_widget_state=False,
    )
    client.kernel, client.kc = kernel, kernel.client
    client.on_cell_executed = client.take_reply
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
        numbers = [n for n in order or range(1, len(code) + 1) if notebook.cells[code[n - 1]].source.strip()]
        waiting = [(number, code[number - 1]) for number in numbers]
        while waiting:
            together = [] if one_by_one or not kernel.takes_several else _quiet_ones(notebook, waiting)
            if len(together) > 1:
                done, outcome = await _in_turn(client, together, bounds, death)
            else:
                number, index = waiting[0]
                done, outcome = 1, await _cell(client, notebook.cells[index], index, number, bounds, death)
            del waiting[:done]
            if outcome is not None and not outcome.finished:
                return outcome
            if first is not None and outcome is not None:
                first = replace(first, later=(*first.later, (outcome.cell or 0, outcome.error or "")))
            first = first or outcome
    finally:
        death.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await death
    return first or CellsRun("ok")


def _quiet_ones(notebook: NotebookNode, waiting: Sequence[Waiting]) -> list[Waiting]:
    """Return the cells that come next and only define something."""
    return list(takewhile(lambda cell: is_quiet(notebook.cells[cell[1]].source), waiting))


async def _in_turn(
    client: Client, cells: Sequence[Waiting], bounds: Bounds, death: asyncio.Future[str]
) -> tuple[int, CellsRun | None]:
    """Execute cells in one request, as far as the first that fails or prints, within the limits of one.

    Return how many that were, and the outcome of the last of them.
    """
    notebook, before = client.nb, client.code_cells_executed
    (number, place), sources = cells[0], [notebook.cells[index].source for _, index in cells]
    first = notebook.cells[place]
    request = NotebookNode(cell_type="code", metadata=NotebookNode(), source=IN_TURN + json.dumps(sources), outputs=[])
    client.done = len(cells)
    outcome = await _cell(client, request, place, number, bounds, death)
    notebook.cells[place] = first
    if outcome is not None and not outcome.finished:
        return len(cells), replace(outcome, among=True)
    done = client.done
    if type(done) is not int or not 0 < done <= len(cells):
        reason = "it said that it ran other cells than it was given"
        return len(cells), CellsRun("crashed", number, reason, among=True)
    for count, (_, index) in enumerate(cells[:done], 1):
        notebook.cells[index].execution_count = before + count
    client.code_cells_executed = before + done
    last, index = cells[done - 1]
    notebook.cells[index].outputs = request.outputs
    return done, None if outcome is None else replace(outcome, cell=last)


async def _cell(
    client: Client,
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
