"""The place at which an output is wrong: a row, a column, a diagonal; of a trajectory the step from which on it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.recognise.evidence import EXACT, WITNESSES, Seen
from grader.judging.recognise.recognised import Recognised
from grader.judging.recognise.stepping import is_stepwise

__all__ = ["Parting", "misplaced", "parting", "wrong_from_step"]

Mask = NDArray[np.bool_]


def _marked(shape: tuple[int, ...], place: Any) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    mask[place] = True
    return mask


def _of_matrices(shape: tuple[int, ...], side: Callable[[Mask], Any]) -> Mask:
    """Mark the entries of each matrix of an array: those that are not 0 in what ``side`` makes of ones."""
    return np.broadcast_to(np.asarray(side(np.ones(shape[-2:], dtype=bool)), dtype=bool), shape)


PLACES: dict[str, tuple[int, Callable[[tuple[int, ...]], Mask]]] = {
    "last_row": (2, lambda shape: _marked(shape, -1)),
    "first_row": (2, lambda shape: _marked(shape, 0)),
    "last": (1, lambda shape: _marked(shape, (..., -1))),
    "first": (1, lambda shape: _marked(shape, (..., 0))),
    "diagonal": (2, lambda shape: _of_matrices(shape, lambda m: np.tril(np.triu(m)))),
    "off_diagonal": (2, lambda shape: ~_of_matrices(shape, lambda m: np.tril(np.triu(m)))),
    "below_diagonal": (2, lambda shape: _of_matrices(shape, lambda m: np.tril(m, -1))),
    "above_diagonal": (2, lambda shape: _of_matrices(shape, lambda m: np.triu(m, 1))),
}
"""Places of an array: the fewest axes that it takes, and the mask of its entries, by the code's end."""
CHANCE = -6.0
"""The power of ten below which it is no accident that wrong entries lie in one place."""


def misplaced(seen: Sequence[Seen]) -> Recognised | None:
    """Recognise an output that is wrong in one place of the array only, in each case in which it is wrong."""
    wrong = [s for s in seen if not s.ok]
    if len(wrong) < WITNESSES or any(s.got.shape != s.right.shape for s in seen):
        return None
    off = [np.abs(s.got - s.right) > s.slack + EXACT * np.abs(s.right).max(initial=0.0) for s in wrong]
    for code, (axes, mask_of) in PLACES.items():
        if any(s.right.ndim < axes or 0 in s.right.shape for s in wrong):
            continue
        if "diagonal" in code and any(s.right.shape[-1] != s.right.shape[-2] for s in wrong):
            continue
        masks = [mask_of(s.right.shape) for s in wrong]
        if any((o & ~m).any() for o, m in zip(off, masks, strict=True)):
            continue
        by_chance = sum(float(o.sum() * np.log10(m.mean())) for o, m in zip(off, masks, strict=True))
        if by_chance < CHANCE:
            return Recognised(f"only_{code}_wrong", "place", "evidence")
    return None


@dataclass(frozen=True)
class Parting:
    """The step at which the paths of an answer part from the right ones.

    Args:
        step: the first step, from 1, at which any path does.
        steps: of a path.
        always: all wrong paths part at that step.
        stays: no path is right again at a later step.

    """

    step: int
    steps: int
    always: bool
    stays: bool


def parting(seen: Sequence[Seen]) -> Parting | None:
    """Return where the wrong paths among some answers part from the right ones; None if there are none, or these are no paths."""
    wrong = [s for s in seen if not s.ok and s.got.shape == s.right.shape]
    if not wrong or not is_stepwise(wrong[0].case):
        return None
    off = [_wrong_steps(s) for s in wrong]
    if not all(steps.any() for steps in off):
        return None
    firsts = [int(np.argmax(steps)) for steps in off]
    stays = all(steps[first:].all() for first, steps in zip(firsts, off, strict=True))
    return Parting(min(firsts) + 1, len(off[0]), len(set(firsts)) == 1, stays)


def wrong_from_step(seen: Sequence[Seen]) -> Recognised | None:
    """Recognise a trajectory whose first steps are right, and from which step on it is wrong, the same in every wrong case."""
    wrong = [s for s in seen if not s.ok and s.got.shape == s.right.shape]
    found = parting(wrong)
    if len(wrong) < WITNESSES or found is None or not (found.always and found.stays):
        return None
    if all(bool(_broken_steps(s)[found.step - 1 :].all()) for s in wrong):
        return Recognised("not_finite_from_step", "place", "evidence", {"step": found.step})
    if found.step == 1:
        return None
    if found.step == 2:
        return Recognised("first_step", "place", "evidence")
    return Recognised("later_steps", "place", "evidence", {"count": found.step - 1})


def _wrong_steps(s: Seen) -> Mask:
    """Mark the steps of a path at which it is not the right one, rounding aside."""
    with np.errstate(invalid="ignore"):
        off = ~(np.abs(s.got - s.right) <= s.slack)
    return np.asarray(off.reshape(len(off), -1).any(axis=1))


def _broken_steps(s: Seen) -> Mask:
    """Mark the steps of a path at which it is not finite."""
    return np.asarray(~np.isfinite(s.got).reshape(len(s.got), -1).all(axis=1), dtype=np.bool_)
