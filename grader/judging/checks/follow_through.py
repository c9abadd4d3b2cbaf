"""Follow-through: a backward pass that is right for the student's own, wrong forward pass is right."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judging.checks.hearing import Hearing
from grader.judging.declare import Verdict

__all__ = ["follow_through"]


def follow_through(hearing: Hearing, verdict: Verdict, found: Mapping[str, Verdict]) -> Verdict:
    """Return the verdict, or a passed one with the note ``follow_through`` where only the forward pass is at fault.

    Args:
        hearing: of a gradient check, with its examined slopes.
        verdict: of a check of the same exercise.
        found: the verdicts of all its checks, by name.

    """
    exercise, slopes = hearing.exercise, hearing.slopes
    at_stake = verdict.status == "wrong" and verdict.check.kind in ("value", "example")
    if not at_stake or slopes is None or hearing.inconstant:
        return verdict
    names = (verdict.check.output,) if verdict.check.output else exercise.outputs
    if not all(name in slopes and slopes[name].agrees and slopes[name].depends for name in names):
        return verdict
    if exercise.pair is not None:
        forward_is_wrong = not hearing.forward_is_right
    else:
        primal = exercise.outputs[0]
        forward_is_wrong = any(v.check.output == primal and v.status == "wrong" for v in found.values())
    return Verdict(verdict.check, "passed", ("follow_through",)) if forward_is_wrong else verdict
