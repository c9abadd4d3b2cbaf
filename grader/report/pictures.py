"""Pictures for people: a graph, an optimizer's path, errors of a gradient check, norms over the steps of a run."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from grader.report.arrays import Dense, dense
from grader.report.paths import LARGEST, drawable, parting, path
from grader.report.plot import MOST_MARKS, Curve, Note, axis, drawn, short
from grader.report.step_arcs import step_arcs
from grader.report.text import counted, inline
from grader.report.told import Picture
from grader.result import Counterexample

__all__ = ["Picture", "img", "norms", "path", "picture_of", "step_sizes"]

SPAN = 100.0
"""The ratio of largest to smallest norm from which the axis is logarithmic."""


def img(picture: Picture, width: int = 420) -> str:
    """Return an HTML image that holds its drawing: it needs no file and no network, and is narrower where there is no room."""
    data = b64encode(picture.svg.encode()).decode()
    alt = escape(picture.alt)
    return (
        f'<img alt="{alt}" width="{width}" style="max-width:100%;height:auto" src="data:image/svg+xml;base64,{data}">'
    )


def picture_of(example: Counterexample) -> Picture | None:
    """Return the picture that fits a counterexample; None for most, whose matrices say it all.

    - A graph with its first wrong step.
    - Of a gradient that is not the slope: the errors of numerical slopes against their step size, folded.
    - Norms over time: an output of numbers, none below 0, that is named ``norms`` or ``..._norms``.
    - An optimizer's path. An output is one if it is named like an input (``w``), has the input's shape with an axis of steps before
      it, and the exercise takes a ``config``, as every rule with a state does. Where gradients ``dw`` are given, there is one for
      each step.
    """
    return step_arcs(example.graph) or _off_slope(example) or _norms(example) or _path(example)


def _off_slope(example: Counterexample) -> Picture | None:
    h, errors = example.step_sizes.get("h"), {key: example.step_sizes.get(key) for key in ("expected", "got")}
    rows = [dense(row) for row in (h, *errors.values())]
    if any(row is None or len(row.shape) != 1 for row in rows):
        return None
    name = inline(str(example.worst.get("output") or "gradient"), 12)
    sizes, right, came = (row.values for row in rows if row is not None)
    if not any(map(_positive, (*right, *came))):
        return None  # an empty frame
    try:
        drawn = step_sizes(sizes, {f"a right {name}": right, f"your {name}": came})
    except ValueError:  # a result that was written by another hand
        return None
    title = f"How far your {name} is from slopes measured with other step sizes"
    return replace(drawn, caption=title, folded=True)


def _norms(example: Counterexample) -> Picture | None:
    for name, value in example.expected.items():
        right, came = dense(value), dense(example.got.get(name))
        if right is None or came is None or not (name == "norms" or name.endswith("_norms")):
            continue
        if (
            len(right.shape) == len(came.shape) == 1
            and right.values
            and came.values
            and min(*right.values, *came.values) >= 0
        ):
            return norms(came.values, right.values, label=name.replace("_", " "))
    return None


def _path(example: Counterexample) -> Picture | None:
    for name, value in example.expected.items():
        right, came = dense(value), dense(example.got.get(name))
        start, slopes = dense(example.inputs.get(name)), dense(example.inputs.get("dw"))
        if right is None or came is None or start is None or "config" not in example.inputs:
            continue
        if (
            not right.values
            or not came.values
            or right.shape[1:] != start.shape
            or not right.shape
            or came.shape[1:] != start.shape
        ):
            continue
        if not came.shape or (slopes is not None and slopes.shape != right.shape):
            continue
        if parting(_rows(right), _rows(came)) is not None:  # one path over the other shows nothing
            return path(value, example.got[name], start=example.inputs[name], name=name)
    return None


def _rows(array: Dense) -> list[tuple[float, ...]]:
    """Return the entries of an array by its first axis, each part flattened."""
    size = max(1, len(array.values) // array.shape[0])
    return [array.values[i : i + size] for i in range(0, len(array.values), size)]


def step_sizes(h: Sequence[float], errors: Mapping[str, Sequence[float]]) -> Picture:
    """Draw errors of numerical slopes against the step size, on logarithmic axes.

    Args:
        h: the step sizes, all above 0.
        errors: by name of a formula its error at each of them, at most four; one that is 0 or not finite has no place there.

    Raises:
        ValueError: there are no step sizes, one is not above 0, a list of errors has another length, or there are too many lists.

    """
    if not h or not all(map(_positive, h)):
        raise ValueError("step sizes are numbers above 0, and there is at least one")
    if any(len(row) != len(h) for row in errors.values()):
        raise ValueError(f"there must be one error for each of the {len(h)} step sizes")
    curves, said = [], []
    for key, row in errors.items():
        name, points = inline(key, 20), sorted((step, e) for step, e in zip(h, row, strict=True) if _positive(e))
        curves.append(Curve(name if points else f"{name[:13]} (none)", points))
        said.append(f"{name}: {_least(points, len(h))}.")
    x = axis(h, "step size h", log=True)
    y = axis([p[1] for curve in curves for p in curve.points], "error", log=True)
    alt = f"The error against the step size h, from {short(min(h))} to {short(max(h))}, on logarithmic axes. {' '.join(said)}"
    title = "The error against the step size"
    return Picture(drawn(title, alt.strip(), x, y, curves), alt.strip(), title)


def _positive(value: float) -> bool:
    return 1 / LARGEST <= value <= LARGEST


def _least(points: Sequence[tuple[float, float]], number: int) -> str:
    """Word a curve of errors, by step size: where it is least, and what of it is not drawn."""
    left = number - len(points)
    out = f"; {left} of {counted(number, 'error')} not drawn, being 0 or not finite" if left else ""
    if not points:
        return f"nothing to draw{out}"
    at, least = min(points, key=lambda p: p[1])
    ends = ", ".join(f"{short(e)} at h = {short(step)}" for step, e in dict.fromkeys((points[-1], points[0])))
    return f"least, {short(least)}, at h = {short(at)}; {ends}{out}"


def norms(
    values: Sequence[float],
    expected: Sequence[float] | None = None,
    *,
    label: str = "gradient norm",
    over: str = "step",
) -> Picture:
    """Draw a norm over steps or time; on a logarithmic axis if it spans two decades or more.

    Args:
        values: the norm at step 0, 1, ...; the curve ends before one that is not finite.
        expected: what they should be, as many or others.
        label: what is drawn.
        over: what the steps are called.

    Raises:
        ValueError: there are no values, or one is below 0.

    """
    rows = {"got": values} if expected is None else {"expected": expected, "got": values}
    label, over = inline(label, 30), inline(over, 12)
    if not all(rows.values()) or any(v < 0 for row in rows.values() for v in row):
        raise ValueError("a norm is a list of numbers that are not below 0, and has at least one")
    shown = {name: row[: drawable([(v,) for v in row])] for name, row in rows.items()}
    positive = [v for row in shown.values() for v in row if _positive(v)]
    log = bool(positive) and max(positive) >= SPAN * min(positive)
    curves = [
        Curve(
            name if expected is not None else label,
            [(float(i), v) for i, v in enumerate(row) if not log or _positive(v)],
        )
        for name, row in shown.items()
    ]
    most = max(len(row) for row in rows.values())
    curves = [Curve(c.name, c.points, marked=most <= MOST_MARKS) for c in curves]
    notes, said = (
        [],
        [f"{label[:1].upper()}{label[1:]} over {counted(most, over)}{', on a logarithmic axis' if log else ''}."],
    )
    said += [_course(name if expected is not None else "", row, over, log=log) for name, row in rows.items()]
    if expected is not None:
        parted = parting([(v,) for v in expected], [(v,) for v in values])
        said.append("They do not part." if parted is None else f"They part at {over} {parted}.")
        if parted is not None:
            notes = [Note(p, f"{over} {parted}") for p in _at(parted, curves)]
    x = axis([p[0] for c in curves for p in c.points], over, whole=True)
    y = axis([p[1] for c in curves for p in c.points], label, log=log)
    alt = " ".join(said)
    title = f"{label} over {over}s"
    return Picture(drawn(title, alt, x, y, curves, notes), alt, title)


def _at(step: int, curves: Sequence[Curve]) -> list[tuple[float, float]]:
    """Return the point of a step on the last curve that has one."""
    return [p for curve in reversed(curves) for p in curve.points if p[0] == step][:1]


def _course(name: str, row: Sequence[float], over: str, *, log: bool) -> str:
    """Word how a norm goes: its first and last value, its largest, and what of it is not drawn."""
    finite = row[: drawable([(v,) for v in row])]
    if not finite:
        return f"{name or 'It'}: not finite from the first {over} on."
    largest = max(finite)
    said = f"{name + ': ' if name else ''}from {short(finite[0])} at {over} 0 to {short(finite[-1])} at {over} {len(finite) - 1}"
    if largest > max(finite[0], finite[-1]):
        said += f", at most {short(largest)} at {over} {finite.index(largest)}"
    if len(finite) < len(row):
        said += f"; at {over} {len(finite)} it is not finite, or too large to draw"
    zeros = sum(not _positive(v) for v in finite)
    if log and zeros:
        said += f"; {zeros} of {counted(len(row), 'value')} not drawn, being 0"
    return f"{said[:1].upper()}{said[1:]}." if not name else f"{said}."
