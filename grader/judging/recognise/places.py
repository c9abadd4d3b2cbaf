"""The place at which an output is wrong: a row, a column, a diagonal; of a trajectory the step from which on it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.declare import trajectory
from grader.judging.recognise.evidence import EXACT, WITNESSES, Seen
from grader.judging.recognise.recognised import Recognised

__all__ = ["misplaced", "wrong_from_step"]

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


def wrong_from_step(seen: Sequence[Seen]) -> Recognised | None:
    """Recognise a trajectory whose first steps are right, and from which step on it is wrong, the same in every wrong case."""
    wrong = [s for s in seen if not s.ok and s.got.shape == s.right.shape]
    if len(wrong) < WITNESSES or any(s.case.exercise.drive is not trajectory for s in wrong):
        return None
    firsts = {_first_wrong(s) for s in wrong}
    first = firsts.pop()
    if firsts or not first:
        return None
    if first == 1:
        return Recognised("first_step", "place", "evidence")
    return Recognised("later_steps", "place", "evidence", {"count": first})


def _first_wrong(s: Seen) -> int:
    """Return the first step of an answer that is wrong, from 0; 0 too if none can be told."""
    with np.errstate(invalid="ignore"):
        off = ~(np.abs(s.got - s.right) <= s.slack)
    rows = off.reshape(len(off), -1).any(axis=1)
    return int(np.argmax(rows))
