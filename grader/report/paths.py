"""The path of an optimizer beside the right one, drawn from lists of points, and where the two part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from grader.report.arrays import dense
from grader.report.plot import MOST_MARKS, Axis, Curve, Note, axis, drawn, short
from grader.report.text import counted, inline
from grader.report.told import Picture

__all__ = ["LARGEST", "drawable", "parting", "path"]

Point = tuple[float, ...]
DIGITS = 6
"""What a result holds of a number: two numbers that differ by one in the last digit may be one number that was rounded."""
UNSEEN = 1e-9
"""Of the largest entry: what no drawing shows."""
REACH = 6.0
"""How far from the right path, in its own widths, a wrong one is followed."""
LARGEST = 1e100
"""A number beyond is drawn as little as one that is not finite."""


def path(expected: Any, got: Any, *, start: Any = None, name: str = "w") -> Picture:
    """Draw an optimizer's path beside the right one.

    Of points with more than two entries the two are drawn that are furthest off; of one entry, or if no other one moves, its value
    over the steps. The first step at which the paths part, in the six digits that a result holds, is ringed and named. A path ends
    before a point that is not finite, and where it goes far away.

    Args:
        expected: the right points (T, ...) as nested lists.
        got: those that came, as many or others.
        start: the point where both start; without it the first of ``expected`` is the start, and counts as step 0.
        name: what the points are called.

    Raises:
        ValueError: there are no points, or they are not all of one shape.

    """
    right, shape = _points(expected)
    came, other = _points(got)
    first = None if start is None else dense(start)
    if shape != other or (start is not None and (first is None or first.shape != shape)):
        raise ValueError("the points of two paths must be of one shape")
    if first is not None:
        right, came = [first.values, *right], [first.values, *came]
    name, entries = inline(name, 20), _furthest_off(right, came)
    labels = [_label(name, shape, entry) for entry in entries]
    parted = parting(right, came)
    theirs, ours = (_places(points[: drawable(points)], entries) for points in (right, came))
    kept = _near(ours, theirs)
    across, up = ("step", labels[0]) if len(entries) == 1 else labels
    x = axis([p[0] for p in (*theirs, *kept)], across, whole=len(entries) == 1)
    y = axis([p[1] for p in (*theirs, *kept)], up)
    leaves = 0 < len(kept) < len(ours)
    shown = [*kept, _crossing(kept[-1], ours[len(kept)], x, y)] if leaves else kept
    notes = [Note(point, "start", "start") for point in theirs[:1]]
    if kept and len(kept) == len(ours) < len(came):
        notes.append(Note(kept[-1], "then not finite", "end"))
    if parted is not None and theirs:
        at = kept[parted] if parted < len(kept) else theirs[min(parted, len(theirs) - 1)]
        notes.append(Note(at, f"step {parted}"))
    marked = max(len(right), len(came)) <= MOST_MARKS
    curves = [Curve("expected", theirs, marked), Curve("got", shown, marked, leaves)]
    alt = " ".join(
        [
            f"The path of {name} over {counted(len(right) - 1, 'step')}{_drawn_as(labels, shape)}.",
            _where_parted(right, came, parted, entries, labels),
            *_ends(came, len(right), len(kept), len(ours)),
        ]
    )
    title = f"The path of {name}"
    return Picture(drawn(title, alt, x, y, curves, notes), alt, title)


def _points(value: Any) -> tuple[list[Point], tuple[int, ...]]:
    """Return points as flat tuples, and the shape that each has."""
    array = dense(value)
    if array is None or not array.shape or not array.values:
        raise ValueError("a path is a list of points, all of one shape, and has at least one")
    size = len(array.values) // array.shape[0]
    return [array.values[i : i + size] for i in range(0, len(array.values), size)], array.shape[1:]


def _furthest_off(right: Sequence[Point], came: Sequence[Point]) -> list[int]:
    """Return the entries to draw: the two that are furthest off, and among equals move most; one, if the second never moves."""

    def rank(entry: int) -> tuple[float, float]:
        pairs = [(a[entry], b[entry]) for a, b in zip(right, came, strict=False)]
        off = max(abs(a - b) if math.isfinite(a - b) else math.inf if _differ(a, b, 0.0) else 0.0 for a, b in pairs)
        finite = [a for a, _ in pairs if math.isfinite(a)]
        return -off, min(finite, default=0.0) - max(finite, default=0.0)

    first, *others = sorted(range(len(right[0])), key=rank)[:2]
    return sorted([first, *(entry for entry in others if rank(entry) != (0.0, 0.0))])


def _label(name: str, shape: Sequence[int], entry: int) -> str:
    """Return an entry as it is written in Python: ``w[0, 2]``."""
    index: list[int] = []
    for length in reversed(shape):
        entry, place = divmod(entry, length)
        index.insert(0, place)
    return f"{name}[{', '.join(map(str, index))}]" if shape else name


def _differ(a: float, b: float, size: float) -> bool:
    """Return True if two numbers differ by more than a last digit, and by more than a drawing of numbers of a size can show."""
    if a == b or (math.isnan(a) and math.isnan(b)):
        return False
    if not (math.isfinite(a) and math.isfinite(b)):
        return True
    digit = 10.0 ** (math.floor(math.log10(max(abs(a), abs(b)))) + 1 - DIGITS)
    return abs(a - b) > max(1.5 * digit, UNSEEN * size)


def parting(right: Sequence[Point], came: Sequence[Point]) -> int | None:
    """Return the first step at which two paths part, or one has ended; None if they do not."""
    sizes = [max((abs(v) for v in entry if math.isfinite(v)), default=0.0) for entry in zip(*right, strict=True)]
    for step, (a, b) in enumerate(zip(right, came, strict=False)):
        if any(map(_differ, a, b, sizes)):
            return step
    return None if len(right) == len(came) else min(len(right), len(came))


def drawable(points: Sequence[Point]) -> int:
    """Return how many points come before the first that cannot be drawn."""
    bad = (i for i, point in enumerate(points) if not all(abs(v) <= LARGEST for v in point))
    return next(bad, len(points))


def _places(points: Sequence[Point], entries: Sequence[int]) -> list[tuple[float, float]]:
    if len(entries) == 1:
        return [(float(step), point[entries[0]]) for step, point in enumerate(points)]
    return [(point[entries[0]], point[entries[1]]) for point in points]


def _near(ours: Sequence[tuple[float, float]], theirs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the points before the first that lies so far from the right path that this would shrink to nothing."""
    for i in (0, 1):
        values = [p[i] for p in theirs]
        width = max(values, default=0.0) - min(values, default=0.0)
        if width > 0:
            low, high = min(values) - REACH * width, max(values) + REACH * width
            ours = ours[: next((k for k, p in enumerate(ours) if not low <= p[i] <= high), len(ours))]
    return list(ours)


def _crossing(inside: tuple[float, float], outside: tuple[float, float], x: Axis, y: Axis) -> tuple[float, float]:
    """Return the point where the way from one point to another leaves the frame."""
    share = 1.0
    for a, b, side in ((inside[0], outside[0], x), (inside[1], outside[1], y)):
        if b != a:
            share = min(share, ((side.high if b > a else side.low) - a) / (b - a))
    return inside[0] + share * (outside[0] - inside[0]), inside[1] + share * (outside[1] - inside[1])


def _drawn_as(labels: Sequence[str], shape: Sequence[int]) -> str:
    if len(labels) == 1:
        return f", drawn by {labels[0]}, the only entry that moves" if math.prod(shape) > 1 else ""
    why = ", of its entries the two that are furthest off" if math.prod(shape) > 2 else ""
    return f", {labels[0]} to the right and {labels[1]} upwards{why}"


def _where_parted(
    right: Sequence[Point], came: Sequence[Point], parted: int | None, entries: Sequence[int], labels: Sequence[str]
) -> str:
    if parted is None:
        return f"The paths do not part, in {DIGITS} digits."
    if parted >= min(len(right), len(came)):
        return f"The paths part at step {parted}, which only one of them has."
    values = [
        "{} is {}, {} is expected".format(label, *_numbers(came[parted][entry], right[parted][entry]))
        for entry, label in zip(entries, labels, strict=True)
        if _differ(came[parted][entry], right[parted][entry], 0.0)
    ]
    return f"The paths part at step {parted}" + (f": {'; '.join(values)}." if values else ".")


def _numbers(*values: float) -> list[str]:
    """Write numbers in as many digits as tell them apart, four at least."""
    for digits in range(4, DIGITS + 1):
        said = ["NaN" if math.isnan(value) else short(value, digits) for value in values]
        if len(set(said)) == len(said):
            break
    return said


def _ends(came: Sequence[Point], steps: int, kept: int, finite: int) -> list[str]:
    """Say where the path that came is not drawn to its end."""
    said = []
    if len(came) != steps:
        said.append(f"The path that came has {counted(len(came) - 1, 'step')}.")
    if kept < finite:
        said.append(f"The path that came leaves the picture at step {kept}.")
    elif finite < len(came):
        said.append(f"The path that came ends before step {finite}, which is not finite or too large to draw.")
    return said
