"""The place of the wrong entries along the axes that an exercise names: before the last step, in one gate's columns, at the border.

A place is told only if every wrong entry of every case lies in it, on fresh cases too, and no smaller one holds as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Answers, replay
from grader.judging.cases import Bench
from grader.judging.declare import Axes, Blocks, Exercise
from grader.judging.recognise.evidence import EXACT, WITNESSES, Seen, seen_of
from grader.judging.recognise.fresh import ENOUGH, ordinary
from grader.judging.recognise.recognised import Recognised

__all__ = ["wrong_along"]

Mask = NDArray[np.bool_]
CHANCE = -6.0
"""The power of ten below which it is no accident that wrong entries lie in one place."""
MOST = 8
"""More blocks than this are not told to be wrong together."""
LATEST = 8
"""Steps from which on an answer may be told to be wrong, at most."""
SEQUENCES = ("step", "time", "time step")
"""Axes along which one entry follows from the one before."""
IMAGES = (("height", "width"), ("row", "column"))
"""Axes that make an image, whose border is a place."""


@dataclass(frozen=True)
class Place:
    """A place of an array: the mask of its entries by shape; if ``filled``, each index of it along its axis must be wrong."""

    code: str
    axis: int
    mask: Callable[[tuple[int, ...]], Mask]
    values: tuple[tuple[str, Any], ...]
    filled: bool = False

    def of(self, shape: tuple[int, ...]) -> Mask:
        """Return the mask of the place in an array of this shape."""
        return np.broadcast_to(self.mask(shape), shape)


def _axes(exercise: Exercise, output: int, seen: Sequence[Seen]) -> Axes:
    """Return the declared axes of an output; none where it has no names, or some answer has not the shape of the right one."""
    axes = exercise.places.get(exercise.outputs[output], ())
    if any(s.got.shape != s.right.shape or s.right.ndim != len(axes) for s in seen):
        return ()
    return axes


def wrong_along(
    exercise: Exercise, output: int, seen: Sequence[Seen], answers: Answers, bench: Bench, documented: bool
) -> Recognised | None:
    """Recognise the smallest place along named axes that holds all wrong entries of an output.

    Args:
        exercise: what was asked; without names of axes nothing is told.
        output: the output that is wrong.
        seen: its answers.
        answers: asked at fresh cases.
        bench: makes them; without the model answers there are none.
        documented: use the cache that the stub documents.

    """
    axes = _axes(exercise, output, seen)
    if not axes:
        return None
    holding = _holding(list(_places(axes)), seen, WITNESSES)
    if not holding:
        return None
    if not bench.knows_answers:
        return _told(exercise, output, min(holding, key=lambda place: holding[place]))
    trials = replay(answers, list(ordinary(exercise, bench)), documented)
    fresh = list(seen_of(output, trials))
    if len(fresh) < len(trials) or not _axes(exercise, output, fresh):
        return None
    confirmed = _holding(list(holding), fresh, ENOUGH)
    return _told(exercise, output, min(confirmed, key=lambda place: confirmed[place])) if confirmed else None


def _told(exercise: Exercise, output: int, place: Place) -> Recognised:
    """Return the fact, with the way in which something is carried along the axis, as far as its name and the output's tell."""
    values = dict(place.values)
    if values.get("axis") in SEQUENCES:
        is_gradient = exercise.outputs[output].startswith("d") and exercise.outputs[output][1:] in exercise.inputs
        values["carried"] = "back" if is_gradient else "on"
    return Recognised(place.code, "along", "evidence", values)


def _holding(places: Sequence[Place], seen: Sequence[Seen], least: int) -> dict[Place, float]:
    """Return the places that hold all wrong entries, each with the power of ten by which that would be chance.

    A place is not told without ``least`` finite answers of which it could be told that they are wrong elsewhere.
    """
    wrong = [s for s in seen if not s.ok]
    off = [_off(s) for s in wrong]
    found = {}
    for place in places:
        masks = [place.of(s.right.shape) for s in wrong]
        if any((o & ~m).any() for o, m in zip(off, masks, strict=True)):
            continue
        telling = [
            (s, o, m)
            for s, o, m in zip(wrong, off, masks, strict=True)
            if not m.all() and np.isfinite(s.got).all() and o.any()
        ]
        usual = [(o, m) for s, o, m in telling if s.case.regime == "randn" and not s.case.may_be_at_kinks]
        if len(telling) < least or (place.filled and not all(_filled(place, o, m) for o, m in usual)):
            continue
        chance = sum(float(o.sum() * np.log10(m.mean())) for _, o, m in telling)
        if chance < CHANCE:
            found[place] = chance
    return found


def _filled(place: Place, off: Mask, mask: Mask) -> bool:
    """Return True if each index along the place's axis that lies in it is wrong somewhere."""
    rest = tuple(axis for axis in range(off.ndim) if axis != place.axis)
    return bool(np.all(np.any(off, axis=rest) >= np.any(mask, axis=rest)))


def _off(s: Seen) -> Mask:
    with np.errstate(invalid="ignore"):
        return ~np.asarray(
            np.abs(s.got - s.right) <= s.slack + EXACT * np.abs(s.right).max(initial=0.0), dtype=np.bool_
        )


# ------------------------------------------------------------------------------------ places
def _places(axes: Axes) -> Iterator[Place]:
    """Yield the places that the names of some axes make."""
    names = [axis.name if isinstance(axis, Blocks) else axis for axis in axes]
    for number, axis in enumerate(axes):
        if isinstance(axis, Blocks):
            yield from _of_blocks(number, axis)
        else:
            yield from _of_axis(number, axis)
    for image in IMAGES:
        if set(image) <= set(names):
            pair = names.index(image[0]), names.index(image[1])
            yield Place("only_border_wrong", pair[0], partial(_border, pair), (("axes", image),))
            yield Place("only_border_right", pair[0], partial(_inside, pair), (("axes", image),))


def _of_axis(number: int, name: str) -> Iterator[Place]:
    of = (("axis", name),)
    yield Place("only_at_first", number, partial(_cut, number, None, 1), of)
    yield Place("only_at_last", number, partial(_cut, number, -1, None), of)
    yield Place("right_at_last", number, partial(_cut, number, None, -1), of, filled=True)
    yield Place("right_at_first", number, partial(_cut, number, 1, None), of, filled=True)
    for start in range(2, LATEST):
        values = (*of, ("number", start))
        yield Place("right_up_to", number, partial(_cut, number, start, None), values, filled=True)
        values = (*of, ("number", start))
        yield Place("right_in_the_last", number, partial(_cut, number, None, -start), values, filled=True)


def _of_blocks(number: int, blocks: Blocks) -> Iterator[Place]:
    count = len(blocks.names)
    for chosen in (c for many in range(1, min(count, MOST)) for c in combinations(range(count), many)):
        of = (("axis", blocks.name), ("blocks", tuple(blocks.names[i] for i in chosen)))
        if len(chosen) == count - 1 > 1:
            (left,) = set(range(count)) - set(chosen)
            of, code = (("axis", blocks.name), ("blocks", (blocks.names[left],))), "only_block_right"
        else:
            code = "only_blocks_wrong"
        yield Place(code, number, partial(_blocks, number, count, chosen), of, filled=len(chosen) > 1)


def _cut(axis: int, start: int | None, end: int | None, shape: tuple[int, ...]) -> Mask:
    """Mark the indices of an axis from ``start`` to before ``end``."""
    mask = np.zeros(shape[axis], dtype=np.bool_)
    mask[start:end] = True
    return mask.reshape([-1 if i == axis else 1 for i in range(len(shape))])


def _blocks(axis: int, count: int, chosen: Sequence[int], shape: tuple[int, ...]) -> Mask:
    mask = np.repeat(np.isin(np.arange(count), chosen), shape[axis] // count)
    return mask.reshape([-1 if i == axis else 1 for i in range(len(shape))])


def _border(axes: tuple[int, int], shape: tuple[int, ...]) -> Mask:
    mask = np.zeros(shape, dtype=np.bool_)
    for axis in axes:
        mask |= _cut(axis, None, 1, shape) | _cut(axis, -1, None, shape)
    return mask


def _inside(axes: tuple[int, int], shape: tuple[int, ...]) -> Mask:
    return np.logical_not(_border(axes, shape))
