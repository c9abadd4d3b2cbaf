"""One more question: if the upstream gradient matters, and enters linearly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Answers, Failure, ask
from grader.judging.cases import Case
from grader.judging.declare import Exercise
from grader.judging.recognise.evidence import Seen, close, floats
from grader.judging.recognise.recognised import Recognised

__all__ = ["upstream_misused"]

Array = NDArray[np.float64]
CASES = 4


def upstream_misused(
    exercise: Exercise, output: int, seen: Sequence[Seen], answers: Answers, cache_of: Callable[[Case], Any]
) -> Recognised | None:
    """Recognise a backward pass that ignores the upstream gradient, or does not double when it doubles.

    Args:
        exercise: a backward pass.
        output: one of its gradients.
        seen: its answers.
        answers: asked at the same cases with other upstream gradients.
        cache_of: the cache to be used at a case, or None for that of the student's forward pass.

    """
    told = [s for s in seen if s.got.shape == s.right.shape and np.isfinite(s.got).all() and (s.got != 0).any()][:CASES]
    above = exercise.upstream
    changed = [[{name: change(s.case.inputs[name]) for name in above} for change in CHANGES] for s in told]
    plans = [
        exercise.plan({**s.case.inputs, **others}, cache_of(s.case))
        for s, of_a_case in zip(told, changed, strict=True)
        for others in of_a_case
    ]
    outcomes = [None if isinstance(o, Failure) else floats(o[output]) for o in ask(answers, plans)]
    if len(told) < CASES or len(outcomes) < len(plans) or any(o is None or not np.isfinite(o).all() for o in outcomes):
        return None
    rows = [(s, outcomes[i * len(CHANGES) : (i + 1) * len(CHANGES)]) for i, s in enumerate(told)]
    if all(close(s.got, came) for s, row in rows for came in row if came is not None):
        return Recognised("ignores_upstream", "upstream", values=_named(above))
    if all(row[0] is not None and not close(row[0], 2.0 * s.got) for s, row in rows):
        return Recognised("nonlinear_upstream", "upstream", values=_named(above))
    return None


def _named(above: Sequence[str]) -> dict[str, str]:
    """Return the names of the upstream gradients, with the verbs that go with as many."""
    one = len(above) == 1
    return {"above": " and ".join(above), "was": "was" if one else "were", "double": "doubles" if one else "double"}


def _reversed(dout: Array) -> Array:
    """Return other numbers of the same size: the entries in the opposite order, every other one with the opposite sign."""
    turned = dout.ravel()[::-1].copy()
    turned[::2] *= -1.5
    return turned.reshape(dout.shape)


CHANGES: tuple[Callable[[Array], Array], ...] = (lambda dout: 2.0 * dout, lambda dout: -dout, _reversed)
"""Changes of the upstream gradient: what does not depend on it is the same after each."""
