"""The judge: from a student's answers to the verdicts of each exercise.

Is it there; replay the cases; with which cache; then the hearing of each of its checks. Nothing here knows where the
answers come from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from grader.judging.asking.answers import Answers, Raised
from grader.judging.asking.trials import Driven, Failure, RemoteAsk, Trial, judged, replay, run
from grader.judging.cases.bench import Bench
from grader.judging.cases.case import Case
from grader.judging.checks import slope as gradients
from grader.judging.checks.hearing import Hearing
from grader.judging.declare.exercise import Check, Exercise, Status, Verdict

__all__ = ["Judge"]


class Judge:
    """Judges the exercises of one submission; what it learns of a forward pass serves its backward pass."""

    def __init__(self, answers: Answers, bench: Bench) -> None:
        self.answers, self.bench = answers, bench
        self._verdicts: dict[str, tuple[Verdict, ...]] = {}

    def verdicts(self, exercise: Exercise) -> tuple[Verdict, ...]:
        """The verdicts of an exercise, one for each of its checks, in their order."""
        if exercise.name not in self._verdicts:
            self._verdicts[exercise.name] = self._judge(exercise)
        return self._verdicts[exercise.name]

    def _judge(self, exercise: Exercise) -> tuple[Verdict, ...]:
        attempt = self.answers.attempt(exercise.name)
        if attempt == "missing":
            return _all(exercise.checks, "missing", f"there is no function {exercise.function}: was it renamed?")
        if attempt == "not_attempted":
            return _all(exercise.checks, "not_attempted", "not attempted")
        cases = self.bench.cases(exercise)
        documented = exercise.pair is not None and not self._own_pair_works(exercise, cases)
        if documented and not self.bench.knows_answers and all(case.documented is None for case in cases):
            return _all(exercise.checks, "skipped", f"write {exercise.pair} first: its cache is needed here")
        trials = replay(exercise, self.answers, cases, documented)
        if trials and trials[0].failure and _unattempted(trials[0].failure):
            return _all(exercise.checks, "not_attempted", "not attempted")
        own = exercise.pair is not None and not documented
        if own and not self._all_right(exercise, trials) and not self.forward_is_right(exercise):
            # A wrong forward pass may fill its cache wrongly: the one that the stub documents is as good.
            second = replay(exercise, self.answers, cases, documented=True)
            if self._all_right(exercise, second):
                trials, documented = second, True
        return Hearing(
            exercise, self.answers, self.bench, trials, documented, lambda: self.forward_is_right(exercise)
        ).verdicts()

    def _own_pair_works(self, exercise: Exercise, cases: tuple[Case, ...]) -> bool:
        pair = f"{exercise.unit}.{exercise.pair}"
        if self.answers.attempt(pair) != "attempted":
            return False
        arguments = [v for k, v in cases[0].inputs.items() if k != "dout"] if cases else []
        ask = RemoteAsk(exercise, self.answers)
        probe = run(_probe(exercise), ask, {str(i): v for i, v in enumerate(arguments)}) if arguments else ()
        return not isinstance(probe, Failure)

    def _all_right(self, exercise: Exercise, trials: list[Trial]) -> bool:
        return bool(trials) and all(
            trial.failure is None and all(judged(exercise, trial, k).ok for k in range(len(exercise.outputs)))
            for trial in trials
        )

    def forward_is_right(self, exercise: Exercise) -> bool:
        """Whether what a gradient is the slope of agrees with the model answer, to the last digits of it."""
        if exercise.pair is None:
            return False
        pair = self.bench.exercise(f"{exercise.unit}.{exercise.pair}")
        if pair is None:
            return False
        values = [v for v in self.verdicts(pair) if v.check.kind == "value"]
        return all(v.status == "passed" and not {"guard_epsilon", "precision"} & set(v.notes) for v in values)


def _probe(exercise: Exercise) -> Driven:
    """The paired forward pass alone."""

    def drive(ask: Any, inputs: Any) -> tuple[Any, ...]:
        assert exercise.pair is not None
        return gradients.forward_value(ask, exercise.pair, list(inputs.values()))

    return Driven(drive)


def _unattempted(failure: Failure) -> bool:
    return isinstance(failure.reply, Raised) and failure.reply.type == "NotImplementedError"


@lru_cache(maxsize=1024)
def _all(checks: tuple[Check, ...], status: Status, message: str) -> tuple[Verdict, ...]:
    """One verdict on each check: made once for a whole class."""
    return tuple(Verdict(check, status, message) for check in checks)
