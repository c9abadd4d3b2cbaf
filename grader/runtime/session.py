"""A submission, live: its notebook has run, its functions can be called, and what dies is started again, as often as allowed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Literal, Self

import nbformat
from nbformat import NotebookNode

from grader.errors import KernelError
from grader.judging.answers import Attempt, Call, Lost, Raised, Reply
from grader.runtime import isolation as isolations
from grader.runtime.budget import Budget
from grader.runtime.channel import Channel, Gone, Stale
from grader.runtime.inside.wire import WireError
from grader.runtime.kernels import Kernel, KernelSource
from grader.runtime.limits import Limits
from grader.runtime.notebook import Run, run, stripped
from grader.runtime.sources import source_of
from grader.submission import Submission

__all__ = ["Ran", "Session"]

ENTER = "__import__('_gradmark_agent').serve()"
HELLO = 10.0
TOGETHER = 64
"""How many calls are put at once."""
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


class Session:
    """Runs a submission's notebook and answers calls of its functions (:class:`grader.judging.answers.Answers`).

    Args:
        submission: what was handed in, readable.
        limits: what it may use up.
        isolation: the level asked for.
        seed: of ``random`` and ``numpy.random`` in the kernel.
        packages: what may be imported besides numpy and the standard library.
        source: what starts kernels; by default what the level and the platform call for.

    Raises:
        IsolationError: the level is not to be had.
        KernelError: on entering, when no kernel comes up at all.

    """

    def __init__(
        self,
        submission: Submission,
        limits: Limits,
        isolation: str = "auto",
        seed: int = 0,
        packages: tuple[str, ...] = (),
        source: KernelSource | None = None,
    ) -> None:
        self.isolation, self.mechanisms = isolations.resolve(isolation)
        self.submission, self.limits, self.seed = submission, limits, seed
        self.notebook = Ran("absent")
        self._source = source or source_of(limits, self.isolation, packages)
        self._loop = asyncio.new_event_loop()
        self._budget = Budget(limits)
        self._kernel: Kernel | None = None
        self._channel: Channel | None = None
        self._begun = self._restarts = 0
        self._losses: list[int] = []
        self._broken: KernelError | None = None
        self._there: dict[str, bool] = {}
        self._fresh = False
        self._left_out: int | None = None
        self._may_be_put_at_once = True
        self._lost: Lost | None = None

    def __enter__(self) -> Self:
        started = time.monotonic()
        try:
            ran = self._bring_up()
            if not ran.finished:
                # Once more without the cell at fault: the student's other cells may be sound.
                self._left_out = ran.cell
                self._take_down()
                again = self._bring_up()
                if not again.finished:
                    self._lost = self._for_good(f"the notebook could not be run: cell {again.cell}: {again.error}")
                    self._take_down()
            if self.submission.notebook is not None:
                self.notebook = replace(self.notebook, status=ran.status, cell=ran.cell, error=ran.error)
        except BaseException:
            self._close()
            raise
        self.notebook = replace(self.notebook, seconds=time.monotonic() - started)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    # ------------------------------------------------------------------------------------- answers
    def attempt(self, function: str) -> Attempt:
        """Whether something was written, by the submission's text; a name that only exists at run time counts too."""
        unit, _, name = function.partition(".")
        known = self.submission.attempts.get(name, "missing")
        promised = known == "attempted" and self.submission.where.get(name) == "notebook"
        if not (known == "missing" or promised) or self._lost is not None or not self._up():
            return known
        if name not in self._there:
            self._look_up(unit, [*self.submission.attempts, name])
        return "attempted" if self._there.get(name) else "missing"

    def _look_up(self, unit: str, names: Sequence[str]) -> None:
        """Ask once which of these names there are."""
        assert self._channel is not None
        request = {"do": "lookup", "unit": unit, "names": list(names), "module": self.submission.has_module}
        try:
            found = self._channel.control(request, self.limits.call_seconds + 1)
        except Gone:
            if self._blameless() and self._up(through_us=True):
                self._look_up(unit, names)
                return
            self._take_down()
            found = [self.submission.attempts.get(name, "missing") != "missing" for name in names]
        if isinstance(found, list) and len(found) == len(names):
            self._there = {name: there is True for name, there in zip(names, found, strict=True)}

    def call(self, call: Call) -> Reply:
        """Perform one call; a process that is lost in it is started again for the next."""
        if (over := self._budget.over()) is not None:
            return Lost("timed_out", over)
        if self._lost is not None or not self._up():
            return self._lost or Lost("crashed", "the process could not be started again")
        assert self._channel is not None
        fresh = self._fresh
        try:
            reply = self._channel.call(call, self._where, *self._of_a_call())
        except Gone as gone:
            reason = gone.reason or self._how_it_ended()
            if self._blameless():
                self._up(through_us=True)
                return self.call(call)
            self._take_down()
            return Lost("timed_out" if gone.status == "timed_out" else "crashed", reason)
        except Stale as stale:
            self._fresh = fresh  # nothing was sent
            if stale.generation in self._losses:
                raise KernelError(f"{stale}, and that through the grader's fault: grade it again") from None
            return Lost("crashed", str(stale))
        except Exception as error:  # an argument of ours that cannot be sent: the fault is the grader's
            self._take_down()
            raise RuntimeError(f"the call of {call.function} could not be put: {error}") from error
        return self._import_failed(call, reply)

    def calls(self, calls: Sequence[Call]) -> Iterator[Reply]:
        """Perform calls, many at once: an exchange of its own for each would cost as much as what it carries."""
        waiting = list(calls)
        while waiting:
            replies = self._together(waiting[:TOGETHER]) if len(waiting) > 1 else []
            replies = replies or [self.call(waiting[0])]
            yield from replies
            waiting = waiting[len(replies) :]

    def _together(self, calls: Sequence[Call]) -> list[Reply]:
        """What calls gave that were put at once, as far as it went; nothing if they are to be put one by one.

        A process that is lost tells not by which call: then that is found out in another one, for all that follow.
        """
        replies: list[Reply] = []
        if not self._may_be_put_at_once or self._budget.over() is not None or self._lost is not None or not self._up():
            return []
        assert self._channel is not None
        fresh = self._fresh
        try:
            for reply in self._channel.calls(calls, self._where, *self._of_a_call()):
                replies.append(self._import_failed(calls[len(replies)], reply))
                if self._budget.over() is not None:
                    self._take_down()  # it goes on with what was put
                    break
        except Gone:
            if not self._blameless():
                self._may_be_put_at_once = False
                self._take_down()
            self._up(through_us=True)
            return []
        except WireError:
            self._fresh = fresh
            return []  # one by one it is known which
        return replies

    def new_exercise(self) -> None:
        """Before the next call, drop what is kept for the student, and seed their random numbers again."""
        self._fresh = False

    def _of_a_call(self) -> tuple[float, float, int | None]:
        """Seconds by the clock and of the processor; and a seed if :meth:`new_exercise` is still to be done."""
        seed = None if self._fresh else self.seed
        self._fresh = True
        return *self._budget.of_a_call(), seed

    def _where(self, function: str) -> str:
        return self.submission.where.get(function.partition(".")[2], "auto")

    def _import_failed(self, call: Call, reply: Reply) -> Reply:
        """Say of an import that failed that it was not the function."""
        unit = call.function.partition(".")[0]
        if (
            isinstance(reply, Raised)
            and f"exercises/{unit}.py" in self.submission.files
            and "in <module>" in reply.traceback
        ):
            return replace(reply, message=f"{reply.message} (while exercises/{unit}.py was imported)")
        return reply

    # -------------------------------------------------------------------------------- up and down
    def _blameless(self) -> bool:
        """Whether the kernel was lost through our fault: then it is gone by now, and may be started again.

        Raises:
            KernelError: that was so too often; a person must look.

        """
        if self._kernel is None or not self._kernel.blameless():
            return False
        self._losses.append(self._begun)
        self._take_down()
        if len(self._losses) > LOSSES:
            times = len(self._losses)
            self._broken = KernelError(f"the process that starts kernels was lost {times} times on this submission")
            raise self._broken
        return True

    def _up(self, *, through_us: bool = False) -> bool:
        """Whether there is a kernel to call; starts one if its predecessor was lost, which is counted unless it was our fault.

        Raises:
            KernelError: none comes up; a person must look.

        """
        if self._channel is not None:
            return True
        if self._broken is not None:
            raise KernelError(str(self._broken))
        if not through_us:
            if self._restarts >= self.limits.restarts:
                self._lost = Lost("crashed", f"its process was lost {self._restarts} times, and not started again")
                return False
            self._restarts += 1
        again = self._bring_up()
        if not again.finished:
            self._take_down()
            self._lost = self._for_good(f"the notebook could not be run again: cell {again.cell}: {again.error}")
        return again.finished

    def _bring_up(self) -> Run:
        """A kernel, the notebook run in it, and the agent serving; again if it is lost through our fault."""
        try:
            ran = self._loop.run_until_complete(self._start())
            while not ran.finished and self._blameless():
                ran = self._loop.run_until_complete(self._start())
        except KernelError as error:
            self._broken = error
            raise
        if not ran.finished and (over := self._budget.over()) is not None:
            ran = replace(ran, status="timed_out", error=over)
        return ran

    def _for_good(self, reason: str) -> Lost:
        """Why nothing more can be called; a budget that is spent comes before other reasons."""
        over = self._budget.over()
        return Lost("crashed", reason) if over is None else Lost("timed_out", over)

    async def _start(self) -> Run:
        path = self.submission.notebook_path or ""
        folder = path.rpartition("/")[0]
        self._kernel = await self._source.start(self.submission.files, folder, self.seed)
        self._begun += 1
        self._budget.charge(self._kernel)
        ran = Run("ok")
        if self.submission.notebook is not None:
            notebook = stripped(self.submission.notebook, self._left_out)
            ran = await run(notebook, self._kernel, self._budget.of_a_notebook())
            if self.notebook.executed is None or ran.finished:
                self.notebook = replace(self.notebook, executed=notebook)
        if not ran.finished:
            return ran
        self._kernel.client.execute(ENTER, silent=True, store_history=False, allow_stdin=False)
        channel = Channel(self._kernel.agent, self.limits.frame_bytes, self._begun)
        try:
            hello = channel.control({"do": "hello"}, HELLO)
        except Gone as gone:
            hello = gone.reason
        if hello != "hello":
            return Run("crashed", self._last_cell(), "after its last cell the notebook's process did not answer")
        self._channel = channel
        return ran

    def _last_cell(self) -> int | None:
        notebook = self.submission.notebook
        return None if notebook is None else sum(cell.cell_type == "code" for cell in notebook.cells)

    def _how_it_ended(self) -> str:
        if self._kernel is None:
            return "its process is gone"
        return self._wait(self._kernel.died, "its process closed its connection to the grader")

    def _wait(self, died: Callable[[], Any], otherwise: str) -> str:
        async def soon() -> str:
            try:
                return str(await asyncio.wait_for(died(), 1.0))
            except TimeoutError:
                return otherwise

        return self._loop.run_until_complete(soon())

    def _take_down(self) -> None:
        kernel, self._kernel, self._channel = self._kernel, None, None
        self._fresh = False
        if kernel is not None:
            used = kernel.cpu_seconds()
            self._loop.run_until_complete(kernel.end())
            # Some know it only while it lives, some better afterwards.
            self._budget.settle(max(used, kernel.cpu_seconds()))

    def _close(self) -> None:
        if self._loop.is_closed():
            return
        try:
            self._take_down()
            self._loop.run_until_complete(_all_ended())
        finally:
            self._loop.close()


async def _all_ended() -> None:
    """Cancel what libraries left running in this loop."""
    pending = asyncio.all_tasks() - {asyncio.current_task()}
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
