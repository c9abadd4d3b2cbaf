"""The judge: from a student's answers to the verdicts of each exercise.

Is it there; put the cases; with which cache; then each of its checks, a plain function chosen by its kind. Nothing here knows
where the answers come from, and nothing here words a sentence: a verdict carries the fact that it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from grader.judging.asking import Answers, Failure, Raised, Trial, replay
from grader.judging.cases import Bench, Case
from grader.judging.checks.contract import check_contract
from grader.judging.checks.example import check_example
from grader.judging.checks.facts import Inconstant, Reason, Untried
from grader.judging.checks.fingerprint import fingerprint
from grader.judging.checks.follow_through import follow_through
from grader.judging.checks.gradient import check_gradient
from grader.judging.checks.hearing import Hearing, hear
from grader.judging.checks.law import check_law
from grader.judging.checks.own_forward import OwnForward, own_forward
from grader.judging.checks.source import check_source
from grader.judging.checks.value import check_value
from grader.judging.declare import Check, Exercise, Verdict
from grader.statuses import CheckKind, VerdictStatus

__all__ = ["Judge", "checks_of"]

CheckFunction = Callable[[Hearing, Check, Mapping[str, Verdict]], Verdict]
"""From a hearing, a check of its exercise and the verdicts so far, by name, to the check's verdict."""
FUNCTIONS: Mapping[CheckKind, CheckFunction] = {
    "value": check_value,
    "example": check_example,
    "gradient": check_gradient,
    "law": check_law,
    "contract": check_contract,
    "source": check_source,
}
LOSSY = frozenset({"guard_epsilon", "precision"})
"""Notes of a forward pass that passes and yet is not the model's to the last digits."""


class Judge:
    """Judges the exercises of one submission; what it learns of a forward pass serves its backward pass."""

    def __init__(self, answers: Answers, bench: Bench) -> None:
        self.answers, self.bench = answers, bench
        self._verdicts: dict[str, tuple[Verdict, ...]] = {}
        self._trials: dict[str, tuple[Trial, ...]] = {}
        self._heard: dict[str, Hearing] = {}

    def verdicts(self, exercise: Exercise) -> tuple[Verdict, ...]:
        """Return the verdicts of an exercise, one for each of its checks, in their order."""
        if exercise.name not in self._verdicts:
            self._verdicts[exercise.name] = self._judge(exercise)
        return self._verdicts[exercise.name]

    @np.errstate(all="ignore")
    def fingerprint(self, exercise: Exercise) -> str | None:
        """Return the fingerprint of the answers to an exercise that was judged.

        None where there are none, and where the same question got two answers: another run would bring others.
        """
        hearing = self._heard.get(exercise.name)
        return None if hearing is None or hearing.inconstant is not None else fingerprint(hearing.trials)

    @np.errstate(all="ignore")  # a student's numbers may be too large for ours
    def _judge(self, exercise: Exercise) -> tuple[Verdict, ...]:
        attempt = self.answers.attempt(exercise.target)
        if attempt != "attempted":
            return _untried(exercise.checks, attempt, attempt)
        cases = self.bench.cases(exercise)
        trials, documented = self._put(exercise, cases)
        if documented and not self.bench.knows_answers and all(case.documented is None for case in cases):
            return _untried(exercise.checks, "skipped", "cache_needed")
        if trials and _is_unattempted(trials[0].failure):
            return _untried(exercise.checks, "not_attempted", "not_attempted")
        self._trials[exercise.name] = tuple(trials)
        own = None
        if exercise.pair is not None and not documented and not _all_right(trials):
            own = self._own_forward(f"{exercise.unit}.{exercise.pair}", len(exercise.upstream))
            if not self._is_exact(f"{exercise.unit}.{exercise.pair}"):
                # A forward pass that is not the model's may fill its cache otherwise: the one that the stub documents is as good.
                second = replay(self.answers, cases, documented=True)
                if _all_right(second):
                    trials, documented = second, True
        hearing = hear(exercise, self.answers, self.bench, trials, documented, own)
        self._heard[exercise.name] = hearing
        return _heard(hearing)

    def _put(self, exercise: Exercise, cases: Sequence[Case]) -> tuple[list[Trial], bool]:
        """Put the cases, with the documented cache where the student's forward pass is not there or does not work."""
        if exercise.pair is None:
            return replay(self.answers, cases), False
        if self.answers.attempt(f"{exercise.unit}.{exercise.pair}") == "attempted":
            trials = [t for t in replay(self.answers, cases) if not _is_of_the_forward_pass(t.failure)]
            if trials:  # where the forward pass fails its backward pass is not to blame
                return trials, False
        return replay(self.answers, cases, documented=True), True

    def _is_exact(self, name: str) -> bool:
        """Return True if a forward pass agrees with the model answer, to the last digits of it."""
        values = self._values(name)
        return bool(values) and all(v.status == "passed" and not LOSSY & set(v.notes) for v in values)

    def _own_forward(self, name: str, count: int) -> OwnForward:
        """Tell what is known of the forward pass of this name: of its first ``count`` outputs, which have an upstream gradient."""
        pair, values = self.bench.exercise(name), self._values(name)
        if pair is None or not values:
            return OwnForward("unknown")
        passed = all(verdict.status == "passed" for verdict in values)
        if any(isinstance(verdict.fact, Inconstant) for verdict in values):
            return OwnForward("unknown")
        return own_forward(pair, self._trials.get(name, ()), passed, self.bench, count)

    def _values(self, name: str) -> list[Verdict]:
        """Return the verdicts of the value checks of an exercise; none if it is not on the bench."""
        exercise = self.bench.exercise(name)
        return [] if exercise is None else [v for v in self.verdicts(exercise) if v.check.kind == "value"]


def checks_of(exercise: Exercise, knows_answers: bool) -> Iterator[tuple[Check, CheckFunction]]:
    """Choose the function of each check by its kind, values first, since others rest on them.

    Args:
        exercise: whose checks.
        knows_answers: false where there is no model answer, and a value cannot be judged.

    """
    for check in exercise.checks:
        if check.kind == "value" and knows_answers:
            yield check, check_value
    for check in exercise.checks:
        if check.kind != "value":
            yield check, FUNCTIONS[check.kind]


def _heard(hearing: Hearing) -> tuple[Verdict, ...]:
    """Return the verdicts of a hearing in the order of the declaration."""
    found: dict[str, Verdict] = {}
    for check, function in checks_of(hearing.exercise, hearing.bench.knows_answers):
        found[check.name] = function(hearing, check, found)
    found = {name: follow_through(hearing, verdict, found) for name, verdict in found.items()}
    return tuple(found[check.name] for check in hearing.exercise.checks if check.name in found)


def _all_right(trials: Sequence[Trial]) -> bool:
    return bool(trials) and all(trial.failure is None and all(m.ok for m in trial.matches) for trial in trials)


def _is_unattempted(failure: Failure | None) -> bool:
    return failure is not None and isinstance(failure.reply, Raised) and failure.reply.type == "NotImplementedError"


def _is_of_the_forward_pass(failure: Failure | None) -> bool:
    """Return True if the first call of a backward pass's chain failed."""
    return failure is not None and failure.call == 0


@lru_cache(maxsize=1024)
def _untried(checks: tuple[Check, ...], status: VerdictStatus, reason: Reason) -> tuple[Verdict, ...]:
    """Return one verdict on each check: made once for a whole class."""
    return tuple(Verdict(check, status, fact=Untried(reason)) for check in checks)
