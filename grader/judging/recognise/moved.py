"""Right numbers in wrong places, by the names of axes: blocks in another order, a step late, flipped, summed up, only reshaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, permutations
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Answers, replay
from grader.judging.cases import Bench
from grader.judging.declare import Axes, Blocks, Exercise
from grader.judging.recognise.evidence import EXACT, WITNESSES, Seen, close, is_constant, seen_of
from grader.judging.recognise.fresh import ENOUGH, ordinary
from grader.judging.recognise.recognised import Recognised

__all__ = ["moved_along"]

Array = NDArray[np.float64]
MOST = 5
"""Axes whose orders are all tried: 120 orders."""


Count = int | tuple[str, int | str]
"""How many blocks an axis has: a number, or the input that says it, with the number of its axis whose length that is."""


class Told(NamedTuple):
    """The part of an answer that a move speaks of, beside what that is by the move, and what it should be."""

    got: Array
    moved: Array
    right: Array


class Move(Protocol):
    """A thing that may have been done to a right answer: it says what an answer at a case is then, or None."""

    def __call__(self, s: Seen, /) -> Told | None:
        """Say what the answer of one case is."""
        ...


class Candidate(NamedTuple):
    """A move with its code, and what a sentence on it needs."""

    code: str
    move: Move
    values: Mapping[str, Any]


def moved_along(
    exercise: Exercise, output: int, seen: Sequence[Seen], answers: Answers, bench: Bench, documented: bool
) -> Recognised | None:
    """Recognise an output that holds the right numbers in wrong places along its named axes, on every case, fresh ones included.

    Args:
        exercise: what was asked; without names of axes nothing is told.
        output: the output that is wrong.
        seen: its answers.
        answers: asked at fresh cases.
        bench: makes them; without the model answers there are none.
        documented: use the cache that the stub documents.

    """
    axes = exercise.places.get(exercise.outputs[output], ())
    if not axes or any(s.right.ndim != len(axes) for s in seen) or is_constant(seen):
        return None
    found = [c for c in _candidates(axes, seen) if _explains(seen, c.move, WITNESSES)]
    if not found:
        return None
    if bench.knows_answers:
        trials = replay(answers, list(ordinary(exercise, bench)), documented)
        fresh = list(seen_of(output, trials))
        if len(fresh) < len(trials):
            return None
        found = [c for c in found if _explains(fresh, c.move, ENOUGH)]
    return next((Recognised(c.code, "moved", values=c.values) for c in found), None)


def _explains(seen: Sequence[Seen], move: Move, least: int) -> bool:
    """Return True if a move gives the answers of every case, and finite ones that are not right in enough."""
    apart = 0
    for s in seen:
        told = move(s)
        if told is None:
            if s.ok:
                continue
            return False
        slack = float(s.slack.max(initial=0.0))
        if told.got.shape != told.moved.shape or not close(told.got, told.moved, slack):
            return False
        apart += (
            bool(np.isfinite(told.moved).all())
            and not close(told.right, told.moved, slack)
            and not close(
                np.zeros(told.moved.shape), told.moved, slack + EXACT * float(np.abs(s.right).max(initial=0.0))
            )
        )  # of zeros it cannot be told where they came from
    return apart >= least


# ------------------------------------------------------------------------------------ candidates
def _candidates(axes: Axes, seen: Sequence[Seen]) -> Iterator[Candidate]:
    plain = [(number, axis) for number, axis in enumerate(axes) if isinstance(axis, str)]
    for number, axis in enumerate(axes):
        if isinstance(axis, Blocks):
            yield from _of_blocks(number, axis, seen)
    for count in range(1, len(plain) + 1):
        for chosen in combinations(plain, count):
            numbers, names = zip(*chosen, strict=True)
            yield Candidate("flipped_along", partial(_flipped, numbers), {"axes": names})
    for number, name in plain:
        of = {"axis": name}
        yield Candidate("one_late", partial(_shifted, number, 1), of)
        yield Candidate("one_early", partial(_shifted, number, -1), of)
        yield Candidate("summed_up_along", partial(_summed, number, False), of)
        yield Candidate("summed_back_along", partial(_summed, number, True), of)
        yield Candidate("not_summed_up_along", partial(_differences, number, False), of)
        yield Candidate("not_summed_back_along", partial(_differences, number, True), of)
        yield Candidate("averaged_along", partial(_averaged, number), of)
    names = tuple(axis.name if isinstance(axis, Blocks) else axis for axis in axes)
    for order in permutations(range(len(axes)) if len(axes) <= MOST else ()):
        values = {"axes": names, "order": tuple(names[i] for i in order)}
        yield Candidate("axes_in_other_order", partial(_turned, order), values)
    yield from _orders(axes, seen)
    for (a, one), (b, other) in permutations(plain, 2):
        yield Candidate("dealt_out", partial(_dealt, a, b), {"axis": one, "other": other})


def _of_blocks(axis: int, blocks: Blocks, seen: Sequence[Seen]) -> Iterator[Candidate]:
    """Yield the order in which the blocks of the first telling case stand, if they are right ones all."""
    shown = next((s for s in seen if not s.ok and np.isfinite(s.got).all() and s.right.any()), None)
    if shown is None or shown.got.shape != shown.right.shape:
        return
    got, right = (np.split(x, len(blocks.names), axis=axis) for x in (shown.got, shown.right))
    order = tuple(next((j for j, r in enumerate(right) if close(g, r)), -1) for g in got)
    if -1 in order or order == tuple(range(len(order))):
        return
    stands = tuple((blocks.names[i], blocks.names[j]) for i, j in enumerate(order) if i != j)
    code = "blocks_in_other_order" if len(set(order)) == len(order) else "block_in_anothers_place"
    yield Candidate(code, partial(_ordered, axis, order), {"axis": blocks.name, "stands": stands})


def _orders(axes: Axes, seen: Sequence[Seen]) -> Iterator[Candidate]:
    """Yield the orders of axes in which the right array may have been read, of blocks too: what a reshape alone makes of it."""
    if not seen:
        return
    names = [axis.name if isinstance(axis, Blocks) else axis for axis in axes]
    splits: list[tuple[int, Count, str]] = [(-1, 1, "")]
    splits += [(i, len(axis.names), axis.name) for i, axis in enumerate(axes) if isinstance(axis, Blocks)]
    for given, x in seen[0].case.inputs.items():
        lengths = [("", given)] if type(x) is int else [(n, f"axis {n} of {given}") for n in range(np.ndim(x))]
        splits += [
            (i, (given, of), word) for i, axis in enumerate(axes) if isinstance(axis, str) for of, word in lengths
        ]
    for axis, count, name in splits:
        split = axes[axis]
        inner = f"place in a {name}" if isinstance(split, Blocks) else split
        of = names if axis < 0 else [*names[:axis], name, inner, *names[axis + 1 :]]
        if not 2 <= len(of) <= MOST:
            continue
        for order in permutations(range(len(of))):
            if order != tuple(range(len(of))):
                values = {"axes": tuple(of), "order": tuple(of[i] for i in order)}
                yield Candidate("only_reshaped", partial(_reordered, axis, count, order), values)


# ------------------------------------------------------------------------------------ moves
def _ordered(axis: int, order: Sequence[int], s: Seen) -> Told | None:
    blocks = np.split(s.right, len(order), axis=axis)
    return Told(s.got, np.concatenate([blocks[i] for i in order], axis=axis), s.right)


def _flipped(axes: tuple[int, ...], s: Seen) -> Told | None:
    return Told(s.got, np.flip(s.right, axes), s.right)


def _turned(order: Sequence[int], s: Seen) -> Told | None:
    return Told(s.got, s.right.transpose(order), s.right)


def _dealt(axis: int, other: int, s: Seen) -> Told | None:
    """Say that the entries of two axes, one behind the other, were counted through the other way: in turn, and not side by side."""
    right = np.moveaxis(s.right, (axis, other), (-2, -1))
    turned = right.reshape(*right.shape[:-2], *right.shape[:-3:-1]).swapaxes(-1, -2)
    return Told(s.got, np.moveaxis(turned, (-2, -1), (axis, other)), s.right)


def _shifted(axis: int, by: int, s: Seen) -> Told | None:
    """Say that along an axis each entry stands one place too late, or too early; of the first or last nothing is said."""
    length = s.right.shape[axis]
    if s.got.shape != s.right.shape:
        return None
    here, there = (np.arange(1, length), np.arange(length - 1))[::by]
    return Told(np.take(s.got, here, axis), np.take(s.right, there, axis), np.take(s.right, here, axis))


def _summed(axis: int, back: bool, s: Seen) -> Told | None:
    right = np.flip(s.right, axis) if back else s.right
    total = np.cumsum(right, axis=axis)
    return Told(s.got, np.flip(total, axis) if back else total, s.right)


def _differences(axis: int, back: bool, s: Seen) -> Told | None:
    right = np.flip(s.right, axis) if back else s.right
    apart = np.diff(right, axis=axis, prepend=0.0)
    return Told(s.got, np.flip(apart, axis) if back else apart, s.right)


def _averaged(axis: int, s: Seen) -> Told | None:
    if s.right.size == 0:
        return Told(s.got, s.right, s.right)
    return Told(s.got, np.broadcast_to(s.right.mean(axis=axis, keepdims=True), s.right.shape), s.right)


def _reordered(axis: int, count: Count, order: tuple[int, ...], s: Seen) -> Told | None:
    """Say that the right array's axes, one of them split into blocks, were put into another order and then only reshaped."""
    shape = list(s.right.shape)
    number = count if isinstance(count, int) else _counted(s.case.inputs.get(count[0]), count[1])
    if axis >= 0:
        if number < 1 or shape[axis] % number:
            return None
        shape[axis : axis + 1] = [number, shape[axis] // number]
    return Told(s.got, s.right.reshape(shape).transpose(order).reshape(s.right.shape), s.right)


def _counted(given: Any, axis: int | str) -> int:
    """Return the number that an input gives, or the length of one of its axes; 0 where it has none."""
    if isinstance(axis, int):
        shape = np.shape(given)
        return shape[axis] if axis < len(shape) else 0
    return given if type(given) is int else 0
