"""A submission, live: its notebook has run, and its functions can be called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from grader.judging import Attempt, Chain, Lost, Raised, Reply
from grader.runtime.calls import Channel, Gone, Replies, Terms, Unsendable, request_of
from grader.runtime.isolation import Isolation
from grader.runtime.kernels import KernelSource, source_of
from grader.runtime.life.lifetime import Lifetime, NotebookRun
from grader.runtime.limits import Limits
from grader.submission import Submission, text_of

__all__ = ["Session"]

TOGETHER = 256
"""Calls that are put in one exchange at most: one for each call would cost as much as what it carries."""

AGAIN, LATER = 0.25, 0.1
"""The shares of their time limits that calls get where all are of functions that ran out of time before, since some never return;
and that every call gets after ``TIME_OUTS``, so that a submission of nothing else ends soon.
"""
TIME_OUTS = 2


class Session:
    """Runs a submission's notebook and answers calls of its functions (:class:`grader.judging.asking.answers.Answers`).

    Args:
        submission: what was handed in, readable.
        limits: what it may use up.
        isolation: as ``resolve`` found it.
        seed: of ``random`` and ``numpy.random`` in the kernel.
        packages: what may be imported besides numpy and the standard library.
        source: what starts kernels; by default what the level and the platform call for.

    Raises:
        KernelError: on entering, when no kernel comes up at all.

    """

    def __init__(
        self,
        submission: Submission,
        limits: Limits,
        isolation: Isolation,
        seed: int = 0,
        packages: tuple[str, ...] = (),
        source: KernelSource | None = None,
    ) -> None:
        self.submission, self.limits, self.isolation, self.seed = submission, limits, isolation, seed
        self._life = Lifetime(submission, limits, source or source_of(limits, isolation.level, packages), seed)
        self._places = {f"{submission.assignment}.{name}": place for name, place in submission.where.items()}
        self._there: dict[str, bool] = {}
        self._one_by_one = False
        self._out_of_time: set[str] = set()
        """The functions, by their full names, that ran out of time in a call."""
        self._time_outs = 0
        self._seeded: Channel | None = None
        self._texts: dict[str, str | None] = {}
        """The process whose random numbers were seeded for the exercise that is asked for."""

    @property
    def notebook(self) -> NotebookRun:
        """The outcome of the notebook as a whole."""
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

    # ------------------------------------------------------------------------------------- attempts
    def attempt(self, function: str) -> Attempt:
        """Say if something was written, by the submission's text; a name that only exists at run time counts too."""
        unit, _, name = function.partition(".")
        known = self.submission.attempts.get(name, "missing")
        promised = known == "attempted" and self.submission.where.get(name) == "notebook"
        if not (known == "missing" or promised):
            return known
        channel = self._life.channel()
        if isinstance(channel, Lost):
            return known
        if name not in self._there:
            self._look_up(channel, unit, [*self.submission.attempts, name])
        return "attempted" if self._there.get(name) else "missing"

    def _look_up(self, channel: Channel, unit: str, names: Sequence[str]) -> None:
        """Ask once which of these names there are."""
        request = {"do": "lookup", "unit": unit, "names": list(names), "module": self.submission.has_module}
        try:
            found = channel.control(request, self.limits.call_seconds + 1)
        except Gone as gone:
            if self._life.recover(gone) is None and not isinstance(again := self._life.channel(), Lost):
                self._look_up(again, unit, names)
                return
            found = [self.submission.attempts.get(name, "missing") != "missing" for name in names]
        if isinstance(found, list) and len(found) == len(names):
            self._there = {name: there is True for name, there in zip(names, found, strict=True)}

    def source(self, function: str) -> str | None:
        """Return the submission's text, in which the function stands with what it calls; None if it cannot be read."""
        unit = function.partition(".")[0]
        if unit not in self._texts:
            self._texts[unit] = text_of(self.submission, unit)
        return self._texts[unit]

    # ---------------------------------------------------------------------------------------- chains
    def new_exercise(self) -> None:
        """Seed the student's random numbers again before the next call."""
        self._seeded = None

    def put(self, chains: Sequence[Chain]) -> Iterator[tuple[Reply, ...]]:
        """Perform chains of calls, and yield for each the replies of its calls as far as the first that brings no value.

        A chain that needs a value which an earlier call did not return ends before the call that takes it.

        Raises:
            KernelError: no kernel comes up any more; a person must look.
            RuntimeError: an argument cannot be sent; the fault is the grader's.

        """
        waiting = list(chains)
        while waiting:
            first = _as_many_as_fit(waiting)
            done = [] if len(first) == 1 or self._one_by_one else self._together(first)
            done = done or [self._alone(waiting[0])]
            late = [
                chain.calls[len(replies) - 1].function
                for chain, replies in zip(waiting, done, strict=False)
                if chain.calls and replies and isinstance(replies[-1], Lost) and replies[-1].status == "timed_out"
            ]
            self._out_of_time.update(late)
            self._time_outs += len(late)
            yield from done
            waiting = waiting[len(done) :]

    def _together(self, chains: Sequence[Chain]) -> list[tuple[Reply, ...]]:
        """Put chains at once; return their replies as far as it went, nothing if they are to be put one by one.

        If the process dies nobody can tell which call ended it. Then another one is started, which is not counted against the
        submission, and all later chains are put one by one.
        """
        channel = self._channel()
        if isinstance(channel, Lost):
            return []
        replies = Replies(chains)
        try:
            self._ask(channel, replies)
        except Unsendable:
            return []
        except Gone as gone:
            if self._life.recover(gone) is not None:
                self._one_by_one = True
                self._life.start_again()
            return []
        return replies.whole

    def _alone(self, chain: Chain) -> tuple[Reply, ...]:
        """Put one chain; a process that is lost in it is started again for the next."""
        channel = self._channel()
        if isinstance(channel, Lost):
            return (channel,)
        replies = Replies([chain])
        try:
            self._ask(channel, replies)
        except Unsendable as error:
            self._life.take_down()
            raise RuntimeError(str(error)) from error
        except Gone as gone:
            lost = self._life.recover(gone)
            return self._alone(chain) if lost is None else (*replies.begun, lost)
        return replies.whole[0]

    def _channel(self) -> Channel | Lost:
        """Return the way to the agent, or why nothing can be asked."""
        over = self._life.budget.over()
        return self._life.channel() if over is None else Lost("timed_out", over)

    def _ask(self, channel: Channel, replies: Replies) -> None:
        """Put the chains of ``replies`` at once, and add what comes back; a budget that is spent meanwhile ends the process.

        Raises:
            Gone: the process was lost; ``replies`` has what came before.
            Unsendable: an argument cannot be sent. Nothing was.

        """
        request = request_of(replies.chains, self._places, self.limits.frame_bytes)
        seed = None if self._seeded is channel else self.seed
        self._seeded = channel
        terms = Terms(*self._life.budget.call_limits(self._share(request.functions), request.seconds), seed)
        for some in channel.put(request, terms):
            for reply in some:
                replies.add(self._import_failed(replies, reply) if isinstance(reply, Raised) else reply)
            if not replies.are_whole() and (over := self._life.budget.over()) is not None:
                replies.lose(Lost("timed_out", over))
                self._life.take_down()  # it goes on with what was put
                return

    def _share(self, functions: Sequence[str]) -> float:
        """Return the share of the time limits that calls of these functions get."""
        if self._time_outs >= TIME_OUTS:
            return LATER
        return AGAIN if self._out_of_time.issuperset(functions) else 1.0

    def _import_failed(self, replies: Replies, reply: Raised) -> Raised:
        """Say of an import that failed that it was not the function, and show the student's own lines alone."""
        module = f"exercises/{replies.next_call().function.partition('.')[0]}.py"
        if module in self.submission.files and "in <module>" in reply.traceback:
            return replace(reply, importing=module, traceback=_own_lines(reply.traceback))
        return reply


def _own_lines(traceback: str) -> str:
    """Return the frames of a traceback without those of the import system."""
    frames = re.split(r"(?m)^(?=\s*File )", traceback)
    return "".join(frame for frame in frames if "<frozen importlib" not in frame.partition("\n")[0])


def _as_many_as_fit(chains: Sequence[Chain]) -> Sequence[Chain]:
    """Return the first chains, at least one, that have ``TOGETHER`` calls or fewer."""
    calls = 0
    for number, chain in enumerate(chains):
        calls += len(chain.calls)
        if number > 0 and calls > TOGETHER:
            return chains[:number]
    return chains
