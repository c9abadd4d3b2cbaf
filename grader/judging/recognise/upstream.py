"""One more question: if the upstream gradient matters, and enters linearly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.judging.asking import Answers, Failure, ask
from grader.judging.cases import Case
from grader.judging.declare import Exercise
from grader.judging.recognise.evidence import Seen, close, floats
from grader.judging.recognise.recognised import Recognised

__all__ = ["upstream_misused"]

CASES = 4


def upstream_misused(
    exercise: Exercise, output: int, seen: Sequence[Seen], answers: Answers, cache_of: Callable[[Case], Any]
) -> Recognised | None:
    """Recognise a backward pass that ignores the upstream gradient, or does not double when it doubles.

    Args:
        exercise: a backward pass.
        output: one of its gradients.
        seen: its answers.
        answers: asked at the same cases with twice the upstream gradient.
        cache_of: the cache to be used at a case, or None for that of the student's forward pass.

    """
    ignored = nonlinear = asked = 0
    plans = [exercise.plan(_doubled(s.case.inputs), cache_of(s.case)) for s in seen[:CASES]]
    for s, outputs in zip(seen[:CASES], ask(answers, plans), strict=False):
        doubled = None if isinstance(outputs, Failure) else floats(outputs[output])
        if doubled is None or not (s.got != 0).any():
            continue
        asked += 1
        ignored += close(doubled, s.got)
        nonlinear += not close(doubled, 2.0 * s.got)
    if asked and ignored == asked:
        return Recognised("ignores_upstream", "upstream")
    if asked and nonlinear == asked:
        return Recognised("nonlinear_upstream", "upstream")
    return None


def _doubled(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**inputs, "dout": 2.0 * inputs["dout"]}
