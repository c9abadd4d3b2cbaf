"""The process of a submission: brought up, its notebook run, its agent serving; and again, as often as allowed, when it is lost."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Literal

import nbformat
from nbformat import NotebookNode

from grader.errors import KernelError
from grader.judging.asking.answers import Lost
from grader.runtime.calls.channel import Channel, Gone
from grader.runtime.cells.run import Run, run, stripped
from grader.runtime.kernels.kernel import Kernel, KernelSource
from grader.runtime.life.budget import Budget
from grader.runtime.limits import Limits
from grader.submission import Submission

__all__ = ["LOSSES", "Lifetime", "Ran"]

ENTER = "__import__('_gradmark_agent').serve()"
HELLO = 10.0
LOSSES = 3
"""How often a submission is begun again after its kernel was lost through the grader's fault."""


@dataclass(frozen=True)
class Ran:
    """How the notebook as a whole went, and the notebook with its outputs."""

    status: Literal["ok", "failed", "timed_out", "crashed", "absent"]
    cell: int | None = None
    error: str | None = None
    seconds: float = 0.0
    executed: NotebookNode | None = None

    def executed_text(self) -> str | None:
        """The executed notebook as the text of an ``.ipynb``; None if there is none that can be written."""
        if self.executed is None:
            return None
        try:
            text: str = nbformat.v4.writes(self.executed)
            return text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written down
        except Exception:  # outputs are the student's: what cannot be written down is not kept
            return None


class Lifetime:
    """One process after the other, for one submission.

    ``notebook`` is how its notebook went, and ``budget`` is what it may still use up.

    Args:
        submission: what was handed in, readable.
        limits: what it may use up.
        source: what starts kernels.
        seed: of ``random`` and ``numpy.random`` in the kernel.

    """

    def __init__(self, submission: Submission, limits: Limits, source: KernelSource, seed: int) -> None:
        self._submission, self._limits, self._source, self._seed = submission, limits, source, seed
        self.notebook = Ran("absent")
        self.budget = Budget(limits)
        self._loop = asyncio.new_event_loop()
        self._kernel: Kernel | None = None
        self._channel: Channel | None = None
        self._lost: Lost | None = None
        self._begun = self._restarts = 0
        self._losses: list[int] = []
        self._broken: KernelError | None = None
        self._left_out: int | None = None

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
                self._lost = self._for_good(f"the notebook could not be run: cell {again.cell}: {again.error}")
                self.take_down()
        if self._submission.notebook is not None:
            self.notebook = replace(self.notebook, status=ran.status, cell=ran.cell, error=ran.error)
        self.notebook = replace(self.notebook, seconds=time.monotonic() - started)

    def blameless(self) -> bool:
        """Whether the kernel was lost through our fault: then it is gone by now, and may be started again.

        Raises:
            KernelError: that was so too often; a person must look.

        """
        if self._kernel is None or not self._kernel.blameless():
            return False
        self._losses.append(self._begun)
        self.take_down()
        if len(self._losses) > LOSSES:
            times = len(self._losses)
            self._broken = KernelError(f"the process that starts kernels was lost {times} times on this submission")
            raise self._broken
        return True

    def up(self, *, through_us: bool = False) -> Channel | Lost:
        """The way to its agent, or why there is none any more.

        A process is started if its predecessor was lost, which is counted unless it was our fault.

        Raises:
            KernelError: none comes up; a person must look.

        """
        if self._lost is None and self._channel is None:
            if self._broken is not None:
                raise KernelError(str(self._broken))
            if through_us or self._restarts < self._limits.restarts:
                self._restarts += not through_us
                again = self._bring_up()
                if not again.finished:
                    self.take_down()
                    self._lost = self._for_good(
                        f"the notebook could not be run again: cell {again.cell}: {again.error}"
                    )
            else:
                self._lost = Lost("crashed", f"its process was lost {self._restarts} times, and not started again")
        way = self._lost or self._channel
        assert way is not None
        return way

    def _bring_up(self) -> Run:
        """A kernel, the notebook run in it, and the agent serving; again if it is lost through our fault."""
        try:
            ran = self._loop.run_until_complete(self._start())
            while not ran.finished and self.blameless():
                ran = self._loop.run_until_complete(self._start())
        except KernelError as error:
            self._broken = error
            raise
        if not ran.finished and (over := self.budget.over()) is not None:
            ran = replace(ran, status="timed_out", error=over)
        return ran

    def _for_good(self, reason: str) -> Lost:
        """Why nothing more can be called; a budget that is spent comes before other reasons."""
        over = self.budget.over()
        return Lost("crashed", reason) if over is None else Lost("timed_out", over)

    async def _start(self) -> Run:
        path = self._submission.notebook_path or ""
        folder = path.rpartition("/")[0]
        self._kernel = await self._source.start(self._submission.files, folder, self._seed)
        self._begun += 1
        self.budget.charge(self._kernel)
        ran = Run("ok")
        if self._submission.notebook is not None:
            notebook = stripped(self._submission.notebook, self._left_out)
            ran = await run(notebook, self._kernel, self.budget.of_a_notebook())
            if self.notebook.executed is None or ran.finished:
                self.notebook = replace(self.notebook, executed=notebook)
        if not ran.finished:
            return ran
        self._kernel.client.execute(ENTER, silent=True, store_history=False, allow_stdin=False)
        channel = Channel(self._kernel.agent, self._limits.frame_bytes, self._begun)
        try:
            hello = channel.control({"do": "hello"}, HELLO)
        except Gone as gone:
            hello = gone.reason
        if hello != "hello":
            return Run("crashed", self._last_cell(), "after its last cell the notebook's process did not answer")
        self._channel = channel
        return ran

    def _last_cell(self) -> int | None:
        notebook = self._submission.notebook
        return None if notebook is None else sum(cell.cell_type == "code" for cell in notebook.cells)

    def lost_by_us(self, generation: int) -> bool:
        """Whether the process of that number, from 1, was lost through our fault."""
        return generation in self._losses

    def how_it_ended(self) -> str:
        """How the process ended that hung up."""
        kernel = self._kernel
        if kernel is None:
            return "its process is gone"

        async def soon() -> str:
            try:
                return await asyncio.wait_for(kernel.died(), 1.0)
            except TimeoutError:
                return "its process closed its connection to the grader"

        return self._loop.run_until_complete(soon())

    def take_down(self) -> None:
        """End the process there is, and charge what it used."""
        kernel, self._kernel, self._channel = self._kernel, None, None
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
            self._loop.run_until_complete(_all_ended())
        finally:
            self._loop.close()


async def _all_ended() -> None:
    """Cancel what libraries left running in this loop."""
    pending = asyncio.all_tasks() - {asyncio.current_task()}
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
