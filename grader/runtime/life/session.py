"""A submission, live: its notebook has run, and its functions can be called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from grader.errors import KernelError
from grader.judging.asking.answers import Attempt, Call, Lost, Raised, Reply
from grader.runtime import isolation as isolations
from grader.runtime.calls.channel import Channel, Gone, Stale
from grader.runtime.inside.wire import WireError
from grader.runtime.kernels.kernel import KernelSource
from grader.runtime.kernels.sources import source_of
from grader.runtime.life.lifetime import Lifetime, Ran
from grader.runtime.limits import Limits
from grader.submission import Submission

__all__ = ["Session"]

TOGETHER = 64
"""How many calls are put at once."""


class Session:
    """Runs a submission's notebook and answers calls of its functions (:class:`grader.judging.asking.answers.Answers`).

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
        self._life = Lifetime(submission, limits, source or source_of(limits, self.isolation, packages), seed)
        self._there: dict[str, bool] = {}
        self._may_be_put_at_once = True
        self._begun_in: Channel | None = None
        """Where the exercise that is asked for has begun."""

    @property
    def notebook(self) -> Ran:
        """How the notebook as a whole went."""
        return self._life.notebook

    def __enter__(self) -> Self:
        try:
            self._life.begin()
        except BaseException:
            self._life.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._life.close()

    # ------------------------------------------------------------------------------------- answers
    def attempt(self, function: str) -> Attempt:
        """Whether something was written, by the submission's text; a name that only exists at run time counts too."""
        unit, _, name = function.partition(".")
        known = self.submission.attempts.get(name, "missing")
        promised = known == "attempted" and self.submission.where.get(name) == "notebook"
        if not (known == "missing" or promised) or isinstance(way := self._life.up(), Lost):
            return known
        if name not in self._there:
            self._look_up(way, unit, [*self.submission.attempts, name])
        return "attempted" if self._there.get(name) else "missing"

    def _look_up(self, way: Channel, unit: str, names: Sequence[str]) -> None:
        """Ask once which of these names there are."""
        request = {"do": "lookup", "unit": unit, "names": list(names), "module": self.submission.has_module}
        try:
            found = way.control(request, self.limits.call_seconds + 1)
        except Gone:
            if self._life.blameless() and not isinstance(again := self._life.up(through_us=True), Lost):
                self._look_up(again, unit, names)
                return
            self._life.take_down()
            found = [self.submission.attempts.get(name, "missing") != "missing" for name in names]
        if isinstance(found, list) and len(found) == len(names):
            self._there = {name: there is True for name, there in zip(names, found, strict=True)}

    def call(self, call: Call) -> Reply:
        """Perform one call; a process that is lost in it is started again for the next."""
        if (over := self._life.budget.over()) is not None:
            return Lost("timed_out", over)
        if isinstance(way := self._life.up(), Lost):
            return way
        begun_in = self._begun_in
        try:
            reply = way.call(call, self._where, *self._of_a_call(way))
        except Gone as gone:
            reason = gone.reason or self._life.how_it_ended()
            if self._life.blameless():
                self._life.up(through_us=True)
                return self.call(call)
            self._life.take_down()
            return Lost("timed_out" if gone.status == "timed_out" else "crashed", reason)
        except Stale as stale:
            self._begun_in = begun_in  # nothing was sent
            if self._life.lost_by_us(stale.generation):
                raise KernelError(f"{stale}, and that through the grader's fault: grade it again") from None
            return Lost("crashed", str(stale))
        except Exception as error:  # an argument of ours that cannot be sent: the fault is the grader's
            self._life.take_down()
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
        if (
            not self._may_be_put_at_once
            or self._life.budget.over() is not None
            or isinstance(way := self._life.up(), Lost)
        ):
            return []
        begun_in = self._begun_in
        try:
            for reply in way.calls(calls, self._where, *self._of_a_call(way)):
                replies.append(self._import_failed(calls[len(replies)], reply))
                if self._life.budget.over() is not None:
                    self._life.take_down()  # it goes on with what was put
                    break
        except Gone:
            if not self._life.blameless():
                self._may_be_put_at_once = False
                self._life.take_down()
            self._life.up(through_us=True)
            return []
        except WireError:
            self._begun_in = begun_in
            return []  # one by one it is known which
        return replies

    def new_exercise(self) -> None:
        """Before the next call, drop what is kept for the student, and seed their random numbers again."""
        self._begun_in = None

    def _of_a_call(self, way: Channel) -> tuple[float, float, int | None]:
        """Seconds by the clock and of the processor; and a seed if :meth:`new_exercise` is still to be done."""
        seed = None if self._begun_in is way else self.seed
        self._begun_in = way
        return *self._life.budget.of_a_call(), seed

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
