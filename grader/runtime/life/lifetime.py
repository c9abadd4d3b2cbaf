"""The process of a submission: brought up, its notebook run, its agent serving; and again, as often as allowed, when it is lost."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Literal

import nbformat
from nbformat import NotebookNode

from grader.errors import KernelError
from grader.judging import Lost
from grader.runtime.calls import Channel, Gone
from grader.runtime.cells import CellsRun, executable_copy, run_cells
from grader.runtime.inside import ENTER
from grader.runtime.kernels import Kernel, KernelSource
from grader.runtime.life.budget import Budget
from grader.runtime.limits import Limits
from grader.submission import Submission

__all__ = ["MOST_LOSSES", "Lifetime", "NotebookRun"]

HELLO = 10.0
"""Seconds in which the agent must answer for the first time."""
EXIT = 1.0
"""Seconds in which a process that hung up must end, for its exit status to be known."""
MOST_LOSSES = 3
"""Losses through the grader's fault after which a submission is begun again; after one more it needs a person."""


@dataclass(frozen=True)
class NotebookRun:
    """The outcome of the notebook as a whole, in ``seconds`` over all its processes, and the notebook with its outputs."""

    status: Literal["ok", "failed", "timed_out", "crashed", "absent"]
    cell: int | None = None
    error: str | None = None
    seconds: float = 0.0
    executed: NotebookNode | None = None
    later: tuple[tuple[int, str], ...] = ()
    """Cells that failed after ``cell``, each with its error."""

    def executed_text(self) -> str | None:
        """Return the executed notebook as the text of an ``.ipynb``; None if there is none that can be written."""
        if self.executed is None:
            return None
        try:
            text: str = nbformat.v4.writes(self.executed)
            return text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written down
        except Exception:  # outputs are the student's: what cannot be written down is not kept
            return None


class Lifetime:
    """One process after the other, for one submission.

    It is in one of four states, which ``_way`` tells apart: *serving*, and the way is the channel to its agent; *down*, None, and
    the next call of :meth:`channel` brings a process up; *over*, and the way is the loss that answers every call from now on;
    *broken*, and the way is the error that a person must see.

    Args:
        submission: what was handed in, readable.
        limits: what it may use up.
        source: what starts kernels.
        seed: of ``random`` and ``numpy.random`` in the kernel.

    Attributes:
        notebook: how the notebook went.
        budget: what the submission may still use up.
        restarts: how many processes were started after the submission had lost one.

    """

    def __init__(self, submission: Submission, limits: Limits, source: KernelSource, seed: int) -> None:
        self._submission, self._limits, self._source, self._seed = submission, limits, source, seed
        self.notebook = NotebookRun("absent")
        self.budget = Budget(limits)
        self.restarts = 0
        self._loop = asyncio.new_event_loop()
        self._kernel: Kernel | None = None
        self._way: Channel | Lost | KernelError | None = None
        self._losses = 0
        self._left_out: int | None = None
        self._one_by_one = False

    # ---------------------------------------------------------------------------------------- states
    def begin(self) -> None:
        """Run the notebook; if its process was lost, once more without the cell at fault.

        Raises:
            KernelError: no kernel comes up at all.

        """
        started = time.monotonic()
        ran = self._bring_up()
        if not ran.finished:  # the student's other cells may be sound
            self._left_out = ran.cell
            self.take_down()
            again = self._bring_up()
            if not again.finished:
                self._give_up(f"the notebook could not be run: cell {again.cell}: {again.error}")
        if self._submission.notebook is not None:
            self.notebook = replace(self.notebook, status=ran.status, cell=ran.cell, error=ran.error, later=ran.later)
        self.notebook = replace(self.notebook, seconds=time.monotonic() - started)

    def channel(self) -> Channel | Lost:
        """Return the way to the agent, or why there is none any more; a process that was lost is started again, and counted.

        Raises:
            KernelError: none comes up; a person must look.

        """
        if self._way is None:
            if self.restarts < self._limits.restarts:
                self.restarts += 1
                self._bring_up_again()
            else:
                self._way = Lost("crashed", f"its process was lost {self.restarts} times, and not started again")
        return self._serving()

    def recover(self, gone: Gone) -> Lost | None:
        """Take down the process that is gone; None if that was the grader's fault, and another process was started in its place.

        Raises:
            KernelError: it was the grader's fault too often; a person must look.

        """
        reason = gone.reason or self._how_it_ended()
        if self._lost_by_us():
            self._bring_up_again()
            return None
        self.take_down()
        return Lost(gone.status, reason)

    def start_again(self) -> None:
        """Start another process after a loss that is not to be counted, since the calls that were under way are put again.

        Raises:
            KernelError: none comes up; a person must look.

        """
        if self._way is None:
            self._bring_up_again()

    def take_down(self) -> None:
        """End the process there is, and charge what it used."""
        kernel, self._kernel = self._kernel, None
        if isinstance(self._way, Channel):
            self._way = None
        if kernel is not None:
            used = kernel.cpu_seconds()
            self._loop.run_until_complete(kernel.end())
            # Some know it only while it lives, some better afterwards.
            self.budget.settle(max(used, kernel.cpu_seconds()))

    def close(self) -> None:
        """End it for good."""
        if self._loop.is_closed():
            return
        try:
            self.take_down()
            self._loop.run_until_complete(_end_all_tasks())
        finally:
            self._loop.close()

    # ------------------------------------------------------------------------------------ one process
    def _serving(self) -> Channel | Lost:
        if isinstance(self._way, KernelError):
            raise KernelError(str(self._way))
        assert self._way is not None
        return self._way

    def _bring_up_again(self) -> None:
        ran = self._bring_up()
        if not ran.finished:
            self._give_up(f"the notebook could not be run again: cell {ran.cell}: {ran.error}")

    def _bring_up(self) -> CellsRun:
        """Start a kernel, run the notebook in it, and have the agent serve; again if it is lost through our fault."""
        try:
            ran = self._loop.run_until_complete(self._start())
            while not ran.finished and (self._lost_by_us() or self._lost_among_several(ran)):
                ran = self._loop.run_until_complete(self._start())
        except KernelError as error:
            self._way = error
            raise
        if not ran.finished and (over := self.budget.over()) is not None:
            ran = replace(ran, status="timed_out", error=over)
        return ran

    def _give_up(self, reason: str) -> None:
        """Answer every call from now on with this reason; a budget that is spent comes before other reasons."""
        self.take_down()
        over = self.budget.over()
        self._way = Lost("crashed", reason) if over is None else Lost("timed_out", over)

    def _lost_by_us(self) -> bool:
        """Return True if the kernel was lost through the grader's fault; then it is taken down.

        Raises:
            KernelError: that was so too often; a person must look.

        """
        if self._kernel is None or not self._kernel.blameless():
            return False
        self._losses += 1
        self.take_down()
        if self._losses > MOST_LOSSES:
            self._way = KernelError(f"the process that starts kernels was lost {self._losses} times on this submission")
            raise self._way
        return True

    def _lost_among_several(self, ran: CellsRun) -> bool:
        """Return True if the kernel was lost in a request for several cells: it is taken down; the next gets them one by one."""
        if not ran.among or self.budget.over() is not None:
            return False
        self._one_by_one = True
        self.take_down()
        return True

    async def _start(self) -> CellsRun:
        path = self._submission.notebook_path or ""
        folder = path.rpartition("/")[0]
        self._kernel = await self._source.start(self._submission.files, folder, self._seed)
        self.budget.charge(self._kernel)
        ran = CellsRun("ok")
        if self._submission.notebook is not None:
            notebook = executable_copy(self._submission.notebook, self._left_out)
            order = self._submission.notebook.get("order", ())
            limits = self.budget.notebook_limits()
            ran = await run_cells(notebook, self._kernel, limits, order, one_by_one=self._one_by_one)
            if not ran.among and (self.notebook.executed is None or ran.finished):
                self.notebook = replace(self.notebook, executed=notebook)
        if not ran.finished:
            return ran
        self._kernel.client.execute(ENTER, silent=True, store_history=False, allow_stdin=False)
        channel = Channel(self._kernel.agent, self._limits.frame_bytes)
        try:
            hello = channel.control({"do": "hello"}, HELLO)
        except Gone as gone:
            hello = gone.reason
        if hello != "hello":
            return CellsRun("crashed", self._last_cell(), "after its last cell the notebook's process did not answer")
        self._way = channel
        return ran

    def _last_cell(self) -> int | None:
        notebook = self._submission.notebook
        return None if notebook is None else sum(cell.cell_type == "code" for cell in notebook.cells)

    def _how_it_ended(self) -> str:
        """Say how the process ended that hung up, waiting up to ``EXIT`` seconds for its exit status."""
        kernel = self._kernel
        if kernel is None:
            return "its process is gone"

        async def soon() -> str:
            try:
                return await asyncio.wait_for(kernel.died(), EXIT)
            except TimeoutError:
                return "its process closed its connection to the grader"

        return self._loop.run_until_complete(soon())


async def _end_all_tasks() -> None:
    """Cancel what libraries left running in this loop."""
    pending = asyncio.all_tasks() - {asyncio.current_task()}
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
