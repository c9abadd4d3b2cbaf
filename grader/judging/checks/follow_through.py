"""Follow-through: a backward pass that is right for the student's own, wrong forward pass is right, where that one is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.judging.checks.hearing import Hearing
from grader.judging.checks.own_forward import OwnForward, fitting, own_forward
from grader.judging.checks.slope import gradients_of
from grader.judging.declare import Verdict

__all__ = ["FOLLOWED", "NOT_PAID", "fits_own_forward", "follow_through"]

FOLLOWED, NOT_PAID = "follow_through", "follows_own_forward"
"""Notes: a gradient is paid that fits a wrong forward pass which is known; one that seems to fit an unknown one is not."""


def follow_through(hearing: Hearing, verdict: Verdict, found: Mapping[str, Verdict]) -> Verdict:
    """Return the verdict, or a passed one with the note ``follow_through`` where only the forward pass is at fault.

    Args:
        hearing: of a gradient's exercise.
        verdict: of a check of that exercise.
        found: the verdicts of all its checks, by name.

    """
    at_stake = verdict.status == "wrong" and verdict.check.kind in ("value", "example")
    if not at_stake:
        return verdict
    names = (verdict.check.output,) if verdict.check.output else hearing.exercise.outputs
    if fits_own_forward(hearing, names, found):
        return Verdict(verdict.check, "passed", (FOLLOWED,))
    return verdict


def fits_own_forward(hearing: Hearing, names: Sequence[str], found: Mapping[str, Verdict]) -> bool:
    """Return True if gradients fit the student's own forward pass, or loss, which is wrong and known."""
    exercise = hearing.exercise
    gradients = gradients_of(exercise)
    if not set(names) <= set(gradients) or hearing.documented or hearing.inconstant or not hearing.bench.knows_answers:
        return False
    own = _own(hearing, found)
    if own.standing in ("model", "unknown"):
        return False
    if hearing.fitting is None:
        hearing.fitting = fitting(exercise, gradients, hearing.trials, own, hearing.answers, hearing.bench)
    return set(names) <= hearing.fitting


def _own(hearing: Hearing, found: Mapping[str, Verdict]) -> OwnForward:
    """Look into the student's own forward pass, or loss, once."""
    if hearing.own is None:
        primal = hearing.exercise.outputs[0]
        about = [v for v in found.values() if v.check.kind == "value" and v.check.output in (None, primal)]
        passed = bool(about) and all(v.status == "passed" for v in about)
        hearing.own = own_forward(hearing.exercise, hearing.trials, passed, hearing.bench)
    return hearing.own
