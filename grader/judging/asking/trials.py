"""Putting cases to a student's function: each trial is a case with the outputs that came back, or why none did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking.answers import NO_PAIR, Answers, Attempt, Call, Lost, Raised, Refused, Reply, Returned
from grader.judging.cases.case import Case
from grader.judging.declare.drives import ASK_ONCE, Drive, Malformed, adapter_source, outputs_of
from grader.judging.declare.exercise import Exercise
from grader.judging.numerics.compare import Match, match
from grader.judging.numerics.kinks import in_hull

Array = NDArray[np.float64]
__all__ = ["Driven", "Failure", "RemoteAsk", "Trial", "judged", "replay", "run", "same_answer"]

GIVE_UP = 3
"""After this many failures in a row from the start, the rest is not tried."""


@dataclass(frozen=True)
class Failure:
    """No outputs: the reply that stands in their place, or a sentence on what has the wrong form."""

    reply: Raised | Refused | Lost | str


class Unanswered(Exception):  # noqa: N818 - it carries a reply through a drive, nothing is broken
    """Carries a reply that is no value out of a drive."""

    def __init__(self, reply: Raised | Refused | Lost) -> None:
        super().__init__(reply)
        self.reply = reply


class RemoteAsk:
    """Asks a student's functions.

    Args:
        exercise: whose function is asked, and the one that it is paired with.
        answers: who answers.
        documented: the paired forward pass is not asked: that is its cache.
        watch: notice arguments that are changed in place.
        ahead: the reply to the first call, which was put before.

    """

    def __init__(
        self,
        exercise: Exercise,
        answers: Answers,
        documented: Any = None,
        watch: bool = False,
        ahead: Iterator[Reply] | None = None,
    ) -> None:
        self.own, self.pair, self.outputs = exercise.function, exercise.pair, exercise.outputs
        self._unit, self._answers, self._documented, self._watch = exercise.unit, answers, documented, watch
        self._ahead = ahead
        self.mutated = False

    def __call__(
        self,
        function: str,
        *args: Any,
        keep: tuple[int, ...] = (),
        adapter: Callable[..., Any] | None = None,
        after: Sequence[Any] | None = None,
    ) -> Any:
        """Call ``function`` of the unit; raises :class:`Unanswered` when no value came back."""
        if self._documented is not None and function == self.pair:
            return None, self._documented
        if self._documented is not None and after is not None:
            args, after = (*args, self._documented), None
        call = Call(
            f"{self._unit}.{function}",
            args,
            keep=keep,
            adapter=None if adapter is None else adapter_source(adapter),
            watch=self._watch and function == self.own,
            after=None if after is None else Call(f"{self._unit}.{self.pair}", tuple(after), keep=(1,)),
        )
        ahead, self._ahead = self._ahead, None
        reply = self._answers.call(call) if ahead is None else next(ahead)
        if reply == Refused(NO_PAIR) and after is not None and self.pair is not None:
            # Asked by itself, it shows what it returns instead.
            cache = outputs_of(self(self.pair, *after, keep=(1,)), 2, self.pair, ("out", "cache"))[1]
            return self(function, *args, cache, keep=keep, adapter=adapter)
        if isinstance(reply, Returned):
            self.mutated = self.mutated or bool(reply.mutated)
            return reply.value
        raise Unanswered(reply)


@dataclass(frozen=True)
class Trial:
    """One case and what came of it: ``outputs``, or a ``failure``."""

    case: Case
    outputs: tuple[Any, ...] = ()
    failure: Failure | None = None
    matches: dict[int, Match] = field(default_factory=dict, compare=False, repr=False)
    """What :func:`judged` found, by output: it is asked for again and again."""


@dataclass(frozen=True)
class Driven:
    """A drive of the judge's own in place of an exercise's, for :func:`run`."""

    drive: Drive


def run(exercise: Exercise | Driven, ask: RemoteAsk, inputs: Mapping[str, Any]) -> tuple[Any, ...] | Failure:
    """The student's outputs at one input, or why there are none."""
    try:
        return tuple(exercise.drive(ask, inputs))
    except Unanswered as stop:
        return Failure(stop.reply)
    except Malformed as wrong:
        return Failure(str(wrong))


def replay(exercise: Exercise, answers: Answers, cases: Iterable[Case], documented: bool = False) -> list[Trial]:
    """Put the cases one after the other; stop when the process is lost, or when nothing works from the start."""
    trials: list[Trial] = []
    cases = tuple(cases)
    planned = [_only_call(exercise, case, documented) for case in cases] if exercise.drive in ASK_ONCE else []
    ahead = answers.calls(planned) if planned else None
    for case in cases:
        ask = RemoteAsk(exercise, answers, case.documented if documented else None, ahead=ahead)
        outputs = run(exercise, ask, case.inputs)
        if isinstance(outputs, Failure):
            trials.append(Trial(case, failure=outputs))
            if isinstance(outputs.reply, Lost):
                break
            if len(trials) == GIVE_UP and all(trial.failure for trial in trials):
                break
        else:
            trials.append(Trial(case, outputs))
    return trials


class _Noted(Exception):  # noqa: N818 - carries a call out of a drive
    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.call = call


class _Plan:
    """Answers nothing, and notes what is asked."""

    def attempt(self, function: str) -> Attempt:
        raise NotImplementedError(function)

    def call(self, call: Call) -> Reply:
        raise _Noted(call)

    def calls(self, calls: Sequence[Call]) -> Iterator[Reply]:
        return map(self.call, calls)


def _only_call(exercise: Exercise, case: Case, documented: bool) -> Call:
    """The call that a drive makes which makes one."""
    if documented not in case.asked:
        try:
            exercise.drive(RemoteAsk(exercise, _Plan(), case.documented if documented else None), case.inputs)
        except _Noted as noted:
            case.asked[documented] = noted.call
    return case.asked[documented]


def judged(exercise: Exercise, trial: Trial, output: int) -> Match:
    """Compare one output of a trial with what is right there, kinks considered."""
    if output not in trial.matches:
        trial.matches[output] = _judged(exercise, trial, output)
    return trial.matches[output]


def _judged(exercise: Exercise, trial: Trial, output: int) -> Match:
    assert trial.case.expected is not None
    expected = trial.case.expected[output]
    found = match(trial.outputs[output], expected, tails=exercise.tails, relative=exercise.tolerance)
    if found.ok or not exercise.kinks or found.problem != "value" or found.got is None:
        return found
    if trial.case.regime not in ("ties", "integers") and not trial.case.recipe.edits:
        return found  # drawn from a continuum: never on a kink
    if _any_subgradient(trial.case, output, found.got, expected.allowed):
        return Match(True, (*found.notes, "subgradient"), got=found.got)
    return found


def _any_subgradient(case: Case, output: int, got: Array, allowed: Array) -> bool:
    """Whether an output is off only at kinks, and there within the gradients nearby."""
    assert case.expected is not None
    sizes = [np.size(e.value) for e in case.expected]
    start = sum(sizes[:output])
    point, smooth = got.ravel(), np.ones(got.size, dtype=bool)
    blocks = [(b, (b.entries >= start) & (b.entries < start + got.size)) for b in case.kinks]
    for block, mine in blocks:
        smooth[block.entries[mine] - start] = False
    right = np.abs(point - np.ravel(case.expected[output].value)) <= allowed.ravel()
    if not blocks or not right[smooth].all():
        return False
    return all(
        in_hull(point[block.entries[mine] - start], block.corners[:, mine]) for block, mine in blocks if mine.any()
    )


def same_answer(a: Any, b: Any) -> bool:
    """Whether two answers to one question are the same, but for the last digits."""
    if isinstance(a, (np.ndarray, list, tuple, dict)) or isinstance(b, (np.ndarray, list, tuple, dict)):
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            return _same_array(a, b)
        if isinstance(a, dict) and isinstance(b, dict):
            return a.keys() == b.keys() and all(same_answer(a[key], b[key]) for key in a)
        rows = isinstance(a, (list, tuple)) and isinstance(b, (list, tuple))
        return rows and len(a) == len(b) and all(map(same_answer, a, b))
    return bool(a == b) or (a != a and b != b)  # noqa: PLR0124 - NaN


def _same_array(a: NDArray[Any], b: NDArray[Any]) -> bool:
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return a.tobytes() == b.tobytes() or bool(np.allclose(a, b, rtol=1e-12, atol=0.0, equal_nan=True))
