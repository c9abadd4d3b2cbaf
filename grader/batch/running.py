"""A batch: what was graded before is passed over, the rest is graded as a stream, and each outcome is kept as it comes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Protocol

from grader.batch.errands import Choice, Errand, chosen_from
from grader.batch.outcome import Outcome, State
from grader.batch.sinks import Sink
from grader.batch.turns import Turns
from grader.batch.work import Piece, distinct
from grader.errors import GradmarkError, UsageError
from grader.grading import Done, Settings, Task, fingerprint

__all__ = ["Grader", "Summary", "run"]

HELD_SECONDS, HELD = 1.0, 32
"""An outcome waits so long at most, and so many wait at most, until they are written in one transaction."""
LOOK_AGAIN = 10.0
"""Seconds after which the sink is asked again what another batch has done meanwhile."""


class Grader(Protocol):
    """The processes that grade: on this machine, or on a cluster."""

    @property
    def settings(self) -> Settings:
        """Return the settings of the run."""

    def environment(self) -> Mapping[str, Any]:
        """Return the environment in which it grades."""

    def stream(
        self, units: Sequence[str | None], task_at: Callable[[int], Task | None]
    ) -> Generator[tuple[int, Done | None]]:
        """Grade tasks, as :func:`grader.grading.grade_tasks` does."""


@dataclass
class Summary:
    """The account of a batch, as far as it came.

    Args:
        total: the number of hand-ins.
        states: how they stand, those that were passed over too.
        unchanged: the number of those that were graded before.
        graded: the number of those that were graded now.
        exercises: the number of exercises that were graded now.
        stopped: the hand-ins that are not as they should be, with how they stand: student, source, state.

    """

    total: int
    states: Counter[State] = field(default_factory=Counter)
    unchanged: int = 0
    graded: int = 0
    exercises: int = 0
    stopped: list[tuple[str, str, State]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Return the number of hand-ins that are done with."""
        return self.unchanged + self.graded

    def add(self, piece: Piece, state: State) -> None:
        """Count one more."""
        self.states[state] += 1
        if state != "graded":
            self.stopped.append((piece.hand_in.id, piece.hand_in.source, state))


def run(
    pieces: Sequence[Piece],
    grader: Grader,
    sink: Sink,
    choice: Choice | None = None,
    told: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Grade a class.

    Args:
        pieces: the hand-ins.
        grader: what grades them.
        sink: where outcomes are kept.
        choice: among them.
        told: called with the summary so far whenever something new is kept: what it counts is safe.

    Raises:
        UsageError: the sink cannot be written to, or no exercise of the choice is wanted. All that was told is kept.
        KeyboardInterrupt: likewise.

    """
    return _Run(pieces, grader, sink, choice or Choice(), told).run()


class _Run:
    """One batch; arguments as for :func:`run`."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        grader: Grader,
        sink: Sink,
        choice: Choice,
        told: Callable[[Summary], None],
    ) -> None:
        self.grader, self.sink, self.choice, self.told = grader, sink, choice, told
        self.fingerprint, self.banks = fingerprint(grader.environment()), grader.settings.banks
        self.pieces = distinct(pieces)
        self.summary = Summary(len(self.pieces))
        self.groups: list[list[Errand]] = []
        self._places: dict[object, int] = {}
        self.under_way: dict[int, list[Errand]] = {}
        self.elsewhere: set[str] = set()
        self.looked_at = time.monotonic()
        self.turns = Turns()
        self.waiting: list[Outcome] = []
        self.since = 0.0
        self.failed = False

    def run(self) -> Summary:
        errands = self._errands()
        self.told(self.summary)
        for errand in errands:
            self.turns.expect(errand.piece)
            self._grouped(errand)
        if not self.groups:
            return self.summary
        with closing(self.grader.stream([group[0].piece.unit for group in self.groups], self._task)) as stream:
            try:
                for index, done in stream:
                    if index >= 0:
                        self._add(index, done)
                    self._write(now=False)
            finally:
                self._write(now=True)
        return self.summary

    # ------------------------------------------------------------------------------ what is to be done
    def _errands(self) -> list[Errand]:
        """Return what is to be graded; what is not is counted."""
        before, personal = self.sink.before(self.pieces), bool(self.grader.settings.variants)
        chosen = chosen_from(self.pieces, self.choice.exercises, before, self.banks, personal=personal)
        if self.choice.failed_only:
            chosen = [errand for errand in chosen if errand.before.state not in (None, "graded")]
        self.summary.total = len(chosen)
        if self.choice.force or self.choice.failed_only:
            return chosen
        done = self.sink.done(key for errand in chosen for key in errand.keys(self.fingerprint))
        errands = []
        for errand in chosen:
            if errand.before.state is not None and done & {*errand.keys(self.fingerprint)}:
                self.summary.unchanged += 1
                self.summary.add(errand.piece, errand.before.state)
            else:
                errands.append(errand)
        return errands

    def _grouped(self, errand: Errand) -> None:
        """Put an errand to those of the same bytes, which are graded once: a group's, a copy, an untouched template."""
        same = errand.sameness()
        if same not in self._places:
            self._places[same] = len(self.groups)
            self.groups.append([])
        self.groups[self._places[same]].append(errand)

    def _task(self, index: int) -> Task | None:
        """Make the task of a group when its turn has come; None if another batch has done it meanwhile."""
        if time.monotonic() - self.looked_at > LOOK_AGAIN and not (self.choice.force or self.choice.failed_only):
            left = (errand for group in self.groups[index:] for errand in group)
            self.elsewhere = self.sink.done(errand.keys(self.fingerprint)[-1] for errand in left)
            self.looked_at = time.monotonic()
        group = [e for e in self.groups[index] if e.keys(self.fingerprint)[-1] not in self.elsewhere]
        self.under_way[index] = group
        if not group:
            return None
        return group[0].task(self.fingerprint, self.sink, self.choice)

    # ------------------------------------------------------------------------------- what came of it
    def _add(self, index: int, done: Done | None) -> None:
        group = self.under_way.pop(index)
        others = [errand for errand in self.groups[index] if errand not in group]
        for errand, before in zip(others, self.sink.before([e.piece for e in others]) if others else (), strict=True):
            self.summary.unchanged += 1
            self.summary.add(errand.piece, before.state or "graded")
            self._wait(self.turns.over(errand.piece))
        if done is None:
            return
        if done.fingerprint not in ("", self.fingerprint):
            raise UsageError(
                "a worker grades in another environment than the first one: start all of them from one installation"
            )
        for number, errand in enumerate(group):
            self._wait(self.turns.over(errand.piece, errand.outcome(done, self.fingerprint, first=number == 0)))

    def _wait(self, outcomes: Sequence[Outcome]) -> None:
        """Have outcomes wait until they are written."""
        if outcomes and not self.waiting:
            self.since = time.monotonic()
        self.waiting += outcomes

    def _write(self, *, now: bool) -> None:
        """Write what waits, if it has waited long enough; then tell of it."""
        due = now or len(self.waiting) >= HELD or time.monotonic() - self.since >= HELD_SECONDS
        if not self.waiting or not due or self.failed:
            return
        try:
            self.sink.write(self.waiting)
        except GradmarkError:
            self.failed = True  # a second try, on the way out, would say the same
            raise
        for outcome in self.waiting:
            self.summary.graded += 1
            self.summary.exercises += outcome.fresh
            self.summary.add(outcome.piece, outcome.state)
        self.waiting = []
        self.told(self.summary)
